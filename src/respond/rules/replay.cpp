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

/// Readings of all streams of an instance, in order.
core::Result<std::vector<Reading>> readings_of(Instance const& instance, Past const& past, core::Instant from, core::Instant until, std::size_t most) {
  std::vector<Reading> out;
  bool too_many = false;
  for (auto const& source : instance.sources) {
    ZHILI_CHECK(past.each(source.stream, from, until, [&](Reading const& reading) {
      too_many = out.size() >= most;
      if (!too_many) out.push_back(reading);
      return !too_many;
    }));
    if (too_many)
      return core::fail(Errc::limit, "replay.readings", {fmt::format("这段时间的读数超过 {} 条。请缩短时间。", replay_readings_max), fmt::format("There are more than {} readings in this time. Choose a shorter one.", replay_readings_max)}, "from");
  }
  if (instance.sources.size() > 1) std::ranges::stable_sort(out, {}, &Reading::at_ms);
  return out;
}

void run(Engine& engine, std::span<Reading const> readings, core::Instant until, core::Duration lateness) {
  Batch batch;
  for (std::size_t i = 0; i < readings.size();) {
    batch.readings.clear();
    batch.received = core::from_ms(readings[i].at_ms);
    ++batch.position;
    for (auto const at = readings[i].at_ms; i < readings.size() && readings[i].at_ms == at; ++i) batch.readings.push_back(readings[i]);
    engine.take(batch);
  }
  engine.advance(until + lateness);
}

void note(Engine const& engine, core::Instant until, Replayed& out) {
  auto const& instance = engine.instances()[0];
  auto const fired_before = out.fired;
  std::optional<std::size_t> open;  // in out.times
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
  out.concerned += out.fired > fired_before ? 1 : 0;
  if (engine.broken(0) == Broken::no) return;
  if (out.broken++ == 0) out.broken_why = words(engine.broken(0));
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
    if (progress && !progress(i, instances.size())) return core::fail(Errc::unavailable, "replay.ended", {"回放被中止。", "The replay was ended."});
    ZHILI_TRY(auto const readings, readings_of(instances[i], past, from, until, replay_readings_max - out.readings));
    out.readings += readings.size();
    ZHILI_TRY(auto const engine, Engine::make({rule}, {instances[i]}, knowledge));
    run(*engine, readings, until, rule.lateness);
    note(*engine, until, out);
    thin_out(out.times, 2 * replay_times_max);
  }
  std::ranges::stable_sort(out.times, {}, &WouldFire::at);
  thin_out(out.times, replay_times_max);
  if (progress) progress(instances.size(), instances.size());
  return out;
}

}  // namespace zhili::respond::rules
