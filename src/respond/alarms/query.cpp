#include "respond/alarms/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/inside.hpp"
#include "store/among.hpp"

namespace zhili::respond::alarms {

namespace {

/// The bits of WHERE, as few different texts as can be, with their arguments.
class Asked {
 public:
  void begins_with(std::string_view column, std::string const& prefix) {
    if (prefix.empty()) return;
    sql += fmt::format(" AND substr({}, 1, ?) = ?", column);
    args.emplace_back(static_cast<std::int64_t>(prefix.size()));  // codes are ASCII
    args.emplace_back(prefix);
  }
  void is(std::string_view column, store::Value value) {
    sql += fmt::format(" AND {} = ?", column);
    args.push_back(std::move(value));
  }
  void is_one_of(std::string_view column, std::vector<std::string> const& values) {
    if (values.empty()) return;
    sql += fmt::format(" AND {}", column);
    sql += store::among(values, args);
  }
  /// One of them; the last is repeated up to a power of four, so that few texts are prepared.
  void within(std::vector<Sight> const& sights) {
    if (std::ranges::any_of(sights, &Sight::everything)) return;
    if (sights.empty()) {
      sql += " AND 1 = 0";
      return;
    }
    auto const known = std::min(sights.size(), sights_max);
    std::size_t marks = 1;
    while (marks < known) marks *= 4;
    sql += " AND (";
    for (std::size_t i = 0; i < marks; ++i) {
      sql += i == 0 ? "" : " OR ";
      one_of(sights[std::min(i, known - 1)]);
    }
    sql += ")";
  }
  std::string sql;
  std::vector<store::Value> args;

 private:
  void one_of(Sight const& sight) {
    sql += "(substr(area, 1, ?) = ? AND substr(item, 1, ?) = ? AND substr(department || '/', 1, ?) = ? AND kind >= ?)";
    auto const department = sight.department.empty() ? std::string() : sight.department + "/";
    for (auto const* text : {&sight.area, &sight.item, &department}) {
      args.emplace_back(static_cast<std::int64_t>(text->size()));
      args.emplace_back(*text);
    }
    args.emplace_back(static_cast<std::int64_t>(sight.faults_only ? 1 : 0));
  }
};

void narrow(Asked& out, Filter const& filter) {
  if (filter.severity) out.is("severity", static_cast<std::int64_t>(*filter.severity));
  if (filter.kind) out.is("kind", static_cast<std::int64_t>(*filter.kind));
  if (filter.state) out.is("state", static_cast<std::int64_t>(*filter.state));
}

/// By place and rule: what a count is narrowed by, too.
void narrow_place(Asked& out, Filter const& filter) {
  out.begins_with("area", filter.area);
  if (filter.thing != 0) out.is("thing", filter.thing);
  out.is_one_of("rule", filter.rules);
  if (!filter.place.empty()) out.is("place", filter.place);
  if (filter.case_id != 0) {
    out.sql += " AND signal <> 0 AND signal IN (SELECT id FROM signal WHERE case_id = ?)";
    out.args.emplace_back(filter.case_id);
  }
  out.within(filter.sights);
}

/// What stands behind a line in an order.
void narrow_after(Asked& out, Order order, After const& after) {
  auto const ms = core::to_ms(after.raised_at);
  if (order == Order::raised) {
    out.sql += " AND (raised_at < ? OR (raised_at = ? AND id < ?))";
    out.args.insert(out.args.end(), {ms, ms, after.id});
    return;
  }
  auto const state = static_cast<std::int64_t>(after.state), severity = static_cast<std::int64_t>(after.severity);
  // The first bound lets an index begin there; the rest is the order, written out.
  out.sql += " AND state >= ? AND (state > ? OR severity < ? OR (severity = ? AND (raised_at < ? OR (raised_at = ? AND id < ?))))";
  out.args.insert(out.args.end(), {state, state, severity, severity, ms, ms, after.id});
}

/// The cases in which reports stand.
void add_cases_of(store::Reader& reader, std::vector<Line>& lines) {
  std::vector<std::int64_t> signals;
  for (auto const& line : lines)
    if (line.alarm.signal != 0) signals.push_back(line.alarm.signal);
  if (signals.empty()) return;
  std::vector<store::Value> args;
  auto const sql = "SELECT id, case_id FROM signal WHERE case_id IS NOT NULL AND id" + store::among(signals, args);
  std::unordered_map<std::int64_t, std::int64_t> cases;
  reader.each<std::int64_t, std::int64_t>(sql, [&](std::int64_t signal, std::int64_t case_id) { cases[signal] = case_id; }, args);
  for (auto& line : lines)
    if (auto const found = cases.find(line.alarm.signal); found != cases.end()) line.case_id = found->second;
}

constexpr std::string_view which_states[] = {" AND state < 4", " AND state = 4", ""};
/// By Order. The numbers of State and Severity are in the order of urgency: a test holds them to it.
constexpr std::string_view orders[] = {"raised_at DESC, id DESC", "state, severity DESC, raised_at DESC, id DESC"};

}  // namespace

bool Sight::sees(AlarmState const& alarm) const {
  if (faults_only && alarm.kind != Kind::fault) return false;
  auto const& f = alarm.finding;
  return f.where.area.starts_with(area) && opens_of(f.opens).item.starts_with(item) && (department.empty() || department == f.keeper.department);
}

core::Result<std::vector<Line>> list_alarms(store::Reader& reader, Filter const& filter, std::optional<After> const& after, std::size_t limit) {
  Asked asked;
  narrow(asked, filter);
  narrow_place(asked, filter);
  auto const state = which_states[static_cast<std::size_t>(filter.which)];
  auto const order = orders[static_cast<std::size_t>(filter.order)];
  if (after) narrow_after(asked, filter.order, *after);
  asked.args.emplace_back(static_cast<std::int64_t>(limit));
  // First the numbers, from an index alone; then the rows of one page.
  auto const sql = fmt::format("SELECT {} FROM alarm WHERE id IN (SELECT id FROM alarm WHERE 1 = 1{}{} ORDER BY {} LIMIT ?) ORDER BY {}", row_columns, state, asked.sql, order, order);
  std::vector<Line> out;
  ZHILI_CHECK(visit_rows(reader, sql, asked.args, [&](AlarmState alarm) { out.push_back({std::move(alarm), 0}); }));
  add_cases_of(reader, out);
  return out;
}

core::Result<Line> alarm_line(store::Reader& reader, Id alarm) {
  ZHILI_TRY(auto state, AlarmDesk::load(reader, alarm));
  std::vector<Line> one;
  one.push_back({std::move(state), 0});
  add_cases_of(reader, one);
  return std::move(one.front());
}

std::int64_t Counts::of(Severity severity) const {
  auto const i = static_cast<std::size_t>(severity);
  return conditions[static_cast<std::size_t>(State::raised)][i] + conditions[static_cast<std::size_t>(State::acknowledged)][i];
}

std::int64_t Counts::of(State state) const {
  std::int64_t out = 0;
  for (auto const n : conditions[static_cast<std::size_t>(state)]) out += n;
  return out;
}

Counts count_alarms(store::Reader& reader, Filter const& filter) {
  Asked asked;
  narrow_place(asked, filter);
  Counts out;
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      fmt::format("SELECT kind, state, severity, count(*), min(raised_at) FROM alarm WHERE state < 4{} GROUP BY kind, state, severity", asked.sql),
      [&](std::int64_t kind, std::int64_t state, std::int64_t severity, std::int64_t count, std::int64_t oldest) {
        if (static_cast<Kind>(kind) == Kind::fault) {
          if (static_cast<State>(state) != State::suppressed) out.faults += count;
          return;
        }
        out.conditions.at(static_cast<std::size_t>(state)).at(static_cast<std::size_t>(severity)) += count;
        if (static_cast<State>(state) == State::raised && (!out.oldest_unacknowledged || core::from_ms(oldest) < *out.oldest_unacknowledged)) out.oldest_unacknowledged = core::from_ms(oldest);
      },
      asked.args);
  return out;
}

std::vector<std::string> gravest_of(store::Reader& reader, std::vector<std::int64_t> const& things) {
  std::vector<std::string> out(things.size());
  if (things.empty()) return out;
  std::vector<store::Value> args;
  auto const sql = "SELECT thing, max(severity) FROM alarm WHERE state IN (1, 2) AND thing" + store::among(things, args) + " GROUP BY thing";
  std::unordered_map<std::int64_t, std::string> gravest;
  reader.each<std::int64_t, std::int64_t>(sql, [&](std::int64_t thing, std::int64_t severity) {
    gravest[thing] = catalogue::rules::name(static_cast<Severity>(severity));
  }, args);
  for (std::size_t i = 0; i < things.size(); ++i)
    if (auto const found = gravest.find(things[i]); found != gravest.end()) out[i] = found->second;
  return out;
}

}  // namespace zhili::respond::alarms
