#pragma once
// Walking through one JSON text without building anything. Inside of ingest only.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zhili::sense::ingest {

/// Arrays and objects inside of each other.
inline constexpr int scan_levels_max = 16;

/// A cursor over JSON (RFC 8259), strict: no comments, no trailing commas, UTF-8 checked. Each function takes one thing off and says whether
/// it was there; after a false the cursor stands somewhere and is not used any more.
class JsonScan {
 public:
  explicit JsonScan(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  void blanks();
  bool at_end() const { return at_ == end_; }
  char peek() const { return at_ == end_ ? '\0' : *at_; }
  /// Takes it if it is next, after blanks.
  bool take(char c);

  enum class Number : std::uint8_t { none, whole, fraction };
  /// `whole`: without fraction and exponent, and `integer` holds it exactly. Numbers too large for a double are infinite.
  Number number(double& value, std::int64_t& integer);
  /// A string. `text` points into the JSON where nothing is escaped, else into `kept`. NUL is refused.
  bool string(std::string_view& text, std::string& kept);
  /// "true", "false", "null".
  bool word(std::string_view which);
  /// Any value; `text`: its bytes.
  bool value(std::string_view& text, int levels = scan_levels_max);

 private:
  bool skip(int levels);
  bool skip_string();
  bool escape(std::string& kept);
  bool hex4(std::uint32_t& code);

  char const* at_;
  char const* end_;
};

}  // namespace zhili::sense::ingest
