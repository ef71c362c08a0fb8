// What the peers did: asked for, and taken into our cases.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>

#include "web/exchange/line.hpp"
#include "web/exchange/outside_words.hpp"
#include "web/open311/backend.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web::exchange {

using boost::json::object;
using core::Errc;
using core::EventKind;

namespace {

std::optional<Handover> handover_of(store::Reader& reader, std::string const& peer, std::string const& remote) {
  std::optional<Handover> out;
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t>(
      "SELECT id, case_id, state, reference, began_at FROM exchange WHERE peer = ? AND remote = ? ORDER BY id DESC LIMIT 1",
      [&](std::int64_t id, std::int64_t case_id, std::int64_t state, std::string reference, std::int64_t began) {
        out = handover_from(id, case_id, peer, state, std::move(reference), remote, began);
      },
      peer, remote);
  return out;
}

bool known(store::Reader& reader, std::string const& peer, std::string const& update_id) {
  return reader.value<std::int64_t>("SELECT entry FROM exchange_update WHERE peer = ? AND update_id = ?", peer, update_id).has_value();
}

}  // namespace

core::Result<std::vector<Told>> Exchange::told_by(Line const& line, core::Instant from, core::Instant now) {
  ZHILI_TRY(auto const ids, parts_.db->read([&](store::Reader& reader) {
    std::vector<std::string> out;
    for (auto const& [remote] : reader.rows<std::string>("SELECT remote FROM exchange WHERE peer = ? AND state = 2 AND remote IS NOT NULL ORDER BY id", line.peer.code))
      out.push_back(remote);
    return out;
  }));
  if (ids.empty()) return std::vector<Told>();
  ZHILI_TRY(auto told, line.talk.updates(from, now, ids));
  if (told) return std::move(*told);
  return line.talk.states(ids);
}

core::Result<> Exchange::ask(std::string const& peer, core::Instant now) {
  auto& line = line_of(peer);
  ZHILI_TRY(auto const from, parts_.db->read([&](store::Reader& reader) {
    auto const until = reader.value<std::int64_t>("SELECT asked_until FROM exchange_peer WHERE peer = ?", peer);
    auto const first = reader.value<std::optional<std::int64_t>>("SELECT min(began_at) FROM exchange WHERE peer = ? AND state < 3", peer);
    return until ? std::optional(*until) : first.value_or(std::nullopt);
  }));
  if (!from) return {};  // nothing was ever handed over
  auto told = told_by(line, core::from_ms(*from) - ask_overlap_min, now);
  if (told) std::ranges::stable_sort(*told, {}, &Told::at);  // some servers tell the newest first
  core::Result<> outcome = {};
  if (!told) outcome = core::fail(told.error());
  for (std::size_t i = 0; told && i < told->size(); ++i)  // one that cannot be taken in keeps back no other
    if (auto const taken = take_update(line, (*told)[i]); !taken && outcome) outcome = core::fail(taken.error());
  if (!outcome && outcome.error().key == "client.stopped") return {};
  ZHILI_CHECK(parts_.db->write([&](store::Writer& writer) {
    std::optional<std::string> trouble;
    if (!outcome) trouble = outcome.error().detail.empty() ? outcome.error().key : outcome.error().detail;
    writer.exec("INSERT INTO exchange_peer (peer, asked_until, trouble, trouble_since) VALUES (?, ?, ?, ?) ON CONFLICT (peer) DO UPDATE SET "
                "asked_until = excluded.asked_until, trouble = excluded.trouble, "
                "trouble_since = CASE WHEN excluded.trouble IS NULL THEN NULL ELSE coalesce(exchange_peer.trouble_since, excluded.trouble_since) END",
                peer, outcome ? core::to_ms(now) : *from, trouble, trouble ? std::optional(core::to_ms(now)) : std::nullopt);
  }));
  return outcome;
}

/// What cannot be fetched is left out; whether the rest is enough the case decides.
std::vector<std::string> Exchange::fetch_photos(Line const& line, Told const& told) {
  std::vector<std::string> out;
  if (parts_.photos == nullptr) return out;
  for (auto const& url : told.media_urls) {
    if (out.size() == photos_of_update_max) break;
    auto const bytes = line.talk.photo(url);
    auto const kept = bytes ? parts_.photos->keep(*bytes) : core::Result<KeptPhoto>(core::fail(bytes.error()));
    if (kept) out.push_back(kept->name);
    else spdlog::warn("photo of {}: {}", line.peer.code, kept.error().text.en);
  }
  return out;
}

core::Result<> Exchange::take_update(Line const& line, Told const& told) {
  auto const& peer = line.peer.code;
  ZHILI_TRY(auto const handover, parts_.db->read([&](store::Reader& reader) {
    return known(reader, peer, told.update_id) ? std::nullopt : handover_of(reader, peer, told.request_id);
  }));
  if (!handover) return {};
  // First the case, then the note that it was done: a kill in between does it again, and a case that stands there already
  // has nothing left to do.
  core::Result<> acted = {};
  if (handover->state == State::with_them) acted = act(line, *handover, told);
  if (!acted && (acted.error().code == Errc::unavailable || acted.error().code == Errc::busy)) return acted;  // ours is the trouble: asked again
  // A status that is not one of the extension's may be anything: it is sealed with the words.
  bool const plain = std::ranges::find(open311::update_statuses, told.status) != std::end(open311::update_statuses);
  auto const words = plain || told.status.empty() ? told.description : told.status + ": " + told.description;
  ZHILI_TRY(auto const sealed, seal_words(vault_, words, parts_.time->now()));
  return parts_.db->write([&](store::Writer& writer) {
    if (known(writer, peer, told.update_id)) return;
    auto const tell = [&](EventKind kind, std::string payload, std::optional<core::Instant> happened) {
      return writer.append({.kind = kind, .subject = handover->id, .actor = line.ref(), .payload = std::move(payload), .happened = happened});
    };
    auto const entry = tell(EventKind::exchange_said, said_payload(handover->case_id, plain ? told.status : std::string(), sealed), told.at);
    if (sealed) store::Vault::keep(writer, entry, *sealed);
    writer.exec("INSERT INTO exchange_update (peer, update_id, entry) VALUES (?, ?, ?)", peer, told.update_id, entry);
    // The case does not take it, for instance because photos are missing: people see why, and do it by hand.
    if (!acted) tell(EventKind::exchange_troubled, boost::json::serialize(object{{"case", handover->case_id}, {"why", acted.error().key}}), std::nullopt);
  });
}

core::Result<> Exchange::act(Line const& line, Handover const& handover, Told const& told) {
  respond::Actor const actor{.ref = line.ref(), .roles = respond::Role::handler, .department = line.peer.department};
  constexpr int steps_max = 2;  // taking it, and reporting back
  for (int i = 0; i < steps_max; ++i) {
    ZHILI_TRY(auto const state, parts_.db->read([&](store::Reader& reader) { return respond::CaseDesk::load(reader, handover.case_id); }));
    auto const verb = next_step(meaning_of(told.status), state, line.peer.department);
    if (!verb) return {};
    // The peer's own words are sealed with its message; here stands what it means.
    respond::Command command{.verb = *verb, .reason = fmt::format("{} / {}: {}", line.peer.name.zh, line.peer.name.en, told.status)};
    if (*verb == respond::Verb::report_back) {
      auto const* item = parts_.catalogue->find(state.opening.item);
      auto const* condition = item ? item->condition(state.opening.condition) : nullptr;
      auto const wanted = condition ? condition->evidence.handle : std::vector<std::string>{};
      for (auto const& photo : fetch_photos(line, told)) command.photos.push_back({photo, command.photos.size() < wanted.size() ? wanted[command.photos.size()] : "after"});
    }
    ZHILI_CHECK(cases_.execute(handover.case_id, command, actor));
  }
  return {};
}

}  // namespace zhili::web::exchange
