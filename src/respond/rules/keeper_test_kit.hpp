#pragma once
// For the tests of the keeper: gauges in streets, batches as a store of observations gives them, and a book of what was found.

#include <gtest/gtest.h>

#include <memory>

#include "respond/rules/engine_test_kit.hpp"
#include "respond/rules/keeper.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond::rules::test {

using zhili::test::TempDb;
using DbEngine = zhili::test::Engine;

/// Batches as a store of observations gives them.
class Stored final : public BatchSource {
 public:
  core::Result<std::vector<Batch>> after(std::int64_t position, std::size_t limit) override {
    std::vector<Batch> out;
    for (auto const& batch : batches)
      if (batch.position > position && out.size() < limit) out.push_back(batch);
    return out;
  }
  void keep_after(std::int64_t position) override { kept_after = position; }
  std::int64_t position() override { return batches.empty() ? 0 : batches.back().position; }

  std::vector<Batch> batches;
  std::int64_t kept_after = -1;
};

class Streets final : public Subjects {
 public:
  core::Result<> visit(std::function<void(StreamOf)> const& stream) override {
    for (auto const& one : streams) stream(one);
    return {};
  }
  SubjectWords words(Subject const& subject, std::int64_t thing) override { return {{"桥下 " + subject.id, "Bridge " + subject.id}, {std::to_string(thing), std::to_string(thing)}}; }
  std::vector<StreamOf> streams;
};

/// Keeps what it is told in a table, so that what is undone is gone here too.
class Book final : public AlarmSink {
 public:
  core::Result<> transitions(store::Writer& w, std::span<Transition const> happened) override {
    if (busy_next > 0 && --busy_next == 0) return core::fail(core::Errc::busy, "test.busy", {"忙", "busy"});
    for (auto const& one : happened) {
      if (one.subject.id == refused) return core::fail(core::Errc::invalid, "test.refused", {"拒绝", "refused"});
      w.exec("INSERT INTO found_by_test (rule, subject, sequence, what) VALUES (?, ?, ?, ?)", one.rule, text_of(one.subject), one.sequence,
             std::string(name(one.kind)) + " " + std::to_string(core::to_ms(one.at)) + " " + std::string(name(one.cause)) + " " + one.says.en);
    }
    return {};
  }
  int busy_next = 0;
  std::string refused = {};
};

struct Place {
  explicit Place(DbEngine engine) : db(engine) {
    db.time.set(core::from_ms(monday_ms));
    EXPECT_TRUE(db->write([](store::Writer& w) { w.exec("CREATE TABLE found_by_test (rule TEXT, subject TEXT, sequence BIGINT, what TEXT, PRIMARY KEY (rule, subject, sequence))"); }));
    // A batch before the first start is history.
    stored.batches.push_back({.position = 1, .received = db.time.now()});
  }
  void rule(std::string const& keys, std::string const& id = "deep") { rules.push_back(rule_of(keys, id)); }
  void gauges(int count) {
    for (int i = 1; i <= count; ++i) streets.streams.push_back({i, i, "place-" + std::to_string(i), "water-level", "water-gauge"});
  }
  std::function<bool()> all_is_here;
  std::unique_ptr<Keeper> keeper(std::string const& holder = "here") {
    return std::make_unique<Keeper>(Keeper::Parts{.db = *db, .time = db.time, .batches = stored, .subjects = streets, .alarms = book, .rules = [this] { return rules; }, .holder = holder, .learn = learn, .all_is_here = all_is_here});
  }
  /// Readings of the next step of time.
  void reads(std::vector<std::pair<std::int64_t, double>> const& values, core::Duration later = std::chrono::minutes(1)) {
    db.time.advance(later);
    Batch batch{.position = stored.position() + 1, .received = db.time.now()};
    for (auto const& [stream, value] : values) batch.readings.push_back({.stream = stream, .at_ms = core::to_ms(db.time.now()), .value = value});
    stored.batches.push_back(std::move(batch));
  }
  static void settle(Keeper& keeper) {
    for (int i = 0; i < 1000; ++i) {
      auto const more = keeper.step();
      ASSERT_TRUE(more) << more.error().text.en << more.error().detail;
      if (!*more) return;
    }
  }
  std::vector<std::string> found() {
    std::vector<std::string> out;
    (void)db->read([&](store::Reader& r) {
      r.each<std::string, std::string, std::int64_t, std::string>("SELECT rule, subject, sequence, what FROM found_by_test ORDER BY rule, subject, sequence", [&](std::string rule, std::string subject, std::int64_t n, std::string what) {
        out.push_back(rule + " " + subject + " " + std::to_string(n) + " " + what);
      });
    });
    return out;
  }
  std::string minute(int n) const { return std::to_string(monday_ms + n * 60'000); }

  TempDb db;
  Stored stored;
  Streets streets;
  Book book;
  std::vector<Rule> rules;
  std::function<core::Result<std::array<double, 24>>(std::span<std::int64_t const>, double)> learn = {};
};

}  // namespace zhili::respond::rules::test
