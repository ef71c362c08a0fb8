// Reports on the real cases of a program at work: figures, their lists, and counting again from the ledger.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/demo/liucheng.hpp"
#include "app/service_test_kit.hpp"
#include "respond/cases/query.hpp"
#include "sense/places/places.hpp"
#include "store/ledger.hpp"

namespace zhili::app {
namespace {

namespace reports = assure::reports;
using respond::Role;
using respond::Verb;

reports::Who const editor{.ref = "staff:edda", .editor = true};

class Reports : public testing::Test, protected kit::Serving {
 protected:
  Reports() {
    demo::LiuchengOptions options;
    EXPECT_TRUE(sense::places::save(service->db(), demo::liucheng(options), {"system", "survey", time.now()}));
    EXPECT_TRUE(service->runtime().reload_places());
    // So soon due that a month's report counts them.
    auto const promised = [](catalogue::Item const& item) {
      return std::ranges::any_of(item.conditions.front().clocks, [](auto const& clock) {
        return clock.phase == catalogue::Phase::whole && clock.budget.amount <= core::Budget::of(core::Unit::work_days, 5'000).amount;
      });
    };
    for (auto const* item : service->catalogue().items())
      if (item->kind == catalogue::Kind::event && items_.size() < 3 && promised(*item)) items_.push_back(item->code);
  }

  /// Registers a case there; gives its id.
  respond::Id registered(std::size_t item, double lat, double lon) {
    auto const received = service->signals().receive({.item = items_[item], .channel = "phone", .place = core::LatLon::of(lat, lon)}, acceptor_);
    EXPECT_TRUE(received) << received.error().text.en;
    auto const state = service->signals().execute(received->id, {.verb = Verb::register_case}, {.ref = "staff:bei", .roles = Role::acceptor});
    EXPECT_TRUE(state) << state.error().text.en;
    return state->case_id;
  }
  void close(respond::Id id) {
    auto const done = service->cases().execute(id, {.verb = Verb::force_close, .reason = "no longer there"}, {.ref = "staff:lead", .roles = Role::dispatcher_lead});
    ASSERT_TRUE(done) << done.error().text.en;
  }
  /// Four cases on three days, two of them closed.
  void some_days() {
    auto const first = registered(0, 34.860, 117.550);
    registered(1, 34.861, 117.551);
    time.advance(std::chrono::hours(24));
    auto const second = registered(0, 34.8601, 117.5501);
    close(first);
    time.advance(std::chrono::hours(24));
    registered(0, 34.8602, 117.5502);
    close(second);
  }
  std::int64_t drafted(std::string const& form, std::string const& query = {}) {
    auto const id = service->reports().draft({.form = form, .scope = {.query = query}, .span = span_}, editor);
    EXPECT_TRUE(id) << id.error().text.en << id.error().detail;
    return id.value_or(0);
  }
  reports::Document document(std::int64_t id) {
    auto const kept = service->db().read([&](store::Reader& r) { return reports::Desk::version(r, id, 1).value(); }).value();
    return reports::document_from(kept.document).value();
  }
  /// How many cases the list behind a link holds.
  std::int64_t listed(std::string link) {
    if (link.starts_with("/evaluation/cases?")) return counted(link);
    EXPECT_TRUE(link.starts_with("/cases?")) << link;
    // The page's words for the server's.
    if (auto const at = link.find("late=over"); at != std::string::npos) link.replace(at, 9, "overdue=1");
    auto const got = get("/api/v1/counts?" + link.substr(7));
    EXPECT_EQ(got.status, 200) << link << got.body;
    return boost::json::parse(got.body).at("total").to_number<std::int64_t>();
  }

  /// The same behind an indicator: as many lines as the number says.
  std::int64_t counted(std::string const& link) {
    counted_all();
    auto const got = get("/api/v1" + link + "&limit=200");
    EXPECT_EQ(got.status, 200) << link << got.body;
    auto const told = boost::json::parse(got.body);
    auto const part = link.substr(link.find("part=") + 5);
    auto const number = told.at(part.substr(0, part.find('&'))).to_number<std::int64_t>();
    EXPECT_EQ(static_cast<std::int64_t>(told.at("cases").as_array().size()) + told.at("kept_private").to_number<std::int64_t>(), number) << link;
    return number;
  }
  /// Until the kept sums know all of the ledger.
  void counted_all() {
    for (int asks = 0; asks < 5'000; ++asks)
      if (boost::json::parse(get("/api/v1/evaluation").body).at("complete").as_bool()) return;
    FAIL() << "evaluation has stopped counting";
  }
  /// Eleven cases of two items, some closed on time, late or not at all, a month later.
  void a_month() {
    std::vector<respond::Id> ids;
    for (int i = 0; i < 11; ++i) ids.push_back(registered(i < 6 ? 0 : 1, 34.860 + 0.0001 * i, 117.550));
    time.advance(std::chrono::hours(1));
    for (std::size_t i = 0; i < 6; ++i) close(ids[i]);
    time.advance(std::chrono::hours(24) * 25);
    close(ids[6]);
    close(ids[7]);
    time.advance(std::chrono::hours(24) * 10);
    span_.to = core::from_iso("2026-05-28T00:00:00+08:00").value();
  }
  static reports::Table const& table_of(reports::Document const& document, std::string_view title) {
    for (auto const& block : document.blocks)
      if (auto const* table = std::get_if<reports::Table>(&block); table && table->title.en == title) return *table;
    throw std::runtime_error("no such table");
  }

  reports::Span span_{core::from_iso("2026-04-27T00:00:00+08:00").value(), core::from_iso("2026-04-30T00:00:00+08:00").value()};
  std::vector<std::string> items_;
  respond::Actor const acceptor_{.ref = "staff:amy", .roles = Role::acceptor};
};

TEST_F(Reports, EveryFigureOpensExactlyTheCasesThatItCounts) {
  some_days();
  auto const made = document(drafted("special"));
  std::size_t looked_at = 0;
  auto const look = [&](std::string const& shown, std::string const& link) {
    if (link.empty() || link.starts_with("/cases/") || shown.find_first_not_of("0123456789,") != std::string::npos) return;
    EXPECT_EQ(std::to_string(listed(link)), shown) << link;
    ++looked_at;
  };
  for (auto const& block : made.blocks) {
    if (auto const* row = std::get_if<reports::FigureRow>(&block))
      for (auto const& f : row->figures) look(f.value.en, f.link);
    if (auto const* table = std::get_if<reports::Table>(&block))
      for (auto const& row : table->rows)
        for (auto const& cell : row) look(cell.text.en, cell.link);
    if (auto const* chart = std::get_if<reports::Chart>(&block))
      for (auto const& series : chart->series)
        for (std::size_t i = 0; i < series.links.size(); ++i) look(series.shown[i].en, series.links[i]);
  }
  EXPECT_GT(looked_at, 15U);
  auto const& key = std::get<reports::FigureRow>(made.blocks.front()).figures;
  EXPECT_EQ(key[0].value.en, "4");
  EXPECT_EQ(key[1].value.en, "2");
  EXPECT_EQ(key[3].value.en, "2");
}

TEST_F(Reports, ShowTheIndicatorsOfTheEvaluationPageAndOpenWhatTheyCount) {
  a_month();
  auto const made = document(drafted("special"));
  auto const rate = std::get<reports::FigureRow>(made.blocks.front()).figures[2];
  EXPECT_EQ(rate.label.en, "Closed on time");
  EXPECT_EQ(rate.value.en, "54.5%") << "six of eleven";
  EXPECT_EQ(listed(rate.link), 6);
  auto const& text = std::get<reports::Paragraph>(made.blocks[1]).en;
  auto const due = std::ranges::find_if(text, [](auto const& run) { return run.link.find("part=denominator") != std::string::npos; });
  ASSERT_NE(due, text.end());
  EXPECT_EQ(due->words, "11");
  EXPECT_EQ(listed(due->link), 11);
  auto const page = boost::json::parse(get("/api/v1/evaluation?by=item&indicators=on_time_closing&period=2026-04-27/2026-05-27").body);
  auto const& table = table_of(made, "By item");
  ASSERT_EQ(table.rows.size(), 2U);
  for (auto const& row : table.rows) {
    auto const& rows = page.at("rows").as_array();
    auto const same = std::ranges::find_if(rows, [&](auto const& one) { return one.at("name").at("en").as_string() == row[0].text.en; });
    ASSERT_NE(same, rows.end());
    auto const value = same->at("figures").at("on_time_closing").at("value").to_number<double>();
    EXPECT_EQ(row[3].text.en, reports::shown(value, reports::Form::share));
    EXPECT_NE(row[3].link.find("item=" + std::string(same->at("key").as_string())), std::string::npos);
  }
}

TEST_F(Reports, OnAPartOfTheMapCountIndicatorsThereToo) {
  a_month();
  for (int i = 0; i < 3; ++i) close(registered(2, 34.90, 117.60));
  auto const there = document(drafted("special", "bbox=117.545,34.855,117.555,34.865"));
  auto const& figures = std::get<reports::FigureRow>(there.blocks.front()).figures;
  EXPECT_EQ(figures[0].value.en, "11");
  EXPECT_EQ(figures[2].value.en, "54.5%");
  EXPECT_EQ(listed(figures[2].link), 6);
}

TEST_F(Reports, DoNotShowWhatTheEvaluationPageHidesBecauseItIsTooFew) {
  some_days();
  time.advance(std::chrono::hours(24) * 40);
  span_.to = core::from_iso("2026-06-01T00:00:00+08:00").value();
  auto const made = document(drafted("special"));
  EXPECT_EQ(std::get<reports::FigureRow>(made.blocks.front()).figures[2].value.en, "–");
  EXPECT_TRUE(std::ranges::any_of(made.notes, [](auto const& note) { return note.en.find("too few to be published") != std::string::npos; }));
}

TEST_F(Reports, HaveWholeDays) {
  span_.from += std::chrono::hours(1);
  auto const id = service->reports().draft({.form = "special", .scope = {}, .span = span_}, editor);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().key, "report.span.days");
}

TEST_F(Reports, AreTheSameWhenTheyAreCountedAgainFromTheLedgerLater) {
  a_month();
  auto const id = drafted("special");
  auto const daily = drafted("monthly");
  time.advance(std::chrono::hours(48));
  auto const open = service->db().read([&](store::Reader& r) {
    respond::CaseIndex index;
    return respond::list_cases(r, index, {.state = respond::CaseFilter::State::open});
  }).value();
  for (auto const& line : open) close(line.id);
  registered(2, 34.862, 117.552);
  EXPECT_TRUE(service->reports().recount(id, 1).value());
  EXPECT_TRUE(service->reports().recount(daily, 1).value());
  EXPECT_NE(reports::to_json(document(id)), reports::to_json(document(drafted("special")))) << "the city has moved on";
}

TEST_F(Reports, OnASavedViewCountOnlyWhatFitsIt) {
  some_days();
  auto const made = document(drafted("special", "item=" + items_[0]));
  EXPECT_EQ(std::get<reports::FigureRow>(made.blocks.front()).figures[0].value.en, "3");
  EXPECT_NE(made.subtitle.en.find("·"), std::string::npos) << "says what it is narrowed to";
  EXPECT_FALSE(service->reports().draft({.form = "special", .scope = {.query = "area=999999"}, .span = span_}, editor));
  EXPECT_FALSE(service->reports().draft({.form = "special", .scope = {.area = "nowhere"}, .span = span_}, editor));
}

TEST_F(Reports, NameAPlaceWhereTheSameHappensAgainAndAgain) {
  some_days();
  auto const made = document(drafted("daily"));
  reports::Table const* found = nullptr;
  for (auto const& block : made.blocks)
    if (auto const* table = std::get_if<reports::Table>(&block))
      if (table->title.en.starts_with("Again and again")) found = table;
  ASSERT_NE(found, nullptr);
  ASSERT_EQ(found->rows.size(), 1U);
  EXPECT_EQ(found->rows[0].back().text.en, "3");
  EXPECT_EQ(listed(found->rows[0].back().link), 3);
}

TEST_F(Reports, AreSeenByEverybodyOnceTheyArePublishedAndNotBefore) {
  some_days();
  auto const id = drafted("special");
  auto const one = fmt::format("/api/v1/reports/{}", id);
  EXPECT_EQ(get(one).status, 404);
  EXPECT_EQ(get(one + "/1.pdf").status, 404);
  EXPECT_EQ(get("/api/v1/reports").body.find("\"id\""), std::string::npos);
  reports::Who const approver{.ref = "staff:anna", .approver = true};
  for (auto const verb : {reports::Verb::approve, reports::Verb::publish}) ASSERT_TRUE(service->reports().act(id, {.verb = verb, .version = 1}, approver));
  EXPECT_EQ(get(one).status, 200);
  auto const pdf = get(one + "/1.pdf?lang=zh");
  EXPECT_EQ(pdf.status, 200);
  EXPECT_TRUE(pdf.body.starts_with("%PDF-1.5"));
  EXPECT_TRUE(get(one + "/1.xlsx").body.starts_with("PK"));
  EXPECT_NE(get(one + "/1.html?lang=en&part=1").body.find("<article"), std::string::npos);
  EXPECT_EQ(get(one + "/2.html").status, 404);
  EXPECT_NE(get("/feeds/reports.atom").body.find(fmt::format("/reports/{}", id)), std::string::npos);
  ASSERT_TRUE(service->reports().act(id, {.verb = reports::Verb::withdraw, .version = 1, .reason = "wrong"}, approver));
  EXPECT_EQ(get(one + "/1.pdf").status, 404);
  EXPECT_EQ(get("/feeds/reports.atom").body.find("<entry>"), std::string::npos);
}

}  // namespace
}  // namespace zhili::app
