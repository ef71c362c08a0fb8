#pragma once
// For tests of ingest: streams in memory, and a store that remembers what it was given.

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "sense/ingest/intake.hpp"
#include "support/temp_db.hpp"

namespace zhili::sense::ingest::test {

inline constexpr std::int64_t noon_ms = 1'763'712'000'000;  // 2025-11-21T08:00:00Z, where TempDb's clock stands

/// One that is stored.
struct Kept {
  std::int64_t datastream, at_ms;
  std::string value;
  auto operator<=>(Kept const&) const = default;
};

class MemorySink final : public Sink {
 public:
  void append(std::span<Accepted> batches) override {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return !held_; });
    ++appends;
    for (auto& accepted : batches) {
      if (broken) {
        accepted.position = core::fail(core::Errc::unavailable, "test.disk", {"磁盘满", "the disk is full"});
        continue;
      }
      if (refuses && std::ranges::find(accepted.batch.rows, refuses->first, &Incoming::phenomenon_ms) != accepted.batch.rows.end()) {
        accepted.position = core::fail(refuses->second);
        continue;
      }
      accepted.position = ++position_;
      for (auto const& row : accepted.batch.rows) {
        Kept one{row.datastream, row.phenomenon_ms, text_of(accepted.batch, row)};
        auto const [at, is_new] = numbers_.try_emplace(one, static_cast<std::int64_t>(numbers_.size()) + 1);
        ++(is_new ? accepted.stored : accepted.duplicates);
        if (is_new) {
          order.push_back(one);
          flags[one] = row.flags;
        }
        if (accepted.wants_ids) accepted.ids.push_back(at->second);
      }
    }
  }

  std::set<Kept> all() {
    std::lock_guard const lock(mutex_);
    std::set<Kept> out;
    for (auto const& [one, number] : numbers_) out.insert(one);
    return out;
  }
  /// Appending waits until it is let go.
  void hold() {
    std::lock_guard const lock(mutex_);
    held_ = true;
  }
  void let_go() {
    std::lock_guard const lock(mutex_);
    held_ = false;
    released_.notify_all();
  }

  std::vector<Kept> order;
  std::map<Kept, Flags> flags;
  int appends = 0;
  bool broken = false;
  std::optional<std::pair<std::int64_t, core::Error>> refuses = {};  // batches with a reading of this time, with this error

 private:
  static std::string text_of(Batch const& batch, Incoming const& row) {
    switch (row.kind) {
      case ValueKind::number:
        return std::to_string(row.number);
      case ValueKind::truth:
        return row.integer == 1 ? "true" : "false";
      case ValueKind::count:
        return std::to_string(row.integer);
      default:
        return std::string(batch.text(row));
    }
  }
  std::mutex mutex_;
  std::condition_variable released_;
  bool held_ = false;
  std::map<Kept, std::int64_t> numbers_;
  std::int64_t position_ = 0;
};

class MemoryFacts final : public StreamFacts {
 public:
  core::Result<> visit(std::function<void(StreamFact)> const& stream, std::function<void(DeviceFact)> const& device) override {
    for (auto const& [id, fact] : streams) stream(fact);
    for (auto const& one : devices) device(one);
    return {};
  }
  core::Result<std::optional<StreamFact>> stream(std::int64_t datastream) override {
    ++asked;
    auto const found = later.find(datastream);
    return found == later.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<LastReading> last(std::int64_t datastream) override {
    auto const found = lasts.find(datastream);
    return found == lasts.end() ? std::nullopt : std::optional(found->second);
  }
  std::map<std::int64_t, StreamFact> streams, later;
  std::vector<DeviceFact> devices;
  std::map<std::int64_t, LastReading> lasts;
  int asked = 0;
};

/// Centimetres, metres and degrees.
class FewUnits final : public UnitConverter {
 public:
  core::Result<Linear> convert(std::string_view from, std::string_view to) override {
    if (from == "m" && to == "cm") return Linear{.factor = 100};
    if (from == "mm" && to == "cm") return Linear{.divisor = 10};
    return core::fail(core::Errc::invalid, "unit.kind", {"不能换算", "does not convert"}, "unit");
  }
};

/// Device 7 "G-7" has level (31, cm), pump (32), cars (33) and state (34); device 8 "G-8" has level (41).
class Bench {
 public:
  explicit Bench(zhili::test::Engine engine = zhili::test::Engine::sqlite, Intake::Options options = {.own_thread = false}) : db(engine), quarantine(*db, db.time) {
    stream({.datastream = 31, .device = 7, .name = "level", .unit = "cm", .least = 0, .most = 300});
    stream({.datastream = 32, .device = 7, .name = "pump", .kind = ValueKind::truth});
    stream({.datastream = 33, .device = 7, .name = "cars", .kind = ValueKind::count});
    stream({.datastream = 34, .device = 7, .name = "state", .kind = ValueKind::text});
    stream({.datastream = 35, .device = 7, .name = "any", .any_kind = true});
    stream({.datastream = 41, .device = 8, .name = "level", .unit = "cm"});
    facts.devices = {{.device = 7, .serial = "G-7"}, {.device = 8, .serial = "G-8"}};
    open(options);
  }
  void stream(StreamFact fact) { facts.streams[fact.datastream] = std::move(fact); }
  void open(Intake::Options options = {.own_thread = false}) {
    intake.reset();
    intake = std::move(*Intake::open({.time = db.time, .facts = facts, .units = units, .sink = sink, .quarantine = quarantine}, options));
  }
  core::Result<Receipt> take(Batch batch, Source const& source = gauge()) { return intake->take(source, std::move(batch)); }
  core::Result<Receipt> level(std::int64_t at_ms, double value, std::int64_t datastream = 31) {
    Batch batch;
    batch.add(datastream, at_ms, value);
    return take(std::move(batch), {.way = Way::lines, .device = datastream == 41 ? 8 : 7});
  }
  Flags flags_of(std::int64_t at_ms, double value) { return sink.flags.at(Kept{31, at_ms, std::to_string(value)}); }
  static Source gauge() { return {.way = Way::lines, .device = 7}; }
  static Source program() { return {.way = Way::sensorthings, .any_stream = true}; }

  zhili::test::TempDb db;
  MemoryFacts facts;
  FewUnits units;
  MemorySink sink;
  Quarantine quarantine;
  std::unique_ptr<Intake> intake;
};

}  // namespace zhili::sense::ingest::test
