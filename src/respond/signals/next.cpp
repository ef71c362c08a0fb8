#include "respond/signals/next.hpp"

#include <algorithm>

#include "respond/cases/table.hpp"

namespace zhili::respond {

namespace {

std::vector<std::string> conditions_of(catalogue::Item const& item) {
  std::vector<std::string> out;
  for (auto const& condition : item.conditions) out.push_back(condition.code);
  return out;
}

std::vector<Ask> asks_of(Verb verb, SignalContext const& context) {
  switch (verb) {
    case Verb::register_case: return {{"condition", true, conditions_of(context.item)}};
    case Verb::check: return {{"found", true, {"found", "not_found", "unable"}}, {"photos", false, {"near"}}, {"reason", false}};
    case Verb::join:
    case Verb::tell_apart: return {{"into", true}, {"reason", false}};
    case Verb::release: return {{"words", false}, {"withheld", false}, {"photos", false}, {"reason", false}};
    case Verb::decide_rejection:
    case Verb::decide_release: return {{"upheld", true}, {"reason", true}};
    case Verb::reject:
    case Verb::split:
    case Verb::appeal_rejection:
    case Verb::appeal_release: return {{"reason", true}};
    default: return {{"reason", false}};
  }
}

}  // namespace

std::vector<NextStep> next_steps(SignalState const& state, SignalContext const& context) {
  std::vector<NextStep> out;
  for (auto const& row : rows()) {
    if (row.subject != Subject::signal || !row.from.has(state.stage) || !row.who.meets(context.actor.roles)) continue;
    if (std::ranges::any_of(out, [&](auto const& step) { return step.verb == row.verb; })) continue;
    NextStep step{.verb = row.verb, .asks = asks_of(row.verb, context)};
    // What the command lacks before anything was given is not in the way: it is asked for.
    if (auto const decided = decide(state, {.verb = row.verb}, context); !decided && decided.error().code != core::Errc::invalid)
      step.obstacle = decided.error();
    out.push_back(std::move(step));
  }
  return out;
}

}  // namespace zhili::respond
