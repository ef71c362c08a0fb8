// What follows from the steps: raised, graver, cleared, at fault.

#include <algorithm>
#include <cmath>

#include "respond/rules/engine_inside.hpp"

namespace zhili::respond::rules {

namespace {

bool is_numeric_kind(catalogue::ValueKind kind) { return kind == catalogue::ValueKind::number || kind == catalogue::ValueKind::count; }

}  // namespace

void Engine::Inside::forget(std::uint32_t instance, std::uint16_t first, std::uint16_t end) {
  auto const begin = words.begin() + cells[instance].words;
  std::fill(begin + first, begin + end, 0);
}

std::size_t Engine::Inside::window_count(std::uint32_t instance) const {
  std::size_t out = 0;
  for (auto const& plan : programs[cells[instance].program].windows) {
    auto const [first, end] = sources_of(instance, plan.property);
    out += plan.each_sensor ? end - first : 1;
  }
  return out;
}

void Engine::Inside::forget_windows(std::uint32_t instance) {
  if (programs[cells[instance].program].windows.empty()) return;
  auto const count = window_count(instance);
  for (std::size_t i = 0; i < count; ++i) windows[cells[instance].windows + i].clear();
}

void Engine::Inside::stop(std::uint32_t instance, Broken why) {
  auto& cell = cells[instance];
  cell.flags = static_cast<std::uint8_t>((cell.flags & ((1 << broken_shift) - 1)) | (static_cast<unsigned>(why) << broken_shift));
  cell.next = never_ms;
  cell.armed = never_ms;
  wheel.remove(instance);
  if (why != Broken::no) buffers.erase(instance);
}

/// Before anything else counts at this time: where the hours of a rule begin, it begins anew.
void Engine::Inside::enter_hours(std::uint32_t instance, Moment const& moment) {
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  if (program.during.empty()) return;
  run(instance, program.during, moment);
  bool const in = truth[program.during.result] == yes;
  bool const was = (cell.flags & flag_in_hours) != 0;
  if ((cell.flags & flag_hours_known) && in != was) {
    forget(instance, program.hours_first, program.hours_end);
    if (in) forget_windows(instance);
  }
  cell.flags = static_cast<std::uint8_t>((cell.flags & ~flag_in_hours) | flag_hours_known | (in ? flag_in_hours : 0));
}

/// True: the device is at fault, so nothing is said of the place.
bool Engine::Inside::judge_fault(std::uint32_t instance, Moment const& moment) {
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  if (program.fault.empty() && !(cell.flags & flag_fault)) return false;
  // A fault may be inherited from a rule that has none any more.
  if (!program.fault.empty()) run(instance, program.fault, moment);
  bool const fault = !program.fault.empty() && truth[program.fault.result] == yes;
  bool const was = (cell.flags & flag_fault) != 0;
  if (fault && !was) {
    cell.flags |= flag_fault;
    forget(instance, program.judged_first, program.judged_end);
    forget_windows(instance);
    tell(instance, TransitionKind::fault, moment, nullptr);
  } else if (!fault && was) {
    cell.flags = static_cast<std::uint8_t>(cell.flags & ~flag_fault);
    tell(instance, TransitionKind::fault_over, moment, nullptr);
  }
  return fault;
}

void Engine::Inside::judge(std::uint32_t instance, Moment const& moment) {
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  ++counts.evaluations;
  if (judge_fault(instance, moment)) {
    cell.next = due;
    return;
  }
  if (program.during.empty() || (cell.flags & flag_in_hours)) {
    run(instance, program.raise, moment);
    for (auto const& step : program.escalations) run(instance, step.part, moment);
  } else {
    truth[program.raise.result] = no;
    for (auto const& step : program.escalations) truth[step.part.result] = no;
  }
  if (trouble == Broken::no) {
    if (cell.flags & flag_raised) judge_raised(instance, moment);
    else if (truth[program.raise.result] == yes) raise(instance, moment);
  }
  if (trouble != Broken::no) {
    stop(instance, trouble);
    trouble = Broken::no;
    return;
  }
  cell.next = due;
}

void Engine::Inside::raise(std::uint32_t instance, Moment const& moment) {
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  cell.flags |= flag_raised;
  cell.severity = program.severity;
  for (auto const& step : program.escalations)
    if (truth[step.part.result] == yes) cell.severity = std::max(cell.severity, step.to);
  if (program.flap.times > 0) {
    auto& ring = flaps[instance];
    auto const times = static_cast<std::uint32_t>(program.flap.times);
    ring.raised[ring.count++ % times] = moment.at;
    if (ring.count >= times && moment.at - ring.raised[ring.count % times] <= program.flap.within.count()) cell.flags |= flag_flapping;
  }
  tell(instance, TransitionKind::raise, moment, &program.raise);
  forget(instance, program.clear_first, program.clear_end);
  run(instance, program.clear, moment);
}

void Engine::Inside::judge_raised(std::uint32_t instance, Moment const& moment) {
  auto& cell = cells[instance];
  auto const& program = programs[cell.program];
  Program::Escalation const* graver = nullptr;
  for (auto const& step : program.escalations)
    if (truth[step.part.result] == yes && step.to > cell.severity && (graver == nullptr || step.to > graver->to)) graver = &step;
  if (graver != nullptr) {
    cell.severity = graver->to;
    tell(instance, TransitionKind::escalate, moment, &graver->part);
  }
  run(instance, program.clear, moment);
  bool over = truth[program.clear.result] == yes;
  if ((cell.flags & flag_flapping) && !program.calm.empty()) {
    run(instance, program.calm, moment);
    over = truth[program.calm.result] == yes;
  }
  if (trouble != Broken::no || !over) return;
  bool const was_flapping = (cell.flags & flag_flapping) != 0;
  cell.flags = static_cast<std::uint8_t>(cell.flags & ~(flag_raised | flag_flapping));
  if (was_flapping) flaps.erase(instance);
  tell(instance, TransitionKind::clear, moment, &program.clear);
}

/// The first comparison of numbers that holds has the value that people want to see.
void Engine::Inside::show(std::uint32_t instance, Moment const& moment, Part const& part, Found& out) {
  auto const& program = programs[cells[instance].program];
  Shown const* shown = nullptr;
  if (!program.shows.empty()) {
    run(instance, program.shows, moment);
    shown = &program.shows.shown[0];
  } else {
    for (auto const rank : {0, 1, 2}) {
      for (auto const& one : part.shown)
        if (shown == nullptr && (rank > 1 || is_numeric_kind(one.kind)) && (rank == 1 || truth[one.step] == yes)) shown = &one;
    }
  }
  if (shown == nullptr) {
    out.value = value_word(last_word(instance, 0, 0, false));
    out.value_kind = program.kinds[0];
    out.unit = unit_of[cells[instance].program].back();
  } else {
    bool const of_truth = !shown->from_last && shown->kind == catalogue::ValueKind::boolean;
    out.value = shown->from_last ? value_word(last_word(instance, shown->property, 0, false)) : of_truth ? (truth[shown->left] == unknown ? not_known : truth[shown->left]) : number[shown->left];
    out.value_kind = shown->kind;
    out.unit = unit_of[cells[instance].program][shown->unit];
  }
  out.has_value = !std::isnan(out.value);
  if (!out.has_value) out.value = 0;
  if (moment.heard < 0 && shown != nullptr) out.source = static_cast<std::uint16_t>(sources_of(instance, shown->property).first);
}

void Engine::Inside::tell(std::uint32_t instance, TransitionKind kind, Moment const& moment, Part const* part) {
  auto& cell = cells[instance];
  Found out{.instance = instance, .kind = kind, .cause = moment.heard >= 0 ? Cause::reading : Cause::time, .flapping = (cell.flags & flag_flapping) != 0,
            .severity = cell.flags & flag_raised || kind == TransitionKind::clear ? cell.severity : programs[cell.program].severity};
  out.sequence = ++cell.sequence;
  out.at_ms = moment.at;
  out.source = moment.heard >= 0 ? moment.source : std::uint16_t{0};
  if (part != nullptr) {
    auto const before = due;
    show(instance, moment, *part, out);
    due = before;
  } else if (kind == TransitionKind::fault && moment.heard < 0) {
    // Who is silent: the property whose step says so.
    auto const& program = programs[cell.program];
    for (auto at = program.fault.first; at < program.fault.end; ++at)
      if (program.steps[at].code != Code::any_of && truth[at] == yes) {
        out.source = static_cast<std::uint16_t>(sources_of(instance, program.steps[at].property).first);
        break;
      }
  }
  found.push_back(out);
}

}  // namespace zhili::respond::rules
