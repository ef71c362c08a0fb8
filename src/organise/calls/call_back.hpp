#pragma once
// A call-back (回访): who is asked after a case was closed, what they may answer, and what the rates make of it. Pure.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/calendar.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "organise/calls/rules.hpp"

namespace zhili::organise {

// The numbers are stored: never change one.
enum class CallBackState : std::uint8_t { due = 1, reached = 2, not_reached = 3, withdrawn = 4 };
enum class Answer : std::uint8_t { unasked = 0, no = 1, partly = 2, yes = 3 };
std::string_view name(CallBackState state);
std::string_view name(Answer answer);
std::optional<Answer> answer_from(std::string_view name);

inline constexpr int satisfaction_levels = 5;  ///< 好差评: 1 very dissatisfied … 5 very satisfied
inline constexpr std::size_t call_back_words_chars_max = 2'000;

struct CallBack {
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::int64_t signal_id = 0;
  std::int64_t closing = 0;  ///< entry that closed the case
  std::string item = {};
  std::string channel = {};
  std::string area = {};        ///< code
  std::string department = {};  ///< that did the work
  std::optional<core::Instant> dispatched_at = {};
  std::optional<core::Instant> contacted_at = {};     ///< first time that whoever did the work reached the reporter
  std::optional<core::Instant> response_due_at = {};  ///< until when that had to be
  core::Instant closed_at{};
  core::Instant due_at{};
  core::Instant next_at{};  ///< not before
  int attempts = 0;
  CallBackState state = CallBackState::due;
  std::optional<core::Instant> ended_at = {};
  Answer contacted = Answer::unasked;  ///< yes, no
  Answer solved = Answer::unasked;
  int satisfied = 0;  ///< 1 … 5; 0: not asked
  std::vector<std::string> excluded_from = {};  ///< codes of rates in which it does not count (剔除)
};

/// What is known of a reporter when a case is closed.
struct ClosedReport {
  std::int64_t signal_id = 0;
  std::string channel = {};
  std::string item = {};
  bool reachable = false;  ///< a telephone number was left and may still be opened
};

/// Whether this reporter is called back. By lot, which falls by the number of the report: the same always falls the same, and nobody
/// can choose it.
bool is_called_back(ClosedReport const& report, CallRules const& rules);

/// Until when the reporter had to be contacted. Nothing: no limit for this item, no dispatch, or one that never ends.
std::optional<core::Instant> response_due(std::string_view item, std::optional<core::Instant> dispatched, CallRules const& rules,
                                          core::Calendar const& calendar);

/// What came of an attempt.
struct CallBackResult {
  bool reached = false;
  bool no_number = false;  ///< not reached, and no further attempt can: none was left, or it is not theirs
  Answer contacted = Answer::unasked;
  Answer solved = Answer::unasked;
  int satisfied = 0;
  std::string words = {};  ///< the reporter's; sealed
  bool reopen = false;     ///< the reporter wants the case opened again
};

/// The call-back after an attempt at `now`. Errors: conflict (it is over, or `next_at` is ahead), invalid (`solved`, `satisfied`
/// missing or out of range; `reopen` though nothing is amiss), limit (`words`).
core::Result<CallBack> after_attempt(CallBack before, CallBackResult const& result, core::Instant now, CallRules const& rules,
                                     core::Calendar const& calendar);

/// Whether its time is over without anybody having been reached.
bool is_over(CallBack const& it, core::Instant now);

// ---- rates

/// The facts that a rate may ask for: the words of rules/calls.yaml.
std::span<std::string_view const> call_back_facts();
/// Whether a fact holds in the rate of that code; never for one that there is not.
bool has_fact(CallBack const& it, std::string_view fact, std::string_view rate);

enum class RatePart : std::uint8_t { none, denominator, numerator, excluded };
/// Where a call-back counts in a rate. One whose case went on (withdrawn) counts nowhere; one of which only a fact of `without`
/// keeps it away counts as excluded.
RatePart part_of(CallBack const& it, RateDefinition const& rate);

struct RateFigure {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
  std::int64_t excluded = 0;  ///< would have been in the denominator
  bool operator==(RateFigure const&) const = default;
};
RateFigure figure_of(std::span<CallBack const> all, RateDefinition const& rate);

/// What the rows of a page of rates may be.
enum class CallBackKey : std::uint8_t { department, area, item, channel };
/// Call-backs of one key that count alike in every rate.
struct AlikeCallBacks {
  std::string key = {};
  CallBack like = {};  ///< one of them, as far as rates look at it
  std::int64_t count = 0;
};
RateFigure figure_of(std::span<AlikeCallBacks const> all, RateDefinition const& rate);

// ---- exclusions

/// Whether somebody may decide what a department asked for: they belong to another one, are another person, and have no part in the
/// case. Errors: forbidden.
core::Result<> may_decide_exclusion(std::string_view asking_department, std::string_view asked_by, std::string_view decider,
                                    std::string_view deciding_department);

}  // namespace zhili::organise
