// Fills a data directory with the demo city and cases in it, made from a seed: `fill DATA N`. Prints how
// fast.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "app/demo/liucheng.hpp"
#include "respond/cases/words.hpp"
#include "respond/history/record.hpp"
#include "sense/places/places.hpp"

using namespace zhili;

namespace {

constexpr std::int64_t cases_per_piece = 2'000;
constexpr std::array open_stages{respond::Stage::registered, respond::Stage::dispatched,
                                 respond::Stage::handling, respond::Stage::verifying,
                                 respond::Stage::suspended};

/// Cases of the year before `now`, evenly over time; a sixth is open, and a fifth was promised nothing.
class Maker {
 public:
  Maker(std::shared_ptr<sense::places::PlaceIndex const> places, core::Instant now, std::int64_t count)
      : places_(std::move(places)), begin_(now - std::chrono::days(365)), count_(count) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      items_[i].code = fmt::format("b{:03}", i);
      items_[i].pack = "boston311";
      items_[i].pack_version = "2015.1";
    }
  }

  void make(store::Writer& w, std::int64_t number) {
    respond::history::Remembered r;
    r.number = fmt::format("bench-{}", number);
    r.item = &items_[static_cast<std::size_t>(std::min(below(120), below(120)))];
    r.channel = "phone";
    r.opened = begin_ + std::chrono::seconds(number * 365 * 86400 / count_);
    if (below(100) < 78) r.promised = r.opened + std::chrono::hours(1 + below(400));
    if (below(100) < 84) r.closed = r.opened + std::chrono::minutes(10 + below(20'000));
    r.address = fmt::format("{} Washington St  Boston  MA  021{:02}", below(2000), below(40));
    auto const box = places_->bounds();
    r.place = core::LatLon{between(box.min.lat_e7, box.max.lat_e7), between(box.min.lon_e7, box.max.lon_e7)};
    r.department = fmt::format("D{}", below(16));
    r.closing_words = r.closed ? "Case Closed Case Resolved Work completed by the crew on site." : "";
    auto const id = recorder_.record(w, r);
    // Whoever remembers a case knows no grids and few stages; screens ask for both.
    auto const found = places_->find(*r.place);
    auto const stage = r.closed ? respond::Stage::closed : open_stages[static_cast<std::size_t>(below(5))];
    w.exec("UPDATE casefile SET stage = ?, area_id = ?, grid = ? WHERE id = ?", stage,
           found.areas.empty() ? std::nullopt : std::optional(found.areas.front()->id),
           found.grid ? std::optional(found.grid->code) : std::nullopt, id);
  }

 private:
  std::int64_t below(std::int64_t end) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
  }
  std::int32_t between(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(below(high - low));
  }

  std::shared_ptr<sense::places::PlaceIndex const> places_;
  core::Instant begin_;
  std::int64_t count_;
  std::vector<catalogue::Item> items_{120};
  respond::history::Recorder recorder_{"bench", "import:bench"};
  std::mt19937_64 random_{20150101};
};

core::Result<double> fill(std::string const& directory, std::int64_t count) {
  core::SystemTime const time;
  ZHILI_TRY(auto const db, store::Db::open({.url = "sqlite:" + directory, .bulk = true}, time));
  ZHILI_CHECK(sense::places::save(*db, app::demo::liucheng(), {"import:bench", "import:bench", time.now()}));
  ZHILI_TRY(auto city, sense::places::load(*db, time.now()));
  Maker maker(sense::places::PlaceIndex::build(std::move(city)), time.now(), count);
  auto const begin = std::chrono::steady_clock::now();
  for (std::int64_t done = 0; done < count;) {
    auto const until = std::min(count, done + cases_per_piece);
    ZHILI_CHECK(db->write([&](store::Writer& w) {
      for (; done < until; ++done) maker.make(w, done);
    }));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: fill DATA N\n");
    return 2;
  }
  std::int64_t const count = std::strtoll(argv[2], nullptr, 10);
  auto const seconds = fill(argv[1], count);
  if (!seconds) {
    fmt::print(stderr, "{} {}\n", seconds.error().text.en, seconds.error().detail);
    return 1;
  }
  fmt::print("{{\"cases\": {}, \"seconds\": {:.2f}, \"per_second\": {:.0f}}}\n", count, *seconds,
             static_cast<double>(count) / *seconds);
}
