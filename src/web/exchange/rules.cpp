#include "web/exchange/rules.hpp"

#include <algorithm>

namespace zhili::web::exchange {

using core::EventKind;
using respond::Stage;
using respond::Verb;

Means meaning_of(std::string_view status) {
  static constexpr std::string_view working[] = {"in_progress", "action_scheduled", "planned"};
  static constexpr std::string_view done[] = {"closed", "fixed", "duplicate"};
  static constexpr std::string_view refused[] = {"not_councils_responsibility", "no_further_action", "cancelled"};
  auto const among = [&](auto const& list) { return std::ranges::find(list, status) != std::end(list); };
  return among(working) ? Means::working : among(done) ? Means::done : among(refused) ? Means::refused : Means::nothing;
}

std::optional<Say> say_of(respond::Event const& event, std::string_view department, std::string_view peer_ref) {
  switch (event.kind) {
    case EventKind::case_dispatched:
    case EventKind::case_settled:
      if (event.department == department) return std::nullopt;
      return Say{"cancelled", "The case has gone to somebody else.", true};
    case EventKind::case_returned:
      if (event.actor == peer_ref) return Say{"", "", true};
      return Say{"cancelled", event.reason, true};
    case EventKind::case_merged: return Say{"cancelled", "The case was joined to another one.", true};
    case EventKind::case_reworked: return Say{"reopen", event.reason, false};
    case EventKind::case_supervised: return Say{"unchanged", event.reason, false};
    case EventKind::case_closed:
    case EventKind::case_force_closed: return Say{"closed", event.reason, true};
    default: return std::nullopt;
  }
}

std::optional<Verb> next_step(Means means, respond::CaseState const& state, std::string_view department) {
  if (state.department != department) return std::nullopt;
  if (means == Means::refused) return state.stage == Stage::dispatched ? std::optional(Verb::give_back) : std::nullopt;
  bool const takes = means == Means::working || means == Means::done;
  if (takes && state.stage == Stage::dispatched) return Verb::take;
  if (means == Means::done && state.stage == Stage::handling) return Verb::report_back;
  return std::nullopt;
}

}  // namespace zhili::web::exchange
