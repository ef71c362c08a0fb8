#include "respond/cases/case_index.hpp"

#include <gtest/gtest.h>

#include <random>

#include "respond/cases/desk_test_kit.hpp"
#include "respond/cases/query.hpp"
#include "support/temp_db.hpp"

namespace zhili::respond {
namespace {

using store::Value;
using test::Engine;
using test::TempDb;

constexpr int many = 2'500;  // more than two blocks of the index
constexpr std::int64_t start_ms = 1'763'000'000'000;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::array stages{Stage::registered, Stage::dispatched, Stage::handling, Stage::closed,
                            Stage::archived};

/// Makes cases up: a row and its entry in one piece of work, as every change of a case is.
class Made {
 public:
  explicit Made(store::Db& db) : db_(db) {}

  void add(int count) {
    ASSERT_TRUE(db_.write([&](store::Writer& w) {
      for (int i = 0; i < count; ++i) {
        auto const id = w.append({core::EventKind::case_recorded, 0, "test", "{}"});
        w.exec(
            "INSERT INTO casefile (id, signal_id, incident_id, item, pack, pack_version, stage, "
            "location_unknown, "
            "opened_at, version, origin, contradiction, private) VALUES (?,?,?,'','p','1',0,0,?,1,1,0,?)",
            id, id, id, start_ms + below(200) * hour_ms, below(5) == 0);
        fill(w, id);
        ids_.push_back(id);
      }
    }));
  }
  void change(int count) {
    ASSERT_TRUE(db_.write([&](store::Writer& w) {
      for (int i = 0; i < count; ++i) {
        auto const id = ids_[static_cast<std::size_t>(below(static_cast<int>(ids_.size())))];
        w.append({core::EventKind::case_dispatched, id, "test", "{}"});
        fill(w, id);
      }
    }));
  }
  CaseFilter filter() {
    CaseFilter f;
    f.state = static_cast<CaseFilter::State>(below(3));
    f.public_only = below(2) == 0;
    f.limit = static_cast<std::size_t>(1 + below(200));
    if (below(3) == 0) f.stage = stages[static_cast<std::size_t>(below(5))];
    for (int some = below(6) - 3; some > 0; --some) f.items.push_back("item" + std::to_string(below(7)));  // the last is never used
    if (below(3) == 0) f.department = "d" + std::to_string(below(4));
    if (below(3) == 0) f.areas = {1 + below(5), 1 + below(5), 99};
    if (below(3) == 0) f.from = time();
    if (below(3) == 0) f.to = time();
    f.by_closing = below(3) == 0;
    if (below(5) == 0) f.overdue_at = time();
    if (below(5) == 0) f.open_at = time();
    if (below(5) == 0) f.outcome = below(2) == 0 ? CaseFilter::Outcome::late : CaseFilter::Outcome::on_time;
    if (below(5) == 0) f.soon_at = time();
    if (below(3) == 0) f.box = MapBox{{below(50), below(50)}, {50 + below(50), 50 + below(50)}};
    if (below(4) == 0)
      f.after = After{time(), ids_[static_cast<std::size_t>(below(static_cast<int>(ids_.size())))]};
    return f;
  }
  core::Instant time() { return core::from_ms(start_ms + below(300) * hour_ms); }
  int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

 private:
  void fill(store::Writer& w, std::int64_t id) {
    auto const maybe = [&](std::int64_t value) {
      return below(3) == 0 ? std::nullopt : std::optional(value);
    };
    auto const department = below(4) == 0 ? std::nullopt : std::optional("d" + std::to_string(below(3)));
    w.exec(
        "UPDATE casefile SET item = ?, stage = ?, area_id = ?, lat_e7 = ?, lon_e7 = ?, location_unknown = ?, "
        "due_at = ?, "
        "closed_at = ?, department = ? WHERE id = ?",
        "item" + std::to_string(below(6)), stages[static_cast<std::size_t>(below(5))], maybe(1 + below(6)),
        maybe(below(100)), maybe(below(100)), below(4) == 0, maybe(start_ms + below(300) * hour_ms),
        maybe(start_ms + below(300) * hour_ms), department, id);
  }
  store::Db& db_;
  std::vector<std::int64_t> ids_;
  std::mt19937 random_{20260711};
};

/// The same question, asked of the table: slow, and plain.
struct Asked {
  std::string where = " WHERE 1 = 1";
  std::vector<Value> args;

  explicit Asked(CaseFilter const& f) {
    if (f.state == CaseFilter::State::open && !f.open_at) add("closed_at IS NULL");
    if (f.state == CaseFilter::State::closed) add("closed_at IS NOT NULL");
    if (f.public_only) add("private = 0");
    if (f.stage) add("stage = ?", static_cast<std::int64_t>(*f.stage));
    if (!f.items.empty()) {
      std::string any;
      for (auto const& item : f.items) any += (any.empty() ? "'" : ", '") + item + "'";
      add("item IN (" + any + ")");
    }
    if (f.open_at) add("opened_at < ? AND (closed_at IS NULL OR closed_at >= ?)", core::to_ms(*f.open_at), core::to_ms(*f.open_at));
    if (f.outcome) add(*f.outcome == CaseFilter::Outcome::late ? "closed_at > due_at" : "closed_at <= due_at");
    if (f.department) add("department = ?", *f.department);
    if (!f.areas.empty()) add("area_id IN (?, ?, ?)", f.areas[0], f.areas[1], f.areas[2]);
    std::string const time = f.by_closing ? "closed_at" : "opened_at";
    if (f.from) add(time + " >= ?", core::to_ms(*f.from));
    if (f.to) add(time + " < ?", core::to_ms(*f.to));
    std::string const open = f.open_at ? "" : "closed_at IS NULL AND ";
    if (f.overdue_at) add(open + "due_at < ?", core::to_ms(*f.overdue_at));
    if (f.soon_at)
      add(open + "due_at >= ? AND due_at < ?", core::to_ms(*f.soon_at),
          core::to_ms(*f.soon_at + soon_window));
    if (f.box)
      add("location_unknown = 0 AND lat_e7 >= ? AND lat_e7 <= ? AND lon_e7 >= ? AND lon_e7 <= ?",
          std::int64_t{f.box->south_west.lat_e7}, std::int64_t{f.box->north_east.lat_e7},
          std::int64_t{f.box->south_west.lon_e7}, std::int64_t{f.box->north_east.lon_e7});
  }
  template <class... Values>
  void add(std::string const& piece, Values const&... values) {
    where += " AND " + piece;
    (args.emplace_back(values), ...);
  }
};

std::vector<std::int64_t> newest_of_table(store::Reader& reader, CaseFilter const& f) {
  Asked asked(f);
  if (f.after) {
    auto const ms = core::to_ms(f.after->opened_at);
    asked.add("(opened_at < ? OR (opened_at = ? AND id < ?))", ms, ms, f.after->id);
  }
  asked.args.emplace_back(static_cast<std::int64_t>(f.limit));
  std::vector<std::int64_t> out;
  reader.each<std::int64_t>(
      "SELECT id FROM casefile" + asked.where + " ORDER BY opened_at DESC, id DESC LIMIT ?",
      [&](std::int64_t id) { out.push_back(id); }, asked.args);
  return out;
}

std::map<std::string, std::int64_t> counts_of_table(store::Reader& reader, CaseFilter const& f, CountBy by,
                                                    core::Instant now) {
  std::map<CountBy, std::string> const columns{
      {CountBy::stage, "CAST(stage AS TEXT)"},
      {CountBy::area, "CAST(area_id AS TEXT)"},
      {CountBy::item, "item"},
      {CountBy::department, "department"},
      {CountBy::outcome, "CASE WHEN closed_at IS NULL THEN CASE WHEN due_at < " +
                             std::to_string(core::to_ms(now)) +
                             " THEN 'open_late' ELSE 'open' END WHEN due_at IS NULL THEN 'no_promise' WHEN "
                             "closed_at <= due_at THEN 'on_time' ELSE 'late' END"}};
  Asked const asked(f);
  std::map<std::string, std::int64_t> out;
  reader.each<std::optional<std::string>, std::int64_t>(
      "SELECT " + columns.at(by) + ", count(*) FROM casefile" + asked.where + " GROUP BY 1",
      [&](std::optional<std::string> key, std::int64_t count) {
        auto const stage =
            by == CountBy::stage ? std::string(name(static_cast<Stage>(std::stoi(*key)))) : key.value_or("");
        out[stage] += count;
      },
      asked.args);
  return out;
}

class CaseIndexTest : public testing::TestWithParam<Engine> {};
INSTANTIATE_TEST_SUITE_P(Both, CaseIndexTest, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](auto const& each) { return test::name_of(each.param); });

TEST_P(CaseIndexTest, AnswersAsTheTableDoesWhateverFiltersAreCombined) {
  TempDb db(GetParam());
  Made made(*db);
  CaseIndex index;
  for (int round = 0; round < 4; ++round) {
    round == 0 ? made.add(many) : made.add(30);
    made.change(round * 200);
    ASSERT_TRUE(db->read([&](store::Reader& reader) {
      index.follow(reader);
      for (int i = 0; i < 100; ++i) {
        auto const filter = made.filter();
        EXPECT_EQ(index.newest(filter), newest_of_table(reader, filter)) << Asked(filter).where;
        auto const by = static_cast<CountBy>(made.below(5));
        auto const now = made.time();
        std::map<std::string, std::int64_t> counted;
        for (auto const& [key, count] : index.count(filter, by, now)) counted[key] = count;
        EXPECT_EQ(counted, counts_of_table(reader, filter, by, now)) << Asked(filter).where;
      }
    }));
  }
}

TEST_P(CaseIndexTest, PagesGoOnWithoutGapsOrRepeats) {
  TempDb db(GetParam());
  Made(*db).add(500);
  CaseIndex index;
  std::vector<std::int64_t> seen;
  std::vector<std::int64_t> all;
  ASSERT_TRUE(db->read([&](store::Reader& reader) {
    index.follow(reader);
    for (auto const& [id] :
         reader.rows<std::int64_t>("SELECT id FROM casefile ORDER BY opened_at DESC, id DESC"))
      all.push_back(id);
    CaseFilter filter{.limit = 7};
    for (auto page = index.newest(filter); !page.empty(); page = index.newest(filter)) {
      seen.insert(seen.end(), page.begin(), page.end());
      auto const opened =
          reader.value<std::int64_t>("SELECT opened_at FROM casefile WHERE id = ?", page.back());
      filter.after = After{core::from_ms(*opened), page.back()};
    }
  }));
  EXPECT_EQ(all.size(), 500U);
  EXPECT_EQ(seen, all);
}

TEST_P(CaseIndexTest, ACaseMovesBetweenListsWhenItIsDispatched) {
  TempDb db(GetParam());
  kit::DeskKit town(*db);
  CaseIndex index;
  auto const id = town.new_case();
  auto const in = [&](Stage stage) {
    return db->read([&](store::Reader& r) { return list_cases(r, index, {.stage = stage}); }).value();
  };
  ASSERT_EQ(in(Stage::registered).size(), 1U);
  EXPECT_EQ(in(Stage::registered).front().id, id);
  EXPECT_EQ(town.does(id, kit::dispatcher, kit::doing(Verb::dispatch)), "");
  EXPECT_TRUE(in(Stage::registered).empty());
  ASSERT_EQ(in(Stage::dispatched).size(), 1U);
  EXPECT_EQ(in(Stage::dispatched).front().department, "drainage");
}

TEST(CaseIndexOfTwo, HoldsWhatAnotherProcessHasCommitted) {
  TempDb db(Engine::postgresql);
  auto const other = store::Db::open(db.options(), db.time);
  ASSERT_TRUE(other);
  Made made(*db);
  made.add(10);
  CaseIndex index;
  auto const known = [&] {
    EXPECT_TRUE((*other)->read([&](store::Reader& reader) { index.follow(reader); }));
    return index.size();
  };
  EXPECT_EQ(known(), 10U);
  made.add(5);
  EXPECT_EQ(index.size(), 10U) << "what was handed out does not change by itself";
  EXPECT_EQ(known(), 15U);
}

}  // namespace
}  // namespace zhili::respond
