#include "core/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace zhili::core {

namespace {

using std::string_view;

/// A unit as the table has it: up/down in base units (m, s, g, rad, K, A, cd, mol).
struct UnitAtom {
  string_view code;
  Dimension dimension;
  double up;
  double down;
  bool metric;  ///< takes prefixes
};

constexpr Dimension none{};
constexpr Dimension length{1}, time_{0, 1}, mass{0, 0, 1}, angle{0, 0, 0, 1}, heat{0, 0, 0, 0, 1}, current{0, 0, 0, 0, 0, 1}, candle{0, 0, 0, 0, 0, 0, 1}, amount{0, 0, 0, 0, 0, 0, 0, 1};
constexpr Dimension area{2}, volume{3}, solid_angle{0, 0, 0, 2}, per_time{0, -1}, force{1, -2, 1}, pressure{-1, -2, 1}, energy{2, -2, 1}, power{2, -3, 1}, speed{1, -1}, acceleration{1, -2}, dose{2, -2};
constexpr double grams_per_kilogram = 1000;

/// The values are those of the UCUM table (ucum-essence 2.1), reckoned to base units; the mole and the ampere are base units here.
constexpr auto unit_atoms = std::to_array<UnitAtom>({
    {"m", length, 1, 1, true},
    {"s", time_, 1, 1, true},
    {"g", mass, 1, 1, true},
    {"rad", angle, 1, 1, true},
    {"K", heat, 1, 1, true},
    {"A", current, 1, 1, true},
    {"cd", candle, 1, 1, true},
    {"mol", amount, 1, 1, true},
    {"10*", none, 10, 1, false},
    {"10^", none, 10, 1, false},
    {"[pi]", none, std::numbers::pi, 1, false},
    {"%", none, 1, 100, false},
    {"[ppth]", none, 1, 1e3, false},
    {"[ppm]", none, 1, 1e6, false},
    {"[ppb]", none, 1, 1e9, false},
    {"[pptr]", none, 1, 1e12, false},
    {"bit", none, 1, 1, true},
    {"By", none, 8, 1, true},
    {"Bd", per_time, 1, 1, true},
    {"sr", solid_angle, 1, 1, true},
    {"deg", angle, std::numbers::pi, 180, false},
    {"'", angle, std::numbers::pi, 10800, false},
    {"''", angle, std::numbers::pi, 648000, false},
    {"min", time_, 60, 1, false},
    {"h", time_, 3600, 1, false},
    {"d", time_, 86400, 1, false},
    {"wk", time_, 604800, 1, false},
    {"mo", time_, 2629800, 1, false},
    {"a", time_, 31557600, 1, false},
    {"Hz", per_time, 1, 1, true},
    {"N", force, grams_per_kilogram, 1, true},
    {"Pa", pressure, grams_per_kilogram, 1, true},
    {"bar", pressure, 1e8, 1, true},
    {"atm", pressure, 101325000, 1, false},
    {"m[H2O]", pressure, 9806650, 1, true},
    {"m[Hg]", pressure, 133322000, 1, true},
    {"[psi]", pressure, 6894757.293168361, 1, false},
    {"J", energy, grams_per_kilogram, 1, true},
    {"cal", energy, 4184, 1, true},
    {"W", power, grams_per_kilogram, 1, true},
    {"C", {0, 1, 0, 0, 0, 1}, 1, 1, true},
    {"V", {2, -3, 1, 0, 0, -1}, grams_per_kilogram, 1, true},
    {"Ohm", {2, -3, 1, 0, 0, -2}, grams_per_kilogram, 1, true},
    {"S", {-2, 3, -1, 0, 0, 2}, 1, grams_per_kilogram, true},
    {"F", {-2, 4, -1, 0, 0, 2}, 1, grams_per_kilogram, true},
    {"Wb", {2, -2, 1, 0, 0, -1}, grams_per_kilogram, 1, true},
    {"T", {0, -2, 1, 0, 0, -1}, grams_per_kilogram, 1, true},
    {"H", {2, -2, 1, 0, 0, -2}, grams_per_kilogram, 1, true},
    {"lm", {0, 0, 0, 2, 0, 0, 1}, 1, 1, true},
    {"lx", {-2, 0, 0, 2, 0, 0, 1}, 1, 1, true},
    {"Bq", per_time, 1, 1, true},
    {"Ci", per_time, 3.7e10, 1, true},
    {"Gy", dose, 1, 1, true},
    {"Sv", dose, 1, 1, true},
    {"l", volume, 1, 1000, true},
    {"L", volume, 1, 1000, true},
    {"ar", area, 100, 1, true},
    {"t", mass, 1e6, 1, true},
    {"u", mass, 1.6605402e-24, 1, true},
    {"eV", energy, 1.60217733e-16, 1, true},
    {"St", {2, -1}, 1, 10000, true},
    {"P", {-1, -1, 1}, 100, 1, true},
    {"G", {0, -2, 1, 0, 0, -1}, 1, 10, true},
    {"kat", {0, -1, 0, 0, 0, 0, 0, 1}, 1, 1, true},
    {"[g]", acceleration, 980665, 100000, true},
    {"[in_i]", length, 254, 10000, false},
    {"[ft_i]", length, 3048, 10000, false},
    {"[yd_i]", length, 9144, 10000, false},
    {"[mi_i]", length, 1609344, 1000, false},
    {"[nmi_i]", length, 1852, 1, false},
    {"[kn_i]", speed, 1852, 3600, false},
    {"[sft_i]", area, 9290304, 1e8, false},
    {"[acr_us]", area, 4046.872609874252, 1, false},
    {"[gal_us]", volume, 3785411784, 1e12, false},
    {"[lb_av]", mass, 45359237, 100000, false},
    {"[oz_av]", mass, 45359237, 1600000, false},
    {"[lbf_av]", force, 4448.2216152605, 1, false},
});

struct UnitPrefix {
  string_view code;
  double up;
  double down;
};
constexpr auto unit_prefixes = std::to_array<UnitPrefix>({
    {"Y", 1e24, 1}, {"Z", 1e21, 1}, {"E", 1e18, 1}, {"P", 1e15, 1}, {"T", 1e12, 1}, {"G", 1e9, 1}, {"M", 1e6, 1},  {"k", 1e3, 1},   {"h", 100, 1},          {"da", 10, 1},         {"d", 1, 10},  {"c", 1, 100},
    {"m", 1, 1e3},  {"u", 1, 1e6},  {"n", 1, 1e9},  {"p", 1, 1e12}, {"f", 1, 1e15}, {"a", 1, 1e18}, {"z", 1, 1e21}, {"y", 1, 1e24}, {"Ki", 1024, 1}, {"Mi", 1048576, 1}, {"Gi", 1073741824, 1}, {"Ti", 1099511627776, 1},
});

/// Scales that stand alone: with an offset, or (`level`) no ratios at all.
struct UnitScale {
  string_view code;
  string_view level;
  double up;
  double down;
  double offset;
};
constexpr double zero_celsius_kelvin = 273.15;
constexpr double zero_fahrenheit_kelvin = 459.67 * 5 / 9;
constexpr auto unit_scales = std::to_array<UnitScale>({
    {"Cel", "", 1, 1, zero_celsius_kelvin},
    {"[degF]", "", 5, 9, zero_fahrenheit_kelvin},
    {"[pH]", "pH", 1, 1, 0},
    {"dB", "dB", 1, 1, 0},
    {"B[SPL]", "dB[SPL]", 10, 1, 0},
    {"dB[SPL]", "dB[SPL]", 1, 1, 0},
    {"dB(A)", "dB(A)", 1, 1, 0},
    {"dB[mW]", "dB[mW]", 1, 1, 0},
});

/// What devices send for a UCUM code, and no UCUM code of its own.
struct UnitAlias {
  string_view said;
  string_view code;
};
constexpr auto unit_aliases = std::to_array<UnitAlias>({
    {"pH", "[pH]"}, {"dBA", "dB(A)"}, {"dBm", "dB[mW]"}, {"°C", "Cel"}, {"℃", "Cel"}, {"°F", "[degF]"}, {"°", "deg"},
});

/// What people write and UCUM does not have, with what they mean. Not read, only answered: "C" is coulomb, so guessing is no kindness.
constexpr auto unit_hints = std::to_array<UnitAlias>({
    {"degC", "Cel"},   {"celsius", "Cel"}, {"degF", "[degF]"}, {"percent", "%"},    {"ppm", "[ppm]"},      {"ppb", "[ppb]"},  {"psi", "[psi]"}, {"mmHg", "mm[Hg]"}, {"mmH2O", "mm[H2O]"}, {"lux", "lx"},      {"ohm", "Ohm"}, {"Ω", "Ohm"},
    {"kWh", "kW.h"},   {"Wh", "W.h"},      {"Ah", "A.h"},      {"mAh", "mA.h"},     {"kVA", "kV.A"},       {"VA", "V.A"},     {"rpm", "/min"},  {"m³", "m3"},       {"m²", "m2"},         {"sec", "s"},       {"hr", "h"},    {"hour", "h"},
    {"minute", "min"}, {"day", "d"},       {"year", "a"},      {"count", "{count}"}, {"NTU", "{NTU}"},      {"kph", "km/h"},   {"kmh", "km/h"},  {"mph", "[mi_i]/h"}, {"knot", "[kn_i]"},   {"ft", "[ft_i]"},   {"in", "[in_i]"}, {"inch", "[in_i]"},
    {"mps", "m/s"},    {"lbs", "[lb_av]"}, {"lb", "[lb_av]"},  {"gal", "[gal_us]"}, {"Byte", "By"},        {"byte", "By"},    {"cfu", "{CFU}"}, {"ton", "t"},       {"litre", "L"},       {"liter", "L"},     {"metre", "m"}, {"meter", "m"},
});

UnitAtom const* find_atom(string_view code) {
  auto const* const found = std::ranges::find(unit_atoms, code, &UnitAtom::code);
  return found == unit_atoms.end() ? nullptr : found;
}

/// An atom with its prefix, if the word is one.
std::optional<UnitAtom> read_word(string_view word) {
  if (auto const* const atom = find_atom(word)) return *atom;
  for (auto const& prefix : unit_prefixes) {
    if (!word.starts_with(prefix.code)) continue;
    auto const* const atom = find_atom(word.substr(prefix.code.size()));
    if (atom == nullptr || !atom->metric) continue;
    return UnitAtom{word, atom->dimension, atom->up * prefix.up, atom->down * prefix.down, false};
  }
  return std::nullopt;
}

bool same_but_for_case(string_view a, string_view b) {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The code that was probably meant; empty where none is near.
std::string meant_unit(string_view word) {
  for (auto const& hint : unit_hints)
    if (same_but_for_case(hint.said, word)) return std::string(hint.code);
  for (auto const& scale : unit_scales)
    if (same_but_for_case(scale.code, word)) return std::string(scale.code);
  for (auto const& atom : unit_atoms) {
    if (same_but_for_case(atom.code, word)) return std::string(atom.code);
    if (!atom.metric) continue;
    for (string_view const prefix : {"k", "m", "M", "u", "c", "h", "d", "n"})
      if (same_but_for_case(fmt::format("{}{}", prefix, atom.code), word)) return fmt::format("{}{}", prefix, atom.code);
  }
  return {};
}

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

namespace {

/// A word of a code and how people write it.
constexpr auto unit_symbols = std::to_array<UnitAlias>({
    {"Cel", "℃"}, {"[degF]", "°F"}, {"[pH]", "pH"}, {"dB[SPL]", "dB"}, {"dB(A)", "dB(A)"}, {"dB[mW]", "dBm"}, {"deg", "°"}, {"Ohm", "Ω"}, {"10*", "10"}, {"10^", "10"}, {"[in_i]", "in"}, {"[ft_i]", "ft"}, {"[mi_i]", "mi"}, {"[lb_av]", "lb"}, {"[kn_i]", "kn"}, {"[gal_us]", "gal"}, {"By", "B"},
});

std::string symbol_of_word(string_view word) {
  for (auto const& symbol : unit_symbols)
    if (symbol.said == word) return std::string(symbol.code);
  std::string out;
  if (word.size() > 1 && word.front() == 'u' && find_atom(word) == nullptr && read_word(word)) {
    out = "µ";
    word.remove_prefix(1);
  }
  if (word.ends_with("Ohm")) return out + std::string(word.substr(0, word.size() - 3)) + "Ω";
  for (char const c : word)
    if (c != '[' && c != ']') out += c;
  return out;
}

constexpr std::array<string_view, 10> superscripts{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};

}  // namespace

std::string unit_symbol(std::string_view code) {
  if (code.size() > max_unit_bytes || code == "1") return {};
  for (auto const& alias : unit_aliases)
    if (alias.said == code) code = alias.code;
  for (auto const& scale : unit_scales)
    if (scale.code == code) return symbol_of_word(code);
  std::string out;
  for (std::size_t at = 0; at < code.size();) {
    char const c = code[at];
    bool const power_of_ten = code.substr(at).starts_with("10*") || code.substr(at).starts_with("10^");
    if (c == '{') {
      at = std::min(code.find('}', at), code.size() - 1) + 1;
    } else if (c == '.') {
      out += "·";
      ++at;
    } else if (!power_of_ten && ((c >= '0' && c <= '9') || c == '-' || c == '+')) {
      bool const exponent = at > 0 && string_view("./(").find(code[at - 1]) == string_view::npos && !out.empty();
      if (c == '-' || c == '+')
        out += c == '-' ? "⁻" : "";
      else if (exponent)
        out += superscripts.at(static_cast<std::size_t>(c - '0'));
      else
        out += c;
      ++at;
      for (; exponent && at < code.size() && code[at] >= '0' && code[at] <= '9'; ++at) out += superscripts.at(static_cast<std::size_t>(code[at] - '0'));
      for (; !exponent && at < code.size() && code[at] >= '0' && code[at] <= '9'; ++at) out += code[at];
    } else if (c == '/' || c == '(' || c == ')') {
      out += c;
      ++at;
    } else {
      auto end = power_of_ten ? at + 3 : at;
      for (bool inside = false; !power_of_ten && end < code.size(); ++end) {
        inside = code[end] == '[' || (inside && code[end] != ']');
        if (!inside && string_view("./(){}+-0123456789").find(code[end]) != string_view::npos) break;
      }
      out += symbol_of_word(code.substr(at, end - at));
      at = end;
    }
  }
  return out;
}

}  // namespace zhili::core
