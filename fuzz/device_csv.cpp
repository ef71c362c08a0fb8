// A file of devices: whatever the bytes, each line is read or its mistake is named; what is written about it is CSV that can be read again,
// and in which no cell begins like a formula.

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "sense/devices/device_csv.hpp"
#include "sheet/csv_reader.hpp"

namespace devices = zhili::sense::devices;

namespace {

void need(bool holds) {
  if (!holds) std::abort();
}

void check_line(devices::ImportLine const& line) {
  if (line.fate == devices::LineFate::refused) {
    need(!line.error.key.empty() && !line.error.text.zh.empty() && !line.error.text.en.empty() && !line.error.field.empty());
    return;
  }
  need(line.fate == devices::LineFate::fits);
  if (auto const& at = line.device.place.at) need(std::abs(at->lat()) <= 90.01 && std::abs(at->lon()) <= 180.01);
}

/// One row for each line and one for the heading; the serial number comes back, with an apostrophe where it would be a formula.
void check_result(devices::Import const& import) {
  auto const text = devices::import_result_csv(import, zhili::core::Lang::zh);
  std::size_t at = 0;
  zhili::sheet::CsvReader reader([&](char* to, std::size_t bytes) -> zhili::core::Result<std::size_t> {
    auto const n = std::min(bytes, text.size() - at);
    std::memcpy(to, text.data() + at, n);
    at += n;
    return n;
  });
  zhili::sheet::CsvRecord record;
  std::size_t rows = 0;
  for (;; ++rows) {
    auto const got = reader.next(record);
    need(got.has_value());
    if (!*got) break;
    need(record.fields.size() == 9);
    for (auto const field : record.fields) need(field.empty() || std::string_view("=+-@\t\r").find(field.front()) == std::string_view::npos);
    if (rows == 0) continue;
    auto const& serial = import.lines[rows - 1].device.serial;
    need(record.fields[1] == serial || record.fields[1] == "'" + serial);
  }
  need(rows == import.lines.size() + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  auto const datum = static_cast<zhili::core::Datum>(data[0] % 4);
  std::string_view const file(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto lines = devices::read_device_csv(file, datum);
  if (!lines) {
    need(!lines.error().text.zh.empty() && !lines.error().text.en.empty());
    return 0;
  }
  need(lines->size() <= devices::import_rows_max);
  for (auto const& line : *lines) check_line(line);
  devices::Import import;
  import.lines = std::move(*lines);
  check_result(import);
  return 0;
}
