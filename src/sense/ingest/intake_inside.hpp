#pragma once
// The intake's inside: what it remembers, its queue and its thread. Only for intake*.cpp.

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sense/ingest/check.hpp"
#include "sense/ingest/intake.hpp"
#include "sense/ingest/intake_words.hpp"
#include "sense/ingest/stream_table.hpp"

namespace zhili::sense::ingest {

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

  core::Result<std::chrono::milliseconds> reserve(Source const& source, std::size_t observations) {
    std::lock_guard const lock(mutex_);
    if (waiting_ >= options_.waiting_observations || waiting_bytes_ >= options_.waiting_bytes) return full_retry_after;
    if (source.device == 0) return std::chrono::milliseconds(0);
    auto& device = table_.device(source.device);
    auto const cost = static_cast<double>(observations);
    auto const outcome = may_send(device, cost, came_ms(source), true);
    if (outcome) return std::chrono::milliseconds(0);
    if (outcome.error().code != core::Errc::limit) return core::fail(outcome.error());
    return std::chrono::milliseconds(device.bucket.wait_ms(cost, device.fact.rate_per_s, device.fact.burst, came_ms(source)));
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

  void on_stored(std::function<bool()> wants, std::function<void(Batch const&, std::vector<std::int64_t> const&)> tell) {
    std::unique_lock const lock(following_);  // whoever is told now is told to the end
    wants_ = std::move(wants);
    tell_ = std::move(tell);
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

  bool is_followed() {
    std::shared_lock const lock(following_);
    return wants_ && wants_();
  }
  void tell(Accepted const& accepted) {
    std::shared_lock const lock(following_);
    if (accepted.wants_ids && accepted.stored > 0 && tell_) tell_(accepted.batch, accepted.ids);
  }
  void store_until_stopped();
  std::vector<Taken> next_to_store();
  void store(std::vector<Taken> batches);
  void forget_states(Accepted const& accepted);
  void finish(Taken taken);
  void answer(Taken& taken, core::Result<Receipt> answer);

  Parts parts_;
  Options const options_;
  Counters counters_;
  std::shared_mutex following_;
  std::function<bool()> wants_;
  std::function<void(Batch const&, std::vector<std::int64_t> const&)> tell_;

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

}  // namespace zhili::sense::ingest
