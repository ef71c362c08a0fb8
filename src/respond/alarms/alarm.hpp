#pragma once
// An alarm: what a rule finds wrong at one thing or one place, for as long as it is so, and who looks after it. Pure: a command is decided
// into events, events make the state. There is one alarm for each rule and subject, for ever; what comes back is raised again.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/rules/rule.hpp"
#include "core/event_kind.hpp"
#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "respond/rules/transition.hpp"

namespace zhili::respond::alarms {

using Id = std::int64_t;  ///< seq of the ledger entry that raised it first
using catalogue::rules::Severity;
using rules::Cause;

inline constexpr std::size_t alarm_reason_chars_max = 2'000;  ///< of a comment or a reason
inline constexpr std::size_t alarm_ref_chars_max = 120;       ///< of a post, a person, a thing, a rule
inline constexpr core::Duration suppression_max = std::chrono::hours(24 * 92);  ///< of one alarm, or one maintenance window
/// What is wrong with devices is one alarm of each device, whichever rules notice it.
inline constexpr std::string_view fault_rule = "device-fault";

/// Of what it is an alarm. The numbers are stored.
enum class Kind : std::uint8_t {
  condition = 0,  ///< of a thing's surroundings, or a place
  fault = 1       ///< of a device, that is silent or stuck: says nothing about the place
};
/// "condition", "fault".
std::string_view name(Kind kind);

/// The numbers are stored.
enum class State : std::uint8_t {
  none = 0,          ///< before the first entry
  raised = 1,        ///< it stands and nobody has taken note of it
  acknowledged = 2,  ///< it stands and somebody has
  suppressed = 3,    ///< it stands, and for a while nobody is to be bothered with it
  cleared = 4        ///< it is over
};
inline constexpr std::array all_states{State::none, State::raised, State::acknowledged, State::suppressed, State::cleared};
/// "raised", "acknowledged", "suppressed", "cleared"; "none".
std::string_view name(State state);
core::Text title(State state);
std::optional<State> state_from(std::string_view name);
core::Text title(Severity severity);
/// It is not over.
constexpr bool stands(State state) { return state == State::raised || state == State::acknowledged || state == State::suppressed; }

/// Where a subject is, as it was when the alarm was raised.
struct Where {
  std::string place = {};   ///< equal for all that stands at one place; empty: it stands by itself
  core::Text name = {};     ///< "人民路下穿"; may be empty
  std::optional<core::LatLon> at = {};
  std::int64_t area_id = 0;
  std::string area = {};    ///< code of the lowest area; empty: outside of all
  std::int64_t device = 0;  ///< 0: none, or several
  std::string device_type = {};
  core::Text thing_name = {};
  bool is_private = false;  ///< stands in a home
  bool operator==(Where const&) const = default;
};

/// Whose it is.
struct Keeper {
  std::string department = {};
  std::string post = {};  ///< may be empty
  bool fallback = false;  ///< nobody holds the function there, or the rule names none: the area's own office has it
  bool operator==(Keeper const&) const = default;
};

/// What {value} is.
struct Value {
  catalogue::ValueKind kind = catalogue::ValueKind::number;
  bool known = false;
  double number = 0;      ///< a truth is 0 or 1
  std::string text = {};  ///< kind text: the word's code
  std::string unit = {};  ///< UCUM
  bool operator==(Value const&) const = default;
};

/// What a source says of it.
struct Finding {
  Severity severity = Severity::minor;
  bool flapping = false;
  std::int64_t thing = 0;   ///< whose reading decided
  std::int64_t stream = 0;
  std::string property = {};
  Value value = {};
  core::Text says = {};
  std::string opens = {};   ///< "item/condition" or "item"; empty: no case
  Where where = {};
  Keeper keeper = {};
  bool operator==(Finding const&) const = default;
};

/// Nobody is to be bothered until then.
struct Suppression {
  core::Instant until{};
  std::int64_t window = 0;  ///< the maintenance window; 0: somebody suppressed this alarm alone
  bool operator==(Suppression const&) const = default;
};

/// Who has taken it on, or is to.
struct Assigned {
  std::string post = {};
  std::string person = {};  ///< ref: "staff:han"
  bool operator==(Assigned const&) const = default;
  bool nobody() const { return post.empty() && person.empty(); }
};

/// An alarm as its ledger entries make it.
struct AlarmState {
  Id id = 0;
  std::int64_t version = 0;  ///< number of its entries
  State state = State::none;
  Kind kind = Kind::condition;
  std::string rule = {};     ///< fault_rule for Kind::fault
  std::string subject = {};  ///< "thing:12", "place:C0504-17"; of a fault always a thing
  Finding finding = {};      ///< the newest
  std::int64_t times = 0;    ///< how often it was raised
  core::Instant raised_at{};  ///< the last time, in the time of the readings
  std::optional<core::Instant> cleared_at = {};  ///< if and only if it is cleared
  std::string cleared_by = {};  ///< "system": the rule
  std::string acknowledged_by = {};  ///< while it is acknowledged, and of an acknowledged one that is cleared
  std::optional<core::Instant> acknowledged_at = {};
  Assigned assigned = {};
  std::optional<Suppression> suppression = {};  ///< if and only if it is suppressed
  Id signal = 0;               ///< the report that it made last; 0: none
  std::int64_t signal_of = 0;  ///< for which of its raisings
  core::Text waits = {};       ///< why no case was registered at once; empty: it was, or none was wanted
  bool operator==(AlarmState const&) const = default;
};

/// Why there was no step, or who took it. Kind, time and actor are columns of the entry.
struct Event {
  core::EventKind kind{};
  core::Instant at{};  ///< of what a source says: in the time of the readings
  std::string actor = {};
  std::string department = {};  ///< of the actor
  Kind of = Kind::condition;            ///< raised
  std::string rule = {};                ///< raised
  std::string subject = {};             ///< raised
  std::int64_t number = 0;              ///< raised: for the how manieth time
  std::optional<Finding> finding = {};  ///< raised, escalated, reopened by a source
  std::optional<Suppression> suppression = {};  ///< suppressed; raised inside of a window
  Cause cause = Cause::reading;         ///< cleared by the rule
  std::string reason = {};              ///< of people; of a comment its words
  Assigned assigned = {};
  bool flapping = false;                ///< flapping: it is so from now on, or no more
  Id signal = 0;
  std::int64_t case_id = 0;             ///< signalled: its case then; 0: it waits at the desk
  core::Text waits = {};
  bool operator==(Event const&) const = default;
};

/// What can be done with an alarm.
enum class Verb : std::uint8_t {
  // by its source
  raise,
  escalate,
  settle,  ///< what was wrong is over
  // by people
  acknowledge,
  assign,
  comment,
  suppress,
  clear,
  reopen,
  // by time and the desks
  hush,    ///< a maintenance window has begun
  resume,  ///< suppression is over
  signal   ///< it has made a report
};
inline constexpr std::array all_verbs{Verb::raise, Verb::escalate, Verb::settle, Verb::acknowledge, Verb::assign, Verb::comment,
                                      Verb::suppress, Verb::clear, Verb::reopen, Verb::hush, Verb::resume, Verb::signal};
std::string_view name(Verb verb);
/// Of what people do.
std::optional<Verb> verb_from(std::string_view name);
constexpr bool by_people(Verb verb) { return verb >= Verb::acknowledge && verb <= Verb::reopen; }

/// One thing that is to be done. Only what the verb needs is filled.
struct Command {
  Verb verb = Verb::acknowledge;
  std::int64_t expected_version = -1;  ///< the version that the actor saw; −1: whatever it is
  std::string reason = {};             ///< suppress, clear, reopen, comment (its words); assign, acknowledge: may be empty
  Assigned assigned = {};              ///< assign
  Kind of = Kind::condition;           ///< raise
  std::string rule = {};               ///< raise
  std::string subject = {};            ///< raise
  std::optional<Finding> finding = {};  ///< raise, escalate
  /// suppress, hush: until when. raise, escalate, resume: the window that is open now, nothing: none is.
  std::optional<Suppression> suppression = {};
  bool at_once = false;                ///< resume: its window has ended before its time
  Cause cause = Cause::reading;        ///< settle
  Id signal = 0;
  std::int64_t case_id = 0;
  core::Text waits = {};
};

/// Who does it, and when.
struct By {
  std::string actor = "system";
  std::string department = {};
  core::Instant now{};       ///< of the city
  core::Instant happened{};  ///< of the readings, where a source speaks; else as `now`
};

/// What happens: the events, or why not. A source, a window and time are never refused: what changes nothing gives no event. People are:
/// conflict (it is not in a state for that, saying who did what and when; stale version), invalid (`field`: what the command lacks),
/// limit. Pure; some hundred nanoseconds.
core::Result<std::vector<Event>> decide(AlarmState const& state, Command const& command, By const& by);

/// The state after an event. Total: any event that decide() made applies to the state that it was made for.
AlarmState apply(AlarmState state, Event const& event);

/// Why this state is no state of an alarm; empty: it is one. For tests and for what is read from a table.
std::string contradiction(AlarmState const& state);

/// The payload of an entry.
std::string encode(Event const& event);
/// Errors: corrupt.
core::Result<Event> decode(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload);

/// Of a rule's `opens`: "0415/deep" → item "0415", condition "deep" (empty: the item's first).
struct Opens {
  std::string item = {};
  std::string condition = {};
};
Opens opens_of(std::string_view written);

/// "thing:12", "place:…": as alarms name what they are about.
std::string subject_name(rules::Subject const& subject);

}  // namespace zhili::respond::alarms
