// What is to be said: put down with the case's own entries.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "bus/follow.hpp"
#include "respond/cases/codec.hpp"
#include "respond/number.hpp"
#include "web/exchange/line.hpp"

namespace zhili::web::exchange {

using boost::json::object;
using core::EventKind;

namespace {

constexpr std::string_view listener_name = "exchange";

void end(store::Writer& writer, Handover const& handover) {
  writer.exec("UPDATE exchange SET state = ? WHERE id = ?", State::ended, handover.id);
  writer.append({.kind = EventKind::exchange_ended, .subject = handover.id, .actor = "system",
                 .payload = boost::json::serialize(object{{"case", handover.case_id}})});
}

}  // namespace

void put_down(store::Writer& writer, Handover const& handover, store::Seq entry, What what, Say const& say) {
  writer.exec("INSERT INTO exchange_message (exchange, entry, peer, what, status, words, state, made_at, attempts, next_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0, ?)",
              handover.id, entry, handover.peer, what, say.status, say.words, writer.now(), writer.now());
}

void Exchange::begin(store::Writer& writer, catalogue::Peer const& peer, std::int64_t case_id, store::Seq entry) {
  auto const opened = writer.row<std::int64_t, std::optional<std::string>>("SELECT opened_at, external_no FROM casefile WHERE id = ?", case_id);
  if (!opened) return;
  auto const& [at, external] = *opened;
  auto const no = external ? *external : respond::public_number(parts_.installation->prefix, case_id, core::from_ms(at), parts_.zone);
  auto const id = writer.append({.kind = EventKind::exchange_begun, .actor = "system",
                                 .payload = boost::json::serialize(object{{"case", case_id}, {"peer", peer.code}})});
  Handover const handover{.id = id, .case_id = case_id, .peer = peer.code, .reference = fmt::format("{}/{}", no, id), .remote = {}, .began_at = writer.now()};
  writer.exec("INSERT INTO exchange (id, case_id, peer, state, reference, began_at) VALUES (?, ?, ?, ?, ?, ?)", id, case_id, peer.code, handover.state,
              handover.reference, handover.began_at);
  put_down(writer, handover, entry, What::request, {});
}

core::Result<> Exchange::take_in(store::Writer& writer, store::Recorded const& entry) {
  auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
  if (!event) return {};  // an entry that cannot be read stops nobody else's
  bool still_there = false;
  for (auto const& handover : of_case(writer, entry.subject)) {
    auto const line = lines_.find(handover.peer);
    if (handover.state == State::ended || line == lines_.end()) continue;
    auto const say = say_of(*event, line->second->peer.department, line->second->ref());
    still_there = still_there || !say || !say->ends;
    if (!say) continue;
    if (!say->status.empty()) put_down(writer, handover, entry.seq, What::update, *say);
    if (say->ends) end(writer, handover);
  }
  bool const sent = event->kind == EventKind::case_dispatched || event->kind == EventKind::case_settled;
  if (!sent || still_there) return {};
  for (auto const& peer : peers())
    if (peer.department == event->department) begin(writer, peer, entry.subject, entry.seq);
  return {};
}

core::Result<bool> Exchange::feed() {
  return bus::follow(*parts_.db, listener_name, [this](store::Writer& writer, std::span<store::Recorded const> entries) -> core::Result<> {
    for (auto const& entry : entries)
      if (entry.kind >= EventKind::case_registered && entry.kind < EventKind::account_made) ZHILI_CHECK(take_in(writer, entry));
    return {};
  });
}

}  // namespace zhili::web::exchange
