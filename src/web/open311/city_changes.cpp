#include "web/open311/city_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "respond/cases/codec.hpp"
#include "respond/number.hpp"
#include "store/among.hpp"
#include "store/ledger.hpp"
#include "web/api/story_view.hpp"
#include "web/exchange/outside_words.hpp"
#include "web/open311/city_backend.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web::open311 {

using core::EventKind;

namespace {

/// What a step means in the words of the extension; empty: it is none that others are told.
std::string_view status_of(EventKind kind) {
  switch (kind) {
    case EventKind::signal_check_asked:
    case EventKind::signal_checked:
    case EventKind::case_registered: return "investigating";
    case EventKind::signal_rejected: return "no_further_action";
    case EventKind::case_dispatched:
    case EventKind::case_settled:
    case EventKind::case_taken:
    case EventKind::case_reworked:
    case EventKind::case_resumed:
    case EventKind::case_reported_back:
    case EventKind::case_self_handled: return "in_progress";
    case EventKind::case_extension_decided:
    case EventKind::case_suspension_decided: return "action_scheduled";
    case EventKind::case_closed:
    case EventKind::case_force_closed: return "closed";
    case EventKind::case_reopened: return "reopen";
    default: return {};
  }
}

/// A request that an entry is about.
struct About {
  std::int64_t signal = 0;
  core::Instant received_at{};
  bool released = false;
};

/// The requests of signals, and of cases, that are not private.
std::multimap<std::int64_t, About> requests_of(store::Reader& reader, std::vector<std::int64_t> const& subjects) {
  std::multimap<std::int64_t, About> out;
  if (subjects.empty()) return out;
  for (auto const* column : {"id", "case_id"}) {
    std::vector<store::Value> args;
    auto const sql = fmt::format("SELECT {}, id, received_at, released FROM signal WHERE private = 0 AND {}{}", column, column, store::among(subjects, args));
    reader.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
        sql,
        [&](std::int64_t subject, std::int64_t id, std::int64_t received, std::int64_t released) {
          out.emplace(subject, About{id, core::from_ms(received), released != 0});
        },
        args);
  }
  return out;
}

/// The photos of a step; of closing, those of the work that it closes.
std::vector<std::string> photos_of(store::Reader& reader, store::Recorded const& entry, respond::Event const& event) {
  std::vector<respond::Photo> photos = event.photos;
  if (entry.kind == EventKind::case_closed || entry.kind == EventKind::case_force_closed)
    for (auto const& earlier : store::entries_of(reader, entry.subject)) {
      if (earlier.seq > entry.seq || (earlier.kind != EventKind::case_reported_back && earlier.kind != EventKind::case_self_handled)) continue;
      if (auto const work = respond::decode(earlier.kind, earlier.at, earlier.actor, earlier.payload)) photos = work->photos;
    }
  std::vector<std::string> out;
  for (auto const& photo : photos) out.push_back(photo.name);
  return out;
}

}  // namespace

store::Seq last_before(store::Reader& reader, core::Instant at) {
  store::Seq low = 0;  // before `at`, or 0
  store::Seq high = store::last_seq(reader) + 1;
  while (high - low > 1) {
    auto const middle = low + (high - low) / 2;
    auto const when = reader.value<std::int64_t>("SELECT at FROM ledger WHERE seq = ?", middle);
    (when && core::from_ms(*when) < at ? low : high) = middle;
  }
  return low;
}

core::Result<std::vector<std::int64_t>> changed_signals(store::Db& db, Query const& query) {
  return db.read([&](store::Reader& reader) {
    auto const from = last_before(reader, *query.updated_after + std::chrono::milliseconds(1));
    auto const to = query.updated_before ? last_before(reader, *query.updated_before) : store::last_seq(reader);
    std::vector<std::int64_t> out;
    for (auto const& [id, last] : reader.rows<std::int64_t, std::int64_t>(
             "SELECT id, max(seq) AS last FROM (SELECT s.id, l.seq FROM ledger l JOIN signal s ON s.id = l.subject WHERE l.seq > ? AND l.seq <= ? AND "
             "l.kind BETWEEN 200 AND 249 AND s.private = 0 UNION ALL SELECT s.id, l.seq FROM ledger l JOIN signal s ON s.case_id = l.subject WHERE "
             "l.seq > ? AND l.seq <= ? AND l.kind BETWEEN 300 AND 399 AND s.private = 0) AS changed GROUP BY id ORDER BY last LIMIT ? OFFSET ?",
             from, to, from, to, query.limit, query.offset))
      out.push_back(id);
    return out;
  });
}

core::Result<std::vector<Update>> CityBackend::updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids, std::size_t limit,
                                                       core::Lang lang) {
  return parts_.db->read([&](store::Reader& reader) {
    std::vector<Update> out;
    auto place = last_before(reader, from);
    for (bool more = true; more && out.size() < limit;) {
      constexpr std::size_t entries_per_look = 1'000;
      auto const entries = store::entries_after(reader, place, entries_per_look);
      more = entries.size() == entries_per_look;
      if (!entries.empty()) place = entries.back().seq;
      std::vector<std::int64_t> subjects;
      for (auto const& entry : entries)
        if (!status_of(entry.kind).empty()) subjects.push_back(entry.subject);
      auto const requests = requests_of(reader, subjects);
      for (auto const& entry : entries) {
        if (entry.at > to) return out;
        auto const status = status_of(entry.kind);
        if (status.empty()) continue;
        auto const [first, last] = requests.equal_range(entry.subject);
        for (auto about = first; about != last && out.size() < limit; ++about) {
          auto const& [signal, received, released] = about->second;
          Update update{.update_id = fmt::format("{}-{}", entry.seq, signal),
                        .service_request_id = respond::public_number(parts_.installation->prefix, signal, received, parts_.zone),
                        .status = std::string(status),
                        .updated_at = entry.at};
          if (!ids.empty() && std::ranges::find(ids, update.service_request_id) == ids.end()) continue;
          if (entry.kind >= EventKind::case_registered) {
            auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
            if (event) update.description = core::in(lang, story_entry(entry.seq, *event, parts_).sentence);
            if (event && released) update.photos = photos_of(reader, entry, *event);
          }
          out.push_back(std::move(update));
        }
      }
    }
    return out;
  });
}

core::Result<> CityBackend::hear(NewUpdate const& update) {
  auto const heard_before = [&](store::Reader& reader) {
    return reader.value<std::int64_t>("SELECT entry FROM exchange_heard WHERE holder = ? AND update_id = ?", update.key_holder, update.update_id).has_value();
  };
  auto const id = respond::id_of_number(parts_.installation->prefix, update.service_request_id).value_or(0);
  enum class Is : std::uint8_t { unknown, heard, news };
  ZHILI_TRY(auto const is, parts_.db->read([&](store::Reader& reader) {
    if (!reader.value<std::int64_t>("SELECT id FROM signal WHERE id = ? AND private = 0", id)) return Is::unknown;
    return heard_before(reader) ? Is::heard : Is::news;
  }));
  if (is == Is::unknown)
    return core::fail(core::Errc::not_found, "open311.request_unknown",
                      {"没有这一编号的请求，或尚未公开。", "There is no request of that id, or it is not public."}, "service_request_id");
  if (is == Is::heard) return {};
  ZHILI_TRY(auto const sealed, exchange::seal_words(vault_, update.description, parts_.time->now()));
  return parts_.db->write([&](store::Writer& writer) {
    if (heard_before(writer)) return;
    auto const entry = writer.append({.kind = EventKind::exchange_heard, .subject = id, .actor = "open311:" + update.key_holder,
                                      .payload = exchange::heard_payload(update.update_id, update.status, sealed), .happened = update.updated_at});
    if (sealed) store::Vault::keep(writer, entry, *sealed);
    writer.exec("INSERT INTO exchange_heard (holder, update_id, entry, signal_id) VALUES (?, ?, ?, ?)", update.key_holder, update.update_id, entry, id);
  });
}

}  // namespace zhili::web::open311
