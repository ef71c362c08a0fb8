#include "respond/cases/query.hpp"

#include <algorithm>
#include <utility>

#include "respond/signals/signal.hpp"
#include "store/among.hpp"

namespace zhili::respond {

namespace {

using store::Reader;
using store::Value;

constexpr std::int64_t cell_e7 = 50'000;

constexpr std::string_view line_columns =
    "SELECT c.id, c.signal_id, c.incident_id, c.item, c.pack, c.pack_version, c.condition_code, c.stage, c.area_id, c.grid, "
    "c.lat_e7, c.lon_e7, c.location_unknown, c.opened_at, c.due_at, c.closed_at, c.department, c.version, c.origin, "
    "c.contradiction, c.external_no, s.released, c.private, s.words, s.channel, s.withheld FROM casefile c JOIN signal s ON s.id = c.signal_id";

template <class Visit>
void each_line(Reader& reader, std::string const& sql, std::vector<Value> const& args, Visit&& visit) {
  using Text = std::optional<std::string>;
  using Number = std::optional<std::int64_t>;
  auto const at = [](Number ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; };
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string, Text, std::int64_t, Number,
                   Text, Number, Number, std::int64_t, std::int64_t, Number, Number, Text, std::int64_t, std::int64_t,
                   std::int64_t, Text, std::int64_t, std::int64_t, Text, std::string, Text>(
      sql,
      [&](std::int64_t id, std::int64_t signal, std::int64_t incident, std::string item, std::string pack, std::string version,
          Text condition, std::int64_t stage, Number area, Text grid, Number lat, Number lon, std::int64_t unknown,
          std::int64_t opened, Number due, Number closed, Text department, std::int64_t changes, std::int64_t origin,
          std::int64_t contradiction, Text external, std::int64_t released, std::int64_t hidden, Text words, std::string channel,
          Text withheld) {
        CaseLine line{.id = id, .signal_id = signal, .incident_id = incident, .item = std::move(item), .pack = std::move(pack),
                      .pack_version = std::move(version), .condition = condition.value_or(""), .stage = static_cast<Stage>(stage),
                      .area_id = area, .grid = grid.value_or(""), .place = {}, .location_unknown = unknown != 0,
                      .opened_at = core::from_ms(opened), .due_at = at(due), .closed_at = at(closed),
                      .department = department.value_or(""), .version = changes, .recorded = origin != 0,
                      .contradiction = contradiction != 0, .external_no = external.value_or(""), .released = released != 0,
                      .place_withheld = withholds(withheld.value_or(""), withheld_place), .is_private = hidden != 0, .words = words.value_or(""), .channel = std::move(channel)};
        if (lat && lon) line.place = core::LatLon{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
        visit(std::move(line));
      },
      args);
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

}  // namespace

core::LatLon cell_centre(core::LatLon place) {
  return {static_cast<std::int32_t>(floor_div(place.lat_e7, cell_e7) * cell_e7 + cell_e7 / 2),
          static_cast<std::int32_t>(floor_div(place.lon_e7, cell_e7) * cell_e7 + cell_e7 / 2)};
}

MapBox whole_cells(MapBox const& box) {
  auto const low = [](std::int32_t e7) { return static_cast<std::int32_t>(floor_div(e7, cell_e7) * cell_e7); };
  auto const high = [](std::int32_t e7) { return static_cast<std::int32_t>((floor_div(e7, cell_e7) + 1) * cell_e7 - 1); };
  return {{low(box.south_west.lat_e7), low(box.south_west.lon_e7)}, {high(box.north_east.lat_e7), high(box.north_east.lon_e7)}};
}

std::vector<CaseLine> find_cases(Reader& reader, std::vector<std::int64_t> const& ids) {
  std::vector<CaseLine> out;
  if (ids.empty()) return out;
  std::vector<Value> args;
  auto const wanted = store::among(ids, args);
  each_line(reader, std::string(line_columns) + " WHERE c.id" + wanted, args, [&](CaseLine line) { out.push_back(std::move(line)); });
  return out;
}

std::vector<std::int64_t> asking_cases(Reader& reader, Asked asked, std::size_t limit) {
  std::vector<std::int64_t> out;
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT id FROM casefile WHERE asked = ? AND asked > 0 ORDER BY id LIMIT ?", asked, limit)) out.push_back(id);
  return out;
}

std::vector<CaseLine> list_cases(Reader& reader, CaseIndex& index, CaseFilter const& filter) {
  index.follow(reader);
  auto out = find_cases(reader, index.newest(filter));
  std::ranges::sort(out, std::greater{}, [](CaseLine const& line) { return std::pair(line.opened_at, line.id); });
  return out;
}

std::optional<CaseLine> find_case(Reader& reader, std::int64_t id) {
  std::optional<CaseLine> out;
  each_line(reader, std::string(line_columns) + " WHERE c.id = ?", std::vector<Value>{id}, [&](CaseLine line) { out = std::move(line); });
  return out;
}

std::optional<CaseLine> find_external_case(Reader& reader, std::string_view external_no) {
  std::optional<CaseLine> out;
  each_line(reader, std::string(line_columns) + " WHERE c.external_no = ? LIMIT 1", std::vector<Value>{std::string(external_no)},
            [&](CaseLine line) { out = std::move(line); });
  return out;
}

}  // namespace zhili::respond
