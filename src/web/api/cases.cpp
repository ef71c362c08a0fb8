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

/// The cases of which the number, or the end of it, is what somebody wrote: "LC-2611-4182", "lc 2611 4182", "4182".
Response list_by_number(std::string_view written, ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const plain = respond::plain_number(written);
  array cases;
  auto const read = parts.db->read([&](store::Reader& reader) {
    auto const add = [&](std::optional<respond::CaseLine> const& line) {
      if (line && !line->is_private && respond::plain_number(case_number(*line, parts)).ends_with(plain))
        cases.push_back(case_json(*line, clocks_of(reader, *line), now, *places, parts, {}));
    };
    for (auto const id : respond::ids_as_written(written)) add(respond::find_case(reader, id));
    add(respond::find_external_case(reader, written));
  });
  if (!read) return Response::problem(read.error());
  return Response::json(boost::json::serialize(object{{"cases", std::move(cases)}, {"next", nullptr}}));
}

Response list(Request const& request, ApiParts const& parts) {
  if (auto const number = request.query.get("no")) return list_by_number(*number, parts);
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const filter = case_filter(request.query, *places, now, parts.zone);
  if (!filter) return Response::problem(filter.error());
  boost::json::monotonic_resource memory;
  array cases(&memory);
  std::string next;
  auto const read = parts.db->read([&](store::Reader& reader) {
    auto const lines = respond::list_cases(reader, *parts.cases, *filter);
    auto const clocks = clocks_of(reader, lines);
    for (std::size_t i = 0; i < lines.size(); ++i) cases.push_back(case_json(lines[i], clocks[i], now, *places, parts, &memory));
    if (lines.size() == filter->limit) next = cursor_of(lines.back());
  });
  if (!read) return Response::problem(read.error());
  return Response::json(boost::json::serialize(
      object({{"cases", std::move(cases)}, {"next", next.empty() ? value(nullptr) : value(next)}}, &memory)));
}

Response counts(Request const& request, ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const filter = case_filter(request.query, *places, now, parts.zone);
  if (!filter) return Response::problem(filter.error());
  auto const by = count_by(request.query);
  if (!by) return Response::problem(by.error());
  auto const counted = parts.db->read([&](store::Reader& reader) {
    parts.cases->follow(reader);
    return parts.cases->count(*filter, *by, now);
  });
  if (!counted) return Response::problem(counted.error());
  array out;
  std::int64_t total = 0;
  for (auto const& [key, count] : *counted) {
    out.push_back(object{{"key", key}, {"name", to_json(count_name(*by, key, *places, parts))}, {"count", count}});
    total += count;
  }
  return Response::json(boost::json::serialize(object{{"total", total}, {"by", std::move(out)}}));
}

std::optional<respond::CaseLine> find(store::Reader& reader, std::string_view no, ApiParts const& parts) {
  if (auto const id = respond::id_of_number(parts.installation->prefix, no)) return respond::find_case(reader, *id);
  return respond::find_external_case(reader, no);
}

Response one(Request const& request, ApiParts const& parts) {
  auto const places = parts.places->now();
  auto const now = parts.time->now();
  auto const no = request.param("no");
  object out;
  auto const read = parts.db->read([&](store::Reader& reader) -> core::Result<> {
    auto const line = find(reader, no, parts);
    if (!line || line->is_private)
      return core::fail(core::Errc::not_found, "case.unknown",
                        {"没有这个编号的案卷。请核对编号。", "There is no case with that number. Check the number."}, "no");
    out = case_json(*line, clocks_of(reader, *line), now, *places, parts, {});
    add_story(out, reader, *line, now, parts);
    return {};
  });
  if (!read) return Response::problem(read.error());
  return Response::json(boost::json::serialize(out));
}

}  // namespace

void mount_cases(Router& router, ApiParts const& parts) {
  router.get("/api/v1/cases", [parts](Request const& request) { return list(request, parts); });
  router.get("/api/v1/counts", [parts](Request const& request) { return counts(request, parts); });
  router.get("/api/v1/cases/{no}", [parts](Request const& request) { return one(request, parts); });
}

}  // namespace zhili::web
