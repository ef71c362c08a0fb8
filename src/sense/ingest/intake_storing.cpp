// The intake's second half: what was accepted is stored, and then answered.
#include "sense/ingest/intake_inside.hpp"

namespace zhili::sense::ingest {

namespace {

std::size_t bytes_of(Batch const& batch) {
  return batch.rows.size() * sizeof(Incoming) + batch.more.size() * sizeof(More) + batch.bytes.size();
}

}  // namespace

void Intake::Inside::take_later(Source const& source, Batch batch, Done done, bool wants_ids) {
  if (batch.size() > batch_observations_max) return done(batch_is_too_long());
  auto const cost = static_cast<double>(std::max<std::size_t>(1, batch.size() + batch.unread_count));
  Taken taken{.way = source.way, .accepted = {.batch = std::move(batch), .came = core::from_ms(came_ms(source)), .wants_ids = wants_ids || is_followed()}, .done = std::move(done)};
  std::unique_lock lock(mutex_);
  auto outcome = may_enter(source, cost, true);
  if (!outcome && outcome.error().code == core::Errc::limit) counters_.add(source.way, {.throttled = taken.accepted.batch.size()}, parts_.time.now());
  if (outcome) outcome = know(lock, taken.accepted.batch.rows);
  if (!outcome) {
    lock.unlock();
    return taken.done(core::fail(std::move(outcome).error()));
  }
  judge(source, taken);
  taken.bytes = bytes_of(taken.accepted.batch);
  ++unfinished_;
  if (taken.accepted.batch.rows.empty()) {
    lock.unlock();
    return finish(std::move(taken));
  }
  waiting_ += taken.accepted.batch.size();
  waiting_bytes_ += taken.bytes;
  queue_.push_back(std::move(taken));
  wake_.notify_one();
  lock.unlock();
  if (options_.own_thread) return;
  std::lock_guard const storing(storing_);
  for (auto next = next_to_store(); !next.empty(); next = next_to_store()) store(std::move(next));
}

std::vector<Intake::Inside::Taken> Intake::Inside::next_to_store() {
  std::lock_guard const lock(mutex_);
  std::vector<Taken> out;
  std::size_t rows = 0;
  while (!queue_.empty() && (out.empty() || rows + queue_.front().accepted.batch.size() <= append_observations_max)) {
    rows += queue_.front().accepted.batch.size();
    out.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return out;
}

void Intake::Inside::store_until_stopped() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
    }
    store(next_to_store());
  }
}

void Intake::Inside::store(std::vector<Taken> batches) {
  std::vector<Accepted> accepted;
  accepted.reserve(batches.size());
  for (auto& one : batches) accepted.push_back(std::move(one.accepted));
  parts_.sink.append(accepted);
  {
    std::lock_guard const lock(mutex_);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      waiting_ -= accepted[i].batch.size();
      waiting_bytes_ -= batches[i].bytes;
      if (!accepted[i].position) forget_states(accepted[i]);
    }
  }
  for (std::size_t i = 0; i < batches.size(); ++i) {
    auto& one = batches[i];
    one.accepted = std::move(accepted[i]);
    if (!one.accepted.position) {
      answer(one, core::fail(one.accepted.position.error()));
      continue;
    }
    tell(one.accepted);
    one.receipt.position = *one.accepted.position;
    one.receipt.stored = one.accepted.stored;
    one.receipt.duplicates = one.accepted.duplicates;
    finish(std::move(one));
  }
}

/// Nothing of it was stored: what comes next is not to be judged by it.
void Intake::Inside::forget_states(Accepted const& accepted) {
  for (auto const& row : accepted.batch.rows)
    if (auto* stream = table_.find(row.datastream)) {
      stream->state = {};
      stream->seeded = false;
    }
}

/// What is accepted is stored; what is suspect is kept, then the answer is given.
void Intake::Inside::finish(Taken taken) {
  auto& receipt = taken.receipt;
  if (taken.accepted.wants_ids) {
    std::size_t next = 0;
    receipt.ids.assign(receipt.fates.empty() ? taken.accepted.ids.size() : receipt.fates.size(), 0);
    for (std::size_t i = 0; i < receipt.ids.size(); ++i)
      if ((receipt.fates.empty() || receipt.fates[i] == Fate::accepted) && next < taken.accepted.ids.size()) receipt.ids[i] = taken.accepted.ids[next++];
  }
  if (taken.suspects.empty()) {
    auto whole = std::move(receipt);
    return answer(taken, std::move(whole));
  }
  auto suspects = std::move(taken.suspects);
  auto const shared = std::make_shared<Taken>(std::move(taken));
  parts_.quarantine.keep_later(std::move(suspects), [this, shared](core::Result<std::size_t> kept) {
    if (!kept) return answer(*shared, core::fail(std::move(kept).error()));
    auto whole = std::move(shared->receipt);
    answer(*shared, std::move(whole));
  });
}

void Intake::Inside::answer(Taken& taken, core::Result<Receipt> result) {
  auto counts = taken.counts;
  if (result) {
    counts.received = result->received;
    counts.stored = result->stored;
    counts.duplicates = result->duplicates;
    counts.late = result->late;
    counts.refused = result->refused;
    counts.quarantined = result->quarantined;
    counters_.add(taken.way, counts, parts_.time.now());
    if (result->stored > 0 && taken.newest_ms != time_absent) counters_.newest(core::from_ms(taken.newest_ms));
  }
  taken.done(std::move(result));
  std::lock_guard const lock(mutex_);
  if (--unfinished_ == 0) idle_.notify_all();
}

}  // namespace zhili::sense::ingest
