#pragma once
// A CSV file of devices: read line by line, without looking at anything else.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/datum.hpp"
#include "sense/devices/desk.hpp"

namespace zhili::sense::devices {

inline constexpr std::size_t csv_bytes_max = 4u << 20u;

/// Lines in their order; what is wrong with a line by itself (a number that is none, too few cells) stands in it as its error.
/// Columns, in any order, by their Chinese or English heading: type/类型, serial/序列号, name/名称, lat/纬度, lon/经度,
/// component/部件编码, area/区域编码, place/位置. The first two are needed; lat and lon come together.
/// Pure. Errors: invalid (no heading, an unknown or doubled column, not UTF-8), limit (rows, bytes).
core::Result<std::vector<ImportLine>> read_device_csv(std::string_view file, core::Datum datum);

/// The lines with what became of them, as CSV that a spreadsheet takes for text: line, serial, name, result, id, credential, why.
std::string import_result_csv(Import const& done, core::Lang lang);

}  // namespace zhili::sense::devices
