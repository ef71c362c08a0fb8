// The intake's first half: who may send, what is known, what is accepted.
#include "sense/ingest/intake_inside.hpp"

namespace zhili::sense::ingest {

namespace {

constexpr Linear same_unit{};

}  // namespace

core::Result<> Intake::Inside::may_send(StreamTable::Device& device, double cost, std::int64_t now_ms, bool take) {
  auto const& fact = device.fact;
  if (fact.disabled) return device_is_disabled();
  bool const enough = take ? device.bucket.take(cost, fact.rate_per_s, fact.burst, now_ms) : device.bucket.wait_ms(cost, fact.rate_per_s, fact.burst, now_ms) == 0;
  if (enough) return {};
  device.wanted = cost;
  return sends_too_much(fact.rate_per_s);
}

core::Result<> Intake::Inside::may_enter(Source const& source, double cost, bool take) {
  if (source.device != 0 && !source.reserved) {
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

}  // namespace zhili::sense::ingest
