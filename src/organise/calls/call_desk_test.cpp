// The phone desk from ring to report, on both databases.

#include "organise/calls/call_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using core::EventKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(CallerNumber, IsMaskedSoThatItCanBeToldApartOnly) {
  EXPECT_EQ(masked("138 0013 8000"), "138****8000");
  EXPECT_EQ(masked("+86 (632) 555-1234"), "866*****1234");
  EXPECT_EQ(masked("12345"), "***45");
  EXPECT_EQ(masked("7"), "7");
  EXPECT_EQ(masked(""), "");
}

TEST(CallerNumber, IsDigitsOrNothing) {
  EXPECT_TRUE(check_caller_number(""));
  EXPECT_TRUE(check_caller_number("+86 138-0013-8000"));
  EXPECT_EQ(check_caller_number("Wang").error().field, "number");
  EXPECT_FALSE(check_caller_number("+-()"));
  EXPECT_EQ(check_caller_number(std::string(caller_number_chars_max + 1, '1')).error().code, Errc::limit);
}

/// Keeps reports as entries of the ledger, with the telephone sealed, as whoever keeps signals does.
class Reports final : public ReportMaker {
 public:
  Reports(store::Db& db, store::Vault& vault, core::TimeSource const& time) : db_(db), vault_(vault), time_(time) {}
  core::Result<MadeReport> make(CallReport const& report, std::string const& channel,
                                std::function<core::Result<>(store::Writer&, std::int64_t)> const& along) override {
    EXPECT_EQ(channel, "phone");
    ZHILI_TRY(auto const sealed, vault_.seal({{"phone", report.phone}}, time_.now() + std::chrono::hours(24)));
    return db_.write([&](store::Writer& w) -> core::Result<MadeReport> {
      auto const id = w.append({EventKind::signal_received, 0, "citizen", "{}"});
      store::Vault::keep(w, id, sealed);
      ZHILI_CHECK(along(w, id));
      return MadeReport{id, w.now(), "token"};
    });
  }

 private:
  store::Db& db_;
  store::Vault& vault_;
  core::TimeSource const& time_;
};

class CallDeskTest : public testing::TestWithParam<test::Engine> {
 protected:
  void SetUp() override { start(); }
  /// As a program that was killed and starts again.
  void start() {
    desk.reset();
    vault.reset();
    auto opened = store::Vault::open(*db, {.url = db.options().url, .master_key = db.folder() / "master.key"}, db.time);
    ASSERT_TRUE(opened) << opened.error().detail;
    vault = std::move(*opened);
    reports = std::make_unique<Reports>(*db, *vault, db.time);
    desk = std::make_unique<CallDesk>(*db, *vault, *reports, db.time);
  }
  std::int64_t ring(std::string const& number = "13800138000") {
    auto const opened = desk->open(number, dora);
    EXPECT_TRUE(opened) << opened.error().text.en;
    return opened ? opened->call.id : 0;
  }
  std::size_t count(EventKind kind) {
    auto all = *db->read([](store::Reader& r) { return store::entries_after(r, 0, 1'000); });
    return static_cast<std::size_t>(std::ranges::count(all, kind, &store::Recorded::kind));
  }
  CallReport lamp() const { return {.item = "C0401", .address = "建设路 12 号", .words = "灯不亮", .phone = "13800138000"}; }

  CallTaker const dora{"staff:dora", "call-desk"};
  CallTaker const egon{"staff:egon", "call-desk"};
  test::TempDb db{GetParam()};
  std::unique_ptr<store::Vault> vault;
  std::unique_ptr<Reports> reports;
  std::unique_ptr<CallDesk> desk;
};
INSTANTIATE_TEST_SUITE_P(Engines, CallDeskTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(CallDeskTest, ACallerIsKnownByTheirNumberAndCanReadThatItWasLookedUp) {
  auto const made = desk->register_report(ring(), lamp(), false, dora);
  ASSERT_TRUE(made) << made.error().text.en;
  auto const again = desk->open("+86 138 0013 8000", egon);
  ASSERT_TRUE(again);
  EXPECT_THAT(again->earlier, SizeIs(2));  // the report and the call that brought it
  EXPECT_EQ(again->earlier.front(), made->signal_id);
  auto const traces = *db->read([&](store::Reader& r) { return store::entries_of(r, made->signal_id); });
  EXPECT_EQ(traces.back().kind, EventKind::private_read);
  EXPECT_EQ(traces.back().actor, "staff:egon");
  EXPECT_THAT(traces.back().payload, testing::HasSubstr(R"("post":"call-desk")"));
  EXPECT_THAT(desk->open("13900139000", egon)->earlier, IsEmpty());
  EXPECT_THAT(desk->open("", egon)->earlier, IsEmpty());  // no number shown
}

TEST_P(CallDeskTest, WhatIsBeingTypedSurvivesACrashAndStandsNowhereInTheClear) {
  std::string const typed = R"({"words":"the lamp of Mrs Unmistakable 第三盏灯"})";
  auto const call = ring();
  ASSERT_TRUE(desk->keep_draft(call, R"({"words":"the la"})", dora));
  ASSERT_TRUE(desk->keep_draft(call, typed, dora));
  start();
  EXPECT_THAT(*db->read([&](store::Reader& r) { return CallDesk::open_calls(r, "staff:dora"); }), SizeIs(1));
  auto const resumed = desk->resume(call, dora);
  ASSERT_TRUE(resumed) << resumed.error().text.en;
  EXPECT_EQ(resumed->draft, typed);
  EXPECT_EQ(resumed->number, "13800138000");
  if (GetParam() == test::Engine::sqlite) {
    EXPECT_EQ(test::files_with(db.folder(), "Unmistakable"), 0);
    EXPECT_EQ(test::files_with(db.folder(), "13800138000"), 0);
  }
  EXPECT_EQ(desk->resume(call, egon).error().code, Errc::forbidden);
  EXPECT_EQ(desk->keep_draft(call, std::string(call_draft_bytes_max + 1, 'x'), dora).error().code, Errc::limit);
}

TEST_P(CallDeskTest, ADraftCannotBeOpenedAfterItsTime) {
  auto const call = ring();
  ASSERT_TRUE(desk->keep_draft(call, "{}", dora));
  db.time.advance(call_draft_kept_for);
  ASSERT_TRUE(vault->destroy_expired("system"));
  EXPECT_EQ(desk->resume(call, dora)->draft, "");
}

TEST_P(CallDeskTest, ACallBecomesOneReportHoweverOftenItIsSent) {
  auto const call = ring();
  auto const made = desk->register_report(call, lamp(), true, dora);
  ASSERT_TRUE(made);
  auto const twice = desk->register_report(call, lamp(), true, dora);
  EXPECT_EQ(twice.error().key, "call.ended");
  EXPECT_EQ(count(EventKind::signal_received), 1U);  // the second report was undone with what belongs to it
  EXPECT_EQ(count(EventKind::call_registered), 1U);
  EXPECT_TRUE(*db->read([&](store::Reader& r) { return CallDesk::is_secret(r, made->signal_id); }));
  EXPECT_EQ(desk->keep_draft(call, "{}", dora).error().code, Errc::conflict);
}

TEST_P(CallDeskTest, ACallEndsOnceAnsweredOrDroppedByWhoeverTookIt) {
  auto const answered = ring();
  EXPECT_EQ(desk->answer(answered, "0101", egon).error().code, Errc::forbidden);
  ASSERT_TRUE(desk->answer(answered, "0101", dora));
  EXPECT_EQ(desk->drop(answered, "silent", dora).error().code, Errc::conflict);
  auto const silent = ring("");
  EXPECT_EQ(desk->drop(silent, "", dora).error().field, "reason");
  ASSERT_TRUE(desk->drop(silent, "没有声音", dora));
  EXPECT_THAT(*db->read([&](store::Reader& r) { return CallDesk::open_calls(r, "staff:dora"); }), IsEmpty());
  EXPECT_EQ(desk->answer(4'711, "0101", dora).error().code, Errc::not_found);
}

}  // namespace
}  // namespace zhili::organise
