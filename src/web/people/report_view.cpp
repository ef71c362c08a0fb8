#include "web/people/report_view.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/photos.hpp"
#include "store/ledger.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

object answers_json(respond::SignalEvent const& event) {
  object out;
  for (auto const& [code, values] : event.answers) out[code] = array(values.begin(), values.end());
  return out;
}

/// Photos of the report and of its case that a release decides about, each with what was decided so far, and up to which entry of the
/// ledger they came.
void add_photos(object& out, store::Reader& reader, respond::SignalState const& state) {
  array photos;
  std::int64_t until = 0;
  reader.each<std::string, std::int64_t, std::int64_t, std::int64_t>(
      "SELECT name, subject, everybody, entry FROM photo WHERE name IS NOT NULL AND (subject = ? OR subject IN (SELECT id FROM casefile WHERE signal_id = ?)) "
      "ORDER BY entry, position",
      [&](std::string name, std::int64_t subject, std::int64_t sight, std::int64_t entry) {
        bool const kept = std::ranges::find(state.withheld, name) != state.withheld.end();
        if (sight == static_cast<std::int64_t>(respond::PhotoSight::inside) && !kept) return;  // of a step for staff only
        bool const seen = state.released && sight == static_cast<std::int64_t>(respond::PhotoSight::released);
        until = std::max(until, entry);
        photos.push_back(object{{"url", photo_path(name)}, {"of", subject == state.id ? "report" : "case"}, {"seen", kept ? "kept" : seen ? "public" : "waiting"}});
      },
      state.id, state.id);
  out["photos"] = std::move(photos);
  out["photos_until"] = until;
}

}  // namespace

core::Result<SignalLine> signal_of(store::Reader& reader, std::string_view no, PeopleParts const& parts) {
  auto const id = respond::id_of_number(parts.api.installation->prefix, no);
  if (!id) return fail(Errc::not_found, "signal.unknown", {"没有这个编号的上报。请核对编号。", "There is no report with that number. Check the number."}, "no");
  return signal_of(reader, *id);
}

core::Result<SignalLine> signal_of(store::Reader& reader, respond::Id id) {
  ZHILI_TRY(auto state, respond::SignalDesk::load(reader, id));
  auto const row = reader.row<std::optional<std::int64_t>>("SELECT area_id FROM signal WHERE id = ?", id);
  return SignalLine{std::move(state), row ? std::get<0>(*row) : std::nullopt};
}

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
  }
  add_photos(out, reader, state);
  out["withheld"] = array(state.withheld.begin(), state.withheld.end());
  auto const shown = reader.value<std::string>("SELECT COALESCE(words, '') FROM signal WHERE id = ?", state.id).value_or("");
  out["released_words"] = state.released && !shown.empty() ? value(shown) : value(nullptr);
  array conditions;
  if (item)
    for (auto const& condition : item->conditions)
      conditions.push_back(object{{"code", condition.code}, {"when", to_json(condition.when)}});
  out["conditions"] = std::move(conditions);
  auto const found = state.case_id != 0 ? respond::find_case(reader, state.case_id) : std::nullopt;
  out["case_no"] = found ? value(case_number(*found, parts.api)) : value(nullptr);
  return out;
}

std::vector<Field> report_fields() {
  using namespace shape;
  auto const condition = record("", {{"code", text()}, {"when", both_languages()}});
  return {{"no", text()},
          {"state", stage_shape()},
          {"version", integer(), {"命令里要带上", "To be given in commands"}},
          {"item", named_shape()},
          {"area", nullable(area_name_shape())},
          {"received_at", time()},
          {"released", flag()},
          {"private", flag()},
          {"checked", text()},
          {"words", nullable(text())},
          {"address", nullable(text())},
          {"lat", nullable(number())},
          {"lon", nullable(number())},
          {"channel", text()},
          {"answers", map(list(text()))},
          {"photos", list(record("", {{"url", text()}, {"of", choice({"report", "case"})}, {"seen", choice({"public", "kept", "waiting"})}})),
           {"公开要决定的照片：已公开、不公开，或还没有人看过", "Photos that a release decides about: public, kept back, or not looked at yet"}},
          {"photos_until", integer(), {"公开时带上，表示看过到此为止的照片", "To be given with a release: which photos were looked at"}},
          {"withheld", list(text()), {"上次公开时留下没有公开的", "What the last release kept back"}},
          {"released_words", nullable(text()), {"公开的文字", "The words that are public"}},
          {"conditions", list(condition)},
          {"case_no", nullable(text())}};
}

core::Result<bool> may_read(store::Reader& reader, Caller const& caller, SignalLine const& line, PeopleParts const& parts) {
  ZHILI_TRY(auto const departments, departments_of(reader, line.state.case_id));
  return !readers(caller, target_of(*parts.api.places->now(), line.area, line.state.item, ""), departments).empty();
}

}  // namespace zhili::web
