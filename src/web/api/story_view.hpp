#pragma once
// One case's whole story, as everybody may see it.

#include <boost/json/fwd.hpp>

#include "respond/cases/query.hpp"
#include "respond/cases/story.hpp"
#include "web/api/api.hpp"

namespace zhili::web {

/// "7月12日 08:30" / "12 Jul, 08:30".
core::Text short_time(core::Instant at, core::Zone const& zone);

/// An entry as a sentence, with the names that this installation gives to its departments.
respond::StoryLine story_entry(std::int64_t seq, respond::Event const& event, ApiParts const& parts);
boost::json::object story_json(respond::StoryLine const& line, core::Zone const& zone);

/// Adds condition, incident, signals, clocks with their ledger, duty_chain and story to the JSON of a case. Cost: one
/// index range of the ledger.
void add_story(boost::json::object& out, store::Reader& reader, respond::CaseLine const& line, core::Instant now,
               ApiParts const& parts);

}  // namespace zhili::web
