#pragma once
// How alarms are shown: JSON and its shapes.

#include <boost/json/fwd.hpp>
#include <vector>

#include "respond/alarms/story.hpp"
#include "web/alarms/alarms.hpp"

namespace zhili::web {

/// The public numbers of cases, in their order; empty: there is none.
std::vector<std::string> case_numbers(store::Reader& reader, std::vector<alarms::Line> const& lines, ApiParts const& api);

std::vector<Field> alarm_fields();
/// `knows_where`: the exact place of what stands in a home is theirs to know.
boost::json::object alarm_json(alarms::Line const& line, std::string const& case_no, bool knows_where, AlarmParts const& parts);
Shape alarm_story_shape();
boost::json::array alarm_story_json(std::vector<alarms::StoryLine> const& story, core::Zone const& zone);
/// What people, posts and times are called.
alarms::Names alarm_names(AlarmParts const& parts);

Shape maintenance_shape();
boost::json::object maintenance_json(alarms::Window const& window, core::Instant now, AlarmParts const& parts);

Field alarm_id_field();
/// The alarm that the path names. Errors: not_found: also one that is not theirs to see.
core::Result<alarms::Line> alarm_for(store::Reader& reader, Call const& call);

/// "dora" of "staff:dora"; null of nobody.
boost::json::value person_json(std::string const& ref);
std::vector<std::string> severity_names();
/// Strong, in quotes: of a version alone, for an alarm has no clock.
std::string alarm_tag(std::int64_t version);

}  // namespace zhili::web
