#include "respond/rules/replay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::respond::rules {

using core::Errc;

namespace {

core::Result<> check_span(core::Instant from, core::Instant until) {
  if (until <= from) return core::fail(Errc::invalid, "replay.from", {"from 要早于 to。", "from is before to."}, "from");
  if (until - from <= replay_span_max) return {};
  return core::fail(Errc::limit, "replay.span", {fmt::format("一次回放最多 {} 天。", replay_span_max.count()), fmt::format("A replay spans {} days at most.", replay_span_max.count())}, "from");
}

/// Readings of all streams of an instance, in order. Nothing: there are more than are held at once.
core::Result<std::optional<std::vector<Reading>>> readings_of(Instance const& instance, Past const& past, core::Instant from, core::Instant until) {
  std::vector<Reading> out;
  bool too_many = false;
  for (auto const& source : instance.sources) {
    ZHILI_CHECK(past.each(source.stream, from, until, [&](Reading const& reading) {
      too_many = out.size() >= replay_held_max;
      if (!too_many) out.push_back(reading);
      return !too_many;
    }));
    if (too_many) return std::nullopt;
  }
  if (instance.sources.size() > 1) std::ranges::stable_sort(out, {}, &Reading::at_ms);
  return out;
}

void run(Engine& engine, std::span<Reading const> readings) {
  Batch batch{.position = engine.position()};
  for (std::size_t i = 0; i < readings.size();) {
    batch.readings.clear();
    batch.received = core::from_ms(readings[i].at_ms);
    ++batch.position;
    for (auto const at = readings[i].at_ms; i < readings.size() && readings[i].at_ms == at; ++i) batch.readings.push_back(readings[i]);
    engine.take(batch);
  }
}

/// Takes over what was found. `open`: the alarm that stands, in out.times.
void note(Engine& engine, core::Instant until, Replayed& out, std::optional<std::size_t>& open) {
  auto const& instance = engine.instances()[0];
  for (auto const& one : engine.found()) {
    if (one.at_ms >= core::to_ms(until)) continue;
    if (one.kind == TransitionKind::fault) ++out.faults;
    if (one.kind == TransitionKind::raise) {
      ++out.fired;
      open = out.times.size();
      out.times.push_back({.subject = instance.subject, .thing = instance.sources[one.source].thing, .at = core::from_ms(one.at_ms), .severity = one.severity, .value_kind = one.value_kind,
                           .has_value = one.has_value, .value = one.value, .unit = engine.unit(one.unit)});
    }
    if (!open) continue;
    if (one.kind == TransitionKind::escalate) out.times[*open].severity = one.severity;
    if (one.kind == TransitionKind::clear) out.times[*open].until = core::from_ms(one.at_ms);
  }
  engine.clear_found();
}

/// Runs an engine of one instance through its history, piece by piece: a piece is halved where it holds too much. False: `goes_on` says so.
core::Result<bool> run_through(Engine& engine, Past const& past, core::Instant from, core::Instant until, Replayed& out, std::function<bool()> const& goes_on) {
  std::optional<std::size_t> open;
  auto const fired_before = out.fired;
  auto piece = until - from;
  for (auto at = from; at < until;) {
    if (!goes_on()) return false;
    auto const end = std::min(until, at + piece);
    ZHILI_TRY(auto const readings, readings_of(engine.instances()[0], past, at, end));
    if (!readings && piece > core::Duration(1)) {
      piece /= 2;
      continue;
    }
    if (!readings || out.readings + readings->size() > replay_readings_max)
      return core::fail(Errc::limit, "replay.readings", {fmt::format("这段时间的读数超过 {} 条。请缩短时间。", replay_readings_max), fmt::format("There are more than {} readings in this time. Choose a shorter one.", replay_readings_max)}, "from");
    out.readings += readings->size();
    run(engine, *readings);
    note(engine, until, out, open);
    at = end;
  }
  engine.advance(until + engine.rules()[0].lateness);
  note(engine, until, out, open);
  out.concerned += out.fired > fired_before ? 1 : 0;
  if (engine.broken(0) != Broken::no && out.broken++ == 0) out.broken_why = words(engine.broken(0));
  return true;
}

/// Keeps the earliest, so that memory does not grow with what a bad rule would raise.
void thin_out(std::vector<WouldFire>& times, std::size_t most) {
  if (times.size() <= most) return;
  std::ranges::stable_sort(times, {}, &WouldFire::at);
  times.resize(most);
}

}  // namespace

core::Result<Replayed> replay(Rule const& rule, std::span<StreamOf const> streams, Knowledge const& knowledge, Past const& past, core::Instant from, core::Instant until,
                              std::function<bool(std::size_t, std::size_t)> const& progress) {
  ZHILI_CHECK(check_span(from, until));
  auto const instances = instances_of(std::span(&rule, 1), streams);
  Replayed out{.subjects = instances.size()};
  for (std::size_t i = 0; i < instances.size(); ++i) {
    ZHILI_TRY(auto const engine, Engine::make({rule}, {instances[i]}, knowledge));
    ZHILI_TRY(auto const done, run_through(*engine, past, from, until, out, [&] { return !progress || progress(i, instances.size()); }));
    if (!done) return core::fail(Errc::unavailable, "replay.ended", {"回放被中止。", "The replay was ended."});
    thin_out(out.times, 2 * replay_times_max);
  }
  std::ranges::stable_sort(out.times, {}, &WouldFire::at);
  thin_out(out.times, replay_times_max);
  if (progress) progress(instances.size(), instances.size());
  return out;
}

}  // namespace zhili::respond::rules
