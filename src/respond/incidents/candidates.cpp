#include "respond/incidents/candidates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "respond/cases/words.hpp"
#include "store/among.hpp"

namespace zhili::respond {

namespace {

using store::Reader;
using store::Value;

constexpr std::int64_t cell_e7 = 10'000;  // 0.001 degree: 111 m from south to north
constexpr std::int64_t cells_around = 4'000'000;
constexpr double metres_per_degree = 6'371'008.8 * std::numbers::pi / 180;
/// Near a pole a distance spans any number of degrees; a city does not lie there.
constexpr double least_cosine = 0.05;

/// The same as the index signal_cell has it: see 0008_incidents.sql.
constexpr std::string_view cell_of_row = "((s.lat_e7 + 900000000) / 10000 * 4000000 + (s.lon_e7 + 1800000000) / 10000)";

std::vector<std::int64_t> cells_near(core::LatLon at, std::int32_t within_m) {
  auto const reach = [&](double metres) { return static_cast<std::int64_t>(std::ceil(within_m / metres * 1e7)); };
  auto const lat = reach(metres_per_degree);
  auto const lon = reach(metres_per_degree * std::max(least_cosine, std::cos(at.lat() * std::numbers::pi / 180)));
  std::vector<std::int64_t> out;
  for (auto y = (at.lat_e7 - lat + 900'000'000) / cell_e7; y <= (at.lat_e7 + lat + 900'000'000) / cell_e7; ++y)
    for (auto x = (at.lon_e7 - lon + 1'800'000'000) / cell_e7; x <= (at.lon_e7 + lon + 1'800'000'000) / cell_e7; ++x)
      out.push_back(y * cells_around + x);
  return out;
}

constexpr std::string_view columns =
    "SELECT s.id, s.item, s.received_at, s.lat_e7, s.lon_e7, s.location_unknown, s.words, s.private, s.state, s.case_id FROM signal s";

struct Row {
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  bool is_private = false;
  Told told;
};

template <class Visit>
void each_row(Reader& reader, std::string const& sql, std::vector<Value> const& args, Visit&& visit) {
  using Number = std::optional<std::int64_t>;
  reader.each<std::int64_t, std::string, std::int64_t, Number, Number, std::int64_t, std::optional<std::string>, std::int64_t,
              std::int64_t, Number>(
      sql,
      [&](std::int64_t id, std::string item, std::int64_t received, Number lat, Number lon, std::int64_t unknown,
          std::optional<std::string> words, std::int64_t hidden, std::int64_t state, Number a_case) {
        Row row{.id = id, .is_private = hidden != 0, .told = {.item = std::move(item), .group = {}, .at = core::from_ms(received)}};
        if (static_cast<Stage>(state) == Stage::registered) row.case_id = a_case.value_or(0);
        if (lat && lon && unknown == 0) row.told.place = core::LatLon{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
        if (words && hidden == 0) row.told.words = catalogue::grams(*words);
        visit(std::move(row));
      },
      args);
}

/// What the register and the catalogue know of it.
void complete(Told& told, catalogue::Catalogue const& catalogue, PlaceFinder const& places) {
  if (auto const* item = catalogue.find(told.item)) told.group = item->group.code;
  if (told.place) told.asset = places.asset(*told.place, told.item);
}

std::optional<Row> row_of(Reader& reader, std::int64_t signal) {
  std::optional<Row> out;
  each_row(reader, std::string(columns) + " WHERE s.id = ?", {signal}, [&](Row row) { out = std::move(row); });
  return out;
}

std::vector<std::int64_t> told_apart(Reader& reader, std::int64_t signal) {
  std::vector<std::int64_t> out;
  for (auto const& [id] : reader.rows<std::int64_t>(
           "SELECT other_id FROM told_apart WHERE signal_id = ? UNION SELECT signal_id FROM told_apart WHERE other_id = ?", signal, signal))
    out.push_back(id);
  return out;
}

std::vector<Row> near(Reader& reader, Told const& one, catalogue::SameThing const& rule) {
  std::vector<Value> args;
  auto const where = " LEFT JOIN casefile c ON c.id = s.case_id WHERE " + std::string(cell_of_row) +
                     store::among(cells_near(*one.place, rule.within_m), args);
  args.emplace_back(core::to_ms(one.at - rule.within_time));
  args.emplace_back(core::to_ms(one.at + rule.within_time));
  for (auto const stage : {Stage::collected, Stage::checking, Stage::registered, Stage::merged})
    args.emplace_back(static_cast<std::int64_t>(stage));
  args.emplace_back(static_cast<std::int64_t>(compared_max));
  std::vector<Row> out;
  each_row(reader,
           std::string(columns) + where +
               " AND s.received_at BETWEEN ? AND ? AND (s.state IN (?, ?) OR (s.state = ? AND c.closed_at IS NULL AND c.origin = 0 AND "
               "c.stage <> ?)) ORDER BY s.received_at DESC, s.id DESC LIMIT ?",
           args, [&](Row row) { out.push_back(std::move(row)); });
  return out;
}

/// `not_these`: what is not to be compared.
std::vector<Candidate> alike_to(Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places, Told one,
                                std::vector<std::int64_t> const& not_these) {
  std::vector<Candidate> out;
  auto const* item = catalogue.find(one.item);
  if (!item || !item->same_thing || !one.place) return out;
  complete(one, catalogue, places);
  for (auto& row : near(reader, one, *item->same_thing)) {
    if (std::ranges::find(not_these, row.id) != not_these.end()) continue;
    complete(row.told, catalogue, places);
    if (auto alike = compare(one, row.told, *item->same_thing))
      out.push_back({.signal = row.id, .case_id = row.case_id, .is_private = row.is_private, .alike = std::move(*alike)});
  }
  std::ranges::sort(out, std::greater{}, [](Candidate const& c) { return std::tuple(c.alike.score, c.case_id != 0, c.signal); });
  if (out.size() > candidates_max) out.resize(candidates_max);
  return out;
}

}  // namespace

std::vector<Candidate> find_candidates(Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places,
                                       std::int64_t signal) {
  auto one = row_of(reader, signal);
  if (!one) return {};
  auto not_these = told_apart(reader, signal);
  not_these.push_back(signal);
  return alike_to(reader, catalogue, places, std::move(one->told), not_these);
}

std::vector<Candidate> find_candidates(Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places, Told told) {
  return alike_to(reader, catalogue, places, std::move(told), {});
}

std::optional<Alike> compare_reports(Reader& reader, catalogue::Catalogue const& catalogue, PlaceFinder const& places,
                                     std::int64_t signal, std::int64_t other) {
  auto one = row_of(reader, signal);
  auto another = row_of(reader, other);
  auto const* item = one ? catalogue.find(one->told.item) : nullptr;
  if (!another || !item || !item->same_thing) return std::nullopt;
  complete(one->told, catalogue, places);
  complete(another->told, catalogue, places);
  return compare(one->told, another->told, *item->same_thing);
}

}  // namespace zhili::respond
