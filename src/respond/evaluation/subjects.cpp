#include "respond/evaluation/subjects.hpp"

#include "respond/cases/codec.hpp"
#include "respond/cases/query.hpp"
#include "store/among.hpp"

namespace zhili::respond::evaluation {

namespace {

using catalogue::Catalogue;
using core::EventKind;
using store::Reader;
using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

constexpr std::string_view kinds_of_cases = "kind >= 300 AND kind < 400";
constexpr std::string_view kinds_of_checks = "kind IN (201, 202)";
constexpr std::string_view kinds_of_signals = "kind >= 200 AND kind < 250";

/// What happened to each of them, oldest first, up to an entry. `only`: a condition on the kind. Who acted is not asked: nothing
/// is counted by persons.
template <class Said, class Decode>
core::Result<std::map<std::int64_t, std::vector<Said>>> stories(Reader& reader, std::vector<std::int64_t> const& ids, std::string_view only, store::Seq until,
                                                                Decode decode_one) {
  std::map<std::int64_t, std::vector<Said>> out;
  std::optional<core::Error> trouble;
  std::vector<store::Value> args;
  auto const wanted = store::among(ids, args);
  args.emplace_back(until);
  reader.each<std::int64_t, std::int64_t, std::int64_t, Number, std::string_view>(
      "SELECT subject, kind, at, happened, payload FROM ledger WHERE subject" + wanted + " AND " + std::string(only) + " AND seq <= ? ORDER BY subject, seq",
      [&](std::int64_t subject, std::int64_t kind, std::int64_t at, Number happened, std::string_view payload) {
        if (trouble) return;
        auto event = decode_one(static_cast<EventKind>(kind), core::from_ms(happened.value_or(at)), std::string_view(), payload);
        if (event) out[subject].push_back(std::move(*event));
        else trouble = event.error();
      },
      args);
  if (trouble) return core::fail(*trouble);
  return out;
}

/// The function on duty by the version under which the case began.
std::string function_of(Catalogue const& catalogue, catalogue::ItemRef const& ref, std::string_view condition) {
  auto const* item = catalogue.find(ref);
  if (!item || item->conditions.empty()) return {};
  auto const* row = item->condition(condition);
  return (row ? row : &item->conditions.front())->duty.function;
}

/// A case at its place, as it was opened.
struct Placed {
  std::int64_t id;
  std::string item;
  core::LatLon at;
  std::int64_t opened_ms;
};

/// Those that are the third or a later one at their place. Only cases before them in the ledger are looked at, so what comes later changes
/// nothing of what was counted. One question for all of them.
std::vector<std::int64_t> frequent_among(Reader& reader, std::vector<Placed> const& placed) {
  constexpr auto others = frequent_times_min - 1;
  std::vector<std::int64_t> out;
  if (placed.empty()) return out;
  std::string asked = "(CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))";
  std::vector<store::Value> args;
  for (auto const& one : placed) {
    if (!args.empty()) asked += ", (?, ?, ?, ?, ?, ?, ?, ?)";
    auto const cell = whole_cells({one.at, one.at});
    for (store::Value value : {store::Value(one.id), store::Value(one.item), store::Value(cell.south_west.lat_e7), store::Value(cell.north_east.lat_e7),
                               store::Value(cell.south_west.lon_e7), store::Value(cell.north_east.lon_e7),
                               store::Value(one.opened_ms - core::Duration(frequent_within).count()), store::Value(one.opened_ms)})
      args.push_back(std::move(value));
  }
  args.emplace_back(others);
  args.emplace_back(others);
  reader.each<std::int64_t>("WITH asked (id, item, south, north, west, east, since, opened) AS (VALUES " + asked +
                                ") SELECT id FROM asked WHERE (SELECT count(*) FROM (SELECT 1 FROM casefile c WHERE c.item = asked.item AND c.lat_e7 >= asked.south AND "
                                "c.lat_e7 <= asked.north AND c.lon_e7 >= asked.west AND c.lon_e7 <= asked.east AND c.opened_at > asked.since AND c.opened_at <= asked.opened "
                                "AND c.id < asked.id LIMIT ?) AS others) >= ?",
                            [&](std::int64_t id) { out.push_back(id); }, args);
  return out;
}

struct Where {
  Number area;
  Text grid;
  std::string channel;
  bool is_private = false;
};

Subject subject_of(Cohort cohort, Facts const& facts, core::Zone const& zone, Where where, std::string item) {
  Subject out;
  out.counted = {.cohort = cohort,
                 .day = core::day_of(*facts.day, zone),
                 .facts = facts.bits | (where.is_private ? catalogue::bit(catalogue::Fact::not_public) : 0),
                 .sums = {1, facts.dispatches, facts.returns, facts.reworks, facts.minutes}};
  out.code(Dimension::area) = where.area ? std::to_string(*where.area) : std::string();
  out.code(Dimension::grid) = std::move(where.grid).value_or("");
  out.code(Dimension::source) = std::move(where.channel);
  out.code(Dimension::item) = std::move(item);
  return out;
}

}  // namespace

core::Result<Subjects> SubjectReader::read(Reader& reader, Cohort cohort, std::vector<std::int64_t> const& ids) const {
  return cohort == Cohort::cases ? cases(reader, ids) : signals(reader, ids);
}

core::Result<Subjects> SubjectReader::cases(Reader& reader, std::vector<std::int64_t> const& ids) const {
  ZHILI_TRY(auto const told, stories<Event>(reader, ids, kinds_of_cases, until, decode));
  std::vector<Placed> placed;
  Subjects out;
  std::vector<store::Value> args;
  auto const wanted = store::among(ids, args);
  reader.each<std::int64_t, Number, Text, std::string, std::int64_t, std::string, Number, Number, std::int64_t>(
      "SELECT c.id, c.area_id, c.grid, s.channel, c.private, c.item, c.lat_e7, c.lon_e7, c.opened_at FROM casefile c JOIN signal s ON s.id = c.signal_id WHERE c.id" + wanted,
      [&](std::int64_t id, Number area, Text grid, std::string channel, std::int64_t hidden, std::string item, Number lat, Number lon, std::int64_t opened) {
        auto const story = told.find(id);
        if (story == told.end()) return;
        CaseState state;
        auto const facts = facts_of_case(story->second, calendar, state);
        if (!facts.day) return;
        auto const& opening = state.opening;
        auto subject = subject_of(Cohort::cases, facts, zone, {area, std::move(grid), std::move(channel), hidden != 0}, catalogue.counted_code(opening.item));
        subject.code(Dimension::department) = state.department;
        subject.code(Dimension::function) = function_of(catalogue, opening.item, opening.condition);
        out.emplace(id, std::move(subject));
        if (lat && lon) placed.push_back({id, std::move(item), {static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)}, opened});
      },
      args);
  for (auto const id : frequent_among(reader, placed)) out[id].counted.facts |= catalogue::bit(catalogue::Fact::frequent);
  return out;
}

core::Result<Subjects> SubjectReader::signals(Reader& reader, std::vector<std::int64_t> const& ids) const {
  bool const then = until != std::numeric_limits<store::Seq>::max();
  ZHILI_TRY(auto const told, stories<SignalEvent>(reader, ids, then ? kinds_of_signals : kinds_of_checks, until, decode_signal));
  static std::vector<SignalEvent> const nothing;
  Subjects out;
  std::vector<store::Value> args;
  auto const wanted = store::among(ids, args);
  reader.each<std::int64_t, std::string, std::int64_t, std::string, std::int64_t, Number, Text, std::int64_t>(
      "SELECT id, item, state, channel, received_at, area_id, grid, private FROM signal WHERE id" + wanted,
      [&](std::int64_t id, std::string item, std::int64_t state, std::string channel, std::int64_t received, Number area, Text grid, std::int64_t hidden) {
        auto const found = told.find(id);
        auto const& story = found == told.end() ? nothing : found->second;
        auto const stage = then ? stage_after(story) : static_cast<Stage>(state);
        auto const facts = facts_of_signal(stage, channel, core::from_ms(received), story);
        out.emplace(id, subject_of(Cohort::signals, facts, zone, {area, std::move(grid), std::move(channel), hidden != 0}, catalogue.counted_code({std::move(item), "", ""})));
      },
      args);
  return out;
}

}  // namespace zhili::respond::evaluation
