#pragma once
// A case (案卷): the duty to act on an incident. Pure: a command is decided into events, events make the
// state.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/types.hpp"
#include "core/calendar.hpp"
#include "core/clock.hpp"
#include "core/event_kind.hpp"
#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "respond/cases/words.hpp"
#include "respond/clocks.hpp"

namespace zhili::respond {

using Id = std::int64_t;  ///< seq of the ledger entry that made the thing

inline constexpr std::size_t max_reason_chars = 2'000;
inline constexpr std::size_t max_ref_chars = 120;  ///< departments, posts, people, items, clock names
inline constexpr std::size_t max_photos_per_command = 20;
inline constexpr std::size_t max_duty_because_chars = 4'000;
inline constexpr std::chrono::days max_ahead{3'660};  ///< extensions, suspensions, supervisions
inline constexpr std::size_t max_joint_departments = 12;
inline constexpr int max_score = 5;              ///< 好差评: 1 very dissatisfied … 5 very satisfied
inline constexpr int max_supervision_level = 3;  ///< 1 ordinary … 3 leader's instruction

/// Who acts, as the session or the system knows them.
struct Actor {
  std::string ref;  ///< "staff:dora", "citizen", "system", "import:boston311"
  Roles roles = {};
  std::string department = {};  ///< code; empty for citizens and system
  bool reporter = false;        ///< holds the token of a signal of this case
};

/// What a city may set about the loop. Times are budgets in the city's calendar.
struct Policy {
  core::Budget return_within = core::Budget::of(core::Unit::work_hours, 4'000);  ///< after dispatch
  core::Budget dispute_within =
      core::Budget::of(core::Unit::work_hours, 4'000);  ///< then the default duty holds
  int max_returns = 3;  ///< then only the dispatcher's lead settles who does it
  core::Budget rate_within = core::Budget::of(core::Unit::natural_days, 7'000);    ///< after closing
  core::Budget appeal_within = core::Budget::of(core::Unit::natural_days, 5'000);  ///< after closing
  core::Budget appeal_decided_within = core::Budget::of(core::Unit::work_days, 5'000);
  core::Budget reopen_within = core::Budget::of(core::Unit::natural_days, 15'000);  ///< by the reporter
  core::Budget keep = core::Budget::of(core::Unit::natural_days, 730'000);          ///< evaluated → archived
};

/// A photo that a command brings: its name in the photo store, which is the hash of its content, so that the ledger vouches
/// for the picture; and what it shows ("before", "after", "near", …).
struct Photo {
  std::string name;
  std::string shows;
  bool operator==(Photo const&) const = default;
};

/// What a new case is about; said once, by the entry that makes it.
struct Opening {
  Id signal = 0;
  Id incident = 0;
  catalogue::ItemRef item;
  std::string condition;
  core::Instant received_at{};  ///< the whole clock counts from here
  std::string rule = {};        ///< the pack rule that registered it, if none of the staff did
  // of a recorded case only:
  Stage stage = Stage::registered;
  std::optional<core::Instant> promised = {};  ///< what the source promised
  std::optional<core::Instant> closed_at = {};
  std::string external_no = {};
  std::string contradiction = {};  ///< what in the source contradicts itself ("closed_before_opened")
  bool operator==(Opening const&) const = default;
};

/// One thing that somebody wants done. Only what the verb needs is filled; the rest is refused by no one and
/// ignored.
struct Command {
  Verb verb = Verb::dispatch;
  std::int64_t expected_version = -1;  ///< version that the actor saw; −1: whatever it is (system)
  std::string reason = {};
  std::string department = {};  ///< dispatch, settle, add_joint
  std::string post = {};
  std::string person = {};             ///< hand_over, send_to_verify: ref of staff
  std::string person_department = {};  ///< that person's department
  std::vector<Photo> photos = {};
  std::optional<core::Instant> until = {};  ///< ask_extension, ask_suspension, supervise
  std::string clock = {};                   ///< ask_extension where several run; expire
  int score = 0;                            ///< rate: 1…max_score
  int level = 0;                            ///< supervise: 1…max_supervision_level
  int number = 0;                           ///< reply: which supervision
  bool upheld = false;                      ///< decide_appeal
  bool closing_condition_met = false;       ///< close
  Id into = 0;                              ///< join: the case that is about the same thing; hear_alarm: the alarm
  std::string alarm = {};                   ///< hear_alarm: "raised", "escalated", "cleared"
  std::string duty_because = {};            ///< dispatch, settle: JSON of the chain of reasons (duty.hpp)
  std::optional<Opening> opening = {};      ///< register_case, record
};

/// What happened. `data` fields are used by the kinds that need them; unknown fields of the stored form are
/// skipped.
struct Event {
  core::EventKind kind{};
  core::Instant at{};
  std::string actor = {};
  std::string actor_department = {};
  Role role = Role::system;  ///< in which role the actor did it
  std::string reason = {};
  std::string department = {};
  std::string post = {};
  std::string person = {};
  std::vector<Photo> photos = {};
  std::optional<core::Instant> until = {};
  int number = 0;  ///< which return, rework, reopening, supervision; score of a rating
  int level = 0;
  std::string what =
      {};  ///< "extension" | "suspension", "granted" | "refused", "upheld" | "dismissed", clock name, what became of an alarm
  std::string duty_because = {};
  Id into = 0;  ///< merged: the case that it stands aside for; alarm_told: the alarm
  std::vector<core::ClockStep> clocks = {};
  std::optional<Opening> opening = {};
  bool operator==(Event const&) const = default;
};

/// Somebody whose hands were on the work: may not judge it. An empty department stands for the person alone.
struct Hand {
  std::string person;
  std::string department;
  bool operator==(Hand const&) const = default;
};

struct Joint {
  std::string department;
  bool done = false;
  bool operator==(Joint const&) const = default;
};

/// A wish for more time (延期) or for standing still (挂账) that nobody has decided yet.
struct Request {
  bool suspension = false;
  std::string clock = {};  ///< of an extension
  std::string by = {};
  std::string reason = {};
  core::Instant until{};
  bool operator==(Request const&) const = default;
};

struct Supervision {
  int number = 0;
  int level = 0;
  core::Instant deadline{};
  bool replied = false;
  bool operator==(Supervision const&) const = default;
};

struct Appeal {
  std::string by;
  std::string department;
  std::optional<bool> upheld = {};
  bool operator==(Appeal const&) const = default;
};

/// What waits for somebody's word about a case. The numbers are stored: never change one.
enum class Asked : std::uint8_t { nothing = 0, extension = 1, suspension = 2, appeal = 3 };

enum class Ending : std::uint8_t { none, closed, forced };

/// A case as its ledger entries make it.
struct CaseState {
  Id id = 0;
  std::int64_t version = 0;  ///< number of its entries
  std::string changed_by = {};
  core::Instant changed_at{};
  Stage stage = Stage::none;
  Opening opening = {};
  bool recorded = false;  ///< history of another system, not adopted
  std::string department = {};
  std::string post = {};
  std::string handler = {};
  std::string verifier = {};  ///< empty: any that may
  std::string closer = {};
  std::vector<Hand> hands = {};
  std::vector<Joint> joint = {};
  std::optional<Request> request = {};
  std::optional<core::Instant> suspended_until = {};
  std::optional<core::Instant> dispatched_at = {};
  bool disputed = false;  ///< returned, and not dispatched again
  std::vector<Supervision> supervisions = {};
  std::optional<Appeal> appeal = {};
  int rating = 0;  ///< 0: none
  int returns = 0;
  int reworks = 0;
  int reopens = 0;
  int extensions = 0;
  int suspensions = 0;
  Ending ending = Ending::none;
  std::optional<core::Instant> closed_at = {};
  std::optional<core::Instant> evaluated_at = {};
  Id joined_to = 0;  ///< stage merged: the case that it stands aside for
  Clocks clocks = {};
  bool operator==(CaseState const&) const = default;

  bool open() const { return open_stages.has(stage); }
  Asked asked() const {
    if (request) return request->suspension ? Asked::suspension : Asked::extension;
    return stage == Stage::closed && appeal && !appeal->upheld ? Asked::appeal : Asked::nothing;
  }
};

/// What a decision may look at besides state and command. Everything outlives the call.
struct Context {
  Actor const& actor;
  core::Instant now;
  catalogue::Item const& item;  ///< in the version that the case began with
  catalogue::Condition const& condition;
  core::Calendar const& calendar;
  Policy const& policy;
};

/// What happens if this actor does this now: the events, or why not. Refusals say what, why, who may and what
/// to do: conflict (the stage does not allow it; stale version, naming both and who changed it), forbidden
/// (role, separation of duty), invalid (`field` names the missing or wrong part of the command), limit. Pure;
/// cost: small.
core::Result<std::vector<Event>> decide(CaseState const& state, Command const& command,
                                        Context const& context);

/// The state after an event. Total: any event that decide() made applies to the state that it was made for.
CaseState apply(CaseState state, Event const& event);

/// Which verbs have a row for this stage and any of these roles (guards are not looked at): for buttons.
std::vector<Verb> verbs_for(Stage stage, Roles roles);

}  // namespace zhili::respond
