#pragma once
// The table behind units.hpp: atoms, prefixes, scales that stand alone, and what devices and people write instead.

#include <array>
#include <numbers>
#include <optional>
#include <string_view>

#include "core/units.hpp"

namespace zhili::core::unit_table {

using std::string_view;

/// A unit as the table has it: up/down in base units (m, s, g, rad, K, A, cd, mol).
struct UnitAtom {
  string_view code;
  Dimension dimension;
  double up;
  double down;
  bool metric;  ///< takes prefixes
};

inline constexpr Dimension none{};
inline constexpr Dimension length{1}, time_{0, 1}, mass{0, 0, 1}, angle{0, 0, 0, 1}, heat{0, 0, 0, 0, 1}, current{0, 0, 0, 0, 0, 1}, candle{0, 0, 0, 0, 0, 0, 1}, amount{0, 0, 0, 0, 0, 0, 0, 1};
inline constexpr Dimension area{2}, volume{3}, solid_angle{0, 0, 0, 2}, per_time{0, -1}, force{1, -2, 1}, pressure{-1, -2, 1}, energy{2, -2, 1}, power{2, -3, 1}, speed{1, -1}, acceleration{1, -2}, dose{2, -2};
inline constexpr double grams_per_kilogram = 1000;

/// The values are those of the UCUM table (ucum-essence 2.1), reckoned to base units; the mole and the ampere are base units here.
inline constexpr auto unit_atoms = std::to_array<UnitAtom>({
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
inline constexpr auto unit_prefixes = std::to_array<UnitPrefix>({
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
inline constexpr double zero_celsius_kelvin = 273.15;
inline constexpr double zero_fahrenheit_kelvin = 459.67 * 5 / 9;
inline constexpr auto unit_scales = std::to_array<UnitScale>({
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
inline constexpr auto unit_aliases = std::to_array<UnitAlias>({
    {"pH", "[pH]"}, {"dBA", "dB(A)"}, {"dBm", "dB[mW]"}, {"°C", "Cel"}, {"℃", "Cel"}, {"°F", "[degF]"}, {"°", "deg"},
});

/// What people write and UCUM does not have, with what they mean. Not read, only answered: "C" is coulomb, so guessing is no kindness.
inline constexpr auto unit_hints = std::to_array<UnitAlias>({
    {"degC", "Cel"},   {"celsius", "Cel"}, {"degF", "[degF]"}, {"percent", "%"},    {"ppm", "[ppm]"},      {"ppb", "[ppb]"},  {"psi", "[psi]"}, {"mmHg", "mm[Hg]"}, {"mmH2O", "mm[H2O]"}, {"lux", "lx"},      {"ohm", "Ohm"}, {"Ω", "Ohm"},
    {"kWh", "kW.h"},   {"Wh", "W.h"},      {"Ah", "A.h"},      {"mAh", "mA.h"},     {"kVA", "kV.A"},       {"VA", "V.A"},     {"rpm", "/min"},  {"m³", "m3"},       {"m²", "m2"},         {"sec", "s"},       {"hr", "h"},    {"hour", "h"},
    {"minute", "min"}, {"day", "d"},       {"year", "a"},      {"count", "{count}"}, {"NTU", "{NTU}"},      {"kph", "km/h"},   {"kmh", "km/h"},  {"mph", "[mi_i]/h"}, {"knot", "[kn_i]"},   {"ft", "[ft_i]"},   {"in", "[in_i]"}, {"inch", "[in_i]"},
    {"mps", "m/s"},    {"lbs", "[lb_av]"}, {"lb", "[lb_av]"},  {"gal", "[gal_us]"}, {"Byte", "By"},        {"byte", "By"},    {"cfu", "{CFU}"}, {"ton", "t"},       {"litre", "L"},       {"liter", "L"},     {"metre", "m"}, {"meter", "m"},
});

/// An atom with its prefix ("km"), if the word is one.
std::optional<UnitAtom> read_word(string_view word);
/// The code that was probably meant; empty where none is near.
std::string meant_unit(string_view word);
UnitAtom const* find_atom(string_view code);

}  // namespace zhili::core::unit_table
