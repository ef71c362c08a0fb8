#include "sense/devices/device_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "sheet/csv_reader.hpp"
#include "sheet/sheet.hpp"

namespace zhili::sense::devices {

using core::Errc;
using core::fail;

namespace {

enum class Column : std::uint8_t { type, serial, name, lat, lon, component, area, place };
constexpr std::size_t columns_known = 8;
struct ColumnWords {
  std::string_view code, zh;
};
constexpr std::array<ColumnWords, columns_known> column_words{
    {{"type", "类型"}, {"serial", "序列号"}, {"name", "名称"}, {"lat", "纬度"}, {"lon", "经度"}, {"component", "部件编码"}, {"area", "区域编码"}, {"place", "位置"}}};
/// A cell that is longer is a mistake of the file.
constexpr std::size_t cell_bytes_max = 1'000;

std::string_view trimmed_cell(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto const first = static_cast<unsigned char>(text[i]);
    std::size_t const more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : first >= 0xE0 && first < 0xF0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : 9;
    if (more == 9 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      auto const byte = static_cast<unsigned char>(text[i + k]);
      if ((byte & 0xC0U) != 0x80U) return false;
      if (k == 1 && ((first == 0xE0 && byte < 0xA0) || (first == 0xED && byte > 0x9F) || (first == 0xF0 && byte < 0x90) || (first == 0xF4 && byte > 0x8F))) return false;
    }
    i += more + 1;
  }
  return true;
}

std::string known_columns() {
  std::string out;
  for (auto const& words : column_words) out += fmt::format("{}{}/{}", out.empty() ? "" : ", ", words.code, words.zh);
  return out;
}

auto bad_heading(std::string zh, std::string en) {
  return fail(Errc::invalid, "device.csv.heading", {fmt::format("{}可用的列：{}。", zh, known_columns()), fmt::format("{} The columns are: {}.", en, known_columns())}, "file");
}

using Positions = std::array<std::size_t, columns_known>;  // of each column; none: not in the file
constexpr std::size_t none = ~std::size_t{0};

core::Result<Positions> read_heading(sheet::CsvRecord const& record) {
  Positions out;
  out.fill(none);
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    std::string cell(trimmed_cell(record.fields[i]));
    if (cell.empty()) continue;
    for (auto& c : cell)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    auto const found = std::ranges::find_if(column_words, [&](auto const& words) { return words.code == cell || words.zh == cell; });
    if (found == column_words.end()) {
      if (cell.size() > cell_bytes_max) cell = "…";
      return bad_heading(fmt::format("第一行有不认识的列“{}”。", cell), fmt::format("The first line has a column \"{}\" that nobody knows.", cell));
    }
    auto& position = out[static_cast<std::size_t>(found - column_words.begin())];
    if (position != none) return bad_heading(fmt::format("列“{}”有两次。", cell), fmt::format("The column \"{}\" is there twice.", cell));
    position = i;
  }
  for (auto const needed : {Column::type, Column::serial})
    if (out[static_cast<std::size_t>(needed)] == none) {
      auto const& words = column_words[static_cast<std::size_t>(needed)];
      return bad_heading(fmt::format("第一行没有列“{}”。", words.zh), fmt::format("The first line has no column \"{}\".", words.code));
    }
  if ((out[static_cast<std::size_t>(Column::lat)] == none) != (out[static_cast<std::size_t>(Column::lon)] == none)) return bad_heading("纬度和经度要一起写。", "lat and lon come together.");
  return out;
}

core::Result<double> degrees(std::string_view cell, Column column, double most) {
  double out = 0;
  auto const [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  if (error == std::errc{} && end == cell.data() + cell.size() && out >= -most && out <= most) return out;
  auto const& words = column_words[static_cast<std::size_t>(column)];
  return fail(Errc::invalid, "device.csv.degrees",
              {fmt::format("{}应是 −{} 到 {} 之间的度数，例如 31.23456。", words.zh, most, most), fmt::format("{} is a number of degrees between −{} and {}, as in 31.23456.", words.code, most, most)},
              std::string(words.code));
}

core::Result<std::optional<core::LatLon>> point_of(std::string_view lat, std::string_view lon, core::Datum datum) {
  if (lat.empty() && lon.empty()) return std::nullopt;
  ZHILI_TRY(auto const north, degrees(lat, Column::lat, 90));
  ZHILI_TRY(auto const east, degrees(lon, Column::lon, 180));
  return core::to_wgs84(datum, core::LatLon::of(north, east));
}

core::Result<NewDevice> read_line(sheet::CsvRecord const& record, Positions const& positions, core::Datum datum) {
  core::Result<std::string_view> bad = std::string_view();
  auto const cell = [&](Column column) -> std::string_view {
    auto const at = positions[static_cast<std::size_t>(column)];
    if (at == none || at >= record.fields.size()) return {};
    auto const text = trimmed_cell(record.fields[at]);
    if (text.size() > cell_bytes_max || text.find('\0') != std::string_view::npos) {
      auto const& words = column_words[static_cast<std::size_t>(column)];
      bad = fail(Errc::invalid, "device.csv.cell", {fmt::format("“{}”这一格太长，或有不能保存的字符。", words.zh), fmt::format("The cell of \"{}\" is too long, or has characters that cannot be kept.", words.code)},
                 std::string(words.code));
      return {};
    }
    return text;
  };
  NewDevice out{.type = std::string(cell(Column::type)), .name = std::string(cell(Column::name)), .serial = std::string(cell(Column::serial)),
                .place = {.component = std::string(cell(Column::component)), .area = std::string(cell(Column::area)), .words = std::string(cell(Column::place))}};
  auto const point = point_of(cell(Column::lat), cell(Column::lon), datum);
  if (!bad) return fail(bad.error());
  if (!point) return fail(point.error());
  out.place.at = *point;
  return out;
}

}  // namespace

core::Result<std::vector<ImportLine>> read_device_csv(std::string_view file, core::Datum datum) {
  if (file.size() > csv_bytes_max)
    return fail(Errc::limit, "device.csv.bytes", {fmt::format("文件超过 {} MiB。请分成几个。", csv_bytes_max >> 20U), fmt::format("The file is larger than {} MiB. Split it.", csv_bytes_max >> 20U)}, "file");
  if (!is_utf8(file))
    return fail(Errc::invalid, "device.csv.utf8", {"文件不是 UTF-8。请在表格程序里另存为“CSV UTF-8”。", "The file is not UTF-8. Save it as \"CSV UTF-8\" in the spreadsheet."}, "file");
  std::size_t at = 0;
  sheet::CsvReader reader([&](char* to, std::size_t bytes) -> core::Result<std::size_t> {
    auto const n = std::min(bytes, file.size() - at);
    std::memcpy(to, file.data() + at, n);
    at += n;
    return n;
  });
  sheet::CsvRecord record;
  ZHILI_TRY(bool const any, reader.next(record));
  if (!any) return bad_heading("文件是空的。", "The file is empty.");
  ZHILI_TRY(auto const positions, read_heading(record));
  std::vector<ImportLine> out;
  for (;;) {
    auto const got = reader.next(record);
    if (got && !*got) return out;
    if (out.size() == import_rows_max)
      return fail(Errc::limit, "device.csv.rows", {fmt::format("一个文件最多 {} 台设备。请分成几个。", import_rows_max), fmt::format("A file has at most {} devices. Split it.", import_rows_max)}, "file");
    ImportLine line{.line = static_cast<std::size_t>(record.line)};
    if (got && std::ranges::all_of(record.fields, [](auto cell) { return trimmed_cell(cell).empty(); })) continue;  // ",,,,": a spreadsheet's empty row
    auto read = got ? read_line(record, positions, datum) : core::Result<NewDevice>(fail(got.error()));
    if (read) line.device = std::move(*read);
    else {
      line.fate = LineFate::refused;
      line.error = std::move(read).error();
    }
    out.push_back(std::move(line));
  }
}

std::string import_result_csv(Import const& done, core::Lang lang) {
  bool const zh = lang == core::Lang::zh;
  auto const result = [&](ImportLine const& line) -> std::string {
    if (line.fate == LineFate::refused) return zh ? "未登记" : "refused";
    if (line.fate == LineFate::there) return zh ? "早已登记" : "there already";
    if (line.id == 0) return zh ? "可以登记" : "fits";
    return zh ? "已登记" : "registered";
  };
  std::string out(sheet::csv_mark);
  std::vector<sheet::Value> const heading =
      zh ? std::vector<sheet::Value>{std::string("行"), std::string("序列号"), std::string("名称"), std::string("结果"), std::string("编号"), std::string("用户名"), std::string("凭证"), std::string("列"), std::string("原因")}
         : std::vector<sheet::Value>{std::string("line"), std::string("serial"), std::string("name"), std::string("result"), std::string("id"), std::string("user"), std::string("credential"), std::string("column"), std::string("why")};
  sheet::add_csv_row(out, heading);
  for (auto const& line : done.lines) {
    std::vector<sheet::Value> row{static_cast<std::int64_t>(line.line), line.device.serial, line.device.name, result(line)};
    row.push_back(line.id == 0 ? sheet::Value() : sheet::Value(line.id));
    row.insert(row.end(), {line.credential.user, line.credential.secret, line.error.field, core::in(lang, line.error.text)});
    sheet::add_csv_row(out, row);
  }
  return out;
}

}  // namespace zhili::sense::devices
