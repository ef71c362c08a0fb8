#pragma once
// A signal: anything that may need attention. Pure: a command is decided into an event, events make the state.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "respond/cases/case.hpp"
#include "respond/timers.hpp"

namespace zhili::respond {

inline constexpr std::size_t max_words_chars = 4'000;  ///< GeoReport v2
inline constexpr std::size_t max_address_chars = 500;
inline constexpr std::size_t max_answers = 50;
inline constexpr std::size_t max_media_urls = 5;
inline constexpr std::size_t min_token_chars = 22;  ///< 16 random bytes as base64url: nobody guesses it
inline constexpr std::size_t max_token_chars = 64;

/// What somebody tells. Personal words (`contact`, and `words` if `words_private`) never reach the ledger in the clear.
struct Report {
  std::string item;     ///< code in force; empty is refused
  std::string channel;  ///< "open311", "web", "phone", "patrol", "sensor", …
  std::optional<core::LatLon> place = {};
  std::string address = {};
  std::string words = {};
  bool words_private = false;
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
  bool is_private = false;
  Id incident = 0;
  Id case_id = 0;
  Id merged_into = 0;              ///< the case that it was joined to
  Stage before = Stage::none;      ///< joining: what splitting leads back to
  Id incident_before = 0;
  Id case_before = 0;
  std::string rejected_by = {};
  core::Instant rejected_at{};
  std::string reason = {};         ///< of the rejection
  std::optional<Appeal> appeal = {};  ///< against the last rejection
  Clocks clocks = {};                 ///< of the check
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
  std::string rule = {};      ///< registered by a rule of this name
  Found found = Found::unasked;
  std::string reason = {};
  std::string words = {};     ///< received, released: the words that may be seen
  std::optional<core::LatLon> place = {};
  std::string address = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> answers = {};
  std::vector<std::string> photos = {};
  std::vector<std::string> media_urls = {};
  bool upheld = false;        ///< appeal decided
  std::string department = {};  ///< appealed: of whoever did
  bool is_private = false;
  std::string private_reference = {};  ///< received: JSON that vouches for the sealed fields (store::Sealed)
  std::string what = {};                ///< clock that ran out; calendar by which they were counted again
  std::vector<core::ClockStep> clocks = {};
  Id incident = 0;
  Id case_id = 0;
  bool operator==(SignalEvent const&) const = default;
};

/// What somebody wants done with a signal.
struct SignalCommand {
  Verb verb = Verb::register_case;
  std::int64_t expected_version = -1;
  std::string condition = {};  ///< register: which condition of the item; empty: its first
  std::string rule = {};       ///< register by system: the pack rule that does it
  Found found = Found::unasked;
  bool upheld = false;         ///< decide_rejection
  std::string reason = {};
  std::string words = {};      ///< release: the words as they may be seen; empty: as they were told
  std::vector<Photo> photos = {};
  Id into = 0;                 ///< join: the case
  std::string clock = {};      ///< expire
};

struct SignalContext {
  Actor const& actor;
  core::Instant now;
  catalogue::Item const& item;
  core::Calendar const& calendar;
  Policy const& policy;
  bool own_case_untouched = true;  ///< join of a registered one: nobody has begun to work on its own case
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

std::string encode(SignalEvent const& event);
core::Result<SignalEvent> decode_signal(core::EventKind kind, core::Instant at, std::string_view actor, std::string_view payload);

}  // namespace zhili::respond
