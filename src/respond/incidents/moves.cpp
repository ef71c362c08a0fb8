#include "respond/incidents/moves.hpp"

#include <algorithm>

namespace zhili::respond {

std::vector<Id> go_along(SignalState const& first, std::span<SignalState const> incident) {
  std::vector<Id> out;
  if (first.stage != Stage::registered) return out;
  for (auto const& other : incident)
    if (other.id != first.id && other.case_id == first.case_id) out.push_back(other.id);
  return out;
}

std::vector<Id> go_back_along(SignalState const& first, std::span<SignalState const> incident) {
  std::vector<Id> out;
  auto const aside = case_aside(first);
  if (aside == 0) return out;
  for (auto const& other : incident)
    if (other.id != first.id && std::ranges::find(other.stood, aside, &Stood::case_id) != other.stood.end()) out.push_back(other.id);
  return out;
}

Id case_aside(SignalState const& state) {
  bool const began_one = state.stage == Stage::merged && !state.stood.empty() && state.stood.front().stage == Stage::registered;
  return began_one ? state.stood.front().case_id : 0;
}

}  // namespace zhili::respond
