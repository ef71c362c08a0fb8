#include "sense/ingest/intake.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "sense/ingest/check.hpp"
#include "sense/ingest/intake_words.hpp"
#include "sense/ingest/stream_table.hpp"

namespace zhili::sense::ingest {

namespace {

constexpr Linear same_unit{};

std::size_t bytes_of(Batch const& batch) {
  return batch.rows.size() * sizeof(Incoming) + batch.more.size() * sizeof(More) + batch.bytes.size();
}

}  // namespace

/// Two locks: `mutex_` for what is remembered and the queue, `storing_` for whoever stores. A batch is judged and put into the queue under
/// one hold of `mutex_`, so that batches are stored in the order in which they were judged.
class Intake::Inside {
 public:
  Inside(Parts const& parts, Options const& options) : parts_(parts), options_(options) {
    if (options.own_thread) thread_ = std::thread([this] { store_until_stopped(); });
  }
  ~Inside() {
    {
      std::lock_guard const lock(mutex_);
      stopping_ = true;
      wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    // A callback of the quarantine may still be on its way.
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return unfinished_ == 0; });
  }
  Inside(Inside const&) = delete;

  core::Result<> reload() {
    std::vector<StreamFact> streams;
    std::vector<DeviceFact> devices;
    ZHILI_CHECK(parts_.facts.visit([&](StreamFact fact) { streams.push_back(std::move(fact)); }, [&](DeviceFact fact) { devices.push_back(std::move(fact)); }));
    std::lock_guard const lock(mutex_);
    table_.clear();
    unknown_.clear();
    for (auto& fact : streams) table_.put(std::move(fact));
    for (auto& fact : devices) table_.put(std::move(fact));
    return {};
  }

  core::Result<> admit(Source const& source) {
    std::lock_guard const lock(mutex_);
    return may_enter(source, 1, false);
  }

  core::Result<> charge(Source const& source, std::size_t observations) {
    std::lock_guard const lock(mutex_);
    auto& device = table_.device(source.device);
    auto const outcome = may_send(device, static_cast<double>(observations), came_ms(source), true);
    if (!outcome) counters_.add(source.way, {.received = observations, .throttled = outcome.error().code == core::Errc::limit ? observations : 0, .refused = outcome.error().code == core::Errc::limit ? 0 : observations}, parts_.time.now());
    return outcome;
  }

  void take_later(Source const& source, Batch batch, Done done, bool wants_ids);

  std::chrono::seconds retry_after(Source const& source) {
    std::lock_guard const lock(mutex_);
    if (source.device == 0) return full_retry_after;
    auto& device = table_.device(source.device);
    auto const wait_ms = device.bucket.wait_ms(device.wanted, device.fact.rate_per_s, device.fact.burst, came_ms(source));
    return std::max(full_retry_after, std::chrono::ceil<std::chrono::seconds>(std::chrono::milliseconds(wait_ms)));
  }

  template <class Change>
  void change(Change const& what) {
    std::lock_guard const lock(mutex_);
    what(table_);
    unknown_.clear();
  }
  template <class Question>
  std::int64_t ask(Question const& question) const {
    std::lock_guard const lock(mutex_);
    return question(table_);
  }

  Parts const& parts() const { return parts_; }
  Counters& counters() { return counters_; }
  std::size_t waiting() const {
    std::lock_guard const lock(mutex_);
    return waiting_;
  }

 private:
  /// A batch that was judged.
  struct Taken {
    Way way;
    Accepted accepted;
    Receipt receipt = {};
    std::vector<Suspect> suspects = {};
    Done done;
    Counts counts = {};
    std::size_t bytes = 0;
    std::int64_t newest_ms = time_absent;
  };

  std::int64_t came_ms(Source const& source) const { return core::to_ms(source.received.value_or(parts_.time.now())); }

  static core::Result<> may_send(StreamTable::Device& device, double cost, std::int64_t now_ms, bool take);
  core::Result<> may_enter(Source const& source, double cost, bool take);
  core::Result<> know(std::unique_lock<std::mutex>& lock, std::vector<Incoming> const& rows);
  bool resolve(std::vector<Incoming> const& rows, std::vector<std::int64_t>& missing, std::vector<std::int64_t>& unseeded);
  void judge(Source const& source, Taken& taken);
  Wrong judge_row(Incoming& row, Batch const& batch, StreamTable::Stream* stream, Circumstances const& now);
  static void note(Taken& taken, Source const& source, Incoming const& row, std::size_t position, Wrong wrong, StreamFact const* fact);
  static void note_unread(Taken& taken, Source const& source);

  void store_until_stopped();
  std::vector<Taken> next_to_store();
  void store(std::vector<Taken> batches);
  void forget_states(Accepted const& accepted);
  void finish(Taken taken);
  void answer(Taken& taken, core::Result<Receipt> answer);

  Parts parts_;
  Options const options_;
  Counters counters_;

  mutable std::mutex mutex_;
  StreamTable table_;
  std::unordered_map<std::int64_t, std::int64_t> unknown_;  // datastream → until when nobody is asked again, ms
  std::vector<StreamTable::Stream*> resolved_;              // of the batch that is judged
  std::deque<Taken> queue_;
  std::size_t waiting_ = 0, waiting_bytes_ = 0;
  std::size_t unfinished_ = 0;  // batches whose `done` was not called yet
  std::condition_variable wake_, idle_;
  bool stopping_ = false;
  std::mutex storing_;
  std::thread thread_;
};

core::Result<> Intake::Inside::may_send(StreamTable::Device& device, double cost, std::int64_t now_ms, bool take) {
  auto const& fact = device.fact;
  if (fact.disabled) return device_is_disabled();
  bool const enough = take ? device.bucket.take(cost, fact.rate_per_s, fact.burst, now_ms) : device.bucket.wait_ms(cost, fact.rate_per_s, fact.burst, now_ms) == 0;
  if (enough) return {};
  device.wanted = cost;
  return sends_too_much(fact.rate_per_s);
}

core::Result<> Intake::Inside::may_enter(Source const& source, double cost, bool take) {
  if (source.device != 0) {
    auto const outcome = may_send(table_.device(source.device), cost, came_ms(source), take);
    if (!outcome && !take) counters_.add(source.way, {.throttled = 1}, parts_.time.now());
    if (!outcome) return outcome;
  }
  if (waiting_ >= options_.waiting_observations || waiting_bytes_ >= options_.waiting_bytes) return intake_is_full();
  return {};
}

/// Pointers to the rows' streams; true if all that can be known is known.
bool Intake::Inside::resolve(std::vector<Incoming> const& rows, std::vector<std::int64_t>& missing, std::vector<std::int64_t>& unseeded) {
  resolved_.clear();
  std::int64_t last_id = 0;
  StreamTable::Stream* last = nullptr;
  auto const now = core::to_ms(parts_.time.now());
  for (auto const& row : rows) {
    if (row.datastream != last_id) {
      last_id = row.datastream;
      last = table_.find(last_id);
      if (last && !last->seeded) unseeded.push_back(last_id);
      if (!last && last_id > 0 && missing.size() < unknown_streams_asked_max) {
        auto const remembered = unknown_.find(last_id);
        if (remembered == unknown_.end() || remembered->second < now) missing.push_back(last_id);
      }
    }
    resolved_.push_back(last);
  }
  return missing.empty() && unseeded.empty();
}

/// Fills `resolved_`. Where something is not in memory it is asked for without the lock. Errors: those of StreamFacts.
core::Result<> Intake::Inside::know(std::unique_lock<std::mutex>& lock, std::vector<Incoming> const& rows) {
  std::vector<std::int64_t> missing, unseeded;
  if (resolve(rows, missing, unseeded)) return {};
  lock.unlock();
  for (auto* ids : {&missing, &unseeded}) {
    std::ranges::sort(*ids);
    ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
  }
  std::vector<StreamFact> found;
  std::vector<std::int64_t> none;
  for (auto const id : missing) {
    auto fact = parts_.facts.stream(id);
    if (!fact) {
      lock.lock();
      return core::fail(std::move(fact).error());
    }
    if (*fact) {
      found.push_back(std::move(**fact));
      unseeded.push_back(id);
    } else {
      none.push_back(id);
    }
  }
  std::vector<std::pair<std::int64_t, std::optional<LastReading>>> last;
  last.reserve(unseeded.size());
  for (auto const id : unseeded) last.emplace_back(id, parts_.facts.last(id));
  lock.lock();
  for (auto& fact : found)
    if (!table_.find(fact.datastream)) table_.put(std::move(fact));
  for (auto const& [id, reading] : last) {
    auto* stream = table_.find(id);
    if (!stream || stream->seeded) continue;
    stream->seeded = true;
    if (reading) stream->state = state_after(*reading);
  }
  if (unknown_.size() + none.size() > unknown_streams_remembered_max) unknown_.clear();
  auto const until = core::to_ms(parts_.time.now() + unknown_stream_remembered);
  for (auto const id : none) unknown_[id] = until;
  missing.clear();
  unseeded.clear();
  resolve(rows, missing, unseeded);
  return {};
}

Wrong Intake::Inside::judge_row(Incoming& row, Batch const& batch, StreamTable::Stream* stream, Circumstances const& now) {
  if (!stream) return Wrong::unknown_stream;
  auto const* more = batch.find_more(row);
  if (!more || more->unit.empty()) return check(row, more, batch.text(row), nullptr, stream->fact, stream->state, now);
  if (!now.source.any_stream && stream->fact.device != now.source.device) return Wrong::foreign_stream;
  if (more->unit == stream->fact.unit) return check(row, more, batch.text(row), &same_unit, stream->fact, stream->state, now);
  auto const conversion = parts_.units.convert(more->unit, stream->fact.unit);
  if (!conversion) return Wrong::unit;
  return check(row, more, batch.text(row), &*conversion, stream->fact, stream->state, now);
}

/// A row that is not accepted.
void Intake::Inside::note(Taken& taken, Source const& source, Incoming const& row, std::size_t position, Wrong wrong, StreamFact const* fact) {
  auto& receipt = taken.receipt;
  bool const aside = is_for_quarantine(wrong) || !source.hears();
  if (receipt.fates.empty()) receipt.fates.assign(receipt.received, Fate::accepted);
  receipt.fates[position] = aside ? Fate::quarantined : Fate::refused;
  ++(aside ? receipt.quarantined : receipt.refused);
  if (receipt.problems.size() < problems_told_max) {
    receipt.problems.push_back(problem_of(wrong, row, fact, source));
    receipt.problems.back().fate = receipt.fates[position];
  }
  if (!aside || taken.suspects.size() >= quarantine_device_rows_max_per_day) return;
  Suspect suspect{.way = source.way, .device = source.device == 0 && fact ? fact->device : source.device, .datastream = row.datastream, .key = std::string(key(wrong)), .topic = source.topic,
                  .sent = observation_text(taken.accepted.batch, row)};
  if (suspect.sent.size() > quarantine_sent_bytes_max) {
    suspect.sent = shortened_utf8(suspect.sent);
    suspect.message = true;  // cut off: it can be looked at, not released
  }
  taken.suspects.push_back(std::move(suspect));
}

void Intake::Inside::note_unread(Taken& taken, Source const& source) {
  auto& batch = taken.accepted.batch;
  auto& receipt = taken.receipt;
  receipt.received += batch.unread_count;
  (source.hears() ? receipt.refused : receipt.quarantined) += batch.unread_count;
  for (auto& unread : batch.unread) {
    if (!source.hears())
      taken.suspects.push_back({.way = source.way, .device = unread.device != 0 ? unread.device : source.device, .key = unread.problem.key,
                                .topic = unread.topic.empty() ? source.topic : unread.topic, .sent = std::move(unread.sent), .message = true});
    unread.problem.fate = source.hears() ? Fate::refused : Fate::quarantined;
    if (receipt.problems.size() < problems_told_max) receipt.problems.push_back(std::move(unread.problem));
  }
  std::ranges::stable_sort(receipt.problems, {}, &Problem::line);
}

/// Judges what `resolved_` belongs to; accepted rows stay in the batch.
void Intake::Inside::judge(Source const& source, Taken& taken) {
  auto& batch = taken.accepted.batch;
  auto& receipt = taken.receipt;
  receipt.received = batch.size();
  Circumstances const now{.source = source, .came_ms = came_ms(source)};
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < receipt.received; ++i) {
    auto& row = batch.rows[i];
    auto const wrong = judge_row(row, batch, resolved_[i], now);
    if (wrong != Wrong::nothing) {
      note(taken, source, row, i, wrong, resolved_[i] ? &resolved_[i]->fact : nullptr);
      continue;
    }
    if (has(row.flags, Flag::late)) ++receipt.late;
    if (row.flags != 0) ++taken.counts.flagged;
    taken.newest_ms = std::max(taken.newest_ms, row.phenomenon_ms);
    if (accepted != i) batch.rows[accepted] = row;
    ++accepted;
  }
  batch.rows.resize(accepted);
  if (batch.unread_count > 0) note_unread(taken, source);
}

void Intake::Inside::take_later(Source const& source, Batch batch, Done done, bool wants_ids) {
  if (batch.size() > batch_observations_max) return done(batch_is_too_long());
  auto const cost = static_cast<double>(std::max<std::size_t>(1, batch.size() + batch.unread_count));
  Taken taken{.way = source.way, .accepted = {.batch = std::move(batch), .came = core::from_ms(came_ms(source)), .wants_ids = wants_ids}, .done = std::move(done)};
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

Intake::Intake(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Intake::~Intake() = default;

core::Result<std::unique_ptr<Intake>> Intake::open(Parts parts, Options options) {
  auto inside = std::make_unique<Inside>(parts, options);
  ZHILI_CHECK(inside->reload());
  return std::unique_ptr<Intake>(new Intake(std::move(inside)));
}

core::Result<> Intake::admit(Source const& source) { return inside_->admit(source); }

void Intake::take_later(Source const& source, Batch batch, Done done, bool wants_ids) { inside_->take_later(source, std::move(batch), std::move(done), wants_ids); }

core::Result<Receipt> Intake::take(Source const& source, Batch batch, bool wants_ids) {
  std::promise<core::Result<Receipt>> promised;
  auto answer = promised.get_future();
  inside_->take_later(source, std::move(batch), [&promised](core::Result<Receipt> result) { promised.set_value(std::move(result)); }, wants_ids);
  return answer.get();
}

core::Result<> Intake::charge(Source const& source, std::size_t observations) { return inside_->charge(source, observations); }

std::chrono::seconds Intake::retry_after(Source const& source) { return inside_->retry_after(source); }

void Intake::put(StreamFact fact) {
  inside_->change([&](StreamTable& table) { table.put(std::move(fact)); });
}
void Intake::forget_stream(std::int64_t datastream) {
  inside_->change([&](StreamTable& table) { table.forget_stream(datastream); });
}
void Intake::put(DeviceFact fact) {
  inside_->change([&](StreamTable& table) { table.put(std::move(fact)); });
}
void Intake::forget_device(std::int64_t device) {
  inside_->change([&](StreamTable& table) { table.forget_device(device); });
}
core::Result<> Intake::reload() { return inside_->reload(); }

std::int64_t Intake::named(std::int64_t device, std::string_view stream) const {
  return inside_->ask([&](StreamTable const& table) { return table.named(device, stream); });
}
std::int64_t Intake::device_with(std::string_view serial) const {
  return inside_->ask([&](StreamTable const& table) { return table.device_with(serial); });
}
std::int64_t Intake::owner(std::int64_t datastream) const {
  return inside_->ask([&](StreamTable const& table) {
    auto const* stream = table.find(datastream);
    return stream ? stream->fact.device : std::int64_t{0};
  });
}

core::Result<Receipt> Intake::release(std::int64_t quarantined, bool at_its_time, std::string const& actor) {
  auto& quarantine = inside_->parts().quarantine;
  ZHILI_TRY(auto const suspect, quarantine.find(quarantined));
  if (suspect.state != Quarantined::State::waiting)
    return core::fail(core::Errc::conflict, "quarantine.decided", {"这一条已经处理过了。", "This entry was decided before."}, "id");
  if (suspect.what.message)
    return core::fail(core::Errc::conflict, "quarantine.message",
                      {"这是一条读不懂的报文，不能放行，只能丢弃。", "This is a message that could not be read: it can be dropped, not released."}, "id");
  ZHILI_TRY(auto batch, observation_from(suspect.what.sent));
  if (!at_its_time)
    for (auto& row : batch.rows) {
      row.phenomenon_ms = core::to_ms(suspect.at);
      if (row.more != 0) batch.more[row.more - 1].phenomenon_end = batch.more[row.more - 1].result_time = std::nullopt;
    }
  ZHILI_TRY(auto receipt, take({.way = Way::inside, .any_stream = true, .believed = true}, std::move(batch)));
  if (!receipt.problems.empty()) {
    auto const& problem = receipt.problems.front();
    return core::fail(core::Errc::invalid, problem.key, problem.text, problem.field);
  }
  ZHILI_CHECK(quarantine.decide(quarantined, Quarantined::State::released, actor));
  return receipt;
}

Counters& Intake::counters() { return inside_->counters(); }
std::size_t Intake::waiting() const { return inside_->waiting(); }

}  // namespace zhili::sense::ingest
