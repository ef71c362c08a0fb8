#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/unit_table.hpp"

namespace zhili::core {

namespace {

using std::string_view;
using unit_table::heat;
using unit_table::meant_unit;
using unit_table::read_word;
using unit_table::unit_aliases;
using unit_table::unit_scales;
using unit_table::UnitScale;

tl::unexpected<Error> bad_unit(char const* key, Text text) { return fail(Errc::invalid, key, std::move(text), "unit"); }

/// What may be shown of outside text: short and printable.
std::string shown_unit(string_view word) {
  std::string out;
  for (char const c : word.substr(0, max_unit_bytes))
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
  return out;
}

constexpr double largest_exact = 9007199254740992.0;  // 2^53
bool is_exact(double value) { return value <= largest_exact && std::floor(value) == value; }

void reduce(double& up, double& down) {
  if (!is_exact(up) || !is_exact(down)) return;
  double a = up;
  double b = down;
  while (b != 0) {
    double const rest = std::fmod(a, b);
    a = b;
    b = rest;
  }
  up /= a;
  down /= a;
}

}  // namespace

/// Recursive descent over UCUM's grammar: a term is components joined by "." and "/", read from left to right.
class UnitReader {
 public:
  explicit UnitReader(string_view text) : text_(text) {}

  Result<UcumUnit> read() {
    UcumUnit unit;
    if (at_end()) return unit;
    if (text_.front() == '/') {
      ++at_;
      ZHILI_TRY(unit, term(-1, 0));
    } else {
      ZHILI_TRY(unit, term(1, 0));
    }
    if (!at_end()) return unexpected_here();
    return unit;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char here() const { return at_end() ? '\0' : text_[at_]; }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  tl::unexpected<Error> unexpected_here() const {
    if (at_end())
      return bad_unit("unit.end", {fmt::format("单位“{}”没有写完", shown_unit(text_)), fmt::format("the unit “{}” ends too early", shown_unit(text_))});
    return bad_unit("unit.syntax", {fmt::format("单位“{}”从“{}”起看不懂；写 UCUM 代码，例如 m3/h、ug/m3、Cel", shown_unit(text_), shown_unit(text_.substr(at_))),
                                    fmt::format("the unit “{}” cannot be understood from “{}” on; write a UCUM code, for example m3/h, ug/m3, Cel", shown_unit(text_), shown_unit(text_.substr(at_)))});
  }

  tl::unexpected<Error> over(char const* zh, char const* en, int most) const {
    return bad_unit("unit.limit", {fmt::format("单位“{}”的{}超过 {}", shown_unit(text_), zh, most), fmt::format("the unit “{}” has more than {} {}", shown_unit(text_), most, en)});
  }

  Result<UcumUnit> term(int sign, int depth) {
    UcumUnit product;
    for (;;) {
      ZHILI_TRY(auto const part, component(depth));
      ZHILI_CHECK(multiply(product, part, sign));
      if (here() != '.' && here() != '/') return product;
      sign = here() == '/' ? -1 : 1;
      ++at_;
    }
  }

  Result<UcumUnit> component(int depth) {
    if (here() == '(') {
      if (depth >= max_unit_depth) return over("括号层数", "parentheses in each other", max_unit_depth);
      ++at_;
      ZHILI_TRY(auto inner, term(1, depth + 1));
      if (here() != ')') return unexpected_here();
      ++at_;
      return inner;
    }
    if (++terms_ > max_unit_terms) return over("项数", "parts", max_unit_terms);
    if (here() == '{') {
      ZHILI_CHECK(annotation());
      return UcumUnit{};
    }
    auto const digits = number_end();
    if (digits > at_ && (digits >= text_.size() || (text_[digits] != '*' && text_[digits] != '^'))) return factor(digits);
    return simple();
  }

  std::size_t number_end() const {
    auto end = at_;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    return end;
  }

  Result<UcumUnit> factor(std::size_t end) {
    constexpr std::size_t max_factor_digits = 9;
    double value = 0;
    if (end - at_ > max_factor_digits) return over("数字位数", "digits in a number", static_cast<int>(max_factor_digits));
    for (; at_ < end; ++at_) value = value * 10 + (text_[at_] - '0');
    if (value == 0)
      return bad_unit("unit.zero", {fmt::format("单位“{}”里有 0", shown_unit(text_)), fmt::format("there is a 0 in the unit “{}”", shown_unit(text_))});
    UcumUnit unit;
    unit.up_ = value;
    if (here() == '{') ZHILI_CHECK(annotation());
    return unit;
  }

  Result<> annotation() {
    for (++at_; !at_end() && here() != '}'; ++at_)
      if (here() == '{' || here() < 0x21 || here() > 0x7E) return unexpected_here();
    if (at_end()) return unexpected_here();
    ++at_;
    return {};
  }

  /// An atom: everything up to a digit, a sign or an operator; what stands in brackets belongs to it.
  string_view word() {
    auto const begin = at_;
    if (is_digit(here())) {  // "10*"; "5*" is read as far, and is no atom
      at_ = std::min(number_end() + 1, text_.size());
      return text_.substr(begin, at_ - begin);
    }
    bool inside = false;
    for (; !at_end(); ++at_) {
      char const c = here();
      if (c == '[') inside = true;
      if (c == ']') inside = false;
      if (!inside && (is_digit(c) || string_view("./(){}+-").find(c) != string_view::npos)) break;
    }
    return text_.substr(begin, at_ - begin);
  }

  Result<UcumUnit> simple() {
    auto const begin = at_;
    auto const name = word();
    if (name.empty()) {
      at_ = begin;
      return unexpected_here();
    }
    auto const atom = read_word(name);
    if (!atom) return unknown(name);
    UcumUnit unit;
    unit.dimension_ = atom->dimension;
    unit.up_ = atom->up;
    unit.down_ = atom->down;
    ZHILI_TRY(int const power, exponent());
    UcumUnit out;
    for (int i = 0; i < std::abs(power); ++i) ZHILI_CHECK(multiply(out, unit, power < 0 ? -1 : 1));
    if (here() == '{') ZHILI_CHECK(annotation());
    return out;
  }

  Result<int> exponent() {
    int sign = 1;
    if (here() == '+' || here() == '-') {
      sign = here() == '-' ? -1 : 1;
      ++at_;
      if (!is_digit(here())) return unexpected_here();
    }
    if (!is_digit(here())) return 1;
    int power = 0;
    for (; is_digit(here()); ++at_) {
      power = power * 10 + (here() - '0');
      if (power > max_unit_exponent) return over("指数", "as an exponent", max_unit_exponent);
    }
    return sign * power;
  }

  tl::unexpected<Error> unknown(string_view name) const {
    for (auto const& scale : unit_scales)
      if (scale.code == name)
        return bad_unit("unit.alone", {fmt::format("单位“{}”里的 {} 不是比例单位，只能单独用；温差写 K", shown_unit(text_), name),
                                       fmt::format("{} in the unit “{}” is no ratio and stands alone; differences of temperature are in K", name, shown_unit(text_))});
    auto meant = meant_unit(name);
    if (meant.empty()) meant = meant_unit(text_);
    Text const rule{"写 UCUM 代码，区分大小写，例如 m3/h、ug/m3、Cel、{count}", "write a UCUM code, in its own case, for example m3/h, ug/m3, Cel, {count}"};
    if (meant.empty())
      return bad_unit("unit.unknown", {fmt::format("没有单位“{}”；{}", shown_unit(name), rule.zh), fmt::format("there is no unit “{}”; {}", shown_unit(name), rule.en)});
    return bad_unit("unit.unknown", {fmt::format("没有单位“{}”；是不是 {}？{}", shown_unit(name), meant, rule.zh), fmt::format("there is no unit “{}”; did you mean {}? {}", shown_unit(name), meant, rule.en)});
  }

  Result<> multiply(UcumUnit& product, UcumUnit const& by, int sign) const {
    for (std::size_t i = 0; i < product.dimension_.size(); ++i) {
      int const sum = product.dimension_[i] + sign * by.dimension_[i];
      if (std::abs(sum) > max_unit_dimension) return over("量纲指数", "as the exponent of a dimension", max_unit_dimension);
      product.dimension_[i] = static_cast<std::int8_t>(sum);
    }
    product.up_ *= sign > 0 ? by.up_ : by.down_;
    product.down_ *= sign > 0 ? by.down_ : by.up_;
    reduce(product.up_, product.down_);
    double const scale = product.up_ / product.down_;
    if (scale <= max_unit_scale && scale >= 1 / max_unit_scale && product.up_ <= max_unit_scale && product.down_ <= max_unit_scale) return {};
    return bad_unit("unit.limit", {fmt::format("单位“{}”太大或太小", shown_unit(text_)), fmt::format("the unit “{}” is too large or too small", shown_unit(text_))});
  }

  string_view text_;
  std::size_t at_ = 0;
  int terms_ = 0;
};

Result<UcumUnit> UcumUnit::parse(std::string_view code) {
  if (code.size() > max_unit_bytes)
    return bad_unit("unit.long", {fmt::format("单位有 {} 字节，最多 {} 字节", code.size(), max_unit_bytes), fmt::format("the unit has {} bytes; it may have {}", code.size(), max_unit_bytes)});
  std::string text(code);
  for (auto const& alias : unit_aliases)
    if (alias.said == text) text = alias.code;
  for (string_view const micro : {"\u00B5", "\u03BC"})
    for (auto at = text.find(micro); at != std::string::npos; at = text.find(micro)) text.replace(at, micro.size(), "u");
  UcumUnit unit;
  auto const* const scale = std::ranges::find(unit_scales, text, &UnitScale::code);
  if (scale != unit_scales.end()) {
    unit.up_ = scale->up;
    unit.down_ = scale->down;
    unit.offset_ = scale->offset;
    unit.level_ = scale->level;
    if (scale->level.empty()) unit.dimension_ = heat;
  } else {
    ZHILI_TRY(unit, UnitReader(text).read());
  }
  unit.code_ = code.empty() ? "1" : std::string(code);
  return unit;
}

bool UcumUnit::is_dimensionless() const { return dimension_ == Dimension{} && level_.empty(); }

bool UcumUnit::convertible(UcumUnit const& to) const { return dimension_ == to.dimension_ && level_ == to.level_; }

Result<UnitConversion> UcumUnit::conversion_of_difference(UcumUnit const& to) const {
  if (!convertible(to))
    return bad_unit("unit.kind", {fmt::format("{} 与 {} 量的不是同一种量，不能换算", shown_unit(code_), shown_unit(to.code_)),
                                  fmt::format("{} and {} do not measure the same kind of thing and do not convert", shown_unit(code_), shown_unit(to.code_))});
  UnitConversion out{up_ * to.down_, down_ * to.up_, 0};
  reduce(out.factor, out.divisor);
  return out;
}

Result<UnitConversion> UcumUnit::conversion(UcumUnit const& to) const {
  ZHILI_TRY(auto out, conversion_of_difference(to));
  out.offset = (offset_ - to.offset_) * to.down_ / to.up_;
  return out;
}

Result<double> convert_unit(double value, std::string_view from, std::string_view to) {
  ZHILI_TRY(auto const source, UcumUnit::parse(from));
  ZHILI_TRY(auto const target, UcumUnit::parse(to));
  ZHILI_TRY(auto const conversion, source.conversion(target));
  return conversion(value);
}

}  // namespace zhili::core
