#pragma once
// As whom somebody acts on a case or a signal: from their grants to the desks' actors.

#include <algorithm>
#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "respond/cases/case.hpp"
#include "respond/cases/next.hpp"
#include "respond/cases/query.hpp"
#include "respond/cases/table.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

/// What an area, an item and a department make a target of.
organise::Target target_of(sense::places::PlaceIndex const& places, std::optional<std::int64_t> area, std::string item,
                           std::string department);

/// As whom somebody may act on a target: one actor for each department in whose name they may, the target's own first.
std::vector<respond::Actor> actors(Caller const& caller, organise::Target const& target);

/// As whom somebody may see what is not released yet. Hands of a department see it only where the work is theirs: `departments`
/// are those of the case, none before there is one.
std::vector<respond::Actor> readers(Caller const& caller, organise::Target const& target, std::span<std::string const> departments);
/// Whether somebody is on duty for a case: they may see what is not public of it. Errors: those of loading the case.
core::Result<bool> is_on_duty(store::Reader& reader, Caller const& caller, respond::CaseLine const& line, sense::places::PlaceIndex const& places);
/// A case that somebody asks for by its number. Errors: not_found: also one that is private and not theirs to know of.
core::Result<respond::CaseLine> case_known_to(store::Reader& reader, Caller const& caller, std::string_view no, PeopleParts const& parts);
/// For /api/v1 as everybody has it: what whoever sends a request is on duty for.
std::function<OnDuty(Request const&)> duty_by(std::shared_ptr<Gate const> gate, sense::places::LivePlaces const& places);
/// The department that has a case, and those that work on it too. Nothing for no case.
core::Result<std::vector<std::string>> departments_of(store::Reader& reader, respond::Id case_id);

/// Errors: forbidden: none of the caller's posts is for this area and item.
tl::unexpected<core::Error> not_yours();
/// Whether somebody acts on the case that something is to be joined to. Errors: forbidden. A case that is not there is
/// nobody's business here.
core::Result<> may_join_to(store::Reader& reader, Caller const& caller, respond::Id case_id, PeopleParts const& parts);

/// Whoever decides on somebody's appeal has proved who they are a short while ago. Errors: forbidden "session.proof".
core::Result<> need_proof_to(respond::Verb verb, Caller const& caller, PeopleParts const& parts);

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

Shape step_shape();  ///< what steps_json() has in it

// The fields that every command has.
Field verb_field(respond::Subject subject);
Field version_field();
/// The same where If-Match may say it instead: with if_match_field() and expected_version().
Field version_or_tag_field();
Field if_match_field();
Field photos_field();
std::vector<respond::Photo> photos_in(Input const& body);

// For whoever opens sealed words: what they say, and what they get.
std::vector<Field> private_reading_fields();
Shape private_words_shape();

/// The version of the case or report that the sender saw: `version` of the body, or If-Match. Errors: invalid (neither, both and they differ, or no
/// tag of ours).
core::Result<std::int64_t> expected_version(Call const& call);
/// Somebody was faster: 412 where If-Match said the version, 409 where the body did.
core::Result<Response> at_version(Call const& call, core::Result<Response> done);

}  // namespace zhili::web
