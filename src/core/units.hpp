#pragma once
// Units of measurement as sensors name them: the case-sensitive codes of UCUM (https://ucum.org), read and converted.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::core {

inline constexpr std::size_t max_unit_bytes = 64;
inline constexpr int max_unit_terms = 16;     ///< unit atoms and numbers in one code
inline constexpr int max_unit_depth = 4;      ///< of parentheses
inline constexpr int max_unit_exponent = 9;   ///< of one atom: "m3", "s-2"
inline constexpr int max_unit_dimension = 30; ///< exponent of one dimension in the product
inline constexpr double max_unit_scale = 1e60;  ///< against base units, either way

/// What a unit measures: exponents of metre, second, gram, radian, kelvin, ampere, candela and mole. UCUM counts a mole as a mere
/// number and charge instead of current; here "mol/L" does not pass for a ratio, which is what SI says too.
using Dimension = std::array<std::int8_t, 8>;

/// From one unit into another of the same kind: y = x · factor / divisor + offset. Two numbers instead of one, so that decimal units
/// convert as people reckon: 3 mm are 0.3 cm and not 0.30000000000000004.
struct UnitConversion {
  double factor = 1;
  double divisor = 1;
  double offset = 0;
  double operator()(double value) const { return value * factor / divisor + offset; }
  bool is_identity() const { return factor == divisor && offset == 0; }
};

/// One unit. Immutable; parsing costs about a microsecond, so keep it rather than parse for each reading.
///
/// Understood: the base and derived units, prefixes on metric ones, "." and "/", integer powers ("m3", "s-1", "10*-6"), parentheses,
/// numbers ("10.nm"), annotations ("{count}", "m{head}"), which mean nothing, and "1". Units whose scale has an offset ("Cel",
/// "[degF]") and scales that are no ratios ("[pH]", "dB", "dB[SPL]", "dB(A)", "dB[mW]") stand alone: no product, no power. The last
/// convert only into themselves. Beside UCUM's codes a few that devices send are read: "pH", "dBA", "dBm", "°C", "℃", "°F", "μg", "µg", "°".
class UcumUnit {
 public:
  /// Reads one code. The empty code is "1". Errors: invalid, `field` is "unit"; the text names the part that is not understood and,
  /// where one is near, the code that was probably meant. Bounded by the limits above; never throws, never gives a scale that is
  /// not a finite positive number. Fuzzed.
  static Result<UcumUnit> parse(std::string_view code);

  /// As it was given.
  std::string const& code() const { return code_; }
  Dimension const& dimension() const { return dimension_; }
  /// The value of 1 in the base units of its dimension; for units with an offset, the step of the scale.
  double scale() const { return up_ / down_; }
  /// Where zero lies in base units: 273.15 for "Cel".
  double offset() const { return offset_; }
  bool is_dimensionless() const;
  /// Zero of the scale is not "nothing": differences and rates of it have another unit.
  bool has_offset() const { return offset_ != 0; }

  bool convertible(UcumUnit const& to) const;
  /// Errors: invalid, "unit.kind": the two do not measure the same.
  Result<UnitConversion> conversion(UcumUnit const& to) const;
  /// For differences, where an offset does not count: 5 Cel of rise are 9 [degF]. Errors: as conversion().
  Result<UnitConversion> conversion_of_difference(UcumUnit const& to) const;

 private:
  friend class UnitReader;
  std::string code_ = "1";
  Dimension dimension_{};
  double up_ = 1;    ///< the scale is up/down; both are whole where the unit allows it
  double down_ = 1;
  double offset_ = 0;
  std::string_view level_;  ///< of scales that are no ratios: what they are; points to static text
};

/// `value` of unit `from` in unit `to`. For single values; keep a UnitConversion for many. Errors: invalid.
Result<double> convert_unit(double value, std::string_view from, std::string_view to);

/// How people write it, where that differs from the code: "Cel" → "℃", "ug/m3" → "µg/m³", "[degF]" → "°F", "{count}" → "". For SensorThings
/// `unitOfMeasurement.symbol` and screens.
std::string unit_symbol(std::string_view code);

}  // namespace zhili::core
