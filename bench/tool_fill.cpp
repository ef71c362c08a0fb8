// Fills a data directory with cases made from a seed: `fill DATA N`. Prints how fast.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>

#include "respond/history/record.hpp"

using namespace zhili;

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "usage: fill DATA N\n");
    return 2;
  }
  std::int64_t const count = std::strtoll(argv[2], nullptr, 10);
  core::SystemTime const time;
  auto db = store::Db::open({.url = std::string("sqlite:") + argv[1], .bulk = true}, time);
  if (!db) {
    fmt::print(stderr, "{}\n", db.error().text.en);
    return 1;
  }
  std::vector<catalogue::Item> items(120);
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].code = fmt::format("b{:03}", i);
    items[i].pack = "boston311";
    items[i].pack_version = "2015.1";
  }
  std::mt19937_64 random(20150101);
  auto const pick = [&](std::int64_t below) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below)); };
  respond::history::Recorder const recorder("bench", "import:bench");
  auto const begin = std::chrono::steady_clock::now();
  auto const last_year = time.now() - std::chrono::days(365);
  for (std::int64_t done = 0; done < count;) {
    auto const until = std::min<std::int64_t>(count, done + 2000);
    auto written = (*db)->write([&](store::Writer& w) {
      for (; done < until; ++done) {
        respond::history::Remembered r;
        r.number = fmt::format("bench-{}", done);
        r.item = &items[static_cast<std::size_t>(std::min(pick(120), pick(120)))];
        r.channel = "phone";
        r.opened = last_year + std::chrono::seconds(done * 365 * 86400 / count);
        if (pick(100) < 78) r.promised = r.opened + std::chrono::hours(1 + pick(400));
        if (pick(100) < 84) r.closed = r.opened + std::chrono::minutes(10 + pick(20'000));
        r.address = fmt::format("{} Washington St  Boston  MA  021{:02}", pick(2000), pick(40));
        r.place = core::LatLon{static_cast<std::int32_t>(422300000 + pick(1600000)), static_cast<std::int32_t>(-711800000 + pick(1800000))};
        r.department = fmt::format("D{}", pick(16));
        r.closing_words = r.closed ? "Case Closed Case Resolved Work completed by the crew on site." : "";
        recorder.record(w, r);
      }
    });
    if (!written) {
      fmt::print(stderr, "{} {}\n", written.error().text.en, written.error().detail);
      return 1;
    }
  }
  auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print("{{\"cases\": {}, \"seconds\": {:.2f}, \"per_second\": {:.0f}}}\n", count, seconds, static_cast<double>(count) / seconds);
}
