#pragma once
// Runs the rules behind the store of observations: nothing is missed, nothing happens twice, whatever stops in between.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalogue/rules/rule.hpp"
#include "core/calendar.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "respond/rules/engine.hpp"
#include "respond/rules/reading.hpp"
#include "respond/rules/transition.hpp"
#include "store/db.hpp"

namespace zhili::respond::rules {

inline constexpr std::size_t batches_fetched_max = 32;                  ///< from the store in one go
inline constexpr std::size_t step_readings_max = 50'000;                ///< taken in before what was found is written
inline constexpr std::chrono::milliseconds checkpoint_every{500};       ///< some groups are written
inline constexpr std::size_t checkpoint_groups = 48;                    ///< so many at once; more where they would be older than …
inline constexpr std::chrono::seconds checkpoint_age_max{10};           ///< … this
inline constexpr std::chrono::milliseconds rules_lease{4'000};          ///< another process takes over after so long without a word
inline constexpr std::chrono::milliseconds rules_lease_renewed{1'000};
inline constexpr std::chrono::milliseconds deadlines_behind{200};       ///< time is let pass up to so long ago: what is on its way comes first
inline constexpr std::chrono::seconds configuration_every{2};           ///< changes of things and rules are taken in at most so often

/// Where readings come from. Thread-safe.
class BatchSource {
 public:
  virtual ~BatchSource() = default;
  /// Batches after a position in order, at most `limit`, also those of other processes.
  virtual core::Result<std::vector<Batch>> after(std::int64_t position, std::size_t limit) = 0;
  /// Batches after this position must stay readable.
  virtual void keep_after(std::int64_t position) = 0;
  /// The last position.
  virtual std::int64_t position() = 0;
};

/// What a subject is called.
struct SubjectWords {
  core::Text place = {};  ///< empty: unknown
  core::Text thing = {};
};

/// Which streams there are. Thread-safe.
class Subjects {
 public:
  virtual ~Subjects() = default;
  virtual core::Result<> visit(std::function<void(StreamOf)> const& stream) = 0;
  /// For the words of a finding.
  virtual SubjectWords words(Subject const& subject, std::int64_t thing) = 0;
};

/// A rule as lists show it.
struct RuleStatus {
  Rule rule = {};
  bool armed = true;
  std::string chosen_by = {};              ///< who armed or disarmed it last; empty: nobody has
  std::string reason = {};
  std::size_t subjects = 0;
  std::size_t raised = 0;
  std::size_t at_fault = 0;
  std::size_t broken = 0;
  std::optional<core::Text> broken_why = {};  ///< of the first that is
  std::int64_t fired_30d = 0;
};

/// The rules of an installation, running. Thread-safe.
///
/// step() is called again and again by one thread: it takes in what has come, writes what was found together with the states of those
/// instances (journal), lets time pass, and writes some of the other states (checkpoint). After a crash the states are those of the last
/// checkpoint and of the journal after it; readings from the checkpoint's position are taken in again, those that a state has seen already
/// are passed over. One process runs the rules; it holds a lease that every transaction renews or checks, so one that stood still for too
/// long writes nothing any more (Errc::conflict inside, seen as "not ours").
class Keeper {
 public:
  struct Parts {
    store::Db& db;
    core::TimeSource const& time;
    BatchSource& batches;
    Subjects& subjects;
    AlarmSink& alarms;
    std::function<std::vector<Rule>()> rules;   ///< those of the packs in force; asked at the start and after changed()
    core::Zone zone = core::Zone::utc();
    std::optional<core::Calendar> calendar = {};
    std::string holder = {};                    ///< who we are, for the lease; unique to the process
    /// For each hour of the city's day what this share of the readings of those streams stays below; NaN where there are too few. Empty: nothing is
    /// ever usual. Blocks for as long as reading four weeks takes.
    std::function<core::Result<std::array<double, 24>>(std::span<std::int64_t const> streams, double share)> learn = {};
    /// False: readings wait elsewhere (at a broker) that are older than now. What is here is judged, but time alone does not pass. Empty: everything is here.
    std::function<bool()> all_is_here = {};
  };
  explicit Keeper(Parts parts);
  ~Keeper();

  /// One round. True: there is more to do at once. Where another process runs the rules it only looks whether the lease is free.
  /// Errors: those of the store; nothing is lost, the next round begins from what is written.
  core::Result<bool> step();
  /// How long until the next round, if no batch comes in between.
  core::Duration wait() const;
  /// Writes everything that is not written and gives the lease back.
  core::Result<> stop();
  /// Things, streams or rules are others: taken in with a later round, of whichever process runs them. Errors: those of the store.
  core::Result<> changed();

  /// Every rule in force, whether this process runs them or another.
  core::Result<std::vector<RuleStatus>> status();
  /// Arms or disarms a rule; broken instances begin anew when it is armed. In the ledger. Errors: not_found.
  core::Result<> arm(std::string const& rule, bool armed, std::string const& reason, std::string const& actor);
  /// Gives a subject its own value of a parameter, or takes it away. Errors: not_found, invalid (the unit).
  core::Result<> set_parameter(std::string const& rule, Subject const& subject, std::string const& parameter, std::optional<double> value,
                               std::string const& actor);
  /// Where a rule's parameters have values of their own, by subject.
  struct OwnValue {
    Subject subject = {};
    std::string parameter = {};
    double value = 0;
  };
  core::Result<std::vector<OwnValue>> own_values(std::string const& rule);
  bool is_running() const;  ///< this process holds the lease
  Engine::Counts counts() const;
  std::int64_t position() const;
  /// Batches after this one must stay readable, whether or not a keeper runs; nothing: no rule has ever run.
  static core::Result<std::optional<std::int64_t>> needed_after(store::Db& db);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::respond::rules
