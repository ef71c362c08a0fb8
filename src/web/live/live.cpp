#include "web/live/live.hpp"

#include <fmt/format.h>

#include <charconv>

#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web::live {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t code_characters_max = 60;
constexpr std::size_t prefixes_max = 50;  ///< kinds or items of one listener

core::Result<std::int64_t> case_wanted(std::string_view no, ApiParts const& parts, Caller const* caller) {
  return parts.db->read([&](store::Reader& reader) -> core::Result<std::int64_t> {
    ZHILI_TRY(auto const line, case_by_number(reader, no, parts));
    if (!line.is_private) return line.id;
    ZHILI_TRY(auto const theirs, caller ? is_on_duty(reader, *caller, line, *parts.places->now()) : core::Result<bool>(false));
    if (!theirs) return no_such_case();
    return line.id;
  });
}

core::Result<Filter> filter_in(Input const& query, ApiParts const& parts, Caller const* caller) {
  Filter out{.items = query.texts("item"), .kinds = query.texts("kind")};
  if (auto const id = query.integer("area")) {
    auto const places = parts.places->now();
    auto const* found = places->area(*id);
    if (!found)
      return fail(Errc::invalid, "query.area",
                  {fmt::format("没有区域 {}。区域编号见 /api/v1/areas。", *id), fmt::format("There is no area {}; see /api/v1/areas.", *id)}, "area");
    out.area = found->code;
  }
  if (query.has("case")) {
    ZHILI_TRY(out.case_id, case_wanted(query.text("case"), parts, caller));
  }
  return out;
}

/// Where somebody goes on: a browser that comes back says it in a header, others may in the query.
core::Result<std::optional<store::Seq>> place_in(Call const& call) {
  auto const header = call.request.headers.get("Last-Event-ID").value_or("");
  if (header.empty()) return call.query.integer("after");
  store::Seq seq = 0;
  auto const [end, failed] = std::from_chars(header.data(), header.data() + header.size(), seq);
  if (failed == std::errc{} && end == header.data() + header.size() && seq >= 0) return seq;
  return fail(Errc::invalid, "query.after",
              {"Last-Event-ID 应是收到的最后一个事件的编号。", "Last-Event-ID is the id of the last event that came."}, "Last-Event-ID");
}

core::Result<Response> listen(Hub& hub, ApiParts const& parts, Gate const& gate, Call const& call) {
  auto signed_in = gate.admit(call.request);
  auto caller = signed_in ? std::optional(std::move(*signed_in)) : std::nullopt;
  ZHILI_TRY(auto const filter, filter_in(call.query, parts, caller ? &*caller : nullptr));
  ZHILI_TRY(auto const from, place_in(call));
  Response out{.type = "text/event-stream; charset=utf-8"};
  ZHILI_TRY(out.stream, hub.listen(filter, std::move(caller), from, std::chrono::steady_clock::now()));
  out.headers.add("X-Accel-Buffering", "no");  // a proxy that collects bytes would hold events back
  return out;
}

}  // namespace

void mount_events(Operations& operations, Hub& hub, ApiParts const& parts, std::shared_ptr<Gate const> gate, Metrics& metrics) {
  auto const prefixes = shape::list(shape::text(code_characters_max), prefixes_max);
  operations.add({.id = "listenToEvents", .method = Method::get, .pattern = "/api/v1/events",
                  .summary = {"随时告知发生了什么（SSE）；登录后还有权限内未公开的", "What happens, as it happens (server-sent events); who is signed in also hears what is not public within their grants"},
                  .who = everybody(),
                  .query = {optional("area", shape::integer(), {"区域编号", "id of an area"}),
                            optional("item", prefixes, {"事项代码的开头", "Beginnings of item codes"}),
                            optional("kind", prefixes, {"事件种类的开头，如 case.closed", "Beginnings of kinds, such as case.closed"}),
                            optional("case", shape::text(code_characters_max), {"案卷编号", "Number of a case"}),
                            optional("after", shape::integer(0, 9'007'199'254'740'992), {"从这个事件之后接着；浏览器用 Last-Event-ID", "Go on after this event; a browser says Last-Event-ID"})},
                  .good = {{.shape = shape::text(), .type = "text/event-stream"}}},
                 [&hub, parts, gate = std::move(gate)](Call const& call) { return listen(hub, parts, *gate, call); });
  metrics.add(Metrics::Kind::gauge, "zhili_events_listeners", "", "Who listens to live events.",
              [&hub] { return static_cast<double>(hub.listeners()); });
  metrics.add(Metrics::Kind::counter, "zhili_events_dropped_total", "", "Listeners that were let go because they did not take what was sent.",
              [&hub] { return static_cast<double>(hub.dropped()); });
}

}  // namespace zhili::web::live
