#include <algorithm>

#include "respond/cases/effects.hpp"
#include "respond/cases/guards.hpp"

namespace zhili::respond {

namespace {

using core::Errc;

/// How far a row lets the command come: the refusal of the row that it came furthest with is what people
/// should hear.
struct Attempt {
  Row const* row = nullptr;
  int progress = -1;
  std::optional<core::Error> refused = {};
};

Attempt attempt(Row const& row, Question const& q) {
  constexpr int guard_count = static_cast<int>(Guard::closing_condition) + 1;
  // Said before the role: that judge and worker are apart matters more than which role is missing.
  if (row.guards.has(Guard::not_own_work) && !holds(Guard::not_own_work, q))
    return {&row, guard_count, refusal(row.verb, Guard::not_own_work)};
  if (!row.who.meets(q.context.actor.roles))
    return {&row, 0, refusal_of_role(row.verb, q.state.stage, who_may(Subject::a_case, row.verb, q.state.stage))};
  for (int i = 0; i < guard_count; ++i) {
    auto const guard = static_cast<Guard>(i);
    if (row.guards.has(guard) && !holds(guard, q)) return {&row, 1 + i, refusal(row.verb, guard)};
  }
  return {&row, guard_count + 1};
}

core::Result<Row const*> find_row(Question const& q) {
  Attempt best;
  for (auto const& row : rows()) {
    if (row.subject != Subject::a_case || row.verb != q.command.verb || !row.from.has(q.state.stage))
      continue;
    auto tried = attempt(row, q);
    if (!tried.refused) return tried.row;
    if (tried.progress > best.progress) best = std::move(tried);
  }
  if (best.refused) return core::fail(*best.refused);
  return core::fail(refusal_of_stage(Subject::a_case, q.command.verb, q.state.stage));
}

tl::unexpected<core::Error> adopt_first() {
  return core::fail(
      Errc::conflict, "case.recorded",
      {"这是从其他系统导入的历史案卷，没有时限，也不通知任何人。请先“接管”。",
       "This case is history from another system: it has no clocks and nobody is told. Adopt it first."},
      "case");
}

/// What the event keeps of the command; only what the verb means, so that nothing false stands in the ledger.
void fill_work(Event& event, Question const& q) {
  auto const& [state, command, context] = q;
  switch (command.verb) {
    case Verb::register_case:
    case Verb::record:
      event.opening = command.opening;
      return;
    case Verb::dispatch:
    case Verb::settle:
      event.department = command.department;
      event.post = command.post;
      event.duty_because = command.duty_because;
      return;
    case Verb::give_back:
      event.department = state.department;
      event.number = state.returns + 1;
      return;
    case Verb::hand_over:
      event.person = command.person;
      return;
    case Verb::add_joint:
      event.department = command.department;
      return;
    case Verb::finish_joint:
      event.department = context.actor.department;
      return;
    case Verb::ask_extension:
      event.until = command.until;
      if (auto const* clock = clock_to_extend(state, command.clock, context)) event.what = clock->name;
      return;
    case Verb::ask_suspension:
      event.until = command.until;
      return;
    case Verb::join:
      event.into = command.into;
      return;
    case Verb::grant:
    case Verb::refuse:
      event.what = command.verb == Verb::grant ? "granted" : "refused";
      event.person = state.request->by;
      event.until = state.request->until;
      return;
    default:
      return;
  }
}

void fill_judgement(Event& event, Question const& q) {
  auto const& [state, command, context] = q;
  switch (command.verb) {
    case Verb::send_to_verify:
      event.person = command.person;
      return;
    case Verb::fail:
      event.number = state.reworks + 1;
      return;
    case Verb::reopen:
      event.number = state.reopens + 1;
      return;
    case Verb::supervise:
      event.number = static_cast<int>(state.supervisions.size()) + 1;
      event.level = command.level;
      event.until = command.until;
      return;
    case Verb::reply:
      event.number = command.number;
      return;
    case Verb::rate:
      event.number = command.score;
      return;
    case Verb::decide_appeal:
      event.what = command.upheld ? "upheld" : "dismissed";
      return;
    case Verb::expire:
      event.what = command.clock;
      return;
    case Verb::reproject:
      event.what = name_of(context.calendar);
      return;
    case Verb::hear_alarm:
      event.what = command.alarm;
      event.into = command.into;
      return;
    default:
      return;
  }
}

}  // namespace

core::Result<std::vector<Event>> decide(CaseState const& state, Command const& command,
                                        Context const& context) {
  Question const question{state, command, context};
  if (command.expected_version >= 0 && command.expected_version != state.version)
    return core::fail(refusal_of_version(command.expected_version, state.version, state.changed_by));
  ZHILI_CHECK(check_bounds(command, context.now));
  if (state.recorded && command.verb != Verb::adopt) return adopt_first();
  ZHILI_TRY(auto const* row, find_row(question));

  Event event{.kind = row->event, .at = context.now, .actor = context.actor.ref};
  event.actor_department = context.actor.department;
  event.role = role_in(row->who, context.actor.roles);
  event.reason = command.reason;
  event.photos = command.photos;
  fill_work(event, question);
  fill_judgement(event, question);
  ZHILI_TRY(event.clocks, clock_steps(*row, state, command, context));
  return std::vector{std::move(event)};
}

std::vector<Verb> verbs_for(Stage stage, Roles roles) {
  std::vector<Verb> out;
  for (auto const& row : rows())
    if (row.subject == Subject::a_case && row.from.has(stage) && row.who.meets(roles) &&
        (out.empty() || out.back() != row.verb))
      out.push_back(row.verb);
  return out;
}

}  // namespace zhili::respond
