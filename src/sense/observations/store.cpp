// Writing: numbers are given in the order of commits, on the database's own thread; memory is what the database says.
#include "sense/observations/store.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <limits>

#include "sense/observations/batch_body.hpp"
#include "sense/observations/block.hpp"
#include "sense/observations/days.hpp"

namespace zhili::sense::observations {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t batches_per_load = 64;

core::Error too_much_waits() {
  return {Errc::busy, "observations.full", {"观测太多，正在整理；请稍后再送。", "Too many observations wait to be put in order. Send them again in a moment."}, {},
          fmt::format("more than head_observations_max = {} in memory", head_observations_max)};
}

core::Error out_of_numbers(std::int64_t datastream) {
  return {Errc::limit, "observations.numbers", {"这个数据流的观测已经编满号，请换一个数据流。", "This datastream has used all its numbers. Use another datastream."}, "Datastream",
          fmt::format("datastream {}", datastream)};
}

core::Error no_such_time() {
  return {Errc::invalid, "observations.time", {"观测时间应在公元 1 年至 9999 年之间，请检查设备时钟和时间单位。", "The time of an observation is in the years 1 to 9999. Check the clock of the device and the unit of time."}, "phenomenonTime"};
}

bool both_within_times(std::optional<core::Instant> const& end, std::optional<core::Instant> const& result_time) {
  return (!end || within_times(*end)) && (!result_time || within_times(*result_time));
}

/// What can be said of a batch before anything is placed.
core::Result<> acceptable(Batch const& batch) {
  if (batch.rows.size() > batch_rows_max)
    return fail(Errc::limit, "observations.batch_rows", {fmt::format("一批最多 {} 条观测，请分批发送。", batch_rows_max), fmt::format("A batch has at most {} observations. Send them in several.", batch_rows_max)});
  for (auto const& row : batch.rows) {
    if (row.datastream <= 0 || row.datastream > datastream_number_max) return fail(out_of_numbers(row.datastream));
    auto const* side = batch.find_side(row);
    if (row.t < observed_ms_min || row.t > observed_ms_max || (side && !both_within_times(side->phenomenon_end, side->result_time))) return fail(no_such_time());
  }
  return {};
}

}  // namespace

core::Result<std::unique_ptr<ObservationStore>> ObservationStore::open(store::Db& db, core::TimeSource const& time) {
  std::unique_ptr<ObservationStore> out(new ObservationStore(db, time));
  std::lock_guard const lock(out->mutex_);
  ZHILI_CHECK(db.read([&](store::Reader& reader) { return out->load(reader); }));
  out->committed_ = out->placed_;
  return out;
}

ObservationStore::~ObservationStore() = default;

/// Everything in memory anew. `reader` may be a transaction that is under way: what it holds is placed, and committed only with it.
core::Result<> ObservationStore::load(store::Reader& reader) {
  head_.clear();
  unrolled_.clear();
  oldest_.reset();
  lost_ = true;
  reader.each<std::int64_t, std::int64_t>("SELECT datastream, day FROM unrolled", [&](std::int64_t datastream, std::int64_t day) { unrolled_.emplace(datastream, day); });
  placed_ = compacted_ = *reader.value<std::int64_t>("SELECT position FROM progress WHERE name = 'compacted'");
  take_in(reader);
  placed_ = std::max(placed_, *reader.value<std::int64_t>("SELECT position FROM progress WHERE name = 'position'"));
  lost_ = false;
  return {};
}

/// Batches that this process has not seen. One that is damaged is passed by: the others are worth more than its numbers.
void ObservationStore::take_in(store::Reader& reader) {
  for (;;) {
    auto const batches = reader.rows<std::int64_t, std::int64_t, store::Blob>("SELECT position, received_at, body FROM batch WHERE position > ? ORDER BY position LIMIT ?", placed_, batches_per_load);
    for (auto const& [position, received, body] : batches) {
      placed_ = position;
      auto const numbered_batch = decode_batch(body.bytes);
      if (!numbered_batch) {
        spdlog::error("batch {} of observations is damaged and passed by", position);
        continue;
      }
      auto const& [batch, numbers] = *numbered_batch;
      for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        auto const& row = batch.rows[i];
        auto& stream = head_.stream(row.datastream);
        head_.put(stream, row, numbers[i], position, batch.find_side(row));
        if (stream.next_n >= 0) stream.next_n = std::max(stream.next_n, numbers[i] + 1);
      }
      if (!oldest_) oldest_ = core::from_ms(received);
    }
    if (batches.size() < batches_per_load) return;
  }
}

/// What other processes have written and made blocks of, as far as `reader` sees it; all of it is committed.
void ObservationStore::catch_up(store::Reader& reader) {
  auto const before = placed_;
  take_in(reader);
  auto const others = *reader.value<std::int64_t>("SELECT position FROM progress WHERE name = 'compacted'");
  if (others > compacted_) {
    // Maybe of batches that this one never saw: numbers are asked for anew.
    head_.drop(others);
    for (auto& [datastream, stream] : head_.streams()) stream.next_n = -1;
    compacted_ = others;
    placed_ = std::max(placed_, others);
  }
  if (placed_ > before) committed_ = std::max(committed_, placed_);
}

core::Result<> ObservationStore::follow() {
  return db_.read([&](store::Reader& reader) -> core::Result<> {
    auto const in_batches = reader.value<std::optional<std::int64_t>>("SELECT MAX(position) FROM batch").value_or(std::nullopt).value_or(0);
    auto const in_blocks = *reader.value<std::int64_t>("SELECT position FROM progress WHERE name = 'compacted'");
    auto const newest = std::max(in_batches, in_blocks);
    std::lock_guard const lock(mutex_);
    // An older snapshot than what is in memory says nothing new, and what is on its way here was placed already. But what another made blocks of is
    // not to be read from memory: it may have been taken away since.
    if (newest < committed_ || (!lost_ && newest <= placed_ && in_blocks <= compacted_)) return {};
    if (!lost_) return catch_up(reader), core::Result<>();
    ZHILI_CHECK(load(reader));
    committed_ = placed_;
    return {};
  });
}

void ObservationStore::keep_number(store::Writer& writer, std::int64_t datastream, std::int64_t next) {
  writer.exec("INSERT INTO numbering (datastream, next_n) VALUES (?, ?) ON CONFLICT (datastream) DO UPDATE SET next_n = excluded.next_n WHERE numbering.next_n < excluded.next_n", datastream, next);
}

/// The stream with its next number known.
HeadStream& ObservationStore::numbered(store::Reader& reader, std::int64_t datastream) {
  auto& stream = head_.stream(datastream);
  if (stream.next_n >= 0) return stream;
  std::int64_t last = -1;
  for (auto const* rows : {&stream.rows, &stream.late})
    for (auto const& row : *rows) last = std::max<std::int64_t>(last, row.n);
  last = std::max(last, reader.value<std::optional<std::int64_t>>("SELECT MAX(n_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt).value_or(-1));
  last = std::max(last, reader.value<std::int64_t>("SELECT next_n FROM numbering WHERE datastream = ?", datastream).value_or(0) - 1);
  stream.t_blocks = reader.value<std::optional<std::int64_t>>("SELECT MAX(t_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt).value_or(std::numeric_limits<std::int64_t>::min());
  stream.next_n = last + 1;
  return stream;
}

/// The number of the same result at the same time, or -1.
std::int64_t ObservationStore::known(store::Reader& reader, HeadStream& stream, Batch::Row const& row, Side const* side) {
  if (auto const* same = head_.same(stream, row, side)) return same->n;
  if (row.t > stream.t_blocks) return -1;
  auto const bodies = reader.rows<store::Blob>("SELECT body FROM block WHERE datastream = ? AND t_min >= ? AND t_min <= ? AND t_max >= ?", row.datastream, begin_of(day_of(row.t)), row.t, row.t);
  for (auto const& [body] : bodies) {
    auto const rows = decode_block(row.datastream, body.bytes);
    if (!rows) continue;  // a damaged block recognises nothing, and keeps nobody from sending; whoever reads it is told
    for (auto const& one : *rows)
      if (core::to_ms(one.phenomenon_time) == row.t && same_value(row.kind, row.number, row.integer, side ? std::string_view(side->text) : std::string_view(), one.value)) return one.id.n;
  }
  return -1;
}

core::Result<Appended> ObservationStore::place(store::Writer& writer, Batch const& batch, bool want_ids) {
  ZHILI_CHECK(acceptable(batch));
  if (lost_) ZHILI_CHECK(load(writer));
  if (db_.engine() == "postgresql") catch_up(writer);
  if (head_.size() + batch.rows.size() > head_observations_max) return fail(too_much_waits());
  Appended out;
  auto const position = placed_ + 1;
  Batch fresh;
  fresh.rows.reserve(batch.rows.size());
  std::vector<std::int64_t> numbers;
  numbers.reserve(batch.rows.size());
  if (want_ids) out.ids.reserve(batch.rows.size());
  // Other batches of the same transaction may be in memory already: what fails here takes back its own rows and no others.
  struct Undo {
    Head& head;
    Batch const& batch;
    std::int64_t position;
    bool done = false;
    ~Undo() {
      if (done) return;
      std::set<std::int64_t> touched;
      for (auto const& row : batch.rows) touched.insert(row.datastream);
      for (auto const datastream : touched) {
        head.take_back(datastream, position);
        head.stream(datastream).next_n = -1;
      }
    }
  } undo{head_, batch, position};
  for (auto row : batch.rows) {
    row.number += 0.0;  // of the two zeros the one that gauges mean
    auto const* side = batch.find_side(row);
    auto& stream = numbered(writer, row.datastream);
    auto n = known(writer, stream, row, side);
    if (n >= 0) {
      ++out.duplicates;
    } else {
      if (stream.next_n > observations_of_a_stream_max) return fail(out_of_numbers(row.datastream));
      n = stream.next_n++;
      head_.put(stream, row, n, position, side);
      auto& put = fresh.rows.emplace_back(row);
      put.side = 0;
      if (side) fresh.side_of(put) = *side;
      numbers.push_back(n);
    }
    if (want_ids) out.ids.push_back(packed({row.datastream, n}));
  }
  out.stored = fresh.rows.size();
  if (out.stored > 0) {
    auto const now = time_.now();
    writer.exec("INSERT INTO batch (position, received_at, observations, body) VALUES (?, ?, ?, ?)", position, std::min(batch.received.value_or(now), now), out.stored, store::Blob{encode_batch(fresh, numbers)});
    out.position = placed_ = position;
    if (!oldest_) oldest_ = now;
  }
  undo.done = true;
  return out;
}

void ObservationStore::finish(core::Result<Appended> const& outcome) {
  std::function<void(std::int64_t)> listener;
  {
    std::lock_guard const lock(mutex_);
    if (!outcome) {
      lost_ = true;  // its rows may be in memory; nobody has read them
      return;
    }
    if (outcome->position == 0) return;
    committed_ = std::max(committed_, outcome->position);
    listener = listener_;
  }
  if (listener) listener(outcome->position);
}

void ObservationStore::append_later(Batch batch, bool want_ids, std::function<void(core::Result<Appended>)> done) {
  struct Under {
    Batch batch;
    core::Result<Appended> outcome = Appended{};
  };
  auto const under = std::make_shared<Under>(Under{std::move(batch)});
  db_.write_later(
      [this, under, want_ids](store::Writer& writer) -> core::Result<> {
        std::lock_guard const lock(mutex_);
        under->outcome = place(writer, under->batch, want_ids);
        if (!under->outcome) return fail(under->outcome.error());
        return {};
      },
      [this, under, done = std::move(done)](core::Result<> committed) {
        bool const refused = !under->outcome.has_value();  // then place() left memory as it was
        if (!committed && !refused) under->outcome = fail(committed.error());
        if (!refused) finish(under->outcome);
        done(std::move(under->outcome));
      });
}

core::Result<Appended> ObservationStore::append(Batch batch, bool want_ids) {
  auto const outcome = std::make_shared<std::promise<core::Result<Appended>>>();
  auto future = outcome->get_future();
  append_later(std::move(batch), want_ids, [outcome](core::Result<Appended> result) { outcome->set_value(std::move(result)); });
  return future.get();
}

core::Result<> ObservationStore::amend(Observation const& corrected) {
  if (!within_times(corrected.phenomenon_time) || !both_within_times(corrected.phenomenon_end, corrected.result_time)) return fail(no_such_time());
  ZHILI_TRY(auto const before, find(corrected.id));
  if (!before) return fail(Errc::not_found, "observations.unknown", {"没有这条观测。", "There is no such observation."}, "Observation");
  auto const mark = [&](store::Writer& writer, core::Instant at) {
    writer.exec("INSERT INTO unrolled (datastream, day) VALUES (?, ?) ON CONFLICT (datastream, day) DO NOTHING", corrected.id.datastream, day_of(core::to_ms(at)));
  };
  return db_.write([&](store::Writer& writer) -> core::Result<> {
    writer.exec("INSERT INTO amendment (datastream, n, t, body) VALUES (?, ?, ?, ?) ON CONFLICT (datastream, n) DO UPDATE SET body = excluded.body", corrected.id.datastream, corrected.id.n,
                before->phenomenon_time, store::Blob{encode_one(corrected)});
    mark(writer, before->phenomenon_time);
    mark(writer, corrected.phenomenon_time);
    return {};
  });
}

core::Result<> ObservationStore::remove(ObservationId id) {
  ZHILI_TRY(auto const before, find(id));
  if (!before) return {};
  return db_.write([&](store::Writer& writer) -> core::Result<> {
    writer.exec("INSERT INTO amendment (datastream, n, t, body) VALUES (?, ?, ?, NULL) ON CONFLICT (datastream, n) DO UPDATE SET body = NULL", id.datastream, id.n, before->phenomenon_time);
    writer.exec("INSERT INTO unrolled (datastream, day) VALUES (?, ?) ON CONFLICT (datastream, day) DO NOTHING", id.datastream, day_of(core::to_ms(before->phenomenon_time)));
    return {};
  });
}

core::Result<> ObservationStore::remove_all(std::int64_t datastream) {
  // Batches that wait hold rows of others too: first they become blocks, then those of this one go.
  ZHILI_CHECK(compact());
  auto const removed = db_.write([&](store::Writer& writer) -> core::Result<> {
    std::lock_guard const lock(mutex_);
    if (lost_) ZHILI_CHECK(load(writer));
    if (db_.engine() == "postgresql") catch_up(writer);
    keep_number(writer, datastream, numbered(writer, datastream).next_n);
    for (auto const* table : {"DELETE FROM block WHERE datastream = ?", "DELETE FROM rollup WHERE datastream = ?", "DELETE FROM unrolled WHERE datastream = ?", "DELETE FROM amendment WHERE datastream = ?"})
      writer.exec(table, datastream);
    // What came since then is gone too.
    for (auto const& row : Head::settled(head_.stream(datastream)))
      writer.exec("INSERT INTO amendment (datastream, n, t, body) VALUES (?, ?, ?, NULL) ON CONFLICT (datastream, n) DO NOTHING", datastream, row.n, row.t);
    std::erase_if(unrolled_, [&](auto const& mark) { return mark.first == datastream; });
    return {};
  });
  return removed;
}

void ObservationStore::on_batch(std::function<void(std::int64_t)> listener) {
  std::lock_guard const lock(mutex_);
  listener_ = std::move(listener);
}

core::Result<std::vector<Delivered>> ObservationStore::batches(std::int64_t after, std::size_t limit) const {
  return db_.read([&](store::Reader& reader) -> core::Result<std::vector<Delivered>> {
    std::vector<Delivered> out;
    for (;;) {
      auto const rows = reader.rows<std::int64_t, std::int64_t, store::Blob>("SELECT position, received_at, body FROM batch WHERE position > ? ORDER BY position LIMIT ?", after, limit);
      for (auto const& [position, received, body] : rows) {
        after = position;
        auto numbered_batch = decode_batch(body.bytes);
        if (numbered_batch) out.push_back({position, core::from_ms(received), std::move(numbered_batch->batch)});
        else spdlog::error("batch {} of observations is damaged and left out", position);
      }
      if (!out.empty() || rows.size() < limit || limit == 0) return out;
    }
  });
}

void ObservationStore::keep_after(std::int64_t position) {
  std::lock_guard const lock(mutex_);
  keep_after_ = position;
}

std::int64_t ObservationStore::position() const {
  std::lock_guard const lock(mutex_);
  return committed_;
}

bool ObservationStore::wants_compaction() const {
  std::lock_guard const lock(mutex_);
  return head_.size() >= compact_observations_min || (oldest_ && time_.now() - *oldest_ >= compact_after);
}

ObservationStore::Counts ObservationStore::counts() const {
  std::lock_guard const lock(mutex_);
  return {head_.size(), head_.streams().size(), compacted_, committed_};
}

}  // namespace zhili::sense::observations
