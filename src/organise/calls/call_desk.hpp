#pragma once
// The shell of the phone desk: opens a call, keeps what is being typed, and ends it as a report, an answer or nothing.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "organise/calls/call.hpp"
#include "store/db.hpp"
#include "store/vault.hpp"

namespace zhili::organise {

inline constexpr std::size_t call_draft_bytes_max = 32 * 1024;  ///< of what is being typed, as JSON
inline constexpr std::size_t call_reason_chars_max = 500;
/// What is being typed may be opened again for so long: for a browser that crashed, not for an archive.
inline constexpr auto call_draft_kept_for = std::chrono::hours(24);
inline constexpr auto caller_kept_for = std::chrono::days(730);
/// The purpose code (rules/private-words.yaml) under which a caller's earlier calls are looked for and a draft is opened again.
inline constexpr std::string_view caller_purpose = "caller";

/// What a caller told, as it becomes a report.
struct CallReport {
  std::string item;
  std::optional<core::LatLon> place = {};
  std::string address = {};
  std::string words = {};
  std::string name = {};
  std::string phone = {};  ///< by which they want to be reached
  std::vector<std::pair<std::string, std::vector<std::string>>> answers = {};  ///< to the item's own questions
};

/// A report that is on the disk.
struct MadeReport {
  std::int64_t signal_id = 0;
  core::Instant at{};
  std::string token = {};  ///< with which its reporter follows it
};

/// Makes reports; what the phone desk needs of whoever keeps them.
class ReportMaker {
 public:
  virtual ~ReportMaker() = default;
  /// Makes a report of channel `channel`; `along` happens in the same piece of work, or neither does.
  virtual core::Result<MadeReport> make(CallReport const& report, std::string const& channel,
                                        std::function<core::Result<>(store::Writer&, std::int64_t signal_id)> const& along) = 0;
};

/// Who sits at the desk.
struct CallTaker {
  std::string ref;   ///< "staff:dora"
  std::string post;  ///< in which they take calls: told to callers whose number is looked up
};

struct OpenedCall {
  Call call;
  std::vector<store::Seq> earlier = {};  ///< reports and calls by this number, newest first
};

/// A call that somebody goes on with.
struct ResumedCall {
  OpenedCall opened;
  std::string number = {};  ///< empty if none was shown, or its time is over
  std::string draft = {};   ///< empty if nothing was typed, or its time is over
};

/// Thread-safe. What it is given outlives it.
class CallDesk {
 public:
  CallDesk(store::Db& db, store::Vault& vault, ReportMaker& reports, core::TimeSource const& time)
      : db_(db), vault_(vault), reports_(reports), time_(time) {}

  /// The telephone rings: the number is sealed, and what it brought before is looked up, which leaves a trace on each of those.
  /// Errors: invalid and limit (`number`), those of the store.
  core::Result<OpenedCall> open(std::string const& number, CallTaker const& taker);
  /// The same in two steps: sealing and looking up, which need not the writer, and taking the call in a piece of work of the caller's.
  struct Ringing {
    std::vector<store::Seq> earlier = {};
    std::optional<store::Sealed> number = {};
  };
  core::Result<Ringing> ring(std::string const& number, CallTaker const& taker);
  static Call take(store::Writer& w, Ringing const& ringing, CallTaker const& taker);
  /// Keeps what was typed so far, sealed; on the disk when it returns. Errors: those of may_go_on; limit (`draft`); not_found.
  core::Result<> keep_draft(std::int64_t call, std::string const& draft, CallTaker const& taker);
  /// An open call as it was: what was typed, its number, and what that brought before. Leaves traces. Errors: as keep_draft.
  core::Result<ResumedCall> resume(std::int64_t call, CallTaker const& taker);
  /// Its number, opened; empty if none was shown. Leaves a trace. Errors: as keep_draft.
  core::Result<std::string> number(std::int64_t call, CallTaker const& taker);

  /// Ends the call as a report of channel "phone"; both happen or neither. Errors: those of may_go_on, and of the report.
  core::Result<MadeReport> register_report(std::int64_t call, CallReport const& report, bool secret, CallTaker const& taker);
  /// Ends the call with an answer that the catalogue gives. Errors: those of may_go_on.
  core::Result<> answer(std::int64_t call, std::string const& item, CallTaker const& taker);
  /// Ends the call without either. Errors: those of may_go_on; invalid (no reason), limit (`reason`).
  core::Result<> drop(std::int64_t call, std::string const& reason, CallTaker const& taker);

  static std::optional<Call> find(store::Reader& reader, std::int64_t call);
  /// Calls that somebody has not ended yet, oldest first.
  static std::vector<Call> open_calls(store::Reader& reader, std::string_view taker);
  /// Whether the caller who brought this report asked for secrecy, here or at another hotline.
  static bool is_secret(store::Reader& reader, std::int64_t signal);

 private:
  core::Result<Call> mine(store::Reader& reader, std::int64_t call, CallTaker const& taker) const;
  core::Result<> end(store::Writer& writer, Call const& call, CallState state, store::Entry entry);

  store::Db& db_;
  store::Vault& vault_;
  ReportMaker& reports_;
  core::TimeSource const& time_;
};

}  // namespace zhili::organise
