#include "respond/cases/query.hpp"

#include <algorithm>
#include <map>

namespace zhili::respond {

namespace {

using store::Reader;
using store::Value;

constexpr std::int64_t cell_e7 = 50'000;
constexpr std::int64_t cells_per_row = 1 << 17;  // more than 360 / 0.005

constexpr std::string_view line_columns =
    "SELECT c.id, c.signal_id, c.incident_id, c.item, c.pack, c.pack_version, c.condition_code, c.stage, c.area_id, c.grid, "
    "c.lat_e7, c.lon_e7, c.location_unknown, c.opened_at, c.due_at, c.closed_at, c.department, c.version, c.origin, "
    "c.contradiction, c.external_no, s.released, c.private, s.words, s.channel FROM casefile c JOIN signal s ON s.id = c.signal_id";

template <class Visit>
void each_line(Reader& reader, std::string const& sql, std::vector<Value> const& args, Visit&& visit) {
  using Text = std::optional<std::string>;
  using Number = std::optional<std::int64_t>;
  auto const at = [](Number ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; };
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::string, Text, std::int64_t, Number,
                   Text, Number, Number, std::int64_t, std::int64_t, Number, Number, Text, std::int64_t, std::int64_t,
                   std::int64_t, Text, std::int64_t, std::int64_t, Text, std::string>(
      sql,
      [&](std::int64_t id, std::int64_t signal, std::int64_t incident, std::string item, std::string pack, std::string version,
          Text condition, std::int64_t stage, Number area, Text grid, Number lat, Number lon, std::int64_t unknown,
          std::int64_t opened, Number due, Number closed, Text department, std::int64_t changes, std::int64_t origin,
          std::int64_t contradiction, Text external, std::int64_t released, std::int64_t hidden, Text words, std::string channel) {
        CaseLine line{.id = id, .signal_id = signal, .incident_id = incident, .item = std::move(item), .pack = std::move(pack),
                      .pack_version = std::move(version), .condition = condition.value_or(""), .stage = static_cast<Stage>(stage),
                      .area_id = area, .grid = grid.value_or(""), .place = {}, .location_unknown = unknown != 0,
                      .opened_at = core::from_ms(opened), .due_at = at(due), .closed_at = at(closed),
                      .department = department.value_or(""), .version = changes, .recorded = origin != 0,
                      .contradiction = contradiction != 0, .external_no = external.value_or(""), .released = released != 0,
                      .is_private = hidden != 0, .words = words.value_or(""), .channel = std::move(channel)};
        if (lat && lon) line.place = core::LatLon{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
        visit(std::move(line));
      },
      args);
}

/// A WHERE clause made of fixed pieces: its texts are as many as there are combinations of filters.
class Where {
 public:
  void add(std::string_view piece) { text_ += (text_.empty() ? " WHERE " : " AND ") + std::string(piece); }
  template <class T, class... More>
  void add(std::string_view piece, T const& first, More const&... more) {
    add(piece);
    args_.push_back(value(first));
    (args_.push_back(value(more)), ...);
  }
  std::string const& text() const { return text_; }
  std::vector<Value> const& args() const { return args_; }

 private:
  static Value value(std::string const& text) { return text; }
  static Value value(core::Instant at) { return core::to_ms(at); }
  static Value value(Stage stage) { return static_cast<std::int64_t>(stage); }
  static Value value(std::int64_t number) { return number; }

  std::string text_;
  std::vector<Value> args_;
};

/// Everything but area and box, which are searched one range at a time.
Where common(CaseFilter const& filter) {
  Where where;
  if (filter.overdue_at || filter.soon_at || filter.state == CaseFilter::State::open) where.add("c.closed_at IS NULL");
  else if (filter.state == CaseFilter::State::closed) where.add("c.closed_at IS NOT NULL");
  if (filter.overdue_at) where.add("c.due_at < ?", *filter.overdue_at);
  if (filter.soon_at) where.add("c.due_at >= ? AND c.due_at < ?", *filter.soon_at, *filter.soon_at + soon_window);
  if (filter.public_only) where.add("c.private = 0");
  if (filter.stage) where.add("c.stage = ?", *filter.stage);
  if (filter.item) where.add("c.item = ?", *filter.item);
  if (filter.department) where.add("c.department = ?", *filter.department);
  if (filter.from) where.add(filter.by_closing ? "c.closed_at >= ?" : "c.opened_at >= ?", *filter.from);
  if (filter.to) where.add(filter.by_closing ? "c.closed_at < ?" : "c.opened_at < ?", *filter.to);
  return where;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

/// The cells of a box, or nothing if they are too many.
std::optional<std::vector<std::int64_t>> cells_of(MapBox const& box) {
  auto const south = floor_div(box.south_west.lat_e7, cell_e7);
  auto const north = floor_div(box.north_east.lat_e7, cell_e7);
  auto const west = floor_div(box.south_west.lon_e7, cell_e7);
  auto const east = floor_div(box.north_east.lon_e7, cell_e7);
  if (north < south || east < west) return std::vector<std::int64_t>{};
  if (static_cast<std::size_t>(north - south + 1) * static_cast<std::size_t>(east - west + 1) > box_cells_max) return std::nullopt;
  std::vector<std::int64_t> cells;
  for (auto row = south; row <= north; ++row)
    for (auto column = west; column <= east; ++column) cells.push_back(row * cells_per_row + column);
  return cells;
}

/// The filter as separate index ranges: one for each area or cell, or one for all.
std::vector<Where> ranges(CaseFilter const& filter) {
  auto base = common(filter);
  if (filter.box) {
    base.add("c.lat_e7 BETWEEN ? AND ?", std::int64_t{filter.box->south_west.lat_e7}, std::int64_t{filter.box->north_east.lat_e7});
    base.add("c.lon_e7 BETWEEN ? AND ?", std::int64_t{filter.box->south_west.lon_e7}, std::int64_t{filter.box->north_east.lon_e7});
    base.add("c.location_unknown = 0");
  }
  std::vector<Where> out;
  auto const split = [&](std::string_view piece, std::vector<std::int64_t> const& keys) {
    for (auto const key : keys) {
      out.push_back(base);
      out.back().add(piece, key);
    }
  };
  if (!filter.areas.empty()) split("c.area_id = ?", filter.areas);
  else if (auto const cells = filter.box ? cells_of(*filter.box) : std::nullopt) split("c.cell = ?", *cells);
  else out.push_back(std::move(base));
  return out;
}

std::string_view group_column(CountBy by) {
  switch (by) {
    case CountBy::stage: return "c.stage";
    case CountBy::area: return "c.area_id";
    case CountBy::item: return "c.item";
    case CountBy::department: return "c.department";
    case CountBy::outcome:
      return "CASE WHEN c.closed_at IS NULL THEN CASE WHEN c.due_at < ? THEN 'open_late' ELSE 'open' END "
             "WHEN c.due_at IS NULL THEN 'no_promise' WHEN c.closed_at <= c.due_at THEN 'on_time' ELSE 'late' END";
  }
  return "c.stage";
}

}  // namespace

std::int64_t cell_of(core::LatLon place) {
  return floor_div(place.lat_e7, cell_e7) * cells_per_row + floor_div(place.lon_e7, cell_e7);
}

core::LatLon cell_centre(core::LatLon place) {
  return {static_cast<std::int32_t>(floor_div(place.lat_e7, cell_e7) * cell_e7 + cell_e7 / 2),
          static_cast<std::int32_t>(floor_div(place.lon_e7, cell_e7) * cell_e7 + cell_e7 / 2)};
}

std::vector<CaseLine> list_cases(Reader& reader, CaseFilter const& filter) {
  auto const limit = std::clamp<std::size_t>(filter.limit, 1, list_limit_max);
  std::vector<CaseLine> out;
  for (auto& where : ranges(filter)) {
    if (filter.after) {
      where.add("c.opened_at <= ?", filter.after->opened_at);
      where.add("(c.opened_at < ? OR c.id < ?)", filter.after->opened_at, filter.after->id);
    }
    auto args = where.args();
    args.emplace_back(static_cast<std::int64_t>(limit));
    each_line(reader, std::string(line_columns) + where.text() + " ORDER BY c.opened_at DESC, c.id DESC LIMIT ?", args,
              [&](CaseLine line) { out.push_back(std::move(line)); });
  }
  std::sort(out.begin(), out.end(), [](CaseLine const& a, CaseLine const& b) {
    return std::pair(a.opened_at, a.id) > std::pair(b.opened_at, b.id);
  });
  if (out.size() > limit) out.resize(limit);
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

std::vector<Count> count_cases(Reader& reader, CaseFilter const& filter, CountBy by, core::Instant now) {
  auto bounded = filter;
  if (!bounded.from && bounded.state != CaseFilter::State::open && !bounded.overdue_at && !bounded.soon_at) bounded.from = now - counts_window;
  std::map<std::string, std::int64_t> sums;
  for (auto const& where : ranges(bounded)) {
    auto args = where.args();
    if (by == CountBy::outcome) args.insert(args.begin(), Value{core::to_ms(now)});
    reader.each<std::optional<std::string>, std::int64_t>(
        "SELECT CAST(" + std::string(group_column(by)) + " AS TEXT), count(*) FROM casefile c" + where.text() + " GROUP BY 1",
        [&](std::optional<std::string> key, std::int64_t count) { sums[key.value_or("")] += count; }, args);
  }
  std::vector<Count> out;
  for (auto& [key, count] : sums) {
    auto const stage = by == CountBy::stage && !key.empty() ? std::string(name(static_cast<Stage>(std::stoi(key)))) : key;
    out.push_back({stage, count});
  }
  std::stable_sort(out.begin(), out.end(), [](Count const& a, Count const& b) { return a.count > b.count; });
  return out;
}

}  // namespace zhili::respond
