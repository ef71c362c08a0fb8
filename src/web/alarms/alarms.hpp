#pragma once
// The interface of alarms: seeing them, looking after them, maintenance windows.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/query.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace alarms = respond::alarms;

inline constexpr std::int64_t alarms_page_default = 50;
inline constexpr std::int64_t maintenance_page_default = 50;

/// What the routes work on. Everything outlives the server.
struct AlarmParts {
  PeopleParts people = {};
  alarms::AlarmDesk* desk = nullptr;
  /// What a rule is called; nothing: there is no such rule in force. Null: rules are called by their codes.
  std::function<std::optional<core::Text>(std::string const& rule)> rule_name = {};
};

void mount_alarms(Operations& operations, AlarmParts const& parts);

void mount_alarm_lists(Operations& operations, AlarmParts const& parts);        ///< lists, counts, one alarm with its story
void mount_alarm_commands(Operations& operations, AlarmParts const& parts);     ///< acknowledge, assign, comment, suppress, clear, reopen
void mount_alarm_maintenance(Operations& operations, AlarmParts const& parts);  ///< maintenance windows

/// Gauges: alarms that stand by severity, faults of devices, how long the oldest that nobody acknowledged has stood. `db` and `time` outlive
/// the metrics.
void add_alarm_metrics(Metrics& metrics, store::Db& db, core::TimeSource const& time);

/// What somebody may see, by their posts: hands of a department what is their department's; the other roles what lies in their area and is of
/// their items or their department's; whoever keeps devices the faults of those in their area.
std::vector<alarms::Sight> sights_of(Caller const& caller);
bool may_see(Caller const& caller, alarms::AlarmState const& alarm);
/// Whether somebody acts on what is wrong there, and so may know where it is, in a home too.
bool acts_on(Caller const& caller, alarms::AlarmState const& alarm);
/// As whom somebody takes a step. Errors: forbidden, naming the roles that may.
core::Result<alarms::By> may_do(Caller const& caller, alarms::AlarmState const& alarm, alarms::Verb verb);
/// Whether somebody may set a maintenance window for an area (empty: everywhere). Errors: forbidden.
core::Result<> may_maintain(Caller const& caller, std::string const& area);
Who window_setters();

}  // namespace zhili::web
