// Going through the steps of a program for one instance.

#include <cmath>

#include "respond/rules/engine_inside.hpp"

namespace zhili::respond::rules {

namespace {

Tri tri(bool holds) { return holds ? yes : no; }
Tri both(Tri a, Tri b) { return a == no || b == no ? no : a == unknown || b == unknown ? unknown : yes; }
Tri either(Tri a, Tri b) { return a == yes || b == yes ? yes : a == unknown || b == unknown ? unknown : no; }
Tri opposite_of(Tri a) { return a == unknown ? unknown : tri(a == no); }

/// Codes of comparisons with something and with the newest reading stand in one order.
Tri compared(Code code, Code first, double left, double right) {
  if (std::isnan(left) || std::isnan(right)) return unknown;
  switch (static_cast<int>(code) - static_cast<int>(first)) {
    case 0: return tri(left == right);
    case 1: return tri(left != right);
    case 2: return tri(left < right);
    case 3: return tri(left <= right);
    case 4: return tri(left > right);
    default: return tri(left >= right);
  }
}

}  // namespace

std::pair<std::uint32_t, std::uint32_t> Engine::Inside::sources_of(std::uint32_t instance, std::uint8_t property) const {
  auto const& sources = instances[instance].sources;
  std::uint32_t first = 0;
  while (first < sources.size() && sources[first].property < property) ++first;
  auto end = first;
  while (end < sources.size() && sources[end].property == property) ++end;
  return {first, end};
}

/// Where the newest reading of a property stands, or that of one of its streams.
std::uint32_t Engine::Inside::last_word(std::uint32_t instance, std::uint8_t property, std::uint32_t source, bool of_source) const {
  auto const& cell = cells[instance];
  auto const& program = programs[cell.program];
  bool const own = of_source && instances[instance].sources.size() > program.properties;
  return cell.words + (own ? program.own_words + 2 * source : 2U * property);
}

WindowState& Engine::Inside::window_of(std::uint32_t instance, std::uint16_t plan, std::uint32_t source) {
  auto const& cell = cells[instance];
  auto const& plans = programs[cell.program].windows;
  std::size_t at = cell.windows;
  for (std::uint16_t i = 0; i < plan; ++i) {
    if (!plans[i].each_sensor) {
      ++at;
      continue;
    }
    auto const [first, end] = sources_of(instance, plans[i].property);
    at += end - first;
  }
  if (plans[plan].each_sensor) at += source - sources_of(instance, plans[plan].property).first;
  return windows[at];
}

Tri Engine::Inside::clock_holds(std::uint16_t program, std::uint16_t clock, std::int64_t at) {
  auto& spell = spells[program][clock];
  if (!spell.covers(at)) spell = spell_at(programs[program].clocks[clock].expr, zone, calendar, core::from_ms(at));
  due_at(spell.until_ms);
  return tri(spell.holds);
}

double Engine::Inside::usual_at(std::uint32_t instance, Step const& step, std::int64_t at) {
  if (at < hour.from_ms || at >= hour.until_ms) hour = local_hour(zone, core::from_ms(at));
  due_at(hour.until_ms);
  return known[cells[instance].known + rules[cells[instance].program].parameters.size() + 24U * step.index + static_cast<std::size_t>(hour.hour)];
}

double Engine::Inside::arithmetic(Step const& step) {
  double const a = number[step.a];
  double const b = step.code == Code::negate || step.code == Code::absolute || step.code == Code::convert ? 0 : number[step.b];
  double out = not_known;
  switch (step.code) {
    case Code::add: out = a + b; break;
    case Code::subtract: out = a - b; break;
    case Code::multiply: out = a * b; break;
    case Code::divide:
      if (b == 0 && !std::isnan(a)) trouble = Broken::division_by_zero;
      else out = a / b;
      return out;
    case Code::negate: out = -a; break;
    case Code::absolute: out = std::fabs(a); break;
    default: out = a * step.value + step.offset; break;
  }
  if (std::isinf(out)) trouble = Broken::not_finite;
  return out;
}

void Engine::Inside::run_window(std::uint32_t instance, std::uint16_t at, Moment const& moment) {
  auto const& step = programs[cells[instance].program].steps[at];
  auto const& plan = programs[cells[instance].program].windows[step.index];
  auto& window = window_of(instance, step.index, sensor);
  // A reading of its own ends the window now; otherwise a pane stays until it is wholly over, so that a reading that comes a moment
  // late leaves no gap.
  window.expire(plan, (moment.at - plan.span_ms) / plan.pane_ms + (moment.counted() == plan.property ? 1 : 0));
  due_at(window.next_change(plan));
  switch (step.code) {
    case Code::window_sum: number[at] = window.sum(); break;
    case Code::window_count: number[at] = window.count(); break;
    case Code::window_rise: number[at] = window.rise(); break;
    case Code::window_rate: number[at] = window.rate(plan); break;
    case Code::window_mean:
      number[at] = window.mean(plan, moment.at);
      if (window.whole_at(plan) > moment.at) due_at(window.whole_at(plan));
      break;
    default: number[at] = window.extreme(); break;
  }
  if (std::isinf(number[at])) trouble = Broken::not_finite;
}

/// The same steps for each sensor that has spoken.
void Engine::Inside::run_sensors(std::uint32_t instance, std::uint16_t at, Moment const& moment) {
  auto const& step = programs[cells[instance].program].steps[at];
  auto const [first, end] = sources_of(instance, step.property);
  bool const any = step.code == Code::any_sensor;
  Tri out = any ? no : yes;
  std::uint32_t heard = 0, holding = 0;
  for (auto source = first; source < end; ++source) {
    if (words[last_word(instance, step.property, source, true)] == 0) continue;
    sensor = source;
    run_steps(instance, step.a, step.b, moment);
    auto const one = truth[step.b - 1U];
    ++heard;
    holding += one == yes ? 1 : 0;
    out = any ? either(out, one) : both(out, one);
  }
  truth[at] = heard == 0 ? unknown : out;
  number[at] = holding;
}

/// Steps that remember.
void Engine::Inside::run_memory(std::uint32_t instance, std::uint16_t at, Moment const& moment) {
  auto const& step = programs[cells[instance].program].steps[at];
  auto& word = words[cells[instance].words + step.state];
  bool const own = moment.heard == step.property;
  auto const now_word = static_cast<std::uint64_t>(moment.at);
  switch (step.code) {
    case Code::lasting:
      if (truth[step.a] != yes) word = 0;
      else if (word == 0) word = now_word;
      break;
    case Code::consecutive: {
      auto const counted = moment.counted();
      if (truth[step.a] != yes) word = 0;
      else if (counted >= 0 && ((step.properties >> counted) & 1U) && word < static_cast<std::uint64_t>(step.value)) ++word;
      truth[at] = tri(static_cast<double>(word) >= step.value);
      return;
    }
    case Code::no_data:
      if (own) word = now_word;
      break;
    case Code::no_change:
      if (own && moment.told && (word == 0 || moment.changed)) word = now_word;
      break;
    case Code::no_sign:
      if (own && moment.told && (word == 0 || moment.value > 0)) word = now_word;
      break;
    default: break;
  }
  // All of these say yes once something has lasted for the span.
  auto const since = static_cast<std::int64_t>(word);
  bool const over = since != 0 && moment.at - since >= step.span_ms;
  if (since != 0 && !over) due_at(since + step.span_ms);
  truth[at] = over ? yes : since == 0 && step.code != Code::lasting ? unknown : no;
}

namespace {

// Bits of the second word of `then` and `without`.
constexpr std::uint64_t first_was = 1, second_was = 2, happened = 4;

struct Sequence {
  std::uint64_t& since;
  std::uint64_t& bits;
  bool first, second;
  bool first_begins() const { return first && !(bits & first_was); }
  bool second_begins() const { return second && !(bits & second_was); }
  void note(bool out) { bits = (first ? first_was : 0) | (second ? second_was : 0) | (out ? happened : 0); }
};

Tri run_then(Sequence it, std::int64_t at, std::int64_t span_ms) {
  bool out = (it.bits & happened) != 0 && it.second;
  if (it.second_begins()) out = it.since != 0 && at - static_cast<std::int64_t>(it.since) <= span_ms;
  if (it.first_begins()) it.since = static_cast<std::uint64_t>(at);
  it.note(out);
  return tri(out);
}

/// `due`: when it will have happened, if nothing comes.
Tri run_without(Sequence it, std::int64_t at, std::int64_t span_ms, std::int64_t& due) {
  bool out = (it.bits & happened) != 0;
  if (it.first_begins()) {
    it.since = static_cast<std::uint64_t>(at);
    out = false;
  }
  if (it.second) {
    it.since = 0;
    out = false;
  }
  if (it.since != 0) {
    auto const end = static_cast<std::int64_t>(it.since) + span_ms;
    if (at >= end) {
      it.since = 0;
      out = true;
    } else due = std::min(due, end);
  }
  it.note(out);
  return tri(out);
}

}  // namespace

void Engine::Inside::run_steps(std::uint32_t instance, std::uint16_t first, std::uint16_t end, Moment const& moment) {
  auto const& cell = cells[instance];
  auto const& program = programs[cell.program];
  for (auto at = first; at < end; ++at) {
    auto const& step = program.steps[at];
    switch (step.code) {
      case Code::number: number[at] = step.value; break;
      case Code::truth: truth[at] = tri(step.value != 0); break;
      case Code::last: number[at] = value_word(last_word(instance, step.property, sensor, step.of_sensor)); break;
      case Code::last_truth: {
        double const value = value_word(last_word(instance, step.property, sensor, step.of_sensor));
        truth[at] = std::isnan(value) ? unknown : tri(value != 0);
        break;
      }
      case Code::last_equal:
      case Code::last_not_equal:
      case Code::last_less:
      case Code::last_less_equal:
      case Code::last_greater:
      case Code::last_greater_equal: {
        auto const word = step.of_sensor ? last_word(instance, step.property, sensor, true) : cell.words + 2U * step.property;
        truth[at] = compared(step.code, Code::last_equal, value_word(word), step.value);
        break;
      }
      case Code::equal:
      case Code::not_equal:
      case Code::less:
      case Code::less_equal:
      case Code::greater:
      case Code::greater_equal: truth[at] = compared(step.code, Code::equal, number[step.a], number[step.b]); break;
      case Code::all_of: truth[at] = both(truth[step.a], truth[step.b]); break;
      case Code::any_of: truth[at] = either(truth[step.a], truth[step.b]); break;
      case Code::negation: truth[at] = opposite_of(truth[step.a]); break;
      case Code::not_yes: truth[at] = tri(truth[step.a] != yes); break;
      case Code::clock: truth[at] = clock_holds(cell.program, step.index, moment.at); break;
      case Code::parameter: number[at] = known[cell.known + step.index]; break;
      case Code::usual: number[at] = usual_at(instance, step, moment.at); break;
      case Code::any_sensor:
      case Code::all_sensors:
      case Code::count_sensors:
        run_sensors(instance, at, moment);
        at = static_cast<std::uint16_t>(step.b - 1);
        break;
      case Code::then:
      case Code::without: {
        Sequence const it{words[cell.words + step.state], words[cell.words + step.state + 1U], truth[step.a] == yes, truth[step.b] == yes};
        truth[at] = step.code == Code::then ? run_then(it, moment.at, step.span_ms) : run_without(it, moment.at, step.span_ms, due);
        break;
      }
      case Code::lasting:
      case Code::consecutive:
      case Code::no_data:
      case Code::no_change:
      case Code::no_sign: run_memory(instance, at, moment); break;
      default:
        if (step.code >= Code::window_least && step.code <= Code::window_rate) run_window(instance, at, moment);
        else number[at] = arithmetic(step);
        break;
    }
  }
}

}  // namespace zhili::respond::rules
