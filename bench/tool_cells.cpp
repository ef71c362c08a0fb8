// Counts N cases of the year before now into the cells of evaluation, made from a seed: `cells DATA URL PACKS N`. The cases
// themselves are not made: their cells are, by the code that counts real ones.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "app/demo/liucheng.hpp"
#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"
#include "respond/evaluation/cell_table.hpp"
#include "respond/evaluation/keeper.hpp"
#include "sense/places/places.hpp"
#include "store/ledger.hpp"

using namespace zhili;
using namespace zhili::respond::evaluation;
using catalogue::Fact;

namespace {

constexpr std::int64_t same_as = 5;  // so many cases have everything in common
constexpr std::array sources{"web", "app", "phone", "patrol", "sensor", "open311"};

/// Cases as a city has them: nine in ten on time, one in twelve reworked, one in twenty extended.
class Maker {
 public:
  Maker(catalogue::Catalogue const& catalogue, catalogue::Installation const& installation, sense::places::PlaceIndex const& places)
      : catalogue_(catalogue), installation_(installation), places_(places) {}

  Subject make(Day day) {
    Subject out;
    out.counted = {.cohort = Cohort::cases, .day = day, .facts = facts()};
    out.counted.sums = {same_as, same_as * (has(Fact::returned) ? 2 : 1), has(Fact::returned) ? same_as : 0, has(Fact::reworked) ? same_as : 0,
                        has(Fact::closed) ? same_as * static_cast<std::int64_t>(below(20'000)) : 0};
    auto const& grids = places_.city().grids;
    auto const& grid = grids[below(grids.size())];
    auto const* area = places_.area(places_.city().scheme.parent(grid.code));
    auto const& items = catalogue_.items();
    auto const* item = items[std::min(below(items.size()), below(items.size()))];
    out.code(Dimension::area) = area ? std::to_string(area->id) : "";
    out.code(Dimension::grid) = grid.code;
    out.code(Dimension::department) = installation_.departments[below(installation_.departments.size())].code;
    out.code(Dimension::function) = item->conditions.front().duty.function;
    out.code(Dimension::item) = item->code;
    out.code(Dimension::source) = sources[below(sources.size())];
    return out;
  }

 private:
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }
  bool chance(int per_mille) { return below(1'000) < static_cast<std::size_t>(per_mille); }
  void set(Fact fact, bool on = true) { facts_ |= on ? catalogue::bit(fact) : 0; }
  bool has(Fact fact) const { return (facts_ & catalogue::bit(fact)) != 0; }

  std::uint64_t facts() {
    facts_ = 0;
    bool const closed = chance(970);
    set(Fact::closed, closed);
    set(closed && chance(900) ? Fact::on_time : Fact::late, closed);
    set(Fact::dispatched);
    set(Fact::dispatched_on_time, chance(950));
    set(Fact::returned, chance(60));
    set(Fact::handled, closed || chance(500));
    set(Fact::handled_on_time, has(Fact::handled) && chance(920));
    set(Fact::verified, closed);
    set(Fact::verified_on_time, closed && chance(960));
    set(Fact::reworked, closed && chance(80));
    set(Fact::first_time_fix, closed && !has(Fact::reworked));
    set(Fact::extended, chance(50));
    set(Fact::suspended, !closed && chance(100));
    set(Fact::urgent, chance(100));
    set(Fact::forced, closed && chance(5));
    set(Fact::supervised, chance(20));
    set(Fact::rated, closed && chance(200));
    set(Fact::satisfied, has(Fact::rated) && chance(850));
    set(Fact::appeal_upheld, closed && chance(5));
    return facts_;
  }

  catalogue::Catalogue const& catalogue_;
  catalogue::Installation const& installation_;
  sense::places::PlaceIndex const& places_;
  std::mt19937_64 random_{20'260'712};
  std::uint64_t facts_ = 0;
};

core::Result<> fill(store::Db& db, std::filesystem::path const& packs, core::Instant now, std::int64_t count) {
  ZHILI_TRY(auto const installation, catalogue::read_installation(packs / "installations" / "liucheng.yaml"));
  ZHILI_TRY(auto const catalogue, catalogue::read_catalogue(packs, installation.packs));
  ZHILI_TRY(auto const zone, core::Zone::find(installation.zone));
  ZHILI_CHECK(sense::places::save(db, app::demo::liucheng(), {"import:bench", "import:bench", now}));
  ZHILI_TRY(auto city, sense::places::load(db, now));
  auto const places = sense::places::PlaceIndex::build(std::move(city));
  Maker maker(*catalogue, installation, *places);
  auto const today = core::day_of(now, zone);
  constexpr Day days = 365;
  constexpr Day days_to_come = 20;
  auto const per_day = count / same_as / days;
  for (Day first = today + days_to_come - days; first < today + days_to_come; first = core::holding(core::PeriodKind::month, first).to) {
    ZHILI_CHECK(db.write([&](store::Writer& w) -> core::Result<> {
      KeyBook keys(w);
      CellSums cells;
      auto const end = std::min(core::holding(core::PeriodKind::month, first).to, today + days_to_come);
      for (auto day = first; day < end; ++day)
        for (std::int64_t i = 0; i < per_day; ++i) add_to_cells(cells, keys.counted(maker.make(day)), 1);
      put_cells(w, cells);
      return {};
    }));
  }
  return db.write([&](store::Writer& w) -> core::Result<> {
    w.exec("INSERT INTO evaluation_position (one, seq, counted_by) VALUES (1, ?, ?)", store::last_seq(w), counted_by(zone, *catalogue));
    return {};
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr, "usage: cells DATA URL PACKS N\n");
    return 2;
  }
  core::SystemTime const time;
  auto const count = std::strtoll(argv[4], nullptr, 10);
  std::filesystem::create_directories(argv[1]);
  auto const db = store::Db::open({.url = *argv[2] ? argv[2] : std::string("sqlite:") + argv[1], .bulk = true}, time);
  auto const begin = std::chrono::steady_clock::now();
  auto const done = db ? fill(**db, argv[3], time.now(), count) : core::Result<>(core::fail(db.error()));
  if (!done) {
    fmt::print(stderr, "{} {}\n", done.error().text.en, done.error().detail);
    return 1;
  }
  auto const cells = (*db)->read([](store::Reader& r) { return r.value<std::int64_t>("SELECT count(*) FROM evaluation_cell").value_or(0); });
  fmt::print("{{\"cases\": {}, \"cells\": {}, \"seconds\": {:.1f}}}\n", count, cells.value_or(0),
             std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}
