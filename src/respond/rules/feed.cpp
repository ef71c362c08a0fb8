// Readings come in, time passes.

#include <algorithm>
#include <cmath>

#include "respond/rules/engine_inside.hpp"

namespace zhili::respond::rules {

namespace {

constexpr std::size_t looked_ahead = 6;  ///< readings whose memory is asked for before it is needed

}  // namespace

void Engine::Inside::take(Batch const& batch, Clock clock) {
  auto const received_ms = core::to_ms(batch.received);
  if (clock == Clock::goes) advance(received_ms - 1);  // what is due at the time of a reading comes after it
  before = position;
  bool const again = batch.position <= seen_max;
  auto const& readings = batch.readings;
  std::array<std::uint32_t, looked_ahead> ahead{};
  auto const look = [&](std::size_t i) {
    auto const place = i < readings.size() ? table.find(readings[i].stream) : StreamTable::nothing;
    ahead[i % looked_ahead] = place;
    if (place == StreamTable::nothing) return;
    auto const& first = routes[route_begin[place]];
    __builtin_prefetch(&cells[first.instance]);
    __builtin_prefetch(&words[cells[first.instance].words]);
  };
  for (std::size_t i = 0; i < std::min(looked_ahead - 1, readings.size()); ++i) look(i);
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (i + looked_ahead - 1 < readings.size()) look(i + looked_ahead - 1);
    auto const place = ahead[i % looked_ahead];
    ++counts.readings;
    if (place == StreamTable::nothing) {
      ++counts.unwatched;
      continue;
    }
    for (auto at = route_begin[place]; at < route_begin[place + 1U]; ++at) {
      auto const& route = routes[at];
      if (again && batch.position <= seen[route.instance]) continue;
      take(route, readings[i], received_ms);
    }
  }
  position = before = std::max(position, batch.position);
}

void Engine::Inside::take(Route const& route, Reading const& reading, std::int64_t received_ms) {
  auto& cell = cells[route.instance];
  if (cell.flags >> broken_shift) return;
  if (reading.at_ms <= 0 || received_ms - reading.at_ms > history_after.count()) {
    ++counts.history;
    return;
  }
  touch(route.instance);
  Waiting const one{reading.at_ms, received_ms, reading.value, route.source, reading.quality, reading.type};
  if (programs[cell.program].lateness_ms > 0) hold_back(route, one);
  else apply(route, one);
  arm(route.instance);
}

/// A reading counts.
void Engine::Inside::apply(Route const& route, Waiting const& reading) {
  auto const instance = route.instance;
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  if (reading.at_ms <= time_word(own_word(route))) {
    ++counts.late;
    return;
  }
  Moment moment{.at = std::max(reading.at_ms, cell.clock), .heard = route.property, .in_place = reading.at_ms >= cell.clock, .source = reading.source};
  if (moment.in_place) {
    pass_deadlines(instance, reading.at_ms);
    if (cell.flags >> broken_shift) return;
    auto const lag = reading.received_ms - program.lateness_ms - reading.at_ms;
    cell.lag_ms = static_cast<std::int32_t>(std::clamp<std::int64_t>(lag, 0, history_after.count()));
  } else ++counts.out_of_place;
  due = never_ms;
  enter_hours(instance, moment);
  if (reading.type != program.types[route.property] && (reading.quality & program.ignores) == 0) return stop(instance, Broken::wrong_type);
  remember(route, reading, moment);
  cell.clock = moment.at;
  judge(instance, moment);
}

/// Puts a reading where the steps find it.
void Engine::Inside::remember(Route const& route, Waiting const& reading, Moment& moment) {
  auto const instance = route.instance;
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  auto const own = own_word(route);
  auto const shared = cell.words + 2U * route.property;
  moment.told = (reading.quality & program.ignores) == 0 && std::isfinite(reading.value);
  moment.value = reading.value;
  moment.changed = !(value_word(shared) == reading.value);
  if (!moment.told) ++counts.ignored;
  for (auto const word : {own, shared}) {
    bool const first = words[word] == 0;
    words[word] = static_cast<std::uint64_t>(word == own ? reading.at_ms : moment.at);
    if (moment.told) words[word + 1] = std::bit_cast<std::uint64_t>(reading.value);
    else if (first) words[word + 1] = std::bit_cast<std::uint64_t>(not_known);
    if (own == shared) break;
  }
  if (moment.counted() < 0) return;
  for (std::uint16_t i = 0; i < program.windows.size(); ++i) {
    auto const& plan = program.windows[i];
    if (plan.property != route.property) continue;
    auto& window = window_of(instance, i, route.source);
    window.expire(plan, (moment.at - plan.span_ms) / plan.pane_ms + 1);
    window.add(plan, moment.at, reading.value);
  }
}

void Engine::Inside::pass_one(std::uint32_t instance) {
  auto& cell = cells[instance];
  Moment const moment{.at = cell.next};
  touch(instance);
  cell.clock = cell.next;
  due = never_ms;
  enter_hours(instance, moment);
  judge(instance, moment);
  if (cell.next <= moment.at) stop(instance, Broken::internal);  // time would stand still
}

void Engine::Inside::pass_deadlines(std::uint32_t instance, std::int64_t before_ms) {
  while (cells[instance].next < before_ms) pass_one(instance);
}

/// Keeps a reading until what comes before it must have come.
void Engine::Inside::hold_back(Route const& route, Waiting const& reading) {
  auto& buffer = buffers[route.instance];
  auto const before = [](Waiting const& a, Waiting const& b) { return std::pair(a.at_ms, a.source) < std::pair(b.at_ms, b.source); };
  auto const place = std::lower_bound(buffer.waiting.begin(), buffer.waiting.end(), reading, before);
  if (place != buffer.waiting.end() && !before(reading, *place)) {
    ++counts.late;
    return;
  }
  buffer.waiting.insert(place, reading);
  buffer.newest_ms = std::max(buffer.newest_ms, reading.at_ms);
  release(route.instance);
}

Waiting const* Engine::Inside::first_waiting(std::uint32_t instance) const {
  auto const found = buffers.find(instance);
  return found == buffers.end() || found->second.waiting.empty() ? nullptr : &found->second.waiting.front();
}

/// When the first that waits may go, on the wall clock.
std::int64_t Engine::Inside::front_due(std::uint32_t instance) const {
  auto const found = buffers.find(instance);
  if (found == buffers.end() || found->second.waiting.empty()) return never_ms;
  auto const& [waiting, newest_ms] = found->second;
  auto const lateness = programs[cells[instance].program].lateness_ms;
  if (waiting.size() > reorder_readings_max || newest_ms - lateness >= waiting.front().at_ms) return now;
  return waiting.front().received_ms + lateness;
}

void Engine::Inside::release(std::uint32_t instance) {
  while (front_due(instance) <= now && broken(instance) == Broken::no) {
    auto& waiting = buffers[instance].waiting;
    auto const first = waiting.front();
    waiting.erase(waiting.begin());
    auto const& sources = instances[instance].sources;
    apply({instance, first.source, sources[first.source].property, sources.size() > programs[cells[instance].program].properties}, first);
  }
}

void Engine::Inside::wake(std::uint32_t instance) {
  auto& cell = cells[instance];
  cell.armed = never_ms;
  auto const lateness = programs[cell.program].lateness_ms;
  if (lateness > 0) touch(instance);
  for (;;) {
    if (lateness > 0) release(instance);
    if (broken(instance) != Broken::no || cell.next == never_ms || cell.next + lateness + cell.lag_ms > now) break;
    if (auto const* const first = lateness > 0 ? first_waiting(instance) : nullptr; first != nullptr && first->at_ms <= cell.next) break;
    pass_one(instance);
  }
  if (broken(instance) == Broken::no) arm(instance);
}

/// The wheel may wake an instance too early, never too late: it is set anew only for something earlier.
void Engine::Inside::arm(std::uint32_t instance) {
  auto& cell = cells[instance];
  if (cell.flags >> broken_shift) return;
  auto const lateness = programs[cell.program].lateness_ms;
  auto when = cell.next == never_ms ? never_ms : cell.next + lateness + cell.lag_ms;
  if (auto const* const first = lateness > 0 ? first_waiting(instance) : nullptr) when = first->at_ms <= cell.next ? front_due(instance) : std::min(when, front_due(instance));
  if (when >= cell.armed) return;
  cell.armed = when;
  wheel.set(instance, when);
}

void Engine::Inside::advance(std::int64_t now_ms) {
  if (now_ms <= now) return;
  std::uint32_t instance = 0;
  while (wheel.next(now_ms, instance)) {
    now = std::max(now, wheel.now());
    wake(instance);
  }
  now = now_ms;
}

}  // namespace zhili::respond::rules
