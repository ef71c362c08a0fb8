#pragma once
// What came in and could not be believed, or not even be read: kept aside for a while, with the reason, for somebody to look at.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/incoming.hpp"
#include "store/db.hpp"

namespace zhili::sense::ingest {

inline constexpr std::chrono::hours quarantine_kept{30 * 24};
/// Rows kept at once; the oldest go for new ones.
inline constexpr std::int64_t quarantine_rows_max = 100'000;
/// Of one device, or of all that come from none, in a day; more are counted and not kept.
inline constexpr int quarantine_device_rows_max_per_day = 500;
/// Of what was sent.
inline constexpr std::size_t quarantine_sent_bytes_max = 4'096;
inline constexpr std::size_t quarantine_page_rows_max = 200;

/// What to keep aside.
struct Suspect {
  Way way = Way::inside;
  std::int64_t device = 0;
  std::int64_t datastream = 0;  ///< 0: it names none that is known
  std::string key = {};         ///< of the problem: "ingest.future", "ingest.json", …
  std::string topic = {};       ///< of a message that could not be read
  std::string sent = {};        ///< an observation as JSON (observation_text), or the bytes of the message, shortened, as UTF-8
  bool message = false;         ///< `sent` is a whole message, not one observation
};

struct Quarantined {
  std::int64_t id = 0;
  core::Instant at;  ///< when it came
  Suspect what;
  enum class State : std::uint8_t { waiting, released, dropped } state = State::waiting;
  std::optional<core::Instant> decided_at = {};
  std::string decided_by = {};
};
std::string_view name(Quarantined::State state);

/// What is asked for: filters that are set, newest first.
struct QuarantineQuery {
  std::int64_t before = 0;  ///< ids below this; 0: from the newest
  std::size_t limit = 50;
  std::optional<std::int64_t> device = {};
  std::string key = {};
  bool all = false;  ///< decided ones too
};

/// Rows of the main database. Thread-safe.
class Quarantine {
 public:
  Quarantine(store::Db& db, core::TimeSource const& time) : db_(db), time_(time) {}

  /// Keeps them, as far as the limits let it; `done` is called after the commit with how many were kept.
  void keep_later(std::vector<Suspect> suspects, std::function<void(core::Result<std::size_t>)> done);

  core::Result<std::vector<Quarantined>> list(QuarantineQuery const& query);
  /// Errors: not_found.
  core::Result<Quarantined> find(std::int64_t id);
  /// Waiting ones by reason.
  core::Result<std::map<std::string, std::int64_t>> counts();
  /// Marks as dropped or released, with an entry in the ledger. Errors: not_found, conflict (decided before).
  core::Result<> decide(std::int64_t id, Quarantined::State state, std::string const& actor);
  /// What is older than `quarantine_kept`. Gives how many went.
  core::Result<std::int64_t> sweep();

 private:
  struct Day {
    std::int64_t number = 0;
    int rows = 0;
  };
  store::Db& db_;
  core::TimeSource const& time_;
  std::mutex mutex_;
  std::map<std::int64_t, Day> days_;  // by device
};

/// What of some bytes a text of the database can hold: well-formed UTF-8 without NUL, at most `quarantine_sent_bytes_max`.
std::string shortened_utf8(std::string_view bytes);
/// An observation as one JSON object, as the quarantine keeps it.
std::string observation_text(Batch const& batch, Incoming const& row);
/// Reads it again. Errors: corrupt.
core::Result<Batch> observation_from(std::string_view text);

}  // namespace zhili::sense::ingest
