#include "respond/history/record.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cstddef>

#include "respond/cases/codec.hpp"
#include "respond/filled.hpp"
#include "store/among.hpp"

namespace zhili::respond::history {

namespace {

using boost::json::object;
using core::EventKind;

std::optional<std::int64_t> lat_of(Remembered const& r) { return r.place ? std::optional<std::int64_t>(r.place->lat_e7) : std::nullopt; }
std::optional<std::int64_t> lon_of(Remembered const& r) { return r.place ? std::optional<std::int64_t>(r.place->lon_e7) : std::nullopt; }
std::string signal_payload(Remembered const& r) {
  std::array<unsigned char, 2'048> first;
  boost::json::monotonic_resource memory(first.data(), first.size());
  object o({{"item", r.item->code}, {"channel", r.channel}, {"external_no", r.number}}, &memory);
  if (!r.address.empty()) o["address"] = r.address;
  if (r.place) o["place"] = {r.place->lat_e7, r.place->lon_e7};
  if (r.location_unknown) o["location_unknown"] = true;
  if (r.area_id) o["area"] = *r.area_id;
  return boost::json::serialize(o);
}

Event recorded_event(Remembered const& r, Id signal, Id incident, Stage stage) {
  Event event{.kind = EventKind::case_recorded, .at = r.opened};
  event.role = Role::importer;
  event.reason = r.closing_words;
  event.department = r.department;
  event.what = r.outcome;
  event.opening = Opening{.signal = signal, .incident = incident, .item = r.item->ref(), .condition = {}, .received_at = r.opened};
  event.opening->stage = stage;
  event.opening->promised = r.promised;
  event.opening->closed_at = r.closed;
  event.opening->external_no = r.number;
  if (r.contradiction) event.opening->contradiction = "closed_before_opened";
  return event;
}

}  // namespace

Recorder::Recorder(std::string source, std::string actor) : source_(std::move(source)), actor_(std::move(actor)) {}

std::set<std::string, std::less<>> Recorder::known(store::Reader& reader, std::vector<std::string> const& numbers) const {
  std::set<std::string, std::less<>> out;
  if (numbers.empty()) return out;
  std::vector<store::Value> args{source_};
  auto const wanted = store::among(numbers, args);
  reader.each<std::string>("SELECT external_no FROM casefile WHERE source = ? AND external_no" + wanted,
                           [&](std::string number) { out.insert(std::move(number)); }, args);
  return out;
}

store::Seq Recorder::record(store::Writer& w, Remembered const& r) const {
  auto const signal = w.append({EventKind::signal_received, 0, actor_, signal_payload(r), r.opened});
  auto const incident = w.append({EventKind::incident_opened, 0, actor_, fmt::format("{{\"signal\":{}}}", signal), r.opened});
  auto const stage = r.closed ? Stage::closed : Stage::registered;
  auto const id = w.append({EventKind::case_recorded, 0, actor_, encode(recorded_event(r, signal, incident, stage)), r.opened});
  w.exec("INSERT INTO signal (id, item, state, channel, received_at, lat_e7, lon_e7, location_unknown, area_id, address, released, private, incident_id, case_id) "
         "VALUES (?,?,?,?,?,?,?,?,?,?,0,0,?,?)",
         signal, r.item->code, Stage::registered, r.channel, r.opened, lat_of(r), lon_of(r), r.location_unknown, r.area_id, filled(r.address), incident, id);
  w.exec("INSERT INTO incident (id, item, opened_at) VALUES (?,?,?)", incident, r.item->code, r.opened);
  w.exec("INSERT INTO casefile (id, signal_id, incident_id, item, condition_code, pack, pack_version, stage, area_id, lat_e7, lon_e7, "
         "location_unknown, opened_at, due_at, closed_at, department, version, origin, contradiction, private, source, external_no) "
         "VALUES (?,?,?,?,NULL,?,?,?,?,?,?,?,?,?,?,?,1,1,?,0,?,?)",
         id, signal, incident, r.item->code, r.item->pack, r.item->pack_version, stage, r.area_id, lat_of(r), lon_of(r), r.location_unknown, r.opened, r.promised,
         r.closed, filled(r.department), r.contradiction, source_, r.number);
  return id;
}

}  // namespace zhili::respond::history
