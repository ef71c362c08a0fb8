#include "organise/calls/call_back_desk.hpp"

#include <fmt/format.h>

#include "organise/calls/call_back_rows.hpp"
#include "store/ledger.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

constexpr std::string_view follower = "call-backs";
/// Where nothing happened to closed cases, the place in the ledger is noted only now and then.
constexpr store::Seq note_every_entries = 20'000;

struct Happened {
  store::Seq seq;
  EventKind kind;
  core::Instant at;
  std::int64_t case_id;
};

bool concerns_us(EventKind kind) {
  return kind == EventKind::case_closed || kind == EventKind::case_force_closed || kind == EventKind::case_reopened;
}

store::Seq place_of(store::Reader& reader) {
  return reader.value<std::int64_t>("SELECT seq FROM ledger_follower WHERE name = ?", follower).value_or(0);
}

std::optional<core::Instant> first_reached(store::Reader& reader, std::int64_t case_id) {
  auto const at = reader.value<std::int64_t>("SELECT min(at) FROM reporter_contact WHERE case_id = ? AND reached = 1 HAVING min(at) IS NOT NULL", case_id);
  return at ? std::optional(core::from_ms(*at)) : std::nullopt;
}

std::string result_payload(CallBack const& it, CallBackResult const& result, std::optional<store::Sealed> const& sealed) {
  auto out = fmt::format(R"({{"attempt":{})", it.attempts);
  if (result.reached)
    out += fmt::format(R"(,"contacted":"{}","solved":"{}","satisfied":{},"reopen":{})", name(it.contacted), name(it.solved), it.satisfied, result.reopen);
  if (result.no_number) out += R"(,"no_number":true)";
  if (sealed) out += fmt::format(R"(,"private":{})", sealed->reference());
  return out + "}";
}

constexpr std::string_view column_of(CallBackKey key) {
  switch (key) {
    case CallBackKey::department: return "department";
    case CallBackKey::area: return "area";
    case CallBackKey::item: return "item";
    case CallBackKey::channel: return "channel";
  }
  return {};
}

/// How a reporter was contacted, as far as rates look at it.
enum class InTime : std::uint8_t { unmeasured = 0, no = 1, yes = 2 };

EventKind kind_of(CallBackState state) {
  if (state == CallBackState::reached) return EventKind::call_back_reached;
  return state == CallBackState::due ? EventKind::call_back_attempted : EventKind::call_back_given_up;
}

}  // namespace

core::Result<> CallBackDesk::follow() {
  for (;;) {
    ZHILI_TRY(bool const more, follow_step());
    if (!more) break;
  }
  return close_overdue();
}

core::Result<bool> CallBackDesk::follow_step() {
  store::Seq from = 0;
  store::Seq last = 0;
  std::size_t entries = 0;
  std::vector<Happened> happened;
  ZHILI_CHECK(db_.read([&](store::Reader& r) {
    from = place_of(r);
    last = from;
    r.each<std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t>(
        "SELECT seq, kind, at, happened, subject FROM ledger WHERE seq > ? ORDER BY seq LIMIT ?",
        [&](std::int64_t seq, std::int64_t kind, std::int64_t at, std::optional<std::int64_t> when, std::int64_t subject) {
          last = seq;
          ++entries;
          if (concerns_us(static_cast<EventKind>(kind)))
            happened.push_back({seq, static_cast<EventKind>(kind), core::from_ms(when.value_or(at)), subject});
        },
        from, follow_entries_per_step);
  }));
  bool const more = entries == follow_entries_per_step;
  if (happened.empty() && !more && last - from < note_every_entries) return false;
  ZHILI_CHECK(db_.write([&](store::Writer& w) {
    if (place_of(w) != from) return;  // another process was faster
    for (auto const& one : happened) take_in(w, one.seq, one.kind, one.at, one.case_id);
    w.exec("INSERT INTO ledger_follower (name, seq) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq", follower, last);
  }));
  return more;
}

void CallBackDesk::take_in(store::Writer& w, store::Seq entry, EventKind kind, core::Instant at, std::int64_t case_id) const {
  for (auto const& it : call_backs_where(w, "WHERE case_id = ? AND state = 1", case_id)) {  // asked about another time
    w.append({EventKind::call_back_withdrawn, it.id, "system", "{}"});
    w.exec("UPDATE call_back SET state = ?, ended_at = ? WHERE id = ?", CallBackState::withdrawn, w.now(), it.id);
  }
  if (kind == EventKind::case_reopened) return;
  auto const closed = cases_.closed_case(w, case_id);
  if (!closed) return;
  auto const contacted = first_reached(w, case_id);
  for (auto const& report : closed->reports) {
    if (!is_called_back(report, rules_)) continue;
    CallBack it{.case_id = case_id, .signal_id = report.signal_id, .closing = entry, .item = closed->item, .channel = report.channel,
                .area = closed->area, .department = closed->department, .dispatched_at = closed->dispatched_at,
                .contacted_at = contacted,
                .response_due_at = response_due(closed->item, closed->dispatched_at, rules_, calendar_), .closed_at = at};
    it.due_at = core::due(rules_.call_back_within, at, calendar_).value_or(at);
    it.next_at = at;
    it.id = w.append({EventKind::call_back_due, 0, "system",
                      fmt::format(R"({{"case":{},"signal":{},"closing":{}}})", case_id, report.signal_id, entry)});
    insert_call_back(w, it);
  }
}

core::Result<> CallBackDesk::close_overdue() {
  auto const now = time_.now();
  ZHILI_TRY(auto const over, db_.read([&](store::Reader& r) { return call_backs_where(r, "WHERE state = 1 AND due_at <= ? ORDER BY id LIMIT 1000", now); }));
  if (over.empty()) return {};
  return db_.write([&](store::Writer& w) -> core::Result<> {
    for (auto const& one : over) {
      auto const it = find(w, one.id);
      if (!it || !is_over(*it, now)) continue;
      w.append({EventKind::call_back_given_up, it->id, "system", fmt::format(R"({{"attempt":{}}})", it->attempts)});
      w.exec("UPDATE call_back SET state = ?, ended_at = ? WHERE id = ?", CallBackState::not_reached, w.now(), it->id);
    }
    return {};
  });
}

Contacts CallBackDesk::contacts(store::Reader& reader, std::int64_t case_id) const {
  Contacts out;
  out.reached_at = first_reached(reader, case_id);
  for (auto const& [at, reached] : reader.rows<std::int64_t, std::int64_t>(
           "SELECT at, reached FROM reporter_contact WHERE case_id = ? ORDER BY at DESC, id DESC LIMIT ?", case_id, contacts_shown_max))
    out.all.insert(out.all.begin(), Contact{core::from_ms(at), reached != 0});
  if (auto const known = cases_.closed_case(reader, case_id)) out.due_at = response_due(known->item, known->dispatched_at, rules_, calendar_);
  return out;
}

std::int64_t CallBackDesk::contacted(store::Writer& w, std::int64_t case_id, bool reached, std::string const& actor) {
  auto const id = w.append({EventKind::reporter_contacted, 0, actor, fmt::format(R"({{"case":{},"reached":{}}})", case_id, reached)});
  w.exec("INSERT INTO reporter_contact (id, case_id, at, reached) VALUES (?,?,?,?)", id, case_id, w.now(), reached);
  return id;
}

core::Result<std::int64_t> CallBackDesk::contacted(std::int64_t case_id, bool reached, std::string const& actor) {
  return db_.write([&](store::Writer& w) { return contacted(w, case_id, reached, actor); });
}

core::Result<CallBack> CallBackDesk::record(std::int64_t id, CallBackResult const& result, CallTaker const& who, Reopen const& reopen) {
  std::optional<store::Sealed> sealed;
  if (!result.words.empty() && result.words.size() <= store::max_private_bytes) {
    ZHILI_TRY(sealed, vault_.seal({{"words", result.words}}, time_.now() + call_back_words_kept_for));
  }
  return db_.write([&](store::Writer& w) -> core::Result<CallBack> {
    auto const before = find(w, id);
    if (!before) return fail(Errc::not_found, "call_back.unknown", {"没有这件回访。", "There is no such call-back."}, "call_back");
    ZHILI_TRY(auto const it, after_attempt(*before, result, w.now(), rules_, calendar_));
    auto const entry = w.append({kind_of(it.state), it.id, who.ref, result_payload(it, result, sealed)});
    if (sealed) store::Vault::keep(w, entry, *sealed);
    update_call_back(w, it);
    if (result.reopen) ZHILI_CHECK(reopen(w, it));
    return it;
  });
}

std::optional<CallBack> CallBackDesk::find(store::Reader& reader, std::int64_t id) {
  auto found = call_backs_where(reader, "WHERE id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<CallBack> CallBackDesk::waiting(store::Reader& reader, core::Instant now) {
  return call_backs_where(reader, "WHERE state = 1 AND next_at <= ? ORDER BY next_at, id", now);
}

std::vector<CallBack> CallBackDesk::closed_between(store::Reader& reader, core::Instant from, core::Instant to) {
  return call_backs_where(reader, "WHERE closed_at >= ? AND closed_at < ? ORDER BY closed_at, id", from, to);
}

std::vector<AlikeCallBacks> CallBackDesk::alike_between(store::Reader& reader, core::Instant from, core::Instant to, CallBackKey by) {
  std::vector<AlikeCallBacks> out;
  using N = std::int64_t;
  reader.each<std::string, N, N, N, N, N, std::string, N>(
      fmt::format("SELECT {}, state, contacted, solved, satisfied, CASE WHEN response_due_at IS NULL THEN {} WHEN contacted_at <= response_due_at THEN {} ELSE {} END, "
                  "COALESCE((SELECT rates FROM call_back_exclusion x WHERE x.call_back_id = call_back.id AND x.state = 2), ''), count(*) "
                  "FROM call_back WHERE closed_at >= ? AND closed_at < ? GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7",
                  column_of(by), static_cast<int>(InTime::unmeasured), static_cast<int>(InTime::yes), static_cast<int>(InTime::no)),
      [&](std::string key, N state, N contacted, N solved, N satisfied, N in_time, std::string const& excluded, N count) {
        CallBack like{.state = static_cast<CallBackState>(state), .contacted = static_cast<Answer>(contacted), .solved = static_cast<Answer>(solved),
                      .satisfied = static_cast<int>(satisfied), .excluded_from = codes_of(excluded)};
        if (static_cast<InTime>(in_time) != InTime::unmeasured) like.response_due_at = core::Instant{};
        if (static_cast<InTime>(in_time) == InTime::yes) like.contacted_at = core::Instant{};
        out.push_back({std::move(key), std::move(like), count});
      },
      core::to_ms(from), core::to_ms(to));
  return out;
}

}  // namespace zhili::organise
