#pragma once
// One case's whole story, as everybody or those on duty for it may see it.

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "respond/cases/query.hpp"
#include "respond/cases/story.hpp"
#include "web/api/api.hpp"
#include "web/operation/shape.hpp"

namespace zhili::web {

/// "7月12日 08:30" / "12 Jul, 08:30".
core::Text short_time(core::Instant at, core::Zone const& zone);

/// An entry as a sentence, with the names that this installation gives to its departments.
respond::StoryLine story_entry(std::int64_t seq, respond::Event const& event, ApiParts const& parts);
/// What story_json() makes.
std::vector<Field> story_fields();
boost::json::object story_json(respond::StoryLine const& line, core::Zone const& zone);

/// Who looks at a case: those on duty for it see what is private, kept back or not released yet, except what is sealed.
enum class Sight : std::uint8_t { everybody, on_duty };

/// The photos of a case's steps that may be seen and that are still kept; for everybody none before release.
std::vector<std::string> shown_photos(store::Reader& reader, respond::CaseLine const& line, Sight sight);
/// Adds to an entry of a story the photos that it brought, those among `shown`, and how many everybody is not shown.
void add_photos(boost::json::object& entry, respond::StoryLine const& line, std::vector<std::string> const& shown);
/// What add_photos() adds.
std::vector<Field> story_photos_fields();
/// Photos that later steps brought and that nobody has looked at yet; of a report that is not released: none.
std::int64_t photos_waiting(store::Reader& reader, std::int64_t signal);

/// A case with what add_story() adds.
Shape full_case_shape();

/// What a release keeps from everybody, and why: `{words, place, photos, because}`. `parts`: as the table of signals keeps them.
boost::json::object withheld_json(std::string_view parts, std::string const& because);
/// What withheld_json() makes.
Shape withheld_shape();

/// Adds condition, incident, signals, clocks with their ledger, duty_chain and story to the JSON of a case. Cost: one
/// index range of the ledger.
void add_story(boost::json::object& out, store::Reader& reader, respond::CaseLine const& line, Sight sight, core::Instant now,
               ApiParts const& parts);

}  // namespace zhili::web
