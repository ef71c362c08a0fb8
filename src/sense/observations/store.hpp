#pragma once
// The store of observations: acknowledged when on the disk, kept compressed, read one way.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/observations/head.hpp"
#include "sense/observations/history.hpp"
#include "sense/observations/observation.hpp"
#include "sense/observations/rollup.hpp"
#include "store/db.hpp"

namespace zhili::sense::observations {

/// What waits in memory to be put into blocks; above it appending is refused until compaction has caught up.
inline constexpr std::size_t head_observations_max = 4'000'000;
/// Compaction begins when so much waits, or when the oldest of it has waited for so long.
inline constexpr std::size_t compact_observations_min = 250'000;
inline constexpr std::chrono::minutes compact_after{10};
/// Datastreams whose blocks are written in one transaction: a few milliseconds of the writer.
inline constexpr std::size_t compact_streams_per_write = 64;
/// Of what compaction makes, a block holds at most so many.
inline constexpr std::size_t block_observations_max = 1'024;
/// A day's figures are made when it has been over for so long; what comes later makes them anew.
inline constexpr std::chrono::minutes roll_up_after{60};

/// What became of a batch.
struct Appended {
  std::int64_t position = 0;  ///< 0: everything was there before
  std::size_t stored = 0;
  std::size_t duplicates = 0;
  std::vector<std::int64_t> ids = {};  ///< packed, of each row, also of duplicates; only where they were asked for
};

/// How long observations of a datastream are kept.
struct Keeping {
  std::optional<std::chrono::days> raw = {};     ///< none: for ever
  std::optional<std::chrono::days> minute = {};
  std::optional<std::chrono::days> hour = {};    ///< also of the figure for a day
  bool operator==(Keeping const&) const = default;
};

/// One batch as it was acknowledged, for whoever reads along.
struct Delivered {
  std::int64_t position = 0;
  core::Instant received{};
  Batch batch = {};  ///< without duplicates
};

/// Thread-safe. Several processes may share one PostgreSQL: each appends and reads, any of them compacts.
class ObservationStore final : public History {
 public:
  /// `db`: made by Db::open_observations. Reads what is not compacted. Errors: those of the database; corrupt.
  static core::Result<std::unique_ptr<ObservationStore>> open(store::Db& db, core::TimeSource const& time);
  ~ObservationStore() override;

  /// Stores all rows but those that are there already (same datastream, phenomenonTime and value), and returns when that is on
  /// the disk. Errors: busy (too much waits to be compacted), limit (more rows than batch_rows_max; no numbers are left), invalid (a
  /// time outside of the years 1 to 9999), unavailable, those of the database: then nothing is stored.
  core::Result<Appended> append(Batch batch, bool want_ids = false);
  /// The same without waiting; `done` is called on the database's thread. Batches are stored in the order of these calls.
  void append_later(Batch batch, bool want_ids, std::function<void(core::Result<Appended>)> done);

  core::Result<std::vector<Observation>> read(std::int64_t datastream, Wanted const& wanted) const override;
  core::Result<std::optional<Observation>> find(ObservationId id) const override;
  core::Result<std::optional<Observation>> last(std::int64_t datastream) const override;
  core::Result<std::optional<Extent>> extent(std::int64_t datastream) const override;
  core::Result<> each(std::int64_t datastream, core::Instant from, core::Instant until,
                      std::function<bool(Observation const&)> const& visit) const override;
  core::Result<Series> series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points, std::chrono::minutes day_begins) const override;

  /// Corrects one observation; its id stays. Errors: not_found.
  core::Result<> amend(Observation const& corrected);
  /// Removes one observation, or all of a datastream. Removing what is not there is no error.
  core::Result<> remove(ObservationId id);
  core::Result<> remove_all(std::int64_t datastream);

  /// Called on the database's thread after a batch is durable, with its position; must not block. At most one.
  void on_batch(std::function<void(std::int64_t position)> listener);
  /// Batches after a position in order, at most `limit`; also those of other processes. Those that are compacted and not kept are
  /// gone: whoever needs them says so with keep_after. One that is damaged is left out, and the log names it.
  core::Result<std::vector<Delivered>> batches(std::int64_t after, std::size_t limit) const;
  /// Batches after this position stay readable though they are compacted. The default keeps none, so say it before the first
  /// compact(). Each process knows its own: on one PostgreSQL another process keeps only what it needs itself.
  void keep_after(std::int64_t position);
  /// The last position that is durable.
  std::int64_t position() const;

  /// Puts everything that waits now into blocks, in pieces; gives how many observations. Meant for one thread. `stop` is asked
  /// between pieces: what is done stays done.
  core::Result<std::size_t> compact(std::function<bool()> const& stop = [] { return false; });
  /// Whether compact() has something to do by the limits above.
  bool wants_compaction() const;
  /// Batches that are in blocks, and that nobody reads any more (keep_after), go. compact() does it too; here for those that were still read then. Costs
  /// nothing where there are none.
  core::Result<> forget_batches();
  /// Makes figures of days that are over; gives of how many. A day with a damaged block keeps the figures that it had.
  core::Result<std::size_t> roll_up(core::Instant now, std::function<bool()> const& stop = [] { return false; });
  /// Takes away what is older than `keeping` says; gives how many blocks and days. Costs one look at each datastream.
  core::Result<std::size_t> expire(core::Instant now, std::function<Keeping(std::int64_t datastream)> const& keeping,
                                   std::function<bool()> const& stop = [] { return false; });
  /// Takes in what other processes have written; the reading functions do so themselves.
  core::Result<> follow();

  struct Counts {
    std::size_t waiting = 0;    ///< observations in memory
    std::size_t streams = 0;    ///< datastreams in memory
    std::int64_t compacted = 0;  ///< position
    std::int64_t position = 0;
  };
  Counts counts() const;

 private:
  ObservationStore(store::Db& db, core::TimeSource const& time) : db_(db), time_(time) {}

  // Writing: on the database's thread, with mutex_ held (store.cpp).
  core::Result<> load(store::Reader& reader);
  void take_in(store::Reader& reader);
  core::Result<Appended> place(store::Writer& writer, Batch const& batch, bool want_ids);
  void catch_up(store::Reader& reader);
  HeadStream& numbered(store::Reader& reader, std::int64_t datastream);
  static void keep_number(store::Writer& writer, std::int64_t datastream, std::int64_t next);
  std::int64_t known(store::Reader& reader, HeadStream& stream, Batch::Row const& row, Side const* side);
  void finish(core::Result<Appended> const& outcome);

  // Reading (reading.cpp). `head`: what is in memory, taken before the snapshot.
  using Memory = std::vector<Observation>;  // by (time, number)
  core::Result<Memory> memory_of(std::int64_t datastream) const;

  // Compaction (compaction.cpp).
  struct Waiting {
    std::int64_t datastream = 0;
    std::vector<Observation> rows = {};
  };
  std::vector<std::int64_t> streams_waiting(std::int64_t position) const;  // with mutex_ held, as the next
  std::vector<Waiting> waiting_of(std::span<std::int64_t const> datastreams, std::int64_t position);
  core::Result<> write_blocks(std::span<Waiting> streams);
  core::Result<> note_compacted(std::int64_t position);
  static core::Result<> roll_day(store::Writer& writer, std::int64_t datastream, std::int64_t day);
  static core::Result<std::size_t> take_readings(store::Writer& writer, std::int64_t datastream, std::int64_t first, std::int64_t end, std::set<std::int64_t> const& waiting);
  static core::Result<std::size_t> expire_stream(store::Writer& writer, std::int64_t datastream, std::int64_t today, Keeping const& keep);

  store::Db& db_;
  core::TimeSource const& time_;
  mutable std::mutex mutex_;  // of everything below
  mutable Head head_;
  std::set<std::pair<std::int64_t, std::int64_t>> unrolled_;  // datastream, day: known to be marked
  std::int64_t committed_ = 0;  // readers see rows up to here
  std::int64_t placed_ = 0;     // rows up to here have their numbers
  std::int64_t compacted_ = 0;
  std::int64_t keep_after_ = -1;
  std::int64_t forgotten_ = 0;  // batches up to here are gone
  std::optional<core::Instant> oldest_ = {};  // when the first that waits came
  bool lost_ = false;           // a transaction failed as a whole, with rows in memory that are nowhere else: all is read anew
  std::function<void(std::int64_t)> listener_;
};

}  // namespace zhili::sense::observations
