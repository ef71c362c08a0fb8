#include "app/hotline/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "sheet/csv_reader.hpp"
#include "organise/people/text_check.hpp"
#include "web/utf8.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;
/// Text of a column; empty where the row has none.
using Row = std::function<std::string(std::string const& column)>;

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

core::Result<std::optional<double>> degrees(std::string const& text, std::string const& column, double limit) {
  if (text.empty()) return std::nullopt;
  double out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size() && out >= -limit && out <= limit) return out;
  return fail(Errc::invalid, "order.place",
              {fmt::format("“{}”不是 −{} 到 {} 的度数。", text, limit, limit), fmt::format("\"{}\" is no number of degrees from −{} to {}.", text, limit, limit)}, column);
}

core::Result<WorkOrder> order_of(Row const& row, HotlineProfile const& profile) {
  auto const& c = profile.columns;
  auto const text = [&](std::string const& column) { return column.empty() ? std::string() : std::string(trimmed(row(column))); };
  WorkOrder out{.number = text(c.number), .report = {.item = {}}};
  if (out.number.empty() || organise::characters(out.number) > order_number_chars_max)
    return fail(Errc::invalid, "order.number",
                {fmt::format("工单编号要有，最多 {} 字。", order_number_chars_max), fmt::format("An order has a number of at most {} characters.", order_number_chars_max)}, c.number);
  auto const type = text(c.type);
  auto const item = profile.types.find(type);
  if (item == profile.types.end())
    return fail(Errc::invalid, "order.type", {fmt::format("对照表里没有类别“{}”。请补到 types。", type), fmt::format("The profile has no type \"{}\": add it to its types.", type)}, c.type);
  out.report.item = item->second;
  auto const secret = text(c.secret);
  out.secret = !secret.empty() && std::ranges::find(profile.secret_words, secret) != profile.secret_words.end();
  ZHILI_TRY(auto const lat, degrees(text(c.lat), c.lat, 90));
  ZHILI_TRY(auto const lon, degrees(text(c.lon), c.lon, 180));
  if (lat.has_value() != lon.has_value())
    return fail(Errc::invalid, "order.place", {"纬度和经度要一起给。", "Give latitude and longitude together."}, lat ? c.lon : c.lat);
  if (lat && lon) out.report.place = core::LatLon::of(*lat, *lon);
  out.report.address = text(c.address);
  out.report.words = text(c.words);
  out.report.name = text(c.caller);
  out.report.phone = text(c.phone);
  for (auto const& [column, told] : {std::pair(&c.number, &out.number), {&c.address, &out.report.address}, {&c.words, &out.report.words},
                                     {&c.caller, &out.report.name}, {&c.phone, &out.report.phone}})
    if (told->find('\0') != std::string::npos)
      return fail(Errc::invalid, "order.text", {"文字里有空字符。请在来源里去掉。", "There is a NUL in the text: take it out where it comes from."}, *column);
  if (!out.report.place && out.report.address.empty())
    return fail(Errc::invalid, "order.place", {"没有地点：坐标和地址都空着。", "There is no place: neither coordinates nor an address."}, c.address);
  return out;
}

core::Result<> check_header(std::vector<std::string> const& header, HotlineProfile const& profile) {
  auto const& c = profile.columns;
  std::vector<std::string> missing;
  for (auto const* column : {&c.number, &c.type, &c.caller, &c.phone, &c.secret, &c.address, &c.lat, &c.lon, &c.words})
    if (!column->empty() && std::ranges::find(header, *column) == header.end()) missing.push_back(*column);
  if (missing.empty()) return {};
  return fail(Errc::invalid, "order.columns",
              {fmt::format("文件缺少这些列：{}。请核对对照表。", fmt::join(missing, "、")), fmt::format("The file lacks these columns: {}. Check the profile.", fmt::join(missing, ", "))}, missing.front());
}

core::Result<> read_csv(std::string_view file, HotlineProfile const& profile, std::function<void(std::uint64_t, core::Result<WorkOrder>)> const& visit) {
  std::size_t at = 0;
  sheet::CsvReader reader(
      [&](char* to, std::size_t bytes) -> core::Result<std::size_t> {
        auto const count = std::min(bytes, file.size() - at);
        std::memcpy(to, file.data() + at, count);
        at += count;
        return count;
      },
      profile.delimiter);
  sheet::CsvRecord record;
  ZHILI_TRY(bool const any, reader.next(record));
  if (!any) return fail(Errc::invalid, "order.empty", {"文件是空的。", "The file is empty."}, "file");
  std::vector<std::string> header;
  for (auto const field : record.fields) header.emplace_back(trimmed(field));
  ZHILI_CHECK(check_header(header, profile));
  for (;;) {
    auto const more = reader.next(record);
    if (!more) {
      visit(record.line, fail(more.error()));
      continue;
    }
    if (!*more) return {};
    if (record.fields.size() != header.size()) {
      visit(record.line, fail(Errc::invalid, "order.fields",
                              {fmt::format("这一行有 {} 列，表头有 {} 列。", record.fields.size(), header.size()),
                               fmt::format("This row has {} columns, the header {}.", record.fields.size(), header.size())}, header.front()));
      continue;
    }
    visit(record.line, order_of([&](std::string const& column) {
            auto const found = std::ranges::find(header, column);
            return found == header.end() ? std::string() : std::string(record.fields[static_cast<std::size_t>(found - header.begin())]);
          }, profile));
  }
}

std::string text_of(boost::json::value const& value) {
  if (value.is_string()) return std::string(value.get_string());
  return value.is_null() ? std::string() : boost::json::serialize(value);  // numbers and booleans as they are written
}

core::Result<> read_json_list(std::string_view file, HotlineProfile const& profile, std::function<void(std::uint64_t, core::Result<WorkOrder>)> const& visit) {
  if (constexpr std::string_view mark = "\xEF\xBB\xBF"; file.starts_with(mark)) file.remove_prefix(mark.size());
  boost::system::error_code error;
  auto const parsed = boost::json::parse({file.data(), file.size()}, error);
  if (error || !parsed.is_array())
    return fail(Errc::invalid, "order.json", {"文件应是 JSON 列表。", "The file is a JSON list."}, "file");
  std::uint64_t line = 0;
  for (auto const& one : parsed.get_array()) {
    ++line;
    auto const* object = one.if_object();
    if (!object) {
      visit(line, fail(Errc::invalid, "order.object", {"列表里应是对象。", "The list holds objects."}, "file"));
      continue;
    }
    visit(line, order_of([&](std::string const& column) {
            auto const* found = object->if_contains(column);
            return found ? text_of(*found) : std::string();
          }, profile));
  }
  return {};
}

}  // namespace

core::Result<> read_orders(std::string_view file, HotlineProfile const& profile,
                           std::function<void(std::uint64_t, core::Result<WorkOrder>)> const& visit) {
  if (file.size() > hotline_file_bytes_max)
    return fail(Errc::limit, "order.file",
                {fmt::format("文件最多 {} MiB，请分开导入。", hotline_file_bytes_max >> 20), fmt::format("A file has at most {} MiB: split it.", hotline_file_bytes_max >> 20)}, "file");
  for (auto rest = file; !rest.empty();)
    if (web::next_code_point(rest) == web::not_a_code_point)
      return fail(Errc::invalid, "order.encoding",
                  {"文件不是 UTF-8 编码（也许是 GBK）。请另存为 UTF-8 再导入。", "The file is not UTF-8 (perhaps GBK): save it as UTF-8 and import it again."}, "file");
  return profile.format == HotlineProfile::Format::csv ? read_csv(file, profile, visit) : read_json_list(file, profile, visit);
}

}  // namespace zhili::app
