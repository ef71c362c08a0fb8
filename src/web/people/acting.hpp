#pragma once
// As whom somebody acts on a case or a signal: from their grants to the desks' actors.

#include <algorithm>
#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "respond/cases/case.hpp"
#include "respond/cases/next.hpp"
#include "web/people/body.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

/// What an area, an item and a department make a target of.
organise::Target target_of(sense::places::PlaceIndex const& places, std::optional<std::int64_t> area, std::string item,
                           std::string department);

/// As whom somebody may act on a target: one actor for each department in whose name they may, the target's own first.
std::vector<respond::Actor> actors(Caller const& caller, organise::Target const& target);

/// Errors: forbidden: none of the caller's posts is for this area and item.
tl::unexpected<core::Error> not_yours();

/// Does it as the first actor that may; where none may, the refusal of the first.
template <class Act>
auto as_any(std::vector<respond::Actor> const& actors, Act&& act) -> decltype(act(actors.front())) {
  if (actors.empty()) return not_yours();
  std::optional<core::Error> first;
  for (auto const& actor : actors) {
    auto done = act(actor);
    if (done) return done;
    if (!first) first = done.error();
    if (done.error().code != core::Errc::forbidden) return done;  // another department would not help
  }
  return core::fail(std::move(*first));
}

/// What somebody may do next, whichever of their departments may do it; what none may, with the reason. `next(actor)` asks a desk.
template <class Next>
core::Result<std::vector<respond::NextStep>> next_of(std::vector<respond::Actor> const& actors, Next&& next) {
  std::vector<respond::NextStep> all;
  for (auto const& actor : actors) {
    ZHILI_TRY(auto steps, next(actor));
    for (auto& step : steps) {
      auto const known = std::ranges::find(all, step.verb, &respond::NextStep::verb);
      if (known == all.end()) all.push_back(std::move(step));
      else if (known->obstacle && !step.obstacle) *known = std::move(step);
    }
  }
  return all;
}

boost::json::array steps_json(std::vector<respond::NextStep> const& steps);

/// `photos` of a command: `[{name, shows}]`.
std::vector<respond::Photo> photos_in(Body& body);

}  // namespace zhili::web
