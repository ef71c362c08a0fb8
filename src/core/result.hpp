#pragma once
// How things fail: a value, never a surprise.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace zhili::core {

/// One text in the two languages of the product. Both are written, neither is translated from the other.
struct Text {
  std::string zh;
  std::string en;
  bool operator==(Text const&) const = default;
};

enum class Lang { zh, en };

inline std::string const& in(Lang lang, Text const& text) { return lang == Lang::zh ? text.zh : text.en; }

/// What kind of failure it is; decides the HTTP status, the exit code and whether trying again can help.
enum class Errc {
  invalid,      ///< the input breaks a rule; `field` names where
  not_found,    ///< no such thing
  conflict,     ///< the thing is not in the state or version that the caller expected
  forbidden,    ///< this actor may not do this here
  limit,        ///< a named limit is reached
  busy,         ///< try again later
  unavailable,  ///< something that is needed (disk, database, peer) does not answer
  corrupt,      ///< stored data contradicts itself
  internal      ///< a defect of the program
};

std::string_view name(Errc code);

/// A failure. `key` is stable and for programs ("case.handle.stage"), `text` is for people and says what, which rule
/// and how to mend it, `field` is the input's own name for the place, `detail` goes to the log only.
struct Error {
  Errc code = Errc::internal;
  std::string key;
  Text text;
  std::string field = {};
  std::string detail = {};
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// Shorthand for `return fail(Errc::invalid, "…", {…})`.
inline tl::unexpected<Error> fail(Errc code, std::string key, Text text, std::string field = {},
                                  std::string detail = {}) {
  return tl::unexpected<Error>(
      Error{code, std::move(key), std::move(text), std::move(field), std::move(detail)});
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace zhili::core

/// Leaves the function with the error of a Result, or goes on: `ZHILI_TRY(auto pack, load(path));`
#define ZHILI_CONCAT_(a, b) a##b
#define ZHILI_CONCAT(a, b) ZHILI_CONCAT_(a, b)
#define ZHILI_TRY_(tmp, target, expr)                                   \
  auto tmp = (expr);                                                    \
  if (!tmp) return ::zhili::core::fail(std::move(tmp).error());         \
  target = std::move(*tmp)
#define ZHILI_TRY(target, ...) ZHILI_TRY_(ZHILI_CONCAT(zhili_try_, __LINE__), target, (__VA_ARGS__))
/// The same for a Result<void>.
#define ZHILI_CHECK_(tmp, expr) \
  if (auto tmp = (expr); !tmp) return ::zhili::core::fail(std::move(tmp).error())
#define ZHILI_CHECK(...) ZHILI_CHECK_(ZHILI_CONCAT(zhili_check_, __LINE__), (__VA_ARGS__))
