#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"
#include "web/api/view.hpp"
#include "web/form.hpp"
#include "web/people/acting.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using respond::Actor;

struct SignalLine {
  respond::SignalState state;
  std::optional<std::int64_t> area;
};

core::Result<SignalLine> signal_of(store::Reader& reader, Request const& request, PeopleParts const& parts) {
  auto const id = respond::id_of_number(parts.api.installation->prefix, request.param("no"));
  if (!id) return fail(Errc::not_found, "signal.unknown", {"没有这个编号的上报。请核对编号。", "There is no report with that number. Check the number."}, "no");
  ZHILI_TRY(auto state, respond::SignalDesk::load(reader, *id));
  auto const row = reader.row<std::optional<std::int64_t>>("SELECT area_id FROM signal WHERE id = ?", *id);
  return SignalLine{std::move(state), row ? std::get<0>(*row) : std::nullopt};
}

core::Result<respond::SignalCommand> signal_command_of(Request const& request, PeopleParts const& parts) {
  ZHILI_TRY(auto body, Body::of(request));
  auto const verb = body.needed("verb");
  auto const version = body.number("version");
  respond::SignalCommand out{.condition = body.text("condition"), .upheld = body.flag("upheld"), .reason = body.text("reason"),
                             .words = body.text("words"), .photos = photos_in(body)};
  auto const found = body.text("found");
  auto const into = body.text("into");
  ZHILI_CHECK(body.done());
  ZHILI_TRY(out.verb, respond::verb_from(verb));
  if (!version) return fail(Errc::invalid, "command.version", {"缺少 version：您看到的上报版本。", "version is missing: the version of the report that you saw."}, "version");
  out.expected_version = *version;
  for (auto const one : {respond::Found::found, respond::Found::not_found, respond::Found::unable})
    if (found == respond::name(one)) out.found = one;
  if (!found.empty() && out.found == respond::Found::unasked)
    return fail(Errc::invalid, "command.found", {"found 是 found、not_found 或 unable。", "found is found, not_found or unable."}, "found");
  if (!into.empty()) {
    auto const id = respond::id_of_number(parts.api.installation->prefix, into);
    if (!id) return fail(Errc::invalid, "command.into", {"into 是要并入的案卷编号。", "into is the number of the case to join."}, "into");
    out.into = *id;
  }
  return out;
}

Response do_with_signal(Request const& request, PeopleParts const& parts) {
  auto const done = [&]() -> core::Result<respond::SignalState> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    ZHILI_TRY(auto const command, signal_command_of(request, parts));
    ZHILI_TRY(auto const line, parts.api.db->read([&](store::Reader& r) { return signal_of(r, request, parts); }));
    auto const target = target_of(*parts.api.places->now(), line.area, line.state.item, "");
    return as_any(actors(caller, target), [&](Actor const& actor) { return parts.api.desk->execute(line.state.id, command, actor); });
  }();
  if (!done) return Response::problem(done.error());
  return private_json(boost::json::serialize(object{{"state", respond::name(done->stage)}, {"version", done->version},
                                                    {"case_id", done->case_id == 0 ? value(nullptr) : value(done->case_id)}}));
}

// ---- what staff see of a report --------------------------------------------------------------------------------------------

object answers_json(respond::SignalEvent const& event) {
  object out;
  for (auto const& [code, values] : event.answers) out[code] = array(values.begin(), values.end());
  return out;
}

array photos_json(respond::SignalEvent const& event) {
  array out;
  for (auto const& name : event.photos) out.push_back(object{{"url", photo_path(name)}});
  return out;
}

/// The report as it came, with what everybody may not see yet; not what its reporter gave as contact.
core::Result<object> report_json(store::Reader& reader, SignalLine const& line, PeopleParts const& parts) {
  auto const& state = line.state;
  auto const* item = parts.api.catalogue->find(state.item);
  auto const places = parts.api.places->now();
  auto const* area = line.area ? places->area(*line.area) : nullptr;
  object out{{"no", respond::public_number(parts.api.installation->prefix, state.id, state.received_at, parts.api.zone)},
             {"state", respond::name(state.stage)},
             {"version", state.version},
             {"item", object{{"code", state.item}, {"name", to_json(catalogue::name_of(item, state.item))}}},
             {"area", area ? value(object{{"id", area->id}, {"name", to_json(area->name)}}) : value(nullptr)},
             {"received_at", time_json(state.received_at, parts.api.zone)},
             {"released", state.released},
             {"private", state.is_private},
             {"checked", respond::name(state.checked)}};
  for (auto const& entry : store::entries_of(reader, state.id)) {
    if (entry.kind != core::EventKind::signal_received) continue;
    ZHILI_TRY(auto const event, respond::decode_signal(entry.kind, entry.at, entry.actor, entry.payload));
    out["words"] = event.words.empty() ? value(nullptr) : value(event.words);
    out["address"] = event.address.empty() ? value(nullptr) : value(event.address);
    out["lat"] = event.place ? value(event.place->lat()) : value(nullptr);
    out["lon"] = event.place ? value(event.place->lon()) : value(nullptr);
    out["channel"] = event.channel;
    out["answers"] = answers_json(event);
    out["photos"] = photos_json(event);
  }
  array conditions;
  if (item)
    for (auto const& condition : item->conditions)
      conditions.push_back(object{{"code", condition.code}, {"when", to_json(condition.when)}});
  out["conditions"] = std::move(conditions);
  auto const* a_case = state.case_id != 0 ? &state.case_id : nullptr;
  auto const found = a_case ? respond::find_case(reader, *a_case) : std::nullopt;
  out["case_no"] = found ? value(case_number(*found, parts.api)) : value(nullptr);
  return out;
}

Response see(Request const& request, PeopleParts const& parts) {
  auto const told = [&]() -> core::Result<object> {
    ZHILI_TRY(auto const caller, parts.gate->caller(request));
    return parts.api.db->read([&](store::Reader& r) -> core::Result<object> {
      ZHILI_TRY(auto const line, signal_of(r, request, parts));
      auto const may = actors(caller, target_of(*parts.api.places->now(), line.area, line.state.item, ""));
      if (may.empty()) return not_yours();
      ZHILI_TRY(auto out, report_json(r, line, parts));
      ZHILI_TRY(auto const all, next_of(may, [&](Actor const& actor) { return parts.api.desk->next(line.state, actor); }));
      out["steps"] = steps_json(all);
      return out;
    });
  }();
  return told ? private_json(boost::json::serialize(*told)) : Response::problem(told.error());
}

}  // namespace

void mount_signal_work(Router& router, PeopleParts const& parts) {
  router.get("/api/v1/work/signals/{no}", [parts](Request const& request) { return see(request, parts); });
  router.post("/api/v1/signals/{no}/commands", [parts](Request const& request) { return do_with_signal(request, parts); });
}

}  // namespace zhili::web
