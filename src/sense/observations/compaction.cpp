// From batches to blocks, from blocks to figures, and away when their time is over. Stopped anywhere, it begins again where it was:
// a datastream's blocks hold all its numbers up to their greatest.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "sense/observations/batch_body.hpp"
#include "sense/observations/block.hpp"
#include "sense/observations/days.hpp"
#include "sense/observations/reading_days.hpp"
#include "sense/observations/rollup.hpp"
#include "sense/observations/store.hpp"

namespace zhili::sense::observations {

namespace {

constexpr std::size_t rolled_days_per_write = 64;
constexpr std::int64_t streams_per_expiry = 256;

std::pair<std::int64_t, std::int64_t> order_of(Observation const& row) { return {core::to_ms(row.phenomenon_time), row.id.n}; }

void tell_damage(core::Error const& error) { spdlog::error("{} ({})", error.text.en, error.detail); }

/// Blocks of a day that have room are written anew with what came; full ones are left, and so are damaged ones: nothing else waits for them.
core::Result<> merge_day(store::Writer& writer, std::int64_t datastream, std::int64_t day, std::vector<Observation> rows) {
  auto const open = writer.rows<std::int64_t, std::int64_t, store::Blob>(
      "SELECT t_min, n_min, body FROM block WHERE datastream = ? AND t_min >= ? AND t_min < ? AND observations < ?", datastream, begin_of(day), begin_of(day + 1), block_observations_max);
  for (auto const& [t_min, n_min, body] : open) {
    auto const before = decode_block(datastream, body.bytes);
    if (!before) {
      spdlog::error("{} ({} of {})", before.error().text.en, before.error().detail, core::to_iso(core::from_ms(begin_of(day))).substr(0, 10));
      continue;
    }
    rows.insert(rows.end(), before->begin(), before->end());
    writer.exec("DELETE FROM block WHERE datastream = ? AND t_min = ? AND n_min = ?", datastream, t_min, n_min);
  }
  std::ranges::sort(rows, {}, order_of);
  std::span<Observation const> left(rows);
  while (!left.empty()) {
    auto const block = left.first(std::min(left.size(), block_observations_max));
    left = left.subspan(block.size());
    auto const [n_min, n_max] = std::ranges::minmax(block, {}, [](Observation const& row) { return row.id.n; });
    writer.exec("INSERT INTO block (datastream, t_min, n_min, t_max, n_max, observations, body) VALUES (?, ?, ?, ?, ?, ?, ?)", datastream, block.front().phenomenon_time, n_min.id.n,
                block.back().phenomenon_time, n_max.id.n, block.size(), store::Blob{encode_block(block)});
  }
  return {};
}

void keep_figures(store::Writer& writer, std::int64_t datastream, std::int64_t day, DayFigures const& figures, bool gone) {
  writer.exec(
      "INSERT INTO rollup (datastream, day, body, readings_gone, has_minutes) VALUES (?, ?, ?, ?, ?) ON CONFLICT (datastream, day) DO UPDATE SET body = excluded.body, "
      "readings_gone = excluded.readings_gone, has_minutes = excluded.has_minutes",
      datastream, day, store::Blob{encode_figures(figures)}, gone, !figures.minutes.empty());
}

}  // namespace

std::vector<std::int64_t> ObservationStore::streams_waiting(std::int64_t position) const {
  std::vector<std::int64_t> out;
  auto const waits = [&](HeadRow const& row) { return row.position <= position; };
  for (auto const& [datastream, stream] : head_.streams())
    if (std::ranges::any_of(stream.rows, waits) || std::ranges::any_of(stream.late, waits)) out.push_back(datastream);
  std::ranges::sort(out);
  return out;
}

std::vector<ObservationStore::Waiting> ObservationStore::waiting_of(std::span<std::int64_t const> datastreams, std::int64_t position) {
  std::vector<Waiting> out;
  for (auto const datastream : datastreams) {
    auto& waiting = out.emplace_back(Waiting{datastream});
    for (auto const& row : Head::settled(head_.stream(datastream)))
      if (row.position <= position) waiting.rows.push_back(head_.read(datastream, row));
  }
  return out;
}

core::Result<> ObservationStore::write_blocks(std::span<Waiting> streams) {
  auto const written = db_.write([&](store::Writer& writer) -> core::Result<> {
    for (auto& [datastream, rows] : streams) {
      auto const in_blocks = writer.value<std::optional<std::int64_t>>("SELECT MAX(n_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt).value_or(-1);
      // What another has taken away since we had it in memory is in no block, and not to come back: numbers go on behind it.
      auto const done = std::max(in_blocks, writer.value<std::int64_t>("SELECT next_n FROM numbering WHERE datastream = ?", datastream).value_or(0) - 1);
      std::map<std::int64_t, std::vector<Observation>> by_day;
      for (auto& row : rows)
        if (row.id.n > done) by_day[day_of(core::to_ms(row.phenomenon_time))].push_back(std::move(row));
      for (auto& [day, of_day] : by_day) {
        ZHILI_CHECK(merge_day(writer, datastream, day, std::move(of_day)));
        bool const known = [&] {
          std::lock_guard const lock(mutex_);
          return unrolled_.contains({datastream, day});
        }();
        if (known && db_.engine() == "sqlite") continue;
        writer.exec("INSERT INTO unrolled (datastream, day) VALUES (?, ?) ON CONFLICT (datastream, day) DO NOTHING", datastream, day);
        std::lock_guard const lock(mutex_);
        unrolled_.emplace(datastream, day);  // here, so that it is in the order of what the database is told
      }
    }
    return {};
  });
  if (written) return {};
  std::lock_guard const lock(mutex_);
  unrolled_.clear();  // some of it may be said nowhere else; marking once more costs little
  return written;
}

core::Result<> ObservationStore::note_compacted(std::int64_t position) {
  return db_.write([&](store::Writer& writer) -> core::Result<> {
    writer.exec("UPDATE progress SET position = ? WHERE name = 'compacted' AND position < ?", position, position);
    writer.exec("UPDATE progress SET position = ? WHERE name = 'position' AND position < ?", position, position);
    return {};
  });
}

core::Result<> ObservationStore::forget_batches() {
  std::int64_t position = 0;
  {
    std::lock_guard const lock(mutex_);
    position = keep_after_ < 0 ? compacted_ : std::min(compacted_, keep_after_);
    if (position <= forgotten_) return {};
  }
  ZHILI_CHECK(db_.write([&](store::Writer& writer) -> core::Result<> {
    writer.exec("DELETE FROM batch WHERE position <= ?", position);
    return {};
  }));
  std::lock_guard const lock(mutex_);
  forgotten_ = std::max(forgotten_, position);
  return {};
}

/// In pieces, each of which is out of memory as soon as it is in blocks: whoever appends waits for one of them at most. A reader looks into memory
/// before it looks into blocks, so what is in one of the two is seen.
core::Result<std::size_t> ObservationStore::compact(std::function<bool()> const& stop) {
  std::int64_t position = 0;
  std::vector<std::int64_t> datastreams;
  {
    std::lock_guard const lock(mutex_);
    if (lost_) return std::size_t{0};
    position = committed_;
    datastreams = streams_waiting(position);
  }
  std::size_t count = 0;
  std::span<std::int64_t const> left(datastreams);
  while (!left.empty()) {
    if (stop()) return count;
    auto const piece = left.first(std::min(left.size(), compact_streams_per_write));
    left = left.subspan(piece.size());
    std::vector<Waiting> waiting;
    {
      std::lock_guard const lock(mutex_);
      if (lost_) return count;  // what is not in memory now is still in the batches, which stay
      waiting = waiting_of(piece, position);
    }
    for (auto const& stream : waiting) count += stream.rows.size();
    ZHILI_CHECK(write_blocks(waiting));
    std::lock_guard const lock(mutex_);
    for (auto const datastream : piece) head_.drop(datastream, position);
  }
  ZHILI_CHECK(note_compacted(position));
  {
    std::lock_guard const lock(mutex_);
    if (lost_) return count;
    compacted_ = std::max(compacted_, position);
    oldest_ = head_.size() == 0 ? std::nullopt : std::optional(time_.now());
  }
  ZHILI_CHECK(forget_batches());
  return count;
}

core::Result<> ObservationStore::roll_day(store::Writer& writer, std::int64_t datastream, std::int64_t day) {
  std::vector<Observation> const none;
  auto const rows = Days(writer, datastream, none).rows(day);
  auto const kept = writer.row<store::Blob, std::int64_t>("SELECT body, readings_gone FROM rollup WHERE datastream = ? AND day = ?", datastream, day);
  if (!rows) {
    tell_damage(rows.error());
    return {};
  }
  bool const gone = kept && std::get<1>(*kept) != 0;
  DayFigures figures;
  if (gone) {
    auto before = decode_figures(datastream, day, std::get<0>(*kept).bytes);
    if (!before) {
      tell_damage(before.error());
      return {};
    }
    figures = std::move(*before);
    add_late(figures, *rows);
  } else {
    figures = figures_of_day(*rows);
  }
  if (figures.hours.empty()) writer.exec("DELETE FROM rollup WHERE datastream = ? AND day = ?", datastream, day);
  else keep_figures(writer, datastream, day, figures, gone);
  // What came for a day whose readings are gone goes too, once it is in the figures: it is not to be added again.
  return gone ? take_readings(writer, datastream, day, day + 1, {}).map([](std::size_t) {}) : core::Result<>{};
}

core::Result<std::size_t> ObservationStore::roll_up(core::Instant now, std::function<bool()> const& stop) {
  auto const over = day_of(core::to_ms(now - roll_up_after)) - 1;
  std::size_t done = 0;
  for (;;) {
    if (stop()) return done;
    std::size_t rolled = 0;
    ZHILI_CHECK(db_.write([&](store::Writer& writer) -> core::Result<> {
      auto const marks = writer.rows<std::int64_t, std::int64_t>("SELECT datastream, day FROM unrolled WHERE day <= ? ORDER BY datastream, day LIMIT ?", over, rolled_days_per_write);
      for (auto const& [datastream, day] : marks) {
        ZHILI_CHECK(roll_day(writer, datastream, day));
        writer.exec("DELETE FROM unrolled WHERE datastream = ? AND day = ?", datastream, day);
      }
      rolled = marks.size();
      std::lock_guard const lock(mutex_);
      for (auto const& mark : marks) unrolled_.erase({std::get<0>(mark), std::get<1>(mark)});
      return {};
    }));
    done += rolled;
    if (rolled < rolled_days_per_write) return done;
  }
}

/// Takes away the readings of days in [first, end) but `waiting`, and corrections whose time is then over; gives how many blocks.
core::Result<std::size_t> ObservationStore::take_readings(store::Writer& writer, std::int64_t datastream, std::int64_t first, std::int64_t end, std::set<std::int64_t> const& waiting) {
  auto const gone = [&](std::int64_t day) { return day >= first && day < end && !waiting.contains(day); };
  auto const last = writer.value<std::optional<std::int64_t>>("SELECT MAX(n_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt);
  std::size_t removed = 0;
  for (auto const& [t_min, n_min] : writer.rows<std::int64_t, std::int64_t>("SELECT t_min, n_min FROM block WHERE datastream = ? AND t_min >= ? AND t_min < ?", datastream, begin_of(first), begin_of(end)))
    if (gone(day_of(t_min))) removed += static_cast<std::size_t>(writer.exec("DELETE FROM block WHERE datastream = ? AND t_min = ? AND n_min = ?", datastream, t_min, n_min));
  if (removed > 0 && last) keep_number(writer, datastream, *last + 1);  // a number that is gone is not given again
  for (auto const& [n, t, body] : writer.rows<std::int64_t, std::int64_t, std::optional<store::Blob>>("SELECT n, t, body FROM amendment WHERE datastream = ?", datastream)) {
    if (body) {
      auto const now = decode_one({datastream, n}, body->bytes);
      if (!now || !gone(day_of(core::to_ms(now->phenomenon_time)))) continue;
    }
    if (gone(day_of(t))) writer.exec("DELETE FROM amendment WHERE datastream = ? AND n = ?", datastream, n);
    else if (body) writer.exec("UPDATE amendment SET body = NULL WHERE datastream = ? AND n = ?", datastream, n);  // what it was at first still stands in its block
  }
  return removed;
}

core::Result<std::size_t> ObservationStore::expire_stream(store::Writer& writer, std::int64_t datastream, std::int64_t today, Keeping const& keep) {
  std::size_t out = 0;
  if (keep.raw) {
    auto const edge = today - keep.raw->count();
    std::set<std::int64_t> waiting;  // a day whose figures are to be made waits for them
    for (auto const& [day] : writer.rows<std::int64_t>("SELECT day FROM unrolled WHERE datastream = ?", datastream)) waiting.insert(day);
    std::set<std::int64_t> over;
    for (auto const& [t] : writer.rows<std::int64_t>("SELECT t_min FROM block WHERE datastream = ? AND t_min < ?", datastream, begin_of(edge)))
      if (!waiting.contains(day_of(t))) over.insert(day_of(t));
    for (auto const day : over) {
      if (!keep.minute || today - keep.minute->count() <= day) {
        std::vector<Observation> const none;
        auto const rows = Days(writer, datastream, none).rows(day);
        if (!rows) tell_damage(rows.error());
        else if (auto const figures = figures_of_day(*rows, true); !figures.hours.empty()) keep_figures(writer, datastream, day, figures, true);
      }
      writer.exec("UPDATE rollup SET readings_gone = 1 WHERE datastream = ? AND day = ?", datastream, day);
    }
    ZHILI_TRY(auto const removed, take_readings(writer, datastream, day_of(observed_ms_min), edge, waiting));
    out += removed;
  }
  if (keep.hour) out += static_cast<std::size_t>(writer.exec("DELETE FROM rollup WHERE datastream = ? AND day < ?", datastream, today - keep.hour->count()));
  if (!keep.minute) return out;
  for (auto const& [day, body] : writer.rows<std::int64_t, store::Blob>("SELECT day, body FROM rollup WHERE datastream = ? AND day < ? AND has_minutes = 1", datastream, today - keep.minute->count())) {
    auto figures = decode_figures(datastream, day, body.bytes);
    if (!figures) tell_damage(figures.error());
    if (!figures) continue;
    figures->minutes.clear();
    writer.exec("UPDATE rollup SET body = ?, has_minutes = 0 WHERE datastream = ? AND day = ?", store::Blob{encode_figures(*figures)}, datastream, day);
  }
  return out;
}

core::Result<std::size_t> ObservationStore::expire(core::Instant now, std::function<Keeping(std::int64_t)> const& keeping, std::function<bool()> const& stop) {
  std::size_t gone = 0;
  std::int64_t after = 0;
  auto const today = day_of(core::to_ms(now));
  for (;;) {
    if (stop()) return gone;
    auto const streams = db_.read([&](store::Reader& reader) {
      return reader.rows<std::int64_t>("SELECT datastream FROM block WHERE datastream > ? UNION SELECT datastream FROM rollup WHERE datastream > ? ORDER BY datastream LIMIT ?", after, after, streams_per_expiry);
    });
    if (!streams) return core::fail(streams.error());
    if (streams->empty()) return gone;
    ZHILI_CHECK(db_.write([&](store::Writer& writer) -> core::Result<> {
      for (auto const& [datastream] : *streams) {
        ZHILI_TRY(auto const taken, expire_stream(writer, datastream, today, keeping(datastream)));
        gone += taken;
      }
      return {};
    }));
    after = std::get<0>(streams->back());
  }
}

}  // namespace zhili::sense::observations
