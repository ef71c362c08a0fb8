#include "respond/clockwork.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "respond/timers.hpp"

namespace zhili::respond {

namespace {

Actor const system_itself{.ref = "system", .roles = Role::system};

Verb verb_of(TimerKind kind) {
  switch (kind) {
    case TimerKind::clock:
    case TimerKind::signal_clock: return Verb::expire;
    case TimerKind::dispute: return Verb::settle;
    case TimerKind::suspension: return Verb::resume;
    case TimerKind::evaluation: return Verb::evaluate;
    case TimerKind::archive: return Verb::archive;
    case TimerKind::signal_archive: return Verb::archive_signal;
    case TimerKind::signal_join: return Verb::join;
  }
  return Verb::expire;
}

}  // namespace

struct Clockwork::Timer {
  Id subject = 0;
  TimerKind kind = TimerKind::clock;
  std::string name;
  std::int64_t generation = 0;
};

core::Result<> Clockwork::ring(store::Writer& writer, Timer const& timer) {
  if (timer.kind == TimerKind::signal_join) {
    ZHILI_CHECK(signals_.join_by_rule(writer, timer.subject));
    return {};
  }
  if (timer.kind == TimerKind::signal_clock || timer.kind == TimerKind::signal_archive) {
    SignalCommand const command{.verb = verb_of(timer.kind), .clock = timer.name};
    ZHILI_CHECK(signals_.execute(writer, timer.subject, command, system_itself));
    return {};
  }
  Command const command{.verb = verb_of(timer.kind), .clock = timer.name};
  ZHILI_CHECK(cases_.execute(writer, timer.subject, command, system_itself));
  return {};
}

bool Clockwork::fire(store::Writer& writer, Timer const& timer) {
  auto const claimed =
      writer.exec("DELETE FROM timer WHERE subject = ? AND kind = ? AND name = ? AND generation = ?",
                  timer.subject, timer.kind, timer.name, timer.generation);
  if (claimed == 0) return false;  // its subject has moved on
  auto const done = ring(writer, timer);
  if (done) return true;
  spdlog::warn("timer of {} refused, tried again later: {} {}", timer.subject, done.error().text.en,
               done.error().detail);
  writer.exec("INSERT INTO timer (subject, kind, name, generation, due_at) VALUES (?,?,?,?,?)", timer.subject,
              timer.kind, timer.name, timer.generation, writer.now() + timer_retry_after);
  return false;
}

std::vector<Clockwork::Timer> Clockwork::due(store::Reader& reader, core::Instant now, std::size_t limit) {
  std::vector<Timer> out;
  reader.each<std::int64_t, std::int64_t, std::string, std::int64_t>(
      "SELECT subject, kind, name, generation FROM timer WHERE due_at <= ? ORDER BY due_at, subject LIMIT ?",
      [&](std::int64_t subject, std::int64_t kind, std::string name, std::int64_t generation) {
        out.push_back({subject, static_cast<TimerKind>(kind), std::move(name), generation});
      },
      now, limit);
  return out;
}

core::Result<std::size_t> Clockwork::run_due(core::Instant now, std::size_t limit) {
  std::size_t fired = 0;
  for (std::size_t tried = 0; tried < limit; tried += timers_per_write) {
    auto const at_most = std::min(timers_per_write, limit - tried);
    std::size_t seen = 0;
    // Looked up inside the piece of work, behind the lock that all processes share: nobody else has fired these.
    ZHILI_TRY(auto const some, db_.write([&](store::Writer& writer) {
      auto const timers = due(writer, now, at_most);
      seen = timers.size();
      return static_cast<std::size_t>(
          std::ranges::count_if(timers, [&](Timer const& timer) { return fire(writer, timer); }));
    }));
    fired += some;
    if (seen < at_most) break;
  }
  return fired;
}

std::optional<core::Instant> Clockwork::next_due(store::Reader& reader) {
  auto const ms = reader.value<std::int64_t>("SELECT due_at FROM timer ORDER BY due_at, subject LIMIT 1");
  return ms ? std::optional(core::from_ms(*ms)) : std::nullopt;
}

/// True where it was counted: a run before a crash may have done it already.
core::Result<bool> Clockwork::recount(store::Writer& writer, Id subject, std::string const& by, std::string const& reason) {
  bool const is_signal = writer.value<std::int64_t>("SELECT 1 FROM signal WHERE id = ?", subject).has_value();
  if (is_signal) {
    ZHILI_TRY(auto const state, SignalDesk::load(writer, subject));
    if (state.clocks.counted_by == by) return false;
    ZHILI_CHECK(signals_.execute(writer, subject, {.verb = Verb::reproject, .reason = reason}, system_itself));
    return true;
  }
  ZHILI_TRY(auto const state, CaseDesk::load(writer, subject));
  if (state.clocks.counted_by == by) return false;
  ZHILI_CHECK(cases_.execute(writer, subject, {.verb = Verb::reproject, .reason = reason}, system_itself));
  return true;
}

core::Result<std::size_t> Clockwork::reproject(core::Calendar changed, std::string const& reason) {
  auto const by = name_of(changed);
  cases_.count_by(std::move(changed));
  std::size_t counted = 0;
  for (Id after = 0;;) {
    ZHILI_TRY(auto const ids, db_.read([&](store::Reader& reader) {
      return reader.rows<std::int64_t>(
          "SELECT DISTINCT subject FROM clock WHERE state IN (?, ?) AND subject > ? ORDER BY subject LIMIT ?",
          core::ClockState::running, core::ClockState::paused, after, clocks_per_recount);
    }));
    if (ids.empty()) return counted;
    ZHILI_TRY(auto const some, db_.write([&](store::Writer& writer) -> core::Result<std::size_t> {
      std::size_t count = 0;
      for (auto const& [id] : ids) {
        ZHILI_TRY(auto const done, recount(writer, id, by, reason));
        count += done ? 1 : 0;
      }
      return count;
    }));
    counted += some;
    after = std::get<0>(ids.back());
  }
}

}  // namespace zhili::respond
