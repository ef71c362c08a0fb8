#include <algorithm>
#include <boost/json.hpp>

#include "respond/number.hpp"
#include "web/api/filters.hpp"
#include "web/api/routes.hpp"
#include "web/api/story_view.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

OnDuty duty_of(Request const& request, ApiParts const& parts) {
  auto known = parts.duty_of ? parts.duty_of(request) : OnDuty();
  return known ? std::move(known) : [](store::Reader&, respond::CaseLine const&) { return false; };
}

/// The cases of which the number, or the end of it, is what somebody wrote: "LC-2611-4182", "lc 2611 4182", "4182".
core::Result<Response> list_by_number(Request const& request, std::string_view written, ApiParts const& parts) {
  auto const on_duty = duty_of(request, parts);
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const plain = respond::plain_number(written);
  array cases;
  auto const read = parts.db->read([&](store::Reader& reader) {
    auto const add = [&](std::optional<respond::CaseLine> const& line) {
      if (line && (!line->is_private || on_duty(reader, *line)) && respond::plain_number(case_number(*line, parts)).ends_with(plain))
        cases.push_back(case_json(*line, clocks_of(reader, *line), now, *places, parts, {}));
    };
    for (auto const id : respond::ids_as_written(written)) add(respond::find_case(reader, id));
    add(respond::find_external_case(reader, written));
  });
  if (!read) return core::fail(read.error());
  bool const kept = std::ranges::any_of(cases, [](value const& one) { return one.at("private").as_bool(); });
  auto text = boost::json::serialize(object{{"cases", std::move(cases)}, {"next", nullptr}});
  return kept ? private_json(std::move(text)) : Response::json(std::move(text));
}

core::Result<Response> list(Call const& call, ApiParts const& parts) {
  if (call.query.has("no")) return list_by_number(call.request, call.query.text("no"), parts);
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  ZHILI_TRY(auto const filter, case_list_filter(call.query, *places, now, parts.zone));
  boost::json::monotonic_resource memory;
  array cases(&memory);
  std::string next;
  auto const read = parts.db->read([&](store::Reader& reader) {
    auto const lines = respond::list_cases(reader, *parts.cases, filter);
    auto const clocks = clocks_of(reader, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) cases.push_back(case_json(lines[i], clocks[i], now, *places, parts, &memory));
    if (lines.size() == filter.limit) next = cursor_of(lines.back());
  });
  if (!read) return core::fail(read.error());
  auto out = Response::json(boost::json::serialize(
      object({{"cases", std::move(cases)}, {"next", next.empty() ? value(nullptr) : value(next)}}, &memory)));
  if (!next.empty()) add_next_link(out, call.request, next);
  return out;
}

core::Result<Response> counts(Call const& call, ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  ZHILI_TRY(auto const filter, case_filter(call.query, *places, now, parts.zone));
  auto const by = count_by(call.query);
  auto const counted = parts.db->read([&](store::Reader& reader) {
    parts.cases->follow(reader);
    return parts.cases->count(filter, by, now);
  });
  if (!counted) return core::fail(counted.error());
  array out;
  std::int64_t total = 0;
  for (auto const& [key, count] : *counted) {
    out.push_back(object{{"key", key}, {"name", to_json(count_name(by, key, *places, parts))}, {"count", count}});
    total += count;
  }
  return Response::json(boost::json::serialize(object{{"total", total}, {"by", std::move(out)}}));
}

/// What those on duty need to go there, before and beyond what everybody sees.
void add_for_duty(object& out, respond::CaseLine const& line) {
  if (line.place) {
    out["lat"] = line.place->lat();
    out["lon"] = line.place->lon();
    out["exact"] = true;
  }
  if (!line.words.empty()) out["words"] = line.words;
}

core::Result<Response> one(Call const& call, ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const no = call.path.text("no");
  auto const on_duty = duty_of(call.request, parts);
  auto sight = Sight::everybody;
  object out;
  auto const read = parts.db->read([&](store::Reader& reader) -> core::Result<> {
    ZHILI_TRY(auto const line, case_by_number(reader, no, parts));
    if (on_duty(reader, line)) sight = Sight::on_duty;
    else if (line.is_private) return no_such_case();
    out = case_json(line, clocks_of(reader, line), now, *places, parts, {});
    if (sight == Sight::on_duty) add_for_duty(out, line);
    add_story(out, reader, line, sight, now, parts);
    return {};
  });
  if (!read) return core::fail(read.error());
  auto text = boost::json::serialize(out);
  auto response = sight == Sight::on_duty ? private_json(std::move(text)) : Response::json(std::move(text));
  response.headers.add("ETag", version_tag(out.at("version").as_int64(), now, sight == Sight::on_duty));
  return response;
}

}  // namespace

Field case_number_field() { return needed("no", shape::text(case_number_characters_max), {"案卷编号", "number of the case"}); }

void mount_cases(Operations& operations, ApiParts const& parts) {
  auto listed = case_list_fields();
  listed.push_back(optional("no", shape::text(case_number_characters_max), {"编号或它的末尾；别的条件就不管了", "A number, or the end of one; the other parameters are then left aside"}));
  operations.add({.id = "listCases", .method = Method::get, .pattern = "/api/v1/cases", .summary = {"案卷列表，新的在前", "Cases, the newest first"},
                  .who = everybody(), .query = std::move(listed),
                  .good = {{.shape = shape::record("CasePage", {{"cases", shape::list(case_shape())}, {"next", shape::nullable(shape::text()), {"下一页的 cursor", "cursor of the next page"}}})}}},
                 [parts](Call const& call) { return list(call, parts); });
  auto counted = case_filter_fields();
  counted.push_back(count_by_field());
  operations.add({.id = "countCases", .method = Method::get, .pattern = "/api/v1/counts", .summary = {"按一种属性数案卷", "How many cases there are of each kind"},
                  .who = everybody(), .query = std::move(counted),
                  .good = {{.shape = shape::record("Counts", {{"total", shape::integer()},
                                                              {"by", shape::list(shape::record("", {{"key", shape::text()}, {"name", shape::both_languages()}, {"count", shape::integer()}}))}})}}},
                 [parts](Call const& call) { return counts(call, parts); });
  operations.add({.id = "getCase", .method = Method::get, .pattern = "/api/v1/cases/{no}", .summary = {"一个案卷和它的经过", "A case and its story"},
                  .who = everybody(), .path = {case_number_field()}, .good = {{.shape = full_case_shape(), .tagged = true}}},
                 [parts](Call const& call) { return one(call, parts); });
}

}  // namespace zhili::web
