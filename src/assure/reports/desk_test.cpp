#include "assure/reports/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "assure/reports/report_test_kit.hpp"
#include "catalogue/pack.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::assure::reports {
namespace {

using namespace kit;
using core::Errc;

/// A city with one district.
class Made final : public Source {
 public:
  double opened = 1'234;
  core::Result<std::unique_ptr<Figures>> open(store::Reader& reader, Scope const&, store::Seq seq, core::Instant) override {
    auto out = std::make_unique<MadeUp>();
    out->seq_ = seq > 0 ? seq : store::last_seq(reader);
    out->before = opened;
    return out;
  }
  core::Result<Subject> subject(Scope const&) const override {
    return Subject{.span = {}, .city = {"榴城", "Liucheng"}, .area = {"榴城", "Liucheng"}, .zone = core::Zone::find("Asia/Shanghai").value()};
  }
  std::vector<std::string> areas(std::string_view) const override { return {""}; }
};

std::shared_ptr<catalogue::Catalogue const> packs() {
  static auto const out = catalogue::read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  return out;
}

Who const editor{.ref = "staff:edda", .editor = true};
Who const approver{.ref = "staff:anna", .approver = true};
Who const both{.ref = "staff:both", .editor = true, .approver = true};

class ReportDesk : public testing::TestWithParam<test::Engine> {
 protected:
  ReportDesk() : db(GetParam()), desk(*db, packs(), source, db.time) {
    db.time.set(at("2026-04-27T09:00:00+08:00"));
    EXPECT_TRUE(db->write([](store::Writer& w) { w.append({core::EventKind::pack_loaded, 0, "system", "{}"}); }));
  }

  std::int64_t drafted(Who const& who = editor) {
    auto const id = desk.draft({.form = "daily"}, who);
    EXPECT_TRUE(id) << id.error().text.en;
    return id.value_or(0);
  }
  std::string does(std::int64_t id, Verb verb, Who const& who, std::int64_t version, std::string reason = {}) {
    auto const done = desk.act(id, {.verb = verb, .version = version, .reason = std::move(reason), .comment = {"按语", "A word"}, .departments = {"drainage"}}, who);
    return done ? "" : done.error().key;
  }
  Report report(std::int64_t id) {
    return db->read([&](store::Reader& r) { return Desk::find(r, id).value(); }).value();
  }
  std::int64_t number(std::string const& sql) {
    return db->read([&](store::Reader& r) { return r.value<std::int64_t>(sql).value_or(-1); }).value();
  }

  test::TempDb db;
  Made source;
  Desk desk;
};

TEST_P(ReportDesk, GoesFromDraftToEverybody) {
  auto const id = drafted();
  EXPECT_EQ(report(id).state, State::draft);
  EXPECT_EQ(report(id).span.from, at("2026-04-26T00:00:00+08:00")) << "the day that has ended last";
  EXPECT_EQ(does(id, Verb::comment, editor, 1), "");
  EXPECT_EQ(report(id).version, 2);
  EXPECT_EQ(does(id, Verb::approve, approver, 2), "");
  EXPECT_FALSE(report(id).published);
  EXPECT_EQ(does(id, Verb::publish, approver, 2), "");
  EXPECT_EQ(report(id).published, 2);
  EXPECT_EQ(does(id, Verb::send, approver, 2), "");
  EXPECT_EQ(number("SELECT version FROM report_sent WHERE department = 'drainage'"), 2);
  EXPECT_EQ(does(id, Verb::withdraw, approver, 2, "wrong"), "");
  EXPECT_FALSE(report(id).published) << "nobody sees it any more";
  EXPECT_EQ(does(id, Verb::redraft, editor, 2), "");
  EXPECT_EQ(report(id).version, 3);
  EXPECT_EQ(number("SELECT count(*) FROM report_version"), 3) << "every version is kept";
  auto const last = db->read([&](store::Reader& r) { return Desk::version(r, id, 3).value(); }).value();
  EXPECT_EQ(document_from(last.document).value().comment.zh, "按语") << "the comment stays when figures are taken anew";
}

TEST_P(ReportDesk, RefusesWhatTheLifeDoesNotAllow) {
  auto const id = drafted();
  EXPECT_EQ(does(id, Verb::publish, approver, 1), "report.state") << "not approved";
  EXPECT_EQ(does(id, Verb::approve, editor, 1), "report.role");
  EXPECT_EQ(does(id, Verb::comment, approver, 1), "report.role");
  EXPECT_EQ(does(id, Verb::approve, approver, 7), "report.version");
  EXPECT_EQ(does(id, Verb::send_back, approver, 1), "report.reason");
  EXPECT_EQ(does(id + 1'000, Verb::approve, approver, 1), "report.unknown");
  EXPECT_EQ(report(id).version, 1);
  EXPECT_EQ(desk.draft({.form = "nothing"}, editor).error().code, Errc::not_found);
  EXPECT_EQ(desk.draft({.form = "daily"}, approver).error().code, Errc::forbidden);
  auto const now = db.time.now();
  EXPECT_EQ(desk.draft({.form = "special", .span = Span{now, now}}, editor).error().field, "to");
  EXPECT_EQ(desk.draft({.form = "special", .span = Span{at("1990-01-01T00:00:00Z"), now}}, editor).error().key, "report.span.long");
}

TEST_P(ReportDesk, NobodyApprovesWhatTheyWrote) {
  auto const own = drafted(both);
  EXPECT_EQ(does(own, Verb::approve, both, 1), "report.approve.own");
  auto const other = drafted(editor);
  EXPECT_EQ(does(other, Verb::comment, both, 1), "");
  EXPECT_EQ(does(other, Verb::approve, both, 2), "report.approve.own");
  EXPECT_EQ(does(other, Verb::approve, approver, 2), "");
}

TEST_P(ReportDesk, OfTwoWhoActAtOnceOneIsToldThatThereIsANewerVersion) {
  auto const id = drafted();
  EXPECT_EQ(does(id, Verb::comment, editor, 1), "");
  EXPECT_EQ(does(id, Verb::approve, approver, 1), "report.version") << "what was approved is not what is there";
}

TEST_P(ReportDesk, NamesTheDigestOfEachVersionInTheLedger) {
  auto const id = drafted();
  auto const kept = db->read([&](store::Reader& r) { return Desk::version(r, id, 1).value(); }).value();
  EXPECT_EQ(kept.digest, digest_of(kept.document));
  auto const entries = db->read([&](store::Reader& r) { return store::entries_of(r, id); }).value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_THAT(entries[0].payload, testing::HasSubstr("\"digest\":\"sha-256:" + kept.digest));
}

TEST_P(ReportDesk, ASecondCountFindsWhetherTheFiguresStillFollowFromTheLedger) {
  auto const id = drafted();
  EXPECT_TRUE(desk.recount(id, 1).value());
  source.opened = 1'235;
  EXPECT_FALSE(desk.recount(id, 1).value());
}

TEST_P(ReportDesk, ASchedulesReportIsDraftedOnceAndMadeUpForAfterASleep) {
  EXPECT_EQ(desk.run_due(db.time.now()).value(), 0U) << "a new schedule does not write the history";
  db.time.set(at("2026-04-28T07:59:00+08:00"));
  EXPECT_EQ(desk.run_due(db.time.now()).value(), 0U);
  db.time.set(at("2026-04-28T08:00:00+08:00"));
  Desk other(*db, packs(), source, db.time);
  EXPECT_EQ(desk.run_due(db.time.now()).value() + other.run_due(db.time.now()).value(), 1U);
  EXPECT_EQ(number("SELECT count(*) FROM report WHERE template = 'daily'"), 1);
  db.time.set(at("2026-05-04T09:30:00+08:00"));
  EXPECT_EQ(desk.run_due(db.time.now()).value(), 6U + 1U + 1U) << "six days, a week, April";
  EXPECT_EQ(other.run_due(db.time.now()).value(), 0U);
  EXPECT_EQ(number("SELECT count(DISTINCT period_from) FROM report WHERE template = 'daily'"), 7);
  EXPECT_EQ(number("SELECT count(*) FROM report WHERE due_at IS NULL"), 0);
}

TEST_P(ReportDesk, AfterAVeryLongSleepOnlyTheYoungestPeriodsAreMadeUpFor) {
  ASSERT_TRUE(desk.run_due(db.time.now()));
  db.time.set(at("2027-04-28T09:30:00+08:00"));
  ASSERT_TRUE(desk.run_due(db.time.now()));
  EXPECT_EQ(number("SELECT count(*) FROM report WHERE template = 'daily'"), catch_up_periods_max);
  EXPECT_EQ(number("SELECT count(*) FROM report WHERE template = 'monthly'"), 12);
  EXPECT_EQ(desk.run_due(db.time.now()).value(), 0U);
}

TEST_P(ReportDesk, SavedViewsBelongToAPersonOrADepartment) {
  auto const save = [&](View const& view, std::string const& actor) { return db->write([&](store::Writer& w) { return save_view(w, view, actor); }); };
  auto const mine = save({.owner = "staff:dora", .name = "井盖", .query = "item=0102"}, "staff:dora");
  ASSERT_TRUE(mine);
  EXPECT_EQ(save({.owner = "staff:dora", .name = "井盖", .query = ""}, "staff:dora").error().code, Errc::conflict);
  EXPECT_EQ(save({.owner = "staff:dora", .name = "", .query = ""}, "staff:dora").error().field, "name");
  ASSERT_TRUE(save({.owner = "department:drainage", .name = "积水", .query = "item=0305"}, "staff:han"));
  auto const seen = db->read([](store::Reader& r) { return views_of(r, {"staff:dora", "department:drainage"}); }).value();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(remove_view(*db, *mine, {"staff:han"}, "staff:han").error().code, Errc::forbidden);
  EXPECT_TRUE(remove_view(*db, *mine, {"staff:dora"}, "staff:dora"));
  EXPECT_EQ(remove_view(*db, *mine, {"staff:dora"}, "staff:dora").error().code, Errc::not_found);
}

INSTANTIATE_TEST_SUITE_P(Engines, ReportDesk, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& one) { return test::name_of(one.param); });

/// Drafts, comments, approves, publishes, from wherever the report stands, and says each step once it is on the disk.
[[noreturn]] void walk(store::Options const& options, core::TimeSource const& time, int says) {
  auto db = store::Db::open(options, time);
  if (!db) _exit(3);
  Made source;
  Desk desk(**db, packs(), source, time);
  auto const say = [&] {
    char const done = 1;
    if (::write(says, &done, 1) != 1) _exit(5);
  };
  for (;;) {
    auto const found = (*db)->read([](store::Reader& r) { return Desk::list(r, true, {}, 0, 1); }).value();
    if (found.empty()) {
      if (!desk.draft({.form = "daily"}, editor)) _exit(4);
    } else {
      auto const& report = found.front();
      if (report.state == State::published) ::pause();
      auto const verb = report.version == 1 ? Verb::comment : report.state == State::draft ? Verb::approve : Verb::publish;
      if (!desk.act(report.id, {.verb = verb, .version = report.version, .comment = {"按语", "A word"}}, verb == Verb::comment ? editor : approver)) _exit(4);
    }
    say();
  }
}

TEST(ReportKill, AtEveryStepNothingAcknowledgedIsLostOrDoubled) {
  test::TempDb db;
  db.time.set(at("2026-04-27T09:00:00+08:00"));
  std::size_t acknowledged = 0;
  while (acknowledged < 4) {
    db.close();
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    if (child == 0) walk(db.options(), db.time, ends[1]);
    char said = 0;
    ::close(ends[1]);
    ASSERT_EQ(::read(ends[0], &said, 1), 1) << "the child died by itself";
    ::kill(child, SIGKILL);  // while it is in the next step, or after it
    int status = 0;
    ::waitpid(child, &status, 0);
    ++acknowledged;
    while (::read(ends[0], &said, 1) == 1) ++acknowledged;
    ::close(ends[0]);
    db.open();
    auto const found = db->read([](store::Reader& r) { return Desk::list(r, true, {}, 0, 9); }).value();
    ASSERT_EQ(found.size(), 1U);
    auto const id = found.front().id;
    auto const life = db->read([&](store::Reader& r) { return Desk::life(r, id); }).value();
    auto const entries = db->read([&](store::Reader& r) { return store::entries_of(r, id).size(); }).value();
    EXPECT_EQ(life.state, found.front().state) << "the table is what the ledger says";
    EXPECT_EQ(life.version, found.front().version);
    EXPECT_GE(entries, acknowledged);
    EXPECT_LE(entries, acknowledged + 1);  // one step may have been on the disk and not yet said
    EXPECT_EQ(db->read([](store::Reader& r) { return r.value<std::int64_t>("SELECT count(*) FROM report_version").value(); }).value(), life.version);
    acknowledged = entries;
  }
}

}  // namespace
}  // namespace zhili::assure::reports
