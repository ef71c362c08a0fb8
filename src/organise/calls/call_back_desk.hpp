#pragma once
// The shell of call-backs: follows the ledger for closed cases, keeps results, and exclusions from the rates.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "organise/calls/call_back.hpp"
#include "organise/calls/call_desk.hpp"
#include "store/db.hpp"
#include "store/vault.hpp"

namespace zhili::organise {

inline constexpr std::size_t exclusion_reason_chars_max = 500;
inline constexpr std::size_t exclusion_evidence_chars_max = 2'000;
inline constexpr std::size_t follow_entries_per_step = 1'000;
inline constexpr std::size_t contacts_shown_max = 50;  ///< of one case
inline constexpr auto call_back_words_kept_for = std::chrono::days(730);

/// What is known of a case, closed or on its way there.
struct ClosedCase {
  std::string item = {};
  std::string area = {};  ///< code
  std::string department = {};
  std::optional<core::Instant> dispatched_at = {};  ///< first
  std::vector<ClosedReport> reports = {};
};

/// Knows cases; what call-backs need of whoever keeps them.
class ClosedCases {
 public:
  virtual ~ClosedCases() = default;
  virtual std::optional<ClosedCase> closed_case(store::Reader& reader, std::int64_t case_id) const = 0;
};

/// Whoever does the work got in touch with the reporters of a case, or tried.
struct Contact {
  core::Instant at{};
  bool reached = false;
};
struct Contacts {
  std::vector<Contact> all = {};                   ///< the newest contacts_shown_max, oldest first
  std::optional<core::Instant> due_at = {};        ///< until when the reporters are to be contacted; nothing: no limit, or nobody was sent
  std::optional<core::Instant> reached_at = {};    ///< first
};

enum class ExclusionState : std::uint8_t { asked = 1, granted = 2, refused = 3 };
std::string_view name(ExclusionState state);

struct Exclusion {
  std::int64_t id = 0;
  std::int64_t call_back_id = 0;
  std::string department = {};           ///< that asks
  std::vector<std::string> rates = {};   ///< codes
  std::string reason = {};               ///< code
  std::string evidence = {};
  std::string asked_by = {};
  core::Instant asked_at{};
  ExclusionState state = ExclusionState::asked;
  std::string decided_by = {};
  std::string decided_post = {};
  std::optional<core::Instant> decided_at = {};
  std::string decision = {};  ///< why
};

/// Thread-safe. What it is given outlives it.
class CallBackDesk {
 public:
  CallBackDesk(store::Db& db, store::Vault& vault, CallRules const& rules, core::Calendar const& calendar, ClosedCases const& cases,
               core::TimeSource const& time)
      : db_(db), vault_(vault), rules_(rules), calendar_(calendar), cases_(cases), time_(time) {}

  /// Takes in what happened to cases since the last time, a step at a time until there is nothing more: who is to be called back, and
  /// who not any more; and ends those whose time is over. Each closing leads to one call-back of each reporter, whatever is killed when.
  core::Result<> follow();

  /// How whoever does the work got in touch with a case's reporters so far.
  Contacts contacts(store::Reader& reader, std::int64_t case_id) const;
  /// Whoever does the work got in touch with a case's reporters, or tried.
  core::Result<std::int64_t> contacted(std::int64_t case_id, bool reached, std::string const& actor);
  static std::int64_t contacted(store::Writer& w, std::int64_t case_id, bool reached, std::string const& actor);

  /// Opens the case again; runs in the piece of work that keeps the result.
  using Reopen = std::function<core::Result<>(store::Writer&, CallBack const&)>;
  /// Keeps what came of an attempt. Errors: those of after_attempt and of `reopen`; not_found.
  core::Result<CallBack> record(std::int64_t id, CallBackResult const& result, CallTaker const& who, Reopen const& reopen);

  /// Errors: not_found; invalid (`rates`, `reason`, `evidence`), limit; conflict (asked before).
  core::Result<std::int64_t> ask_exclusion(Exclusion const& wanted);
  core::Result<std::int64_t> ask_exclusion(store::Writer& w, Exclusion const& wanted) const;
  /// Errors: forbidden (may_decide_exclusion), conflict (decided already), invalid (`decision`), not_found.
  core::Result<Exclusion> decide_exclusion(std::int64_t id, bool granted, std::string const& decision, CallTaker const& who,
                                           std::string const& department);

  static std::optional<CallBack> find(store::Reader& reader, std::int64_t id);
  /// Those who may be called at `now`, longest waiting first.
  static std::vector<CallBack> waiting(store::Reader& reader, core::Instant now);
  /// Of the cases closed in [from, to), by closing.
  static std::vector<CallBack> closed_between(store::Reader& reader, core::Instant from, core::Instant to);
  /// The same, counted: those that have the same key and count alike in every rate together. Cost: one walk over them inside of the
  /// database; what comes out is short.
  static std::vector<AlikeCallBacks> alike_between(store::Reader& reader, core::Instant from, core::Instant to, CallBackKey by);
  static std::vector<Exclusion> exclusions(store::Reader& reader, std::optional<ExclusionState> state = {});
  static std::optional<Exclusion> exclusion(store::Reader& reader, std::int64_t id);

 private:
  core::Result<bool> follow_step();
  core::Result<> close_overdue();
  void take_in(store::Writer& writer, store::Seq entry, core::EventKind kind, core::Instant at, std::int64_t case_id) const;

  store::Db& db_;
  store::Vault& vault_;
  CallRules const& rules_;
  core::Calendar const& calendar_;
  ClosedCases const& cases_;
  core::TimeSource const& time_;
};

}  // namespace zhili::organise
