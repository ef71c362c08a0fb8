#pragma once
// The one way in for observations: who, known, unit, time, range, too many; then stored, and only then acknowledged.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/counters.hpp"
#include "sense/ingest/incoming.hpp"
#include "sense/ingest/quarantine.hpp"
#include "sense/ingest/sink.hpp"
#include "sense/ingest/stream_facts.hpp"

namespace zhili::sense::ingest {

/// Observations that wait for the store; more are refused with 429.
inline constexpr std::size_t waiting_observations_max = 500'000;
/// Bytes that those and their texts may take.
inline constexpr std::size_t waiting_bytes_max = 96u << 20u;
/// Observations that one sender may bring at once.
inline constexpr std::size_t batch_observations_max = 100'000;
/// Observations that go to the store together.
inline constexpr std::size_t append_observations_max = 50'000;
/// Whoever finds the queue full tries again after so long.
inline constexpr std::chrono::seconds full_retry_after{1};
/// Of what was wrong with a batch, so much is told one by one; all of it is counted.
inline constexpr std::size_t problems_told_max = 100;
/// Streams that were asked for and do not exist: remembered, and for so long.
inline constexpr std::size_t unknown_streams_remembered_max = 10'000;
inline constexpr std::chrono::seconds unknown_stream_remembered{2};
/// Of one batch, so many unknown streams are asked for; whoever sends more of them guesses.
inline constexpr std::size_t unknown_streams_asked_max = 1'000;

/// What became of a batch.
struct Receipt {
  std::int64_t position = 0;  ///< of the store; 0: nothing was stored
  std::size_t received = 0;
  std::size_t stored = 0;
  std::size_t duplicates = 0;
  std::size_t late = 0;         ///< of those that were stored
  std::size_t quarantined = 0;
  std::size_t refused = 0;
  std::vector<Problem> problems = {};  ///< the first `problems_told_max`
  std::vector<Fate> fates = {};        ///< of each row; empty: all were accepted
  std::vector<std::int64_t> ids = {};  ///< if asked for: of each row; 0 for one that was not accepted
};

/// Thread-safe. What it is given outlives it. The order of one caller's batches is kept, so whoever takes what a device sends in one
/// thread keeps the order of the device.
///
/// Cost: an observation is judged in much less than a microsecond, on the caller's thread (bench/ingest_bench.cpp); one thread of its own stores.
class Intake {
 public:
  struct Parts {
    core::TimeSource const& time;
    StreamFacts& facts;
    UnitConverter& units;
    Sink& sink;
    Quarantine& quarantine;
  };
  struct Options {
    bool own_thread = true;  ///< false: take() and take_later() store at once, on the caller's thread (tests, imports)
    std::size_t waiting_observations = waiting_observations_max;
    std::size_t waiting_bytes = waiting_bytes_max;
  };
  using Done = std::function<void(core::Result<Receipt>)>;

  /// Reads all facts. Errors: those of StreamFacts.
  static core::Result<std::unique_ptr<Intake>> open(Parts parts, Options options);
  static core::Result<std::unique_ptr<Intake>> open(Parts parts) { return open(parts, Options()); }
  /// What was taken is stored first.
  ~Intake();
  Intake(Intake const&) = delete;
  Intake& operator=(Intake const&) = delete;

  /// Before a body is even read: whether anything can be taken now. Errors: limit (the device sends too much, or the queue is full: see
  /// retry_after), forbidden (the device is disabled). Costs nothing worth counting.
  core::Result<> admit(Source const& source);

  /// Takes so many from what a device may send, without a batch: for whoever puts messages of many devices into one batch, whose source is
  /// no device then. What is not allowed is counted. Errors: limit, forbidden.
  core::Result<> charge(Source const& source, std::size_t observations);

  /// Judges a batch at once; calls `done` when what is accepted is durable and what is quarantined is kept: on another thread, or on
  /// this one if there is nothing to wait for. `done` must not block. What the sender is allowed is taken whole or not at all.
  /// Errors given to `done`: limit (too much: nothing was taken), forbidden (disabled), invalid (batch_observations_max), those of the
  /// store (nothing was stored: send it again). Rows that are wrong are no error: see the receipt.
  void take_later(Source const& source, Batch batch, Done done, bool wants_ids = false);
  /// The same, waiting.
  core::Result<Receipt> take(Source const& source, Batch batch, bool wants_ids = false);

  /// When whoever got Errc::limit should come again, in whole seconds, at least one.
  std::chrono::seconds retry_after(Source const& source);

  // Facts follow changes: whoever changes an entity or a device tells it, after the commit.
  void put(StreamFact fact);
  void forget_stream(std::int64_t datastream);
  void put(DeviceFact fact);
  void forget_device(std::int64_t device);
  /// Reads all of them again.
  core::Result<> reload();

  /// The datastream that a device calls so; 0: it has none of this name.
  std::int64_t named(std::int64_t device, std::string_view stream) const;
  /// The device with this serial number; 0: none.
  std::int64_t device_with(std::string_view serial) const;
  /// The device that writes a stream; 0: none, or no such stream.
  std::int64_t owner(std::int64_t datastream) const;

  /// What is in quarantine goes in after all. With `at_its_time` under the time that it said, else under the time at which it came.
  /// It leaves the quarantine when it is stored. Errors: not_found, conflict (it was decided before, or it is no observation that can be
  /// read), invalid (it is still wrong).
  core::Result<Receipt> release(std::int64_t quarantined, bool at_its_time, std::string const& actor);

  Counters& counters();
  /// Observations that wait for the store now.
  std::size_t waiting() const;

 private:
  class Inside;
  explicit Intake(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::sense::ingest
