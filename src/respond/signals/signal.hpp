#pragma once
// A signal: anything that may need attention. Pure: a command is decided into an event, events make the state.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "respond/cases/case.hpp"
#include "respond/incidents/alike.hpp"
#include "respond/timers.hpp"

namespace zhili::respond {

inline constexpr std::size_t max_words_chars = 4'000;  ///< GeoReport v2
inline constexpr std::size_t max_address_chars = 500;
inline constexpr std::size_t max_answers = 50;
inline constexpr std::size_t max_media_urls = 5;
inline constexpr std::size_t max_withheld = 20;      ///< parts of one report
inline constexpr std::string_view withheld_words = "words";
inline constexpr std::string_view withheld_place = "place";
inline constexpr std::size_t min_token_chars = 22;  ///< 16 random bytes as base64url: nobody guesses it
inline constexpr std::size_t max_token_chars = 64;

/// Whether a list of parts, as the table keeps it, names this one.
bool withholds(std::string_view parts, std::string_view part);

/// What somebody tells. Personal words (`contact`, and `words` if `words_private`) never reach the ledger in the clear.
struct Report {
  std::string item;     ///< code in force; empty is refused
  std::string channel;  ///< "open311", "web", "phone", "patrol", "sensor", …
  std::optional<core::LatLon> place = {};
  std::string address = {};
  std::string words = {};
  bool words_private = false;
  bool is_private = false;  ///< of something in a home: nobody but those on duty sees it, whether it has words or not
  std::string name = {};
  std::string phone = {};
  std::string mail = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> answers = {};  ///< to the item's own questions
  std::vector<std::string> photos = {};  ///< names in the photo store, already kept
  std::vector<std::string> media_urls = {};
  std::string sender = {};               ///< who an API key belongs to, a device; empty for the web
  std::string digest = {};               ///< equal for equal reports of one sender: the second is the first
  /// Made by whoever reports, so that a report whose answer was lost can be sent again, however late: the same token is
  /// the same report. Letters, digits, - and _. Empty: the desk makes one.
  std::string token = {};
};

enum class Found : std::uint8_t { unasked, found, not_found, unable };
std::string_view name(Found found);

/// Where a signal stood before it was joined to a case.
struct Stood {
  Stage stage = Stage::none;
  Id incident = 0;
  Id case_id = 0;
  bool operator==(Stood const&) const = default;
};

/// A signal as its ledger entries make it.
struct SignalState {
  Id id = 0;
  Stage stage = Stage::none;
  std::string item = {};
  std::string reporter = {};  ///< ref of whoever brought it
  core::Instant received_at{};
  std::int64_t version = 0;
  Found checked = Found::unasked;
  bool released = false;
  std::vector<std::string> withheld = {};     ///< of what was released: see SignalCommand
  std::string released_by = {};
  std::optional<Appeal> release_appeal = {};  ///< against what the last release withholds
  bool is_private = false;
  Id incident = 0;
  Id case_id = 0;
  std::vector<Stood> stood = {};   ///< before each join that still holds, the first one first: what splitting leads back to
  std::vector<Id> apart = {};      ///< reports that were found to tell of another thing
  std::string rejected_by = {};
  core::Instant rejected_at{};
  std::string reason = {};         ///< of the rejection
  std::optional<Appeal> appeal = {};  ///< against the last rejection
  Clocks clocks = {};                 ///< of the check
  bool operator==(SignalState const&) const = default;
};

/// What happened to a signal. Kind, time and actor are columns of the entry.
struct SignalEvent {
  core::EventKind kind{};
  core::Instant at{};
  std::string actor = {};
  Role role = Role::system;
  std::string item = {};      ///< received
  std::string channel = {};   ///< received
  std::string condition = {}; ///< registered
  std::string rule = {};      ///< registered or merged by a rule of this name
  Found found = Found::unasked;
  std::string reason = {};
  std::string words = {};     ///< received, released: the words that may be seen
  std::optional<core::LatLon> place = {};
  std::string address = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> answers = {};
  std::vector<std::string> photos = {};
  std::vector<std::string> media_urls = {};
  std::vector<std::string> withheld = {};  ///< released
  std::int64_t photos_until = 0;           ///< released: see SignalCommand
  bool upheld = false;        ///< appeal decided
  std::string department = {};  ///< appealed: of whoever did
  bool is_private = false;
  std::string private_reference = {};  ///< received: JSON that vouches for the sealed fields (store::Sealed)
  std::string what = {};                ///< clock that ran out; calendar by which they were counted again
  std::vector<core::ClockStep> clocks = {};
  Id incident = 0;
  Id case_id = 0;             ///< registered, merged: its case from now on; split: the case that it goes back to, 0: to before all joins
  Id other = 0;               ///< merged, split, told apart: the report that it was compared with
  Id with = 0;                ///< merged, split: it goes along with the case of this signal
  std::optional<Alike> alike = {};  ///< merged: how much the two are alike
  bool operator==(SignalEvent const&) const = default;
};

/// What somebody wants done with a signal.
struct SignalCommand {
  Verb verb = Verb::register_case;
  std::int64_t expected_version = -1;
  std::string condition = {};  ///< register: which condition of the item; empty: its first
  std::string rule = {};       ///< register, join by system: the pack rule that does it
  Found found = Found::unasked;
  bool upheld = false;         ///< decide_rejection, decide_release
  std::string reason = {};
  std::string words = {};      ///< release: the words as they may be seen; empty: as they were told
  /// release: what nobody else may see, `withheld_words`, `withheld_place` or a photo's name; at most max_withheld. Photos
  /// of the command (with parts made unrecognisable) are seen instead.
  std::vector<std::string> withheld = {};
  /// release: photos that steps of its case brought up to this entry of the ledger are seen too; those that came after nobody has
  /// looked at, and they go on waiting. 0: none of them.
  std::int64_t photos_until = 0;
  std::vector<Photo> photos = {};
  Id into = 0;                 ///< join: the case; split of one that goes along: the case that it goes back to
  Id other = 0;                ///< tell_apart: the other report
  Id with = 0;                 ///< join, split: goes along with the case of this signal
  std::string clock = {};      ///< expire
};

struct SignalContext {
  Actor const& actor;
  core::Instant now;
  catalogue::Item const& item;
  core::Calendar const& calendar;
  Policy const& policy;
  bool own_case_untouched = true;  ///< join of a registered one: nobody has begun to work on its own case
  bool photos_wait = false;          ///< release: later steps brought photos that nobody has looked at
  bool case_to_join = false;       ///< join: there is such a case, it is open and another one
};

/// The check (核实) is asked for before anybody has chosen a condition: the item's first one says how long it may take.
/// Errors: conflict (no row of the table, stale version), forbidden (role, the reporter checks nothing of their own),
/// invalid (`field`: what the command lacks). Pure.
core::Result<SignalEvent> decide(SignalState const& state, SignalCommand const& command, SignalContext const& context);
SignalState apply(SignalState state, SignalEvent const& event);
/// What is to happen by itself while the state stays as it is.
std::vector<Due> timers_of(SignalState const& state, SignalContext const& context);

/// Checks a report by the limits above and by the item's own questions. Errors: invalid, limit; `field` names where.
core::Result<> check_report(Report const& report, catalogue::Item const& item);

/// A joining in words for everybody, with its reason; done by a rule, it says so, because a person can undo it. Pure.
core::Text told_of_joining(SignalEvent const& event);

std::string encode(SignalEvent const& event);
core::Result<SignalEvent> decode_signal(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload);

}  // namespace zhili::respond
