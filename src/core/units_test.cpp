#include "core/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace zhili::core {
namespace {

struct Known {
  double value;
  char const* from;
  char const* to;
  double is;
};

class KnownConversion : public testing::TestWithParam<Known> {};

TEST_P(KnownConversion, Holds) {
  auto const& known = GetParam();
  auto const there = convert_unit(known.value, known.from, known.to);
  ASSERT_TRUE(there) << there.error().text.en;
  EXPECT_NEAR(*there, known.is, std::max(1.0, std::abs(known.is)) * 1e-12) << known.from << " → " << known.to;
  auto const back = convert_unit(*there, known.to, known.from);
  ASSERT_TRUE(back);
  EXPECT_NEAR(*back, known.value, std::max(1.0, std::abs(known.value)) * 1e-12) << known.to << " → " << known.from;
}

INSTANTIATE_TEST_SUITE_P(
    Values, KnownConversion,
    testing::Values(Known{22, "cm", "m", 0.22}, Known{36, "km/h", "m/s", 10}, Known{1, "m/s", "km/h", 3.6}, Known{0.075, "mg/m3", "ug/m3", 75}, Known{100, "ug/m3", "mg/m3", 0.1}, Known{25, "Cel", "K", 298.15},
                    Known{212, "[degF]", "Cel", 100}, Known{-40, "[degF]", "Cel", -40}, Known{0, "K", "Cel", -273.15}, Known{1, "h", "min", 60}, Known{1, "d", "s", 86400}, Known{1, "a", "d", 365.25},
                    Known{1, "m3/h", "L/min", 1000.0 / 60}, Known{50, "mm/h", "m/s", 0.05 / 3600}, Known{1, "kW.h", "J", 3.6e6}, Known{1, "mm[Hg]", "Pa", 133.322}, Known{1, "bar", "kPa", 100},
                    Known{1, "atm", "hPa", 1013.25}, Known{1, "m[H2O]", "kPa", 9.80665}, Known{14.503773773020923, "[psi]", "bar", 1}, Known{20, "%", "10*-2", 20}, Known{20, "%", "1", 0.2}, Known{20, "%", "[ppm]", 200'000},
                    Known{3, "10*3/uL", "10*9/L", 3}, Known{180, "deg", "rad", 3.14159265358979323846}, Known{60, "'", "deg", 1}, Known{1, "[in_i]", "cm", 2.54}, Known{1, "[mi_i]", "km", 1.609344},
                    Known{1, "[kn_i]", "km/h", 1.852}, Known{1, "N.m", "J", 1}, Known{1, "V.A", "W", 1}, Known{1, "V2/Ohm", "W", 1}, Known{1, "mS/cm", "uS/cm", 1000}, Known{1, "lm/m2", "lx", 1},
                    Known{1, "KiBy", "bit", 8192}, Known{1, "m2.s-2", "J/kg", 1}, Known{1, "J/(kg.K)", "kJ/(kg.K)", 0.001}, Known{9.80665, "m/s2", "[g]", 1}, Known{1, "{count}/min", "/h", 60},
                    Known{60, "/min", "Hz", 1}, Known{5, "m/s/s", "m/s2", 5}, Known{1, "10.cm", "m", 0.1}, Known{1, "t", "kg", 1000}, Known{1, "har", "m2", 10'000}, Known{1, "T", "G", 10'000},
                    Known{7, "[pH]", "pH", 7}, Known{-97, "dBm", "dB[mW]", -97}, Known{65, "dBA", "dB(A)", 65}, Known{1, "B[SPL]", "dB[SPL]", 10}, Known{1, "mol/L", "mmol/L", 1000}, Known{26, "℃", "Cel", 26},
                    Known{75, "μg/m3", "ug/m3", 75}, Known{75, "µg/m3", "ug/m3", 75}, Known{2, "C", "A.s", 2}));

TEST(Units, DecimalUnitsStayDecimal) {
  EXPECT_EQ(*convert_unit(3, "mm", "cm"), 0.3);
  EXPECT_EQ(*convert_unit(0.3, "m", "mm"), 300.0);
  EXPECT_EQ(*convert_unit(35, "ug/m3", "mg/m3"), 0.035);
  EXPECT_EQ(*convert_unit(7, "%", "1"), 0.07);
  EXPECT_TRUE(UcumUnit::parse("km/m")->conversion(*UcumUnit::parse("10*3"))->is_identity());
}

TEST(Units, WhatDoesNotMeasureTheSameDoesNotConvert) {
  for (auto const& [a, b] : std::initializer_list<std::pair<char const*, char const*>>{{"cm", "s"}, {"m3/h", "m/h"}, {"Cel", "%"}, {"[pH]", "1"}, {"dB(A)", "dB[SPL]"}, {"dB", "1"}, {"dB[mW]", "mW"}, {"mol/L", "1/L"}, {"rad", "1"}, {"lm", "cd"}}) {
    auto const result = convert_unit(1, a, b);
    ASSERT_FALSE(result) << a << " → " << b;
    EXPECT_EQ(result.error().key, "unit.kind");
    EXPECT_EQ(result.error().field, "unit");
  }
}

TEST(Units, ADifferenceOfTemperatureHasNoOffset) {
  auto const cel = *UcumUnit::parse("Cel");
  auto const fahrenheit = *UcumUnit::parse("[degF]");
  EXPECT_NEAR((*cel.conversion_of_difference(fahrenheit))(5), 9, 1e-12);
  EXPECT_NEAR((*cel.conversion(fahrenheit))(5), 41, 1e-9);
  EXPECT_TRUE(cel.has_offset());
  EXPECT_FALSE(UcumUnit::parse("K")->has_offset());
  EXPECT_FALSE(UcumUnit::parse("[pH]")->is_dimensionless());
  EXPECT_TRUE(UcumUnit::parse("{count}")->is_dimensionless());
}

struct Refused {
  char const* code;
  char const* key;
  char const* says;  ///< a part of the English text
};
class RefusedUnit : public testing::TestWithParam<Refused> {};
TEST_P(RefusedUnit, SaysWhy) {
  auto const result = UcumUnit::parse(GetParam().code);
  ASSERT_FALSE(result) << GetParam().code;
  EXPECT_EQ(result.error().key, GetParam().key) << GetParam().code;
  EXPECT_NE(result.error().text.en.find(GetParam().says), std::string::npos) << result.error().text.en;
  EXPECT_FALSE(result.error().text.zh.empty());
}
INSTANTIATE_TEST_SUITE_P(Codes, RefusedUnit,
                         testing::Values(Refused{"degC", "unit.unknown", "did you mean Cel"}, Refused{"ppm", "unit.unknown", "did you mean [ppm]"}, Refused{"Kpa", "unit.unknown", "did you mean kPa"},
                                         Refused{"kWh", "unit.unknown", "did you mean kW.h"}, Refused{"rpm", "unit.unknown", "did you mean /min"}, Refused{"m³", "unit.unknown", "did you mean m3"},
                                         Refused{"zorkmid", "unit.unknown", "there is no unit “zorkmid”"}, Refused{"Cel2", "unit.alone", "stands alone"}, Refused{"Cel/min", "unit.alone", "stands alone"},
                                         Refused{"kCel", "unit.unknown", "there is no unit"}, Refused{"m/", "unit.end", "ends too early"}, Refused{"m//s", "unit.syntax", "from “/s”"}, Refused{"(m", "unit.end", "too early"},
                                         Refused{"m)", "unit.syntax", "from “)”"}, Refused{"{a", "unit.end", "too early"}, Refused{"{a{b}}", "unit.syntax", "from “{b}}”"}, Refused{"m s", "unit.unknown", "“m s”"},
                                         Refused{"0.m", "unit.zero", "a 0"}, Refused{"m10", "unit.limit", "exponent"}, Refused{"5*", "unit.unknown", "“5*”"}, Refused{"((((m2)4)4)4)4", "unit.syntax", "from"},
                                         Refused{"(((((m)))))", "unit.limit", "parentheses"}, Refused{"m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.m", "unit.limit", "parts"}, Refused{"Ym9", "unit.limit", "too large"},
                                         Refused{"1234567890", "unit.limit", "digits"}, Refused{"V9.V9", "unit.limit", "dimension"}, Refused{"m-", "unit.end", "too early"}, Refused{"-m", "unit.syntax", "from “-m”"},
                                         Refused{"mmin", "unit.unknown", "there is no unit"}));

TEST(Units, TheLongestCodeIsRead) {
  std::string const most = "m{" + std::string(max_unit_bytes - 3, 'x') + "}";
  EXPECT_TRUE(UcumUnit::parse(most));
  auto const more = UcumUnit::parse(most + "m");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().key, "unit.long");
}

TEST(Units, PeopleReadSymbols) {
  for (auto const& [code, symbol] : std::initializer_list<std::pair<char const*, char const*>>{{"Cel", "℃"}, {"ug/m3", "µg/m³"}, {"[degF]", "°F"}, {"{count}", ""}, {"{count}/min", "/min"}, {"m3/h", "m³/h"}, {"[ppm]", "ppm"}, {"10*-6", "10⁻⁶"},
                                                                                              {"kW.h", "kW·h"}, {"mm[Hg]", "mmHg"}, {"dB(A)", "dB(A)"}, {"[pH]", "pH"}, {"%", "%"}, {"uS/cm", "µS/cm"}, {"kOhm", "kΩ"}, {"1", ""}, {"m.s-2", "m·s⁻²"},
                                                                                              {"deg", "°"}, {"dBm", "dBm"}, {"{unclosed", ""}, {"m}", "m"}, {"u", "u"}, {"J/(kg.K)", "J/(kg·K)"}})
    EXPECT_EQ(unit_symbol(code), symbol) << code;
}

/// Products, quotients and powers of units that are read measure what the parts measure.
TEST(UnitsProperty, ConversionIsAGroup) {
  std::mt19937 random(20260713);
  std::vector<std::string> const atoms{"m", "cm", "km", "s", "min", "h", "g", "kg", "ug", "A", "K", "%", "L", "mL", "Pa", "kPa", "W", "[in_i]", "{n}", "mol", "10*3"};
  auto const any = [&] {
    std::string out;
    for (auto n = random() % 4 + 1; n > 0; --n) {
      auto const& atom = atoms[random() % atoms.size()];
      out += (out.empty() ? "" : random() % 2 == 0 ? "." : "/") + atom;
      if (atom.back() != '}' && atom.back() != '3' && random() % 3 == 0) out += std::to_string(random() % 3 + 1);
    }
    return out;
  };
  int compared = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto const a = any(), b = any(), c = any();
    auto const x = UcumUnit::parse(a), y = UcumUnit::parse(b), z = UcumUnit::parse(c);
    ASSERT_TRUE(x && y && z) << a << " " << b << " " << c;
    auto const product = UcumUnit::parse("(" + a + ")/(" + b + ")");
    ASSERT_TRUE(product) << product.error().text.en;
    for (std::size_t i = 0; i < x->dimension().size(); ++i) EXPECT_EQ(product->dimension()[i], x->dimension()[i] - y->dimension()[i]) << a << " / " << b;
    EXPECT_NEAR(product->scale() / (x->scale() / y->scale()), 1, 1e-12) << a << " / " << b;
    EXPECT_EQ(x->convertible(*y), y->convertible(*x));
    if (!x->convertible(*y)) continue;
    ++compared;
    double const value = 17.25;
    EXPECT_NEAR((*y->conversion(*x))((*x->conversion(*y))(value)) / value, 1, 1e-12) << a << " " << b;
    if (!y->convertible(*z)) continue;
    EXPECT_NEAR((*y->conversion(*z))((*x->conversion(*y))(value)) / (*x->conversion(*z))(value), 1, 1e-12);
  }
  EXPECT_GT(compared, 200);
}

}  // namespace
}  // namespace zhili::core
