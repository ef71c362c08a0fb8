#include "web/api/filters.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <set>

namespace zhili::web {

namespace {

using core::Errc;
using core::fail;
using respond::CaseFilter;

tl::unexpected<core::Error> bad(std::string_view field, std::string_view value, core::Text rule) {
  return fail(Errc::invalid, fmt::format("query.{}", field),
              {fmt::format("参数 {}=“{}”不对：{}", field, value, rule.zh), fmt::format("Parameter {}=\"{}\": {}", field, value, rule.en)},
              std::string(field));
}

template <class Number>
bool parse(std::string_view text, Number& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

core::Result<> read_state(Fields const& query, CaseFilter& out) {
  auto const text = query.get("state").value_or("all");
  if (text == "open") out.state = CaseFilter::State::open;
  else if (text == "closed") out.state = CaseFilter::State::closed;
  else if (text != "all") return bad("state", text, {"只能是 open、closed、all。", "one of open, closed, all."});
  if (auto const stage = query.get("stage")) {
    auto const read = respond::stage_from(*stage);
    if (!read) return bad("stage", *stage, read.error().text);
    out.stage = *read;
  }
  return {};
}

/// The lowest areas below one: cases lie in those. An area that holds all of them narrows nothing.
core::Result<> read_area(Fields const& query, sense::places::PlaceIndex const& places, CaseFilter& out) {
  auto const text = query.get("area");
  if (!text) return {};
  std::int64_t id = 0;
  auto const* area = parse(*text, id) ? places.area(id) : nullptr;
  if (!area) return bad("area", *text, {"没有这个区域。区域编号见 /api/v1/areas。", "there is no such area; see /api/v1/areas."});
  auto const& city = places.city();
  std::set<std::string_view> above;  // not every city names its areas down to the last level
  for (auto const& other : city.areas) above.insert(other.parent);
  std::size_t all = 0;
  for (auto const& other : city.areas) {
    if (above.contains(other.code)) continue;
    ++all;
    if (std::string_view(other.code).starts_with(area->code)) out.areas.push_back(other.id);
  }
  if (out.areas.size() == all) out.areas.clear();
  else if (out.areas.empty()) out.areas.push_back(area->id);
  return {};
}

/// "2026-11-21": the beginning of that day, `days_later` days on; nothing for any other text.
std::optional<core::Instant> day_of(std::string_view text, core::Zone const& zone, int days_later) {
  core::Civil civil;
  if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !parse(text.substr(0, 4), civil.year) ||
      !parse(text.substr(5, 2), civil.month) || !parse(text.substr(8, 2), civil.day))
    return std::nullopt;
  using namespace std::chrono;
  year_month_day const date(year(civil.year), month(civil.month), day(civil.day));
  if (!date.ok()) return std::nullopt;
  year_month_day const shifted(sys_days(date) + days(days_later));
  return zone.instant({int(shifted.year()), unsigned(shifted.month()), unsigned(shifted.day()), 0});
}

core::Result<std::optional<core::Instant>> read_time(Fields const& query, std::string_view field, core::Zone const& zone,
                                                     int days_later) {
  auto const text = query.get(field);
  if (!text) return std::nullopt;
  if (auto const day = day_of(*text, zone, days_later)) return day;
  auto const at = core::from_iso(*text);
  if (!at) return bad(field, *text, at.error().text);
  return *at;
}

core::Result<> read_box(Fields const& query, CaseFilter& out) {
  auto const text = query.get("bbox");
  if (!text) return {};
  std::array<double, 4> side{};
  std::string_view rest = *text;
  for (std::size_t i = 0; i < side.size(); ++i) {
    auto const comma = i + 1 < side.size() ? rest.find(',') : rest.size();
    if (comma == std::string_view::npos || !parse(rest.substr(0, comma), side[i]))
      return bad("bbox", *text, {"应是 西,南,东,北 四个度数。", "four degrees: west,south,east,north."});
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  auto const [west, south, east, north] = side;
  if (!(west <= east && south <= north && west >= -180 && east <= 180 && south >= -90 && north <= 90))
    return bad("bbox", *text, {"西不能大于东，南不能大于北，且要在地球上。", "west ≤ east and south ≤ north, and on the earth."});
  out.box = respond::MapBox{core::LatLon::of(south, west), core::LatLon::of(north, east)};
  return {};
}

core::Result<> read_page(Fields const& query, CaseFilter& out) {
  if (auto const text = query.get("limit")) {
    if (!parse(*text, out.limit) || out.limit < 1 || out.limit > respond::list_limit_max)
      return bad("limit", *text, {fmt::format("应在 1 到 {} 之间。", respond::list_limit_max), fmt::format("from 1 to {}.", respond::list_limit_max)});
  }
  if (auto const text = query.get("cursor")) {
    std::int64_t ms = 0;
    std::int64_t id = 0;
    auto const dash = text->find('-');
    if (dash == std::string_view::npos || !parse(text->substr(0, dash), ms) || !parse(text->substr(dash + 1), id))
      return bad("cursor", *text, {"请原样用上一页给的 next。", "use `next` of the page before as it is."});
    out.after = respond::After{core::from_ms(ms), id};
  }
  return {};
}

}  // namespace

core::Result<CaseFilter> case_filter(Fields const& query, sense::places::PlaceIndex const& places, core::Instant now,
                                     core::Zone const& zone) {
  CaseFilter out;
  out.public_only = true;
  ZHILI_CHECK(read_state(query, out));
  ZHILI_CHECK(read_area(query, places, out));
  ZHILI_TRY(out.from, read_time(query, "from", zone, 0));
  ZHILI_TRY(out.to, read_time(query, "to", zone, 1));
  ZHILI_CHECK(read_box(query, out));
  ZHILI_CHECK(read_page(query, out));
  if (auto const item = query.get("item")) out.item = std::string(*item);
  if (auto const department = query.get("department")) out.department = std::string(*department);
  auto const flag = [&](std::string_view name) { return query.get(name).value_or("0") != "0"; };
  if (flag("overdue")) out.overdue_at = now;
  if (flag("soon")) out.soon_at = now;
  out.by_closing = query.get("dates") == "closed";
  return out;
}

core::Result<respond::CountBy> count_by(Fields const& query) {
  using respond::CountBy;
  static constexpr std::pair<std::string_view, CountBy> names[] = {{"stage", CountBy::stage},
                                                                   {"area", CountBy::area},
                                                                   {"item", CountBy::item},
                                                                   {"department", CountBy::department},
                                                                   {"outcome", CountBy::outcome}};
  auto const text = query.get("by").value_or("stage");
  for (auto const& [name, by] : names)
    if (name == text) return by;
  return bad("by", text, {"只能是 stage、area、item、department、outcome。", "one of stage, area, item, department, outcome."});
}

std::string cursor_of(respond::CaseLine const& last) { return fmt::format("{}-{}", core::to_ms(last.opened_at), last.id); }

}  // namespace zhili::web
