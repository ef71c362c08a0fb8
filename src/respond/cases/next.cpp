#include "respond/cases/next.hpp"

#include <algorithm>
#include <limits>

#include "respond/cases/effects.hpp"
#include "respond/cases/guards.hpp"

namespace zhili::respond {

namespace {

constexpr auto first_brought = Guard::opening;  // from here on guards look at what the command brings
constexpr auto last_guard = Guard::closing_condition;
constexpr Id any_other_case = std::numeric_limits<Id>::max();

/// The row that a command with everything in it would go by; null if there is none.
Row const* row_for(Question const& q) {
  auto const open = [&](Row const& row) {
    if (row.subject != Subject::a_case || row.verb != q.command.verb || !row.from.has(q.state.stage)) return false;
    if (!row.who.meets(q.context.actor.roles)) return false;
    for (int i = 0; i < static_cast<int>(first_brought); ++i)
      if (auto const guard = static_cast<Guard>(i); row.guards.has(guard) && !holds(guard, q)) return false;
    return true;
  };
  auto const found = std::ranges::find_if(rows(), open);
  return found == rows().end() ? nullptr : &*found;
}

std::vector<std::string> open_supervisions(CaseState const& state) {
  std::vector<std::string> out;
  for (auto const& supervision : state.supervisions)
    if (!supervision.replied) out.push_back(std::to_string(supervision.number));
  return out;
}

std::vector<std::string> running_handle_clocks(Question const& q) {
  std::vector<std::string> out;
  for (auto const& clock : q.state.clocks)
    if (clock.running_since && belongs_to(clock, Which::handle, q.context)) out.push_back(clock.name);
  return out;
}

void add_for_guard(Guard guard, Question const& q, std::vector<Ask>& out) {
  auto const& evidence = q.context.condition.evidence;
  switch (guard) {
    case Guard::reason: out.push_back({"reason", true}); return;
    case Guard::department:
      // Where the matter lies says whose duty it is; only a joint department has to be named.
      out.push_back({"department", q.command.verb == Verb::add_joint});
      return;
    case Guard::person: out.push_back({"person", true}); return;
    case Guard::until_ahead: out.push_back({"until", true}); return;
    case Guard::until_extends:
      out.push_back({"until", true});
      if (auto clocks = running_handle_clocks(q); clocks.size() > 1) out.push_back({"clock", true, std::move(clocks)});
      return;
    case Guard::level: out.push_back({"level", true}); return;
    case Guard::score: out.push_back({"score", true}); return;
    case Guard::evidence_handle: out.push_back({"photos", !evidence.handle.empty(), evidence.handle}); return;
    case Guard::evidence_verify: out.push_back({"photos", !evidence.verify.empty(), evidence.verify}); return;
    case Guard::closing_condition: out.push_back({"closing_condition_met", true}); return;
    default: return;
  }
}

bool has(std::vector<Ask> const& asks, std::string_view field) { return std::ranges::find(asks, field, &Ask::field) != asks.end(); }

std::vector<Ask> asks_of(Row const& row, Question const& q) {
  std::vector<Ask> out;
  if (row.verb == Verb::reply) out.push_back({"number", true, open_supervisions(q.state)});
  if (row.verb == Verb::join) out.push_back({"into", true});
  if (row.verb == Verb::decide_appeal) out.push_back({"upheld", true});
  for (int i = static_cast<int>(first_brought); i <= static_cast<int>(last_guard); ++i)
    if (auto const guard = static_cast<Guard>(i); row.guards.has(guard)) add_for_guard(guard, q, out);
  if (!has(out, "photos") && (row.verb == Verb::fail || row.verb == Verb::give_back || row.verb == Verb::finish_joint))
    out.push_back({"photos"});
  if (!has(out, "reason")) out.push_back({"reason"});
  return out;
}

}  // namespace

std::vector<NextStep> next_steps(CaseState const& state, Context const& context) {
  std::vector<NextStep> out;
  for (auto const verb : verbs_for(state.stage, context.actor.roles)) {
    if (std::ranges::any_of(out, [&](auto const& step) { return step.verb == verb; })) continue;
    Command command{.verb = verb};
    if (verb == Verb::reply) {
      auto const waiting = open_supervisions(state);
      command.number = waiting.empty() ? 0 : std::stoi(waiting.front());
    }
    if (verb == Verb::join) command.into = any_other_case;  // which one is asked for
    NextStep step{.verb = verb};
    auto const row = row_for({state, command, context});
    // A recorded case is adopted first, whatever its row says: decide() knows that, and the words of every refusal.
    auto const decided = decide(state, command, context);
    if (!decided && (!row || decided.error().code != core::Errc::invalid)) step.obstacle = decided.error();
    if (row) step.asks = asks_of(*row, {state, command, context});
    out.push_back(std::move(step));
  }
  return out;
}

}  // namespace zhili::respond
