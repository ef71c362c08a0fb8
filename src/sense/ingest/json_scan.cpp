#include "sense/ingest/json_scan.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include "catalogue/text_check.hpp"

namespace zhili::sense::ingest {

namespace {

bool is_scan_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

void append_utf8(std::string& to, std::uint32_t code) {
  auto const put = [&](std::uint32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6U));
    put(0x80 | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12U));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  } else {
    put(0xF0 | (code >> 18U));
    put(0x80 | ((code >> 12U) & 0x3FU));
    put(0x80 | ((code >> 6U) & 0x3FU));
    put(0x80 | (code & 0x3FU));
  }
}

}  // namespace

void JsonScan::blanks() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) ++at_;
}

bool JsonScan::take(char c) {
  blanks();
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

bool JsonScan::word(std::string_view which) {
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(which)) return false;
  at_ += which.size();
  return true;
}

JsonScan::Number JsonScan::number(double& value, std::int64_t& integer) {
  char const* const begin = at_;
  bool const negative = at_ != end_ && *at_ == '-';
  if (negative) ++at_;
  if (at_ == end_ || !is_scan_digit(*at_)) return Number::none;
  // Up to 18 digits fit in 64 bits; what has a mantissa below 2^53 and few decimals is exact by one division (W. D. Clinger, How to read
  // floating point numbers accurately, PLDI 1990).
  std::uint64_t mantissa = 0;
  int digits = 0, decimals = 0;
  if (*at_ == '0') {
    ++at_;
    if (at_ != end_ && is_scan_digit(*at_)) return Number::none;
  }
  for (; at_ != end_ && is_scan_digit(*at_); ++at_, ++digits)
    if (digits < 18) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at_ - '0');
  bool whole = true;
  if (at_ != end_ && *at_ == '.') {
    whole = false;
    char const* const first = ++at_;
    for (; at_ != end_ && is_scan_digit(*at_); ++at_, ++digits, ++decimals)
      if (digits < 18) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at_ - '0');
    if (at_ == first) return Number::none;
  }
  bool exponent = false;
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    exponent = true;
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    char const* const first = at_;
    while (at_ != end_ && is_scan_digit(*at_)) ++at_;
    if (at_ == first) return Number::none;
  }
  if (!exponent && digits <= 18 && mantissa < (std::uint64_t{1} << 53U) && decimals < static_cast<int>(powers_of_ten.size())) {
    value = static_cast<double>(mantissa) / powers_of_ten[static_cast<std::size_t>(decimals)];
    if (negative) value = -value;
  } else if (auto const read = std::from_chars(begin, at_, value); read.ec == std::errc::result_out_of_range) {
    // Too large, or too small to tell from zero: from_chars does not say which.
    value = std::strtod(std::string(begin, at_).c_str(), nullptr);
  }
  if (!whole || exponent || digits > 18) return Number::fraction;
  integer = negative ? -static_cast<std::int64_t>(mantissa) : static_cast<std::int64_t>(mantissa);
  return Number::whole;
}

bool JsonScan::hex4(std::uint32_t& code) {
  if (end_ - at_ < 4) return false;
  auto const read = std::from_chars(at_, at_ + 4, code, 16);
  if (read.ptr != at_ + 4 || *at_ == '-') return false;
  at_ += 4;
  return true;
}

bool JsonScan::escape(std::string& kept) {
  if (at_ == end_) return false;
  char const c = *at_++;
  static constexpr std::string_view letters = "\"\\/bfnrt", means = "\"\\/\b\f\n\r\t";
  if (auto const found = letters.find(c); found != std::string_view::npos) {
    kept += means[found];
    return true;
  }
  std::uint32_t code = 0;
  if (c != 'u' || !hex4(code) || code == 0) return false;
  if (code >= 0xD800 && code < 0xE000) {
    std::uint32_t low = 0;
    if (code >= 0xDC00 || !word("\\u") || !hex4(low) || low < 0xDC00 || low >= 0xE000) return false;
    code = 0x10000 + ((code - 0xD800) << 10U) + (low - 0xDC00);
  }
  append_utf8(kept, code);
  return true;
}

bool JsonScan::string(std::string_view& text, std::string& kept) {
  if (at_ == end_ || *at_ != '"') return false;
  char const* begin = ++at_;
  bool escaped = false;
  std::string_view const all(begin, static_cast<std::size_t>(end_ - begin));
  while (at_ != end_ && *at_ != '"') {
    auto const c = static_cast<unsigned char>(*at_);
    if (c < 0x20) return false;
    if (c == '\\') {
      if (!escaped) kept.clear();
      escaped = true;
      kept.append(begin, at_);
      ++at_;
      if (!escape(kept)) return false;
      begin = at_;
    } else if (c < 0x80) {
      ++at_;
    } else {
      auto const length = catalogue::utf8_length(all, static_cast<std::size_t>(at_ - all.data()));
      if (length == 0) return false;
      at_ += length;
    }
  }
  if (at_ == end_) return false;
  if (escaped) kept.append(begin, at_);
  text = escaped ? std::string_view(kept) : std::string_view(begin, static_cast<std::size_t>(at_ - begin));
  ++at_;
  return true;
}

bool JsonScan::skip_string() {
  std::string_view text;
  std::string kept;
  return string(text, kept);
}

bool JsonScan::skip(int levels) {
  blanks();
  double number_value = 0;
  std::int64_t integer = 0;
  switch (peek()) {
    case '"':
      return skip_string();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    case '{':
    case '[':
      break;
    default:
      return number(number_value, integer) != Number::none;
  }
  if (levels == 0) return false;
  bool const object = *at_++ == '{';
  char const close = object ? '}' : ']';
  if (take(close)) return true;
  do {
    blanks();
    if (object && (!skip_string() || !take(':'))) return false;
    if (!skip(levels - 1)) return false;
  } while (take(','));
  return take(close);
}

bool JsonScan::value(std::string_view& text, int levels) {
  blanks();
  char const* const begin = at_;
  if (!skip(levels)) return false;
  text = std::string_view(begin, static_cast<std::size_t>(at_ - begin));
  return true;
}

}  // namespace zhili::sense::ingest
