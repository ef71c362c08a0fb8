// How well reports of one thing are found, on a real year whose clerks named the request that another one repeats; and what it
// costs. `same_thing quality PACKS FILE` and `same_thing cost PACKS FOLDER N`.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>

#include "sheet/csv_reader.hpp"
#include "app/import/source_file.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/profile.hpp"
#include "respond/incidents/candidates.hpp"
#include "respond/signals/signal.hpp"

using namespace zhili;

namespace {

constexpr std::int64_t cell_e7 = 10'000;
constexpr int shown_best[] = {1, 3, 10};
constexpr int scores[] = {60, 70, 80, 85, 90, 95};

struct Request {
  std::string no;
  respond::Told told;
  core::Instant closed = core::Instant::max();
  std::optional<std::string> parent = {};  // what the clerk named
  bool duplicate = false;
};

/// "01/02/2015 09:09:15 AM", in a city whose zone does not matter here.
std::optional<core::Instant> time_of(std::string const& text) {
  int month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0;
  char half[3] = {};
  if (std::sscanf(text.c_str(), "%d/%d/%d %d:%d:%d %2s", &month, &day, &year, &hour, &minute, &second, half) != 7) return std::nullopt;
  hour = hour % 12 + (half[0] == 'P' ? 12 : 0);
  return core::from_iso(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, hour, minute, second)).value();
}

/// "101001241331 Duplicate case #", "dup of %1240827": the last six digits are the number of the file's own.
std::optional<std::string> named_in(std::string_view reason) {
  constexpr std::string_view head = "101001";
  for (std::size_t at = 0; at < reason.size(); ++at) {
    if (std::isdigit(static_cast<unsigned char>(reason[at])) == 0) continue;
    auto end = at;
    while (end < reason.size() && std::isdigit(static_cast<unsigned char>(reason[end])) != 0) ++end;
    auto const digits = reason.substr(at, end - at);
    if (digits.size() == 12 && digits.starts_with(head)) return std::string(digits);
    if (digits.size() == 7 && digits.front() == '1') return std::string(head) + std::string(digits.substr(1));
    at = end;
  }
  return std::nullopt;
}

core::Result<std::vector<Request>> read_requests(std::string const& file, catalogue::Catalogue const& catalogue, catalogue::Profile const& profile) {
  ZHILI_TRY(auto source, app::SourceFile::open(file));
  sheet::CsvReader csv([&](char* to, std::size_t bytes) { return source.read({to, bytes}); });
  sheet::CsvRecord record;
  std::map<std::string, std::size_t, std::less<>> column;
  std::vector<Request> out;
  std::map<std::pair<std::string, std::string>, int> at_place;
  for (;;) {
    ZHILI_TRY(bool const more, csv.next(record));
    if (!more) break;
    if (column.empty()) {
      for (std::size_t i = 0; i < record.fields.size(); ++i) column.emplace(record.fields[i], i);
      continue;
    }
    auto const field = [&](std::string_view name) { return std::string(record.fields[column.find(name)->second]); };
    auto const opened = time_of(field("OPEN_DT"));
    auto const item = profile.items.find(field("TYPE"));
    if (!opened || item == profile.items.end()) continue;
    Request one{.no = field("CASE_ENQUIRY_ID"), .told = {.item = item->second, .group = {}, .at = *opened}};
    one.told.group = catalogue.find(one.told.item)->group.code;
    if (auto const closed = time_of(field("CLOSED_DT"))) one.closed = *closed;
    auto const lat = field("LATITUDE");
    auto const lon = field("LONGITUDE");
    if (!lat.empty() && !(lat == "42.3594" && lon == "-71.0587"))  // nobody's place: 14 % of the file
      one.told.place = core::LatLon::of(std::stod(lat), std::stod(lon));
    auto const reason = field("CLOSURE_REASON");
    one.duplicate = reason.find("Duplicate of Existing Case") != std::string::npos;
    if (one.duplicate) one.parent = named_in(reason);
    out.push_back(std::move(one));
  }
  std::ranges::stable_sort(out, {}, [](Request const& r) { return r.told.at; });
  return out;
}

/// What somebody sees who takes request `at` in: everything still open then, the best first.
class Desk {
 public:
  Desk(std::vector<Request> const& all, catalogue::Catalogue const& catalogue) : all_(all), catalogue_(catalogue) {}

  std::vector<std::pair<int, std::size_t>> candidates(std::size_t at) const {
    auto const& one = all_[at].told;
    std::vector<std::pair<int, std::size_t>> out;
    auto const* item = catalogue_.find(one.item);
    if (!one.place || !item->same_thing) return out;
    for (std::int64_t y = -1; y <= 1; ++y)
      for (std::int64_t x = -1; x <= 1; ++x)
        if (auto const there = cells_.find(cell(*one.place, y, x)); there != cells_.end())
          for (auto const other : there->second)
            if (all_[other].closed > one.at)
              if (auto const alike = respond::compare(one, all_[other].told, *item->same_thing)) out.emplace_back(alike->score, other);
    std::ranges::sort(out, std::greater{});
    return out;
  }
  void add(std::size_t at) {
    if (all_[at].told.place) cells_[cell(*all_[at].told.place, 0, 0)].push_back(at);
  }

 private:
  static std::int64_t cell(core::LatLon at, std::int64_t y, std::int64_t x) {
    return (at.lat_e7 / cell_e7 + y) * 4'000'000 + (at.lon_e7 / cell_e7 + x);
  }
  std::vector<Request> const& all_;
  catalogue::Catalogue const& catalogue_;
  std::unordered_map<std::int64_t, std::vector<std::size_t>> cells_;
};

struct Tally {
  int pairs = 0, placed = 0, still_open = 0, within = 0;
  std::array<int, 3> best{};
  std::array<int, 6> found{};      // of the named pairs, the named one has this score
  std::array<int, 6> best_named{}; // and is the best, with this score
  std::array<int, 6> offered{};    // of the requests that nobody called a duplicate, the best has this score
  std::array<int, 6> offered_same{};
  int others = 0;
};

void count_pair(Tally& tally, std::vector<std::pair<int, std::size_t>> const& all, std::size_t named) {
  auto const found = std::ranges::find(all, named, [](auto const& one) { return one.second; });
  if (found == all.end()) return;
  ++tally.within;
  auto const before = std::ranges::count_if(all, [&](auto const& one) { return one.first > found->first; });
  for (std::size_t i = 0; i < 3; ++i) tally.best[i] += before < shown_best[i] ? 1 : 0;
  for (std::size_t i = 0; i < 6; ++i) tally.found[i] += found->first >= scores[i] ? 1 : 0;
}

core::Result<> quality(std::string const& packs, std::string const& file) {
  ZHILI_TRY(auto const catalogue, catalogue::read_catalogue(packs, {"boston311"}));
  ZHILI_TRY(auto const profile, catalogue::load_profile(packs + "/boston311/profiles/boston311.yaml", *catalogue));
  ZHILI_TRY(auto const all, read_requests(file, *catalogue, profile));
  std::unordered_map<std::string, std::size_t> by_no;
  for (std::size_t i = 0; i < all.size(); ++i) by_no.emplace(all[i].no, i);
  // The pair is judged when the later of the two comes, whichever of them the clerk called the duplicate.
  std::unordered_map<std::size_t, std::size_t> earlier_of;
  int duplicates = 0;
  Tally tally;
  for (std::size_t i = 0; i < all.size(); ++i) {
    duplicates += all[i].duplicate ? 1 : 0;
    auto const parent = all[i].parent ? by_no.find(*all[i].parent) : by_no.end();
    if (parent == by_no.end() || parent->second == i) continue;
    if (earlier_of.emplace(std::max(i, parent->second), std::min(i, parent->second)).second) ++tally.pairs;
  }
  Desk desk(all, *catalogue);
  auto const began = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto const candidates = desk.candidates(i);
    if (auto const named = earlier_of.find(i); named != earlier_of.end()) {
      auto const& one = all[named->second];
      tally.placed += one.told.place && all[i].told.place ? 1 : 0;
      tally.still_open += one.told.place && all[i].told.place && one.closed > all[i].told.at ? 1 : 0;
      count_pair(tally, candidates, named->second);
    } else if (!all[i].duplicate && all[i].told.place) {
      ++tally.others;
      for (std::size_t k = 0; k < 6; ++k) tally.offered[k] += !candidates.empty() && candidates.front().first >= scores[k] ? 1 : 0;
    }
    desk.add(i);
  }
  auto const took = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count() / static_cast<double>(all.size());
  auto const share = [](int part, int of) { return of == 0 ? 0.0 : 100.0 * part / of; };
  fmt::print("{} requests, {} closed as a duplicate; {} pairs whose other half the clerk named and the file has\n", all.size(), duplicates, tally.pairs);
  fmt::print("  both have a place {:.1f} %; and the earlier was still open {:.1f} %: what can be found at all\n", share(tally.placed, tally.pairs),
             share(tally.still_open, tally.pairs));
  fmt::print("  of these within the rule's reach {:.1f} %", share(tally.within, tally.still_open));
  for (std::size_t i = 0; i < 3; ++i) fmt::print("; among the best {} {:.1f} %", shown_best[i], share(tally.best[i], tally.still_open));
  fmt::print("\n  score from   named ones found   others that are offered something so good ({} requests; how many of them are\n"
             "               duplicates that nobody noticed is not known, so this is an upper bound of false offers)\n", tally.others);
  for (std::size_t i = 0; i < 6; ++i)
    fmt::print("  {:>10}   {:>15.1f}%   {:>15.1f}%\n", scores[i], share(tally.found[i], tally.still_open), share(tally.offered[i], tally.others));
  fmt::print("  {:.1f} us to compare one request with all that is open near it, in memory\n", took);
  return {};
}

class NoAssets final : public respond::PlaceFinder {
 public:
  respond::Located locate(core::LatLon) const override { return {}; }
  std::string asset(core::LatLon, std::string_view) const override { return {}; }
};

/// N reports over a city of 30 km by 30 km in a year, and what finding the candidates of one costs.
core::Result<> cost(std::string const& packs, std::string const& folder, std::int64_t n) {
  ZHILI_TRY(auto const catalogue, catalogue::read_catalogue(packs, {"city-appearance"}));
  core::ManualTime time(core::from_iso("2026-07-13T12:00:00+08:00").value());
  ZHILI_TRY(auto const db, store::Db::open({.url = "sqlite:" + folder}, time));
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> lat(348'600'000, 351'300'000), lon(1'175'500'000, 1'178'800'000), back(0, 365LL * 86'400'000);
  auto const now = core::to_ms(time.now());
  constexpr std::int64_t piece = 10'000;
  for (std::int64_t id = 1; id <= n;)
    ZHILI_CHECK(db->write([&](store::Writer& w) -> core::Result<> {
      for (auto const until = std::min(n, id + piece - 1); id <= until; ++id)
        w.exec("INSERT INTO signal (id, item, state, channel, received_at, lat_e7, lon_e7, location_unknown, words, released, private) "
               "VALUES (?,'0102',1,'web',?,?,?,0,'垃圾没有人收，堆在学校门口',0,0)", id, now - back(random), lat(random), lon(random));
      return {};
    }));
  NoAssets const places;
  std::vector<double> took;
  for (int i = 0; i < 2'000; ++i)
    ZHILI_CHECK(db->read([&](store::Reader& reader) {
      auto const id = std::uniform_int_distribution<std::int64_t>(1, n)(random);
      auto const began = std::chrono::steady_clock::now();
      respond::find_candidates(reader, *catalogue, places, id);
      took.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began).count());
    }));
  std::ranges::sort(took);
  fmt::print("{} waiting reports in SQLite: candidates of one in {:.0f} us (median), {:.0f} us (p95)\n", n, took[took.size() / 2],
             took[took.size() * 95 / 100]);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> const args(argv + 1, argv + argc);
  auto const done = args.size() == 3 && args[0] == "quality"  ? quality(args[1], args[2])
                    : args.size() == 4 && args[0] == "cost" ? cost(args[1], args[2], std::stoll(args[3]))
                                                            : core::fail(core::Errc::invalid, "usage", {"用法见文件开头", "see the head of the file"});
  if (done) return 0;
  fmt::print(stderr, "{} {}\n", done.error().text.en, done.error().detail);
  return 1;
}
