#pragma once
// Inside of rules: the words of a condition, and what a mistake in it is.

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "catalogue/rules/rule.hpp"

namespace zhili::catalogue::rules {

/// The first mistake of a condition: where, what, and how to mend it.
struct Mistake {
  Spot at = {};
  char const* key = "";
  core::Text what = {};
  core::Text mend = {};
};

template <class T>
using Checked = tl::expected<T, Mistake>;

inline tl::unexpected<Mistake> mistaken(Spot at, char const* key, core::Text what, core::Text mend) {
  return tl::unexpected<Mistake>(Mistake{at, key, std::move(what), std::move(mend)});
}

struct Token {
  enum class Type : std::uint8_t {
    end,
    name,    ///< water-level, and, for: letters, digits and hyphens
    number,  ///< 15 cm: `number`, and its unit in `text`; empty: none
    text,    ///< "dark": without its quotes
    time,    ///< 22:00: `number` is the second of the day
    symbol   ///< ( ) , + - * / = != < <= > >=
  };
  Type type = Type::end;
  std::string_view text = {};
  double number = 0;
  Spot at = {};
  bool is(std::string_view word) const { return (type == Type::name || type == Type::symbol) && text == word; }
};

/// Cuts a condition into words; the last is `end`. They point into `text`. A unit belongs to the number before it unless it is one of the
/// language's own words. Never throws.
Checked<std::vector<Token>> cut(std::string_view text, Spot begin);

/// A word of the language that can be no unit and no property: "and", "for", "times" …
bool is_reserved(std::string_view word);

}  // namespace zhili::catalogue::rules
