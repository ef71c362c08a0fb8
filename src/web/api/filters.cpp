#include "web/api/filters.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <set>

namespace zhili::web {

namespace {

/// A word of a filter that is longer is refused.
constexpr std::size_t filter_characters_max = 100;
/// More items than this are refused: a class of items has fewer.
constexpr std::size_t filter_items_max = 200;

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

core::Result<> read_state(Input const& query, CaseFilter& out) {
  auto const state = query.text("state");
  if (state == "open") out.state = CaseFilter::State::open;
  else if (state == "closed") out.state = CaseFilter::State::closed;
  if (query.has("stage")) {
    ZHILI_TRY(out.stage, respond::stage_from(query.text("stage")));
  }
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

core::Result<std::optional<core::Instant>> read_time(Input const& query, std::string_view field, core::Zone const& zone,
                                                     int days_later) {
  auto const text = query.text(field);
  if (text.empty()) return std::nullopt;
  if (auto const day = day_of(text, zone, days_later)) return day;
  auto const at = core::from_iso(text);
  if (!at) return bad(field, text, at.error().text);
  return *at;
}

core::Result<> read_page(Input const& query, CaseFilter& out) {
  if (auto const limit = query.integer("limit")) out.limit = static_cast<std::size_t>(*limit);
  auto const text = query.text("cursor");
  if (text.empty()) return {};
  std::int64_t ms = 0;
  std::int64_t id = 0;
  auto const dash = text.find('-');
  std::string_view const view = text;
  if (dash == std::string::npos || !parse(view.substr(0, dash), ms) || !parse(view.substr(dash + 1), id))
    return bad("cursor", text, {"请原样用上一页给的 next。", "use `next` of the page before as it is."});
  out.after = respond::After{core::from_ms(ms), id};
  return {};
}

constexpr std::pair<std::string_view, respond::CountBy> count_names[] = {{"stage", respond::CountBy::stage},
                                                                         {"area", respond::CountBy::area},
                                                                         {"item", respond::CountBy::item},
                                                                         {"department", respond::CountBy::department},
                                                                         {"outcome", respond::CountBy::outcome}};

}  // namespace

std::vector<Field> case_filter_fields() {
  using namespace shape;
  std::vector<std::string> stages;
  for (auto const stage : respond::all_stages) stages.emplace_back(respond::name(stage));
  return {optional("state", choice({"open", "closed", "all"}), {"在办、已结或全部；不写是全部", "Open, closed or all; all if left out"}),
          optional("stage", choice(std::move(stages)), {"所处环节", "The stage"}),
          optional("item", list(text(filter_characters_max), filter_items_max), {"事项代码，可有几个", "Code of an item, or of several"}),
          area_field(),
          optional("department", text(filter_characters_max), {"部门代码", "Code of the department"}),
          optional("from", text(filter_characters_max), {"从这一刻或这一天起", "From this instant or this day on"}),
          optional("to", text(filter_characters_max), {"到这一刻为止，或到这一天结束", "Until this instant, or the end of this day"}),
          optional("dates", choice({"opened", "closed"}), {"from 和 to 说的是立案还是结案；不写是立案", "Whether from and to are about opening or closing; opening if left out"}),
          optional("at", text(filter_characters_max), {"那一刻或那一天结束时在办的", "What was in hand at this instant, or at the end of this day"}),
          optional("overdue", flag(), {"只要已超期的：现在，或 at 那时", "Only what is overdue: now, or at that time"}),
          optional("outcome", choice({"on_time", "late"}), {"只要按期或超期结案的", "Only what was closed on time, or late"}),
          optional("soon", flag(), {"只要快到期的", "Only what is soon due"}),
          box_field()};
}

std::vector<Field> case_list_fields() {
  auto out = case_filter_fields();
  out.push_back(optional("cursor", shape::text(filter_characters_max), {"上一页的 next", "`next` of the page before"}));
  out.push_back(optional("limit", shape::integer(1, respond::list_limit_max), {"一页几个", "How many on a page"}));
  return out;
}

core::Result<CaseFilter> case_filter(Input const& query, sense::places::PlaceIndex const& places, core::Instant now, core::Zone const& zone) {
  CaseFilter out;
  out.public_only = true;
  ZHILI_CHECK(read_state(query, out));
  ZHILI_TRY(out.areas, areas_asked(query, places));
  ZHILI_TRY(out.from, read_time(query, "from", zone, 0));
  ZHILI_TRY(out.to, read_time(query, "to", zone, 1));
  ZHILI_TRY(out.box, box_asked(query));
  out.items = query.texts("item");
  if (query.has("department")) out.department = query.text("department");
  ZHILI_TRY(out.open_at, read_time(query, "at", zone, 1));
  if (query.flag("overdue")) out.overdue_at = out.open_at.value_or(now);
  if (query.has("outcome")) out.outcome = query.text("outcome") == "late" ? CaseFilter::Outcome::late : CaseFilter::Outcome::on_time;
  if (query.flag("soon")) out.soon_at = now;
  out.by_closing = query.text("dates") == "closed";
  return out;
}

core::Result<CaseFilter> case_list_filter(Input const& query, sense::places::PlaceIndex const& places, core::Instant now, core::Zone const& zone) {
  ZHILI_TRY(auto out, case_filter(query, places, now, zone));
  ZHILI_CHECK(read_page(query, out));
  return out;
}

Field box_field() {
  return optional("bbox", shape::text(filter_characters_max), {"西,南,东,北，四个度数；放大到整 0.005 度", "west,south,east,north in degrees; widened to whole 0.005 degree"});
}

core::Result<std::optional<respond::MapBox>> box_asked(Input const& query) {
  auto const text = query.text("bbox");
  if (text.empty()) return std::nullopt;
  std::array<double, 4> side{};
  std::string_view rest = text;
  for (std::size_t i = 0; i < side.size(); ++i) {
    auto const comma = i + 1 < side.size() ? rest.find(',') : rest.size();
    if (comma == std::string_view::npos || !parse(rest.substr(0, comma), side[i]))
      return bad("bbox", text, {"应是 西,南,东,北 四个度数。", "four degrees: west,south,east,north."});
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  auto const [west, south, east, north] = side;
  if (!(west <= east && south <= north && west >= -180 && east <= 180 && south >= -90 && north <= 90))
    return bad("bbox", text, {"西不能大于东，南不能大于北，且要在地球上。", "west ≤ east and south ≤ north, and on the earth."});
  return respond::whole_cells({core::LatLon::of(south, west), core::LatLon::of(north, east)});
}

Field area_field() {
  return optional("area", shape::integer(), {"区域编号，见 /api/v1/areas；含它下面的区域", "Id of an area, see /api/v1/areas; with the areas below it"});
}

core::Result<std::vector<std::int64_t>> areas_asked(Input const& query, sense::places::PlaceIndex const& places) {
  std::vector<std::int64_t> out;
  auto const id = query.integer("area");
  if (!id) return out;
  auto const* area = places.area(*id);
  if (!area) return bad("area", std::to_string(*id), {"没有这个区域。区域编号见 /api/v1/areas。", "there is no such area; see /api/v1/areas."});
  auto const& city = places.city();
  std::set<std::string_view> above;  // not every city names its areas down to the last level
  for (auto const& other : city.areas) above.insert(other.parent);
  std::size_t all = 0;
  for (auto const& other : city.areas) {
    if (above.contains(other.code)) continue;
    ++all;
    if (std::string_view(other.code).starts_with(area->code)) out.push_back(other.id);
  }
  if (out.size() == all) out.clear();
  else if (out.empty()) out.push_back(area->id);
  return out;
}

Field count_by_field() {
  std::vector<std::string> names;
  for (auto const& [name, by] : count_names) names.emplace_back(name);
  return optional("by", shape::choice(std::move(names)), {"按什么计数；不写是环节", "What is counted by; the stage if left out"});
}

respond::CountBy count_by(Input const& query) {
  auto const text = query.text("by");
  for (auto const& [name, by] : count_names)
    if (name == text) return by;
  return respond::CountBy::stage;
}

std::string cursor_of(respond::CaseLine const& last) { return fmt::format("{}-{}", core::to_ms(last.opened_at), last.id); }

}  // namespace zhili::web
