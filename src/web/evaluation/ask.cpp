#include "web/evaluation/ask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "respond/cases/case.hpp"
#include "web/api/filters.hpp"

namespace zhili::web {

namespace {

using core::Errc;
using core::fail;
using respond::evaluation::Dimension;
namespace evaluation = respond::evaluation;

Dimension dimension_of(std::string_view text) {
  auto const found = std::ranges::find_if(evaluation::all_dimensions, [&](auto const dimension) { return name(dimension) == text; });
  return found == evaluation::all_dimensions.end() ? Dimension::department : *found;
}

/// An area with all that lies in it.
core::Result<std::vector<std::string>> areas_in(std::string_view text, sense::places::PlaceIndex const& places) {
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  auto const* area = error == std::errc{} && end == text.data() + text.size() ? places.area(id) : nullptr;
  if (!area) return bad_parameter("area", text, {"没有这个区域。区域编号见 /api/v1/areas。", "there is no such area; see /api/v1/areas."});
  return areas_within(*area, places);
}

/// The highest level on which there is more than one area of those asked for.
std::string usual_level(Ask const& ask) {
  auto const& city = ask.places->city();
  auto const only = ask.only.find(Dimension::area);
  for (auto const& level : city.scheme.areas) {
    auto const count = std::ranges::count_if(city.areas, [&](auto const& area) {
      return area.level == level.code && (only == ask.only.end() || std::ranges::find(only->second, std::to_string(area.id)) != only->second.end());
    });
    if (count > 1) return level.code;
  }
  return city.scheme.areas.empty() ? std::string() : city.scheme.areas.back().code;
}

core::Result<> read_dimensions(Input const& asked, ApiParts const& parts, Ask& out) {
  out.by = dimension_of(asked.text("by"));
  for (auto const dimension : evaluation::all_dimensions) {
    if (dimension == Dimension::item) {
      for (auto const& code : asked.texts("item")) out.only[dimension].push_back(code == nowhere ? std::string() : parts.catalogue->counted_code({code, "", ""}));
      continue;
    }
    auto const text = asked.text(name(dimension));
    if (text.empty()) continue;
    if (text == nowhere) out.only[dimension] = {""};
    else if (dimension == Dimension::area) { ZHILI_TRY(out.only[dimension], areas_in(text, *out.places)); }
    else out.only[dimension] = {text};
  }
  if (out.by == Dimension::grid && !out.only.contains(Dimension::area) && !out.only.contains(Dimension::grid))
    return fail(Errc::invalid, "query.area",
                {"按网格看要先选区域：加上 area=编号。", "By grid, choose an area first: add area=ID."}, "area");
  out.level = asked.text("level");
  if (out.level.empty()) out.level = usual_level(out);
  else if (!out.places->city().scheme.level(out.level)) return bad_parameter("level", out.level, {"没有这一级。见 /api/v1/city 的 levels。", "no such level; see `levels` of /api/v1/city."});
  return {};
}

core::Result<> read_indicators(Input const& asked, ApiParts const& parts, Ask& out) {
  for (auto const& code : asked.texts("indicators")) {
    ZHILI_TRY(auto const* indicator, indicator_of(code, out.staff, parts));
    out.indicators.push_back(indicator);
  }
  if (!out.indicators.empty()) return {};
  for (auto const* indicator : parts.catalogue->indicators())
    if ((indicator->open || out.staff) && indicator->of == catalogue::Cohort::cases && out.indicators.size() < evaluation_indicators_max)
      out.indicators.push_back(indicator);
  return {};
}

core::Text source_name(std::string const& code) {
  struct Channel {
    std::string_view code;
    std::string_view zh;
    std::string_view en;
  };
  static constexpr Channel known[] = {{"web", "网页", "Web"},          {"app", "手机应用", "App"},   {"phone", "电话", "Telephone"},
                                      {"patrol", "巡查", "Patrol"},    {"staff", "工作人员", "Staff"}, {"sensor", "传感器", "Sensor"},
                                      {"camera", "摄像头", "Camera"}, {"open311", "其他系统", "Other systems"}, {"system", "系统", "System"}};
  auto const found = std::ranges::find(known, code, &Channel::code);
  return found == std::end(known) ? core::Text{code, code} : core::Text{std::string(found->zh), std::string(found->en)};
}

}  // namespace

std::vector<std::string> areas_within(sense::places::Area const& area, sense::places::PlaceIndex const& places) {
  std::vector<std::string> out;
  for (auto const& other : places.city().areas)
    if (other.code.starts_with(area.code)) out.push_back(std::to_string(other.id));
  return out;
}

std::vector<std::int64_t> subjects_in(store::Reader& reader, respond::CaseIndex const& index, respond::MapBox const& box, store::Seq until) {
  std::vector<std::int64_t> out;
  respond::CaseFilter filter;
  filter.box = box;
  index.each(filter, [&](respond::CaseFact const& fact) { out.push_back(fact.id); });
  auto const& [south_west, north_east] = box;
  reader.each<std::int64_t>("SELECT id FROM signal WHERE lat_e7 >= ? AND lat_e7 <= ? AND lon_e7 >= ? AND lon_e7 <= ? AND id <= ?",
                            [&](std::int64_t id) { out.push_back(id); }, south_west.lat_e7, north_east.lat_e7, south_west.lon_e7, north_east.lon_e7, until);
  std::ranges::sort(out);
  return out;
}

void find_subjects(store::Reader& reader, ApiParts const& parts, Ask& ask) {
  if (!ask.box) return;
  parts.cases->follow(reader);
  ask.subjects = subjects_in(reader, *parts.cases, *ask.box, std::numeric_limits<store::Seq>::max());
}

core::Result<catalogue::Indicator const*> indicator_of(std::string_view code, bool staff, ApiParts const& parts) {
  auto const* found = parts.catalogue->indicator(code);
  if (found && (found->open || staff)) return found;
  return bad_parameter("indicator", code, {"没有这个指标，或没有对公众公布。见 /api/v1/indicators。", "no such indicator, or it is not public; see /api/v1/indicators."});
}

std::vector<Field> ask_fields() {
  using namespace shape;
  std::vector<std::string> dimensions;
  for (auto const dimension : evaluation::all_dimensions) dimensions.emplace_back(name(dimension));
  std::vector<Field> out{
      optional("by", choice(dimensions), {"按什么看；不写是部门", "By what; by department if left out"}),
      optional("period", text(), {"2026、2026-Q3、2026-07、2026-W28 或 2026-07-12；不写是本月", "2026, 2026-Q3, 2026-07, 2026-W28 or 2026-07-12; this month if left out"}),
      optional("level", text(), {"按区域看时到哪一级", "By area: down to which level"}),
      optional("indicators", list(text(), evaluation_indicators_max), {"哪些指标；不写是案卷的全部指标", "Which indicators; all of cases if left out"})};
  for (auto const& dimension : dimensions)
    if (dimension == "item") out.push_back(optional(dimension, list(text(respond::max_ref_chars), evaluation_items_max), {"只看这些事项", "Only these items"}));
    else out.push_back(optional(dimension, text(respond::max_ref_chars), {"只看这一个；- 是没有的", "Only this one; - is none"}));
  out.push_back(box_field());
  return out;
}

core::Result<Ask> read_ask(Input const& asked, bool staff, ApiParts const& parts) {
  Ask out{.staff = staff};
  out.places = parts.places->now();
  out.today = core::day_of(parts.time->now(), parts.zone);
  out.period = core::holding(core::PeriodKind::month, out.today);
  if (asked.has("period")) { ZHILI_TRY(out.period, core::period_from(asked.text("period"))); }
  ZHILI_CHECK(read_dimensions(asked, parts, out));
  ZHILI_TRY(out.box, box_asked(asked));
  ZHILI_CHECK(read_indicators(asked, parts, out));
  return out;
}

tl::unexpected<core::Error> bad_parameter(std::string_view field, std::string_view value, core::Text rule) {
  return fail(Errc::invalid, fmt::format("query.{}", field),
              {fmt::format("参数 {}=“{}”不对：{}", field, value, rule.zh), fmt::format("Parameter {}=\"{}\": {}", field, value, rule.en)},
              std::string(field));
}

core::Result<> add_indicators(std::vector<catalogue::ScorePart> const& score, Ask& ask, ApiParts const& parts) {
  for (auto const& part : score) {
    ZHILI_TRY(auto const* indicator, indicator_of(part.indicator, ask.staff, parts));
    if (std::ranges::find(ask.indicators, indicator) == ask.indicators.end()) ask.indicators.push_back(indicator);
  }
  return {};
}

core::Text name_of_key(Dimension by, std::string const& code, Ask const& ask, ApiParts const& parts) {
  if (code.empty()) return {"未知", "Not known"};
  switch (by) {
    case Dimension::area: {
      std::int64_t id = 0;
      std::from_chars(code.data(), code.data() + code.size(), id);
      if (auto const* area = ask.places->area(id)) return area->name;
      break;
    }
    case Dimension::department:
      if (auto const* department = parts.installation->department(code)) return department->name;
      break;
    case Dimension::function:
      if (auto const* function = parts.catalogue->function(code)) return function->name;
      break;
    case Dimension::item: return catalogue::name_of(parts.catalogue->find(code), code);
    case Dimension::source: return source_name(code);
    case Dimension::grid:
    case Dimension::none: break;
  }
  return {code, code};
}

}  // namespace zhili::web
