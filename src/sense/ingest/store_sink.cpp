#include "sense/ingest/store_sink.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace zhili::sense::ingest {

static_assert(static_cast<int>(ValueKind::number) == static_cast<int>(observations::ValueKind::number) && static_cast<int>(ValueKind::truth) == static_cast<int>(observations::ValueKind::truth) &&
              static_cast<int>(ValueKind::count) == static_cast<int>(observations::ValueKind::count) && static_cast<int>(ValueKind::text) == static_cast<int>(observations::ValueKind::text) &&
              static_cast<int>(ValueKind::json) == static_cast<int>(observations::ValueKind::json));

observations::Batch to_stored(Batch const& batch) {
  observations::Batch out;
  out.rows.reserve(batch.rows.size());
  for (auto const& row : batch.rows) {
    auto& stored = out.rows.emplace_back(observations::Batch::Row{.datastream = row.datastream, .t = row.phenomenon_ms, .number = row.number, .integer = row.integer,
                                                                  .kind = static_cast<observations::ValueKind>(row.kind), .flags = row.flags});
    auto const* more = batch.find_more(row);
    bool const has_text = row.kind == ValueKind::text || row.kind == ValueKind::json;
    if (!has_text && (!more || (!more->phenomenon_end && !more->result_time && more->feature == 0 && more->extra.empty()))) continue;
    auto& side = out.side_of(stored);
    if (has_text) side.text = batch.text(row);
    if (!more) continue;
    side.phenomenon_end = more->phenomenon_end;
    side.result_time = more->result_time;
    side.feature = more->feature;
    side.extra = more->extra;
  }
  return out;
}

void StoreSink::append(std::span<Accepted> batches) {
  std::mutex mutex;
  std::condition_variable all_told;
  std::size_t missing = batches.size();
  for (auto& accepted : batches) {
    auto stored = to_stored(accepted.batch);
    stored.received = accepted.came;
    store_.append_later(std::move(stored), accepted.wants_ids, [&](core::Result<observations::Appended> outcome) {
      std::lock_guard const lock(mutex);
      if (outcome) {
        accepted.position = outcome->position;
        accepted.stored = outcome->stored;
        accepted.duplicates = outcome->duplicates;
        accepted.ids = std::move(outcome->ids);
      } else {
        accepted.position = core::fail(std::move(outcome).error());
      }
      if (--missing == 0) all_told.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  all_told.wait(lock, [&] { return missing == 0; });
}

}  // namespace zhili::sense::ingest
