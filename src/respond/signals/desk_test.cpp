#include "respond/signals/desk.hpp"

#include "respond/signals/signal_test_kit.hpp"

namespace zhili::respond {
namespace {

using namespace kit;
using core::EventKind;

class Signals : public SignalDeskTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Signals, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Signals, TheSameReportWithinTheWindowIsTheFirstOne) {
  auto const first = receive(report());
  db_.time.advance(repeat_window - std::chrono::milliseconds(1));
  auto const again = receive(report());
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.at, first.at);
  EXPECT_TRUE(again.token.empty()) << "whoever repeats a report must not get a second key to it";
  EXPECT_EQ(count("SELECT count(*) FROM signal"), 1);
}

TEST_P(Signals, TheSameReportAfterTheWindowIsANewOne) {
  auto const first = receive(report());
  db_.time.advance(repeat_window);
  auto const later = receive(report());
  EXPECT_FALSE(later.repeated);
  EXPECT_NE(later.id, first.id);
  EXPECT_FALSE(later.token.empty());
  db_.time.advance(repeat_window - std::chrono::milliseconds(1));
  EXPECT_EQ(receive(report()).id, later.id) << "the window is counted from the report that was kept";
}

TEST_P(Signals, AnotherDigestIsAnotherReport) {
  auto const first = receive(report());
  EXPECT_NE(receive(report("other words or another place")).id, first.id);
  EXPECT_NE(receive(report("")).id, receive(report("")).id) << "without a digest nothing is a repetition";
}

TEST_P(Signals, AnswersThatNobodyAskedForAreNotKept) {
  auto one = report();
  one.answers = {{"not-asked", {std::string(1'000'000, 'x')}}};
  auto const got = receive(one);
  auto const entries = db_->read([&](store::Reader& r) { return store::entries_of(r, got.id); }).value();
  EXPECT_LT(entries.at(0).payload.size(), 1'000U);
}

TEST_P(Signals, PhotosAreCitedInTheEntryAndInTheRows) {
  auto one = report();
  one.photos = {"a.jpg", "b.jpg"};
  one.media_urls = {"https://example.org/c.jpg"};
  auto const got = receive(one);
  EXPECT_EQ(photo_names(), (std::vector<std::string>{"a.jpg", "b.jpg"}));
  EXPECT_EQ(count("SELECT count(*) FROM photo WHERE url = 'https://example.org/c.jpg'"), 1);
  auto const entries = db_->read([&](store::Reader& r) { return store::entries_of(r, got.id); }).value();
  EXPECT_NE(entries.at(0).payload.find("a.jpg"), std::string::npos);
}

TEST_P(Signals, APhotoThatNobodyKeptIsRefusedAndNothingIsWritten) {
  auto one = report();
  one.photos = {"a.jpg", "no-such.jpg"};
  EXPECT_EQ(refused(one), "photo.unknown");
  EXPECT_EQ(count("SELECT count(*) FROM signal"), 0);
  EXPECT_EQ(photo_names(), std::vector<std::string>{});
  auto const got = receive(report());
  EXPECT_EQ(does(got.id, {.verb = Verb::ask_check}, acceptor), "");
  SignalCommand check{.verb = Verb::check, .found = Found::found, .photos = {{"no-such.jpg", "near"}}};
  EXPECT_EQ(does(got.id, check, cai), "photo.unknown");
  check.photos = {{"near.jpg", "near"}};
  EXPECT_EQ(does(got.id, check, cai), "");
  EXPECT_EQ(photo_names(), std::vector<std::string>{"near.jpg"});
}

TEST_P(Signals, PhotosAreForgottenWhenTheirTimeIsOverUnlessTheCaseIsOpen) {
  auto one = report();
  one.photos = {"a.jpg"};
  auto const alone = receive(one);
  auto two = report("two");
  two.photos = {"b.jpg"};
  two.media_urls = {"https://example.org/c.jpg"};
  auto const worked_on = receive(two);
  ASSERT_EQ(does(worked_on.id, {.verb = Verb::register_case}, acceptor), "");
  db_.time.advance(photo_kept_days - std::chrono::milliseconds(1));
  EXPECT_EQ(forget(), 0);
  db_.time.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(forget(), 1);
  EXPECT_EQ(photo_names(), std::vector<std::string>{"b.jpg"}) << "its case is open";
  auto const entries = db_->read([&](store::Reader& r) { return store::entries_of(r, alone.id); }).value();
  EXPECT_EQ(entries.back().kind, EventKind::photo_forgotten);
  EXPECT_NE(entries.back().payload.find("a.jpg"), std::string::npos);
  auto const after = db_->read([&](store::Reader& r) { return SignalDesk::load(r, alone.id); });
  ASSERT_TRUE(after) << after.error().detail;
  EXPECT_EQ(after->stage, Stage::collected) << "forgetting a photo changes nothing else";
  ASSERT_TRUE(db_->write([&](store::Writer& w) { w.exec("UPDATE casefile SET closed_at = ?", w.now()); }));
  EXPECT_EQ(forget(), 2);
  EXPECT_EQ(count("SELECT count(*) FROM photo"), 0);
}

}  // namespace
}  // namespace zhili::respond
