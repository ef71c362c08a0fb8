#include "respond/alarms/desk.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "respond/alarms/inside.hpp"

namespace zhili::respond::alarms {

/// Decides, writes the entries, changes `state`. Its row is for whoever calls. True: something has changed.
core::Result<bool> AlarmDesk::put(store::Writer& w, AlarmState& state, Command const& command, By const& by) {
  ZHILI_TRY(auto const events, decide(state, command, by));
  for (auto const& event : events) {
    store::Entry entry{event.kind, state.id, event.actor, encode(event)};
    if (event.at != by.now) entry.happened = event.at;
    auto const seq = w.append(std::move(entry));
    if (state.id == 0) state.id = seq;
    state = apply(std::move(state), event);
  }
  return !events.empty();
}

core::Result<AlarmState> AlarmDesk::execute(store::Writer& w, Id alarm, Command const& command, By by) {
  ZHILI_TRY(auto state, load(w, alarm));
  by.now = w.now();
  ZHILI_TRY(auto const changed, put(w, state, command, by));
  if (!changed) return state;
  update_row(w, state);
  if (has_follow_up(state)) set_due(w, {alarm}, DueKind::follow, w.now());
  if (state.suppression && state.suppression->window == 0) set_due(w, {alarm}, DueKind::suppression_ends, state.suppression->until);
  return state;
}

core::Result<AlarmState> AlarmDesk::execute(Id alarm, Command const& command, By by) {
  auto done = parts_.db.write([&](store::Writer& w) { return execute(w, alarm, command, by); });
  if (done && wake_) wake_();
  return done;
}

Keeper AlarmDesk::keeper_of(std::string_view opens, Where const& where) const {
  auto const named = opens_of(opens);
  auto const* item = parts_.catalogue->find(named.item);
  auto const* condition = item && !item->conditions.empty() ? (named.condition.empty() ? &item->conditions.front() : item->condition(named.condition)) : nullptr;
  return parts_.surroundings.keeper(named.item, condition ? condition->duty.function : std::string(), condition ? condition->duty.by : catalogue::DutyBy::place, where);
}

namespace {

/// What is at hand when something is due, of one kind, oldest first.
std::vector<Id> alarms_due(store::Reader& reader, DueKind kind, core::Instant now, std::size_t limit) {
  std::vector<Id> out;
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT alarm FROM alarm_due WHERE kind = ? AND due_at <= ? ORDER BY due_at, alarm LIMIT ?", kind, now, limit)) out.push_back(id);
  return out;
}

/// Whoever deletes the row may do it.
bool claim_due(store::Writer& w, Id alarm, DueKind kind, core::Instant now) {
  return w.exec("DELETE FROM alarm_due WHERE alarm = ? AND kind = ? AND due_at <= ?", alarm, kind, now) != 0;
}

By by_itself(store::Writer const& w) { return {.now = w.now(), .happened = w.now()}; }

/// Begins at `now`, and nothing was done for it yet.
bool window_begins(Window const& window, core::Instant now) { return !window.over && !window.begun && window.begins <= now && now < window.ends; }
bool window_ends(Window const& window, core::Instant now) { return !window.over && window.ends <= now; }

std::vector<Id> windows_at(store::Reader& reader, core::Instant now, bool (*which)(Window const&, core::Instant)) {
  std::vector<Id> out;
  for (auto const& window : open_windows(reader))
    if (which(window, now)) out.push_back(window.id);
  return out;
}

}  // namespace

/// One part that cannot be done does not stop the others.
core::Result<std::size_t> AlarmDesk::run_due(core::Instant now, std::size_t limit) {
  ZHILI_TRY(auto const first, parts_.db.read([](store::Reader& r) { return next_due(r); }));
  if (!first || *first > now) return std::size_t{0};  // a quiet city costs no transaction
  std::size_t done = 0;
  std::optional<core::Error> failed;
  using Part = core::Result<std::size_t> (AlarmDesk::*)(core::Instant, std::size_t);
  for (Part const part : {&AlarmDesk::begin_windows, &AlarmDesk::end_windows, &AlarmDesk::end_suppressions, &AlarmDesk::follow_up}) {
    if (done >= limit) break;
    auto const some = (this->*part)(now, limit - done);
    if (some) done += *some;
    else if (!failed) failed = some.error();
  }
  if (failed) return core::fail(*failed);
  return done;
}

std::optional<core::Instant> AlarmDesk::next_due(store::Reader& reader) {
  std::optional<core::Instant> out;
  auto const earlier = [&](std::optional<std::int64_t> ms) {
    if (ms && (!out || core::from_ms(*ms) < *out)) out = core::from_ms(*ms);
  };
  for (auto const kind : {DueKind::follow, DueKind::suppression_ends})
    earlier(reader.value<std::int64_t>("SELECT due_at FROM alarm_due WHERE kind = ? ORDER BY due_at LIMIT 1", kind));
  for (auto const& window : open_windows(reader)) earlier(core::to_ms(window.begun ? window.ends : window.begins));
  return out;
}

/// What stands when a window begins is suppressed. Done again after a crash it finds what is suppressed already and leaves it. The window is
/// looked at anew in each piece of work: somebody may end it in between.
core::Result<std::size_t> AlarmDesk::begin_windows(core::Instant now, std::size_t limit) {
  ZHILI_TRY(auto const beginning, parts_.db.read([&](store::Reader& r) { return windows_at(r, now, window_begins); }));
  std::size_t done = 0;
  for (auto const id : beginning) {
    if (done >= limit) break;
    for (std::optional<Id> after = Id{0}; after;) {
      ZHILI_TRY(after, parts_.db.write([&](store::Writer& w) { return begin_piece(w, id, *after); }));
    }
    ++done;
  }
  return done;
}

/// Gives the last alarm that was looked at; nothing: there are no more.
core::Result<std::optional<Id>> AlarmDesk::begin_piece(store::Writer& w, Id id, Id after) {
  static std::string const sql = fmt::format("SELECT {} FROM alarm WHERE state < 4 AND id > ? ORDER BY id LIMIT ?", row_columns);
  auto const window = find_window(w, id);
  if (!window || !window_begins(*window, w.now())) return std::optional<Id>();
  std::vector<AlarmState> some;
  ZHILI_CHECK(visit_rows(w, sql, {after, static_cast<std::int64_t>(alarms_per_piece)}, [&](AlarmState state) { some.push_back(std::move(state)); }));
  for (auto& state : some) {
    if (!window->scope.fits(state.kind, state.rule, state.finding)) continue;
    ZHILI_TRY(auto const changed, put(w, state, {.verb = Verb::hush, .reason = window->reason, .suppression = Suppression{window->ends, id}}, by_itself(w)));
    if (changed) update_row(w, state);
  }
  if (some.size() == alarms_per_piece) return std::optional(some.back().id);
  w.exec("UPDATE maintenance SET begun = 1 WHERE id = ?", id);
  return std::optional<Id>();
}

/// What a window that is over still suppresses is raised, or goes on being suppressed by another one.
core::Result<std::size_t> AlarmDesk::end_windows(core::Instant now, std::size_t limit) {
  ZHILI_TRY(auto const ending, parts_.db.read([&](store::Reader& r) { return windows_at(r, now, window_ends); }));
  std::size_t done = 0;
  for (auto const id : ending) {
    if (done >= limit) break;
    for (bool more = true; more;) {
      ZHILI_TRY(more, parts_.db.write([&](store::Writer& w) { return end_piece(w, id); }));
    }
    ++done;
  }
  return done;
}

/// Whether there are more.
core::Result<bool> AlarmDesk::end_piece(store::Writer& w, Id id) {
  static std::string const sql = fmt::format("SELECT {} FROM alarm WHERE state = 3 AND window_id = ? ORDER BY id LIMIT ?", row_columns);
  std::vector<AlarmState> some;
  ZHILI_CHECK(visit_rows(w, sql, {id, static_cast<std::int64_t>(alarms_per_piece)}, [&](AlarmState state) { some.push_back(std::move(state)); }));
  auto open = open_windows(w);
  std::erase_if(open, [&](Window const& one) { return one.id == id; });
  std::vector<Id> follow;
  for (auto& state : some) {
    auto const another = suppressed_by(open, state.kind, state.rule, state.finding, w.now());
    ZHILI_CHECK(put(w, state, {.verb = Verb::resume, .suppression = another, .at_once = true}, by_itself(w)));
    update_row(w, state);
    if (has_follow_up(state)) follow.push_back(state.id);
  }
  set_due(w, follow, DueKind::follow, w.now());
  if (some.size() == alarms_per_piece) return true;
  w.exec("UPDATE maintenance SET finished = 1 WHERE id = ?", id);
  return false;
}

/// Of alarms that somebody suppressed one by one.
core::Result<std::size_t> AlarmDesk::end_suppressions(core::Instant now, std::size_t limit) {
  std::size_t done = 0;
  while (done < limit) {
    std::size_t seen = 0;
    ZHILI_CHECK(parts_.db.write([&](store::Writer& w) -> core::Result<> {
      auto const ids = alarms_due(w, DueKind::suppression_ends, now, std::min(alarms_per_piece, limit - done));
      seen = ids.size();
      auto const open = seen == 0 ? std::vector<Window>{} : open_windows(w);
      for (auto const id : ids) {
        if (!claim_due(w, id, DueKind::suppression_ends, now)) continue;
        ZHILI_TRY(auto state, load(w, id));
        if (!state.suppression || state.suppression->window != 0) continue;  // something else suppresses it now, or nothing
        ZHILI_TRY(auto const changed, put(w, state, {.verb = Verb::resume, .suppression = suppressed_by(open, state.kind, state.rule, state.finding, w.now())}, by_itself(w)));
        if (!changed) {  // somebody has made it longer; never due again in this very call
          set_due(w, {id}, DueKind::suppression_ends, std::max(state.suppression->until, now + std::chrono::milliseconds(1)));
          continue;
        }
        update_row(w, state);
        if (has_follow_up(state)) set_due(w, {id}, DueKind::follow, w.now());
      }
      return {};
    }));
    done += seen;
    if (seen == 0) break;
  }
  return done;
}

/// Each alarm once: its row is claimed in the piece of work that does it. One that cannot be done does not stop the others.
core::Result<std::size_t> AlarmDesk::follow_up(core::Instant now, std::size_t limit) {
  std::size_t done = 0;
  while (done < limit) {
    auto const at_most = std::min(followed_per_piece, limit - done);
    std::vector<Id> ids;
    auto const together = parts_.db.write([&](store::Writer& w) -> core::Result<> {
      ids = alarms_due(w, DueKind::follow, now, at_most);
      for (auto const id : ids) {
        if (claim_due(w, id, DueKind::follow, now)) ZHILI_CHECK(follow(w, id));
      }
      return {};
    });
    if (ids.empty()) {
      if (!together) return core::fail(together.error());
      break;
    }
    if (!together)
      for (auto const id : ids) ZHILI_CHECK(follow_alone(id, now));
    done += ids.size();
  }
  return done;
}

/// After a refusal: it is tried again later, or it waits with the reason where trying again cannot help.
core::Result<> AlarmDesk::follow_alone(Id id, core::Instant now) {
  auto const alone = parts_.db.write([&](store::Writer& w) -> core::Result<> {
    if (!claim_due(w, id, DueKind::follow, now)) return {};
    return follow(w, id);
  });
  if (alone) return {};
  auto const& why = alone.error();
  spdlog::warn("alarm {}: {} {}", id, why.text.en, why.detail);
  return parts_.db.write([&](store::Writer& w) -> core::Result<> {
    if (!claim_due(w, id, DueKind::follow, now)) return {};
    bool const later = why.code == core::Errc::busy || why.code == core::Errc::unavailable;
    if (later) return set_due(w, {id}, DueKind::follow, w.now() + follow_retry_after), core::Result<>();
    ZHILI_TRY(auto state, load(w, id));
    ZHILI_CHECK(put(w, state, {.verb = Verb::signal, .signal = state.signal, .waits = why.text}, by_itself(w)));
    update_row(w, state);
    return {};
  });
}

}  // namespace zhili::respond::alarms
