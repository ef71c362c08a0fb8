#pragma once
// What somebody may do next with a case, and what they will be asked for: the screens' buttons and forms come from the table.

#include <optional>
#include <string>
#include <vector>

#include "respond/cases/case.hpp"

namespace zhili::respond {

/// A part of Command that is still to be given.
struct Ask {
  std::string field;                      ///< its name in the interface: "reason", "photos", "until"…
  bool required = false;
  std::vector<std::string> choices = {};  ///< photos: what each must show; number: open supervisions; clock: names
  bool operator==(Ask const&) const = default;
};

struct NextStep {
  Verb verb{};
  std::optional<core::Error> obstacle = {};  ///< why it cannot be done, whatever is given
  std::vector<Ask> asks = {};
};

/// One step for each verb that has a row for the case's stage and the actor's roles, in the table's order. Pure.
std::vector<NextStep> next_steps(CaseState const& state, Context const& context);

}  // namespace zhili::respond
