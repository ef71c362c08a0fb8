// Saying what is to be said, until it is heard.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/exchange/line.hpp"
#include "web/hooks/retry.hpp"

namespace zhili::web::exchange {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;
using std::chrono::milliseconds;

namespace {

/// The peer as a whole does not answer: other cases would fare no better.
bool is_down(core::Error const& error) { return error.key.starts_with("client."); }

bool is_kept_back(respond::CaseLine const& line) { return line.is_private || line.place_withheld; }

/// The middle of its grid, as the public sees it.
std::optional<core::LatLon> widened(respond::CaseLine line, sense::places::PlaceIndex const& places) {
  line.released = false;
  return shown_place(line, places).at;
}

std::string address_of(store::Reader& reader, respond::CaseLine const& line) {
  return reader.value<std::string>("SELECT coalesce(address, '') FROM signal WHERE id = ?", line.signal_id).value_or("");
}

/// What a peer is told of a place that it was not told at first; empty: nobody knows it.
std::string place_words(store::Reader& reader, respond::CaseLine const& line) {
  auto const address = address_of(reader, line);
  auto const at = line.place && !line.location_unknown ? fmt::format("{:.7f}, {:.7f}", line.place->lat(), line.place->lon()) : std::string();
  if (at.empty() && address.empty()) return {};
  return fmt::format("确切地点 / Exact place: {}{}{}", at, at.empty() || address.empty() ? "" : "; ", address);
}

}  // namespace

core::Result<std::optional<milliseconds>> Exchange::say_next(std::string const& peer, core::Instant now) {
  auto& line = line_of(peer);
  ZHILI_TRY(auto const due, parts_.db->read([&](store::Reader& reader) {
    std::optional<Due> out;
    using Text = std::optional<std::string>;
    reader.each<std::int64_t, std::int64_t, std::int64_t, std::string, Text, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, Text,
                std::int64_t, std::int64_t>(
        "SELECT x.id, x.case_id, x.state, x.reference, x.remote, x.began_at, m.entry, m.what, m.status, m.words, m.trouble, m.made_at, m.attempts "
        "FROM exchange_message m JOIN exchange x ON x.id = m.exchange WHERE m.peer = ? AND m.state = 1 AND m.next_at <= ? AND NOT EXISTS "
        "(SELECT 1 FROM exchange_message e JOIN exchange y ON y.id = e.exchange WHERE e.state = 1 AND y.case_id = x.case_id AND y.peer = x.peer AND "
        "e.entry < m.entry) ORDER BY m.next_at, m.entry LIMIT 1",
        [&](std::int64_t id, std::int64_t case_id, std::int64_t state, std::string reference, Text remote, std::int64_t began, std::int64_t entry,
            std::int64_t what, std::string status, std::string words, Text trouble, std::int64_t made, std::int64_t attempts) {
          out = Due{handover_from(id, case_id, peer, state, std::move(reference), std::move(remote), began), entry, static_cast<What>(what),
                    std::move(status), std::move(words), trouble.value_or(""), core::from_ms(made), static_cast<int>(attempts)};
        },
        peer, now);
    return out;
  }));
  if (!due) return std::nullopt;
  // On the disk before the call: whoever comes after a kill knows that the peer may have heard it already.
  ZHILI_CHECK(parts_.db->write([&](store::Writer& writer) {
    writer.exec("UPDATE exchange_message SET attempts = attempts + 1 WHERE exchange = ? AND entry = ?", due->handover.id, due->entry);
  }));
  core::Result<Taken> came;
  if (due->what == What::request) {
    came = hand_over(line, *due, now);
  } else if (due->handover.remote.empty()) {
    came = fail(Errc::unavailable, "exchange.no_remote", {"对方还没有给出请求编号。", "The other system has given no id of the request yet."});
  } else {
    Told const told{fmt::format("{}-{}", due->handover.id, due->entry), due->handover.remote, due->status, due->made_at, due->words, {}};
    auto const heard = line.talk.tell(told);
    if (!heard) came = fail(heard.error());
  }
  if (!came && came.error().key == "client.stopped") return exchange_feed_every_ms;
  auto const wait = came ? std::nullopt : retry_wait(due->attempts + 1, now - due->made_at, chance());
  ZHILI_CHECK(settle(line, *due, came, now, wait));
  return !came && is_down(came.error()) && wait ? *wait : milliseconds(0);
}

core::Result<Handed> Exchange::handed(store::Reader& reader, Line const& line, Due const& due) const {
  auto const found = respond::find_case(reader, due.handover.case_id);
  if (!found) return fail(Errc::not_found, "case.unknown", {"没有这个案卷。", "There is no such case."});
  Handed out{.reference = due.handover.reference, .service_code = std::string(line.peer.service_of(found->item)), .at = found->place, .address = {}, .description = {}};
  if (out.service_code.empty())
    return fail(Errc::invalid, "exchange.service",
                {fmt::format("installation.yaml 的 exchanges.{}.services 没有写事项 {} 对应对方的哪个服务。", line.peer.code, found->item),
                 fmt::format("exchanges.{}.services of installation.yaml does not say which of their services item {} is.", line.peer.code, found->item)});
  auto const* item = parts_.catalogue->find(catalogue::ItemRef{found->item, found->pack, found->pack_version});
  auto const item_name = item ? item->name : core::Text{found->item, found->item};
  if (is_kept_back(*found)) out.at = widened(*found, *parts_.places->now());
  else out.address = address_of(reader, *found);
  out.description = fmt::format("{} / {}\n", item_name.zh, item_name.en);
  if (found->released && !found->words.empty()) out.description += found->words + "\n";
  out.description += "Ref: " + out.reference;
  out.exact = !is_kept_back(*found);
  return out;
}

core::Result<Exchange::Taken> Exchange::hand_over(Line const& line, Due const& due, core::Instant now) {
  ZHILI_TRY(auto const request, parts_.db->read([&](store::Reader& reader) { return handed(reader, line, due); }));
  if (due.attempts > 0) {
    ZHILI_TRY(auto const there, line.talk.find(request, std::max(due.handover.began_at - ask_overlap_min, now - find_back_days), now + ask_overlap_min));
    if (there && !there->empty()) return Taken{*there, request.exact};
  }
  ZHILI_TRY(auto id, line.talk.hand_over(request));
  if (id.empty()) return fail(Errc::unavailable, "exchange.no_remote", {"对方还没有给出请求编号。", "The other system has given no id of the request yet."});
  return Taken{std::move(id), request.exact};
}

core::Result<> Exchange::settle(Line const& line, Due const& due, core::Result<Taken> const& came, core::Instant now,
                                std::optional<milliseconds> wait) {
  return parts_.db->write([&](store::Writer& writer) {
    auto const tell = [&](EventKind kind, object payload) {
      payload["case"] = due.handover.case_id;
      writer.append({.kind = kind, .subject = due.handover.id, .actor = line.ref(), .payload = boost::json::serialize(payload)});
    };
    if (came) {
      writer.exec("UPDATE exchange_message SET state = ?, trouble = NULL, done_at = ? WHERE exchange = ? AND entry = ?", MessageState::said, now,
                  due.handover.id, due.entry);
      if (due.what != What::request) return;
      writer.exec("UPDATE exchange SET remote = ?, state = CASE WHEN state = 1 THEN 2 ELSE state END WHERE id = ?", came->remote, due.handover.id);
      tell(EventKind::exchange_taken, {{"remote", came->remote}, {"place", came->exact ? "exact" : "widened"}});
      return;
    }
    auto const why = came.error().detail.empty() ? came.error().key : came.error().detail;
    auto const state = wait ? MessageState::waiting : MessageState::given_up;
    writer.exec("UPDATE exchange_message SET state = ?, next_at = ?, trouble = ?, done_at = ? WHERE exchange = ? AND entry = ?", state,
                wait ? now + *wait : now, why, wait ? std::optional<core::Instant>() : now, due.handover.id, due.entry);
    if (!wait) tell(EventKind::exchange_given_up, {{"why", came.error().key}});
    else if (due.trouble != why) tell(EventKind::exchange_troubled, {{"why", came.error().key}});
  });
}

core::Result<> Exchange::again(std::int64_t handover, std::string const& actor) {
  return parts_.db->write([&](store::Writer& writer) -> core::Result<> {
    auto const found = writer.exec("UPDATE exchange_message SET state = 1, made_at = ?, next_at = ?, done_at = NULL WHERE exchange = ? AND state <> 2",
                                   writer.now(), writer.now(), handover);
    if (found == 0) return fail(Errc::not_found, "exchange.nothing_waits", {"没有等待发送的内容。", "There is nothing that waits to be said."}, "id");
    writer.append({.kind = EventKind::exchange_retried, .subject = handover, .actor = actor, .payload = "{}"});
    return {};
  });
}

bool Exchange::keeps_place_back(store::Reader& reader, Handover const& handover, respond::CaseLine const& line) {
  return is_kept_back(line) && std::ranges::none_of(store::entries_of(reader, handover.id), [](auto const& entry) {
           return entry.kind == EventKind::exchange_place_told;
         });
}

core::Result<> Exchange::tell_place(std::int64_t handover, std::int64_t case_id, std::string const& actor, std::string const& reason) {
  return parts_.db->write([&](store::Writer& writer) -> core::Result<> {
    auto const all = of_case(writer, case_id);
    auto const found = std::ranges::find(all, handover, &Handover::id);
    auto const line = respond::find_case(writer, case_id);
    if (found == all.end() || !line)
      return fail(Errc::not_found, "exchange.unknown", {"这个案卷没有这次交办。", "The case was not handed over under that number."}, "id");
    if (found->state == State::ended)
      return fail(Errc::conflict, "exchange.ended", {"案卷已不再由对方办。", "The case is no longer with the other system."}, "id");
    if (!keeps_place_back(writer, *found, *line))
      return fail(Errc::conflict, "exchange.place_known",
                  {"地点没有保留，或者已经告知过对方。", "The place is not kept back, or they were told it before."}, "id");
    auto const words = place_words(writer, *line);
    if (words.empty()) return fail(Errc::conflict, "exchange.no_place", {"没有人知道确切地点。", "Nobody knows the exact place."}, "id");
    auto const entry = writer.append({.kind = EventKind::exchange_place_told, .subject = handover, .actor = actor,
                                      .payload = boost::json::serialize(object{{"case", case_id}, {"reason", reason}})});
    put_down(writer, *found, entry, What::update, {"unchanged", words, false});
    return {};
  });
}

}  // namespace zhili::web::exchange
