#pragma once
// A JSON object that a client sent, read field by field; what is wrong is remembered and said once, with its field.

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "web/http.hpp"

namespace zhili::web {

/// Read every field, then ask done(). A missing field reads as empty. Not thread-safe.
class Body {
 public:
  /// Errors: those of read_json; invalid if it is no object.
  static core::Result<Body> of(Request const& request);

  std::string text(std::string_view field);
  /// The same, and it must be there and not be empty.
  std::string needed(std::string_view field);
  std::optional<std::int64_t> number(std::string_view field);
  bool flag(std::string_view field);
  std::vector<std::string> texts(std::string_view field);
  std::optional<core::Instant> time(std::string_view field);
  boost::json::array list(std::string_view field);

  /// The first thing that is wrong: a value of another type, a missing one, a field that nobody asked for.
  core::Result<> done() const;

 private:
  boost::json::value const* find(std::string_view field);
  void wrong(std::string_view field, core::Text text);

  std::shared_ptr<boost::json::object const> object_;
  std::set<std::string, std::less<>> asked_;
  std::optional<core::Error> first_;
};

}  // namespace zhili::web
