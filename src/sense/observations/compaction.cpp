// From batches to blocks, from blocks to figures, and away when their time is over. Stopped anywhere, it begins again where it was:
// a datastream's blocks hold all its numbers up to their greatest.
#include <algorithm>
#include <map>

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

/// Blocks of a day that have room are written anew with what came; full ones are left.
core::Result<> merge_day(store::Writer& writer, std::int64_t datastream, std::int64_t day, std::vector<Observation> rows) {
  auto const open = writer.rows<std::int64_t, std::int64_t, store::Blob>(
      "SELECT t_min, n_min, body FROM block WHERE datastream = ? AND t_min >= ? AND t_min < ? AND observations < ?", datastream, begin_of(day), begin_of(day + 1), block_observations_max);
  for (auto const& [t_min, n_min, body] : open) {
    ZHILI_TRY(auto const before, decode_block(datastream, body.bytes));
    rows.insert(rows.end(), before.begin(), before.end());
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

}  // namespace

std::vector<ObservationStore::Waiting> ObservationStore::waiting_up_to(std::int64_t position) const {
  std::vector<Waiting> out;
  for (auto const& [datastream, stream] : head_.streams()) {
    Waiting waiting{datastream};
    for (auto const& row : stream.rows)
      if (row.position <= position) waiting.rows.push_back(head_.read(datastream, row));
    if (!waiting.rows.empty()) out.push_back(std::move(waiting));
  }
  std::ranges::sort(out, {}, &Waiting::datastream);
  return out;
}

core::Result<> ObservationStore::write_blocks(std::span<Waiting> streams) {
  std::vector<std::pair<std::int64_t, std::int64_t>> marked;
  ZHILI_CHECK(db_.write([&](store::Writer& writer) -> core::Result<> {
    for (auto& [datastream, rows] : streams) {
      auto const done = writer.value<std::optional<std::int64_t>>("SELECT MAX(n_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt).value_or(-1);
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
        marked.emplace_back(datastream, day);
      }
    }
    return {};
  }));
  std::lock_guard const lock(mutex_);
  unrolled_.insert(marked.begin(), marked.end());
  return {};
}

core::Result<> ObservationStore::forget_batches(std::int64_t position) {
  return db_.write([&](store::Writer& writer) -> core::Result<> {
    auto const keep = [&] {
      std::lock_guard const lock(mutex_);
      return keep_after_;
    }();
    writer.exec("UPDATE progress SET position = ? WHERE name = 'compacted' AND position < ?", position, position);
    writer.exec("UPDATE progress SET position = ? WHERE name = 'position' AND position < ?", position, position);
    writer.exec("DELETE FROM batch WHERE position <= ?", keep < 0 ? position : std::min(position, keep));
    return {};
  });
}

core::Result<std::size_t> ObservationStore::compact(std::function<bool()> const& stop) {
  std::int64_t position = 0;
  std::vector<Waiting> waiting;
  {
    std::lock_guard const lock(mutex_);
    if (lost_) return std::size_t{0};
    position = committed_;
    waiting = waiting_up_to(position);
  }
  std::size_t count = 0;
  for (auto const& stream : waiting) count += stream.rows.size();
  std::span<Waiting> left(waiting);
  while (!left.empty()) {
    if (stop()) return count;
    auto const piece = left.first(std::min(left.size(), compact_streams_per_write));
    ZHILI_CHECK(write_blocks(piece));
    left = left.subspan(piece.size());
  }
  ZHILI_CHECK(forget_batches(position));
  std::lock_guard const lock(mutex_);
  if (lost_) return count;
  head_.drop(position);
  compacted_ = std::max(compacted_, position);
  oldest_ = head_.size() == 0 ? std::nullopt : std::optional(time_.now());
  return count;
}

core::Result<std::size_t> ObservationStore::roll_up(core::Instant now, std::function<bool()> const& stop) {
  auto const over = day_of(core::to_ms(now - roll_up_after)) - 1;
  std::size_t done = 0;
  for (;;) {
    if (stop()) return done;
    std::vector<std::pair<std::int64_t, std::int64_t>> rolled;
    ZHILI_CHECK(db_.write([&](store::Writer& writer) -> core::Result<> {
      auto const marks = writer.rows<std::int64_t, std::int64_t>("SELECT datastream, day FROM unrolled WHERE day <= ? ORDER BY datastream, day LIMIT ?", over, rolled_days_per_write);
      for (auto const& [datastream, day] : marks) {
        std::vector<Observation> const none;
        ZHILI_TRY(auto const rows, Days(writer, datastream, none).rows(day));
        auto const figures = figures_of_day(rows);
        if (figures.hours.empty()) writer.exec("DELETE FROM rollup WHERE datastream = ? AND day = ?", datastream, day);
        else
          writer.exec("INSERT INTO rollup (datastream, day, body) VALUES (?, ?, ?) ON CONFLICT (datastream, day) DO UPDATE SET body = excluded.body", datastream, day,
                      store::Blob{encode_figures(figures)});
        writer.exec("DELETE FROM unrolled WHERE datastream = ? AND day = ?", datastream, day);
        rolled.emplace_back(datastream, day);
      }
      std::lock_guard const lock(mutex_);
      for (auto const& mark : rolled) unrolled_.erase(mark);
      return {};
    }));
    done += rolled.size();
    if (rolled.size() < rolled_days_per_write) return done;
  }
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
        auto const keep = keeping(datastream);
        if (keep.raw) {
          auto const edge = begin_of(today - keep.raw->count());
          auto const last = writer.value<std::optional<std::int64_t>>("SELECT MAX(n_max) FROM block WHERE datastream = ?", datastream).value_or(std::nullopt);
          // A day that has no figures yet waits for them.
          auto const removed = writer.exec(
              "DELETE FROM block WHERE datastream = ? AND t_max < ? AND NOT EXISTS (SELECT 1 FROM unrolled WHERE unrolled.datastream = block.datastream AND unrolled.day * 86400000 <= block.t_min AND (unrolled.day + 1) * 86400000 > block.t_min)",
              datastream, edge);
          gone += static_cast<std::size_t>(removed);
          // A number that is gone is not given again.
          if (removed > 0 && last && !writer.value<std::int64_t>("SELECT n_max FROM block WHERE datastream = ? AND n_max = ?", datastream, *last))
            writer.exec("INSERT INTO amendment (datastream, n, body) VALUES (?, ?, NULL) ON CONFLICT (datastream, n) DO NOTHING", datastream, *last);
        }
        if (keep.hour) gone += static_cast<std::size_t>(writer.exec("DELETE FROM rollup WHERE datastream = ? AND day < ?", datastream, today - keep.hour->count()));
        if (keep.minute) {
          auto const old = writer.rows<std::int64_t, store::Blob>("SELECT day, body FROM rollup WHERE datastream = ? AND day < ? AND LENGTH(body) > ?", datastream, today - keep.minute->count(), 1'024);
          for (auto const& [day, body] : old) {
            ZHILI_TRY(auto figures, decode_figures(body.bytes));
            if (figures.minutes.empty()) continue;
            figures.minutes.clear();
            writer.exec("UPDATE rollup SET body = ? WHERE datastream = ? AND day = ?", store::Blob{encode_figures(figures)}, datastream, day);
          }
        }
      }
      return {};
    }));
    after = std::get<0>(streams->back());
  }
}

}  // namespace zhili::sense::observations
