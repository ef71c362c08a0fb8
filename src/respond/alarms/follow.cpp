// From an alarm to a report, an incident and a case; and what the case hears of it later.

#include <fmt/format.h>

#include <algorithm>

#include "core/geo.hpp"
#include "respond/alarms/desk.hpp"
#include "respond/alarms/inside.hpp"

namespace zhili::respond::alarms {

namespace {

Actor const& alarm_itself() {
  static Actor const actor{.ref = "system", .roles = Role::system};
  return actor;
}

constexpr std::size_t cases_of_place_looked_at_max = 20;

/// What became of the report that an alarm made.
struct Followed {
  bool live = false;  ///< somebody still has to act on it
  respond::Id case_id = 0;
};

core::Result<Followed> followed(store::Reader& reader, respond::Id signal) {
  auto const row = signal == 0 ? std::nullopt : reader.row<std::int64_t, std::optional<std::int64_t>>("SELECT state, case_id FROM signal WHERE id = ?", signal);
  if (!row) return Followed{};
  auto const stage = static_cast<Stage>(std::get<0>(*row));
  auto const case_id = std::get<1>(*row).value_or(0);
  if (case_id == 0) return Followed{.live = stage == Stage::collected || stage == Stage::checking};
  ZHILI_TRY(auto const state, CaseDesk::load(reader, case_id));
  return Followed{state.open(), case_id};
}

/// A report has one field for it: what a sensor says is said in both languages.
std::string both_in_one(core::Text const& text, std::string_view between) {
  if (text.zh == text.en || text.en.empty()) return text.zh;
  return text.zh.empty() ? text.en : fmt::format("{}{}{}", text.zh, between, text.en);
}

std::string report_address(AlarmState const& s) {
  auto const& where = s.finding.where;
  for (auto const* text : {&where.name, &where.thing_name})
    if (!text->zh.empty() || !text->en.empty()) return both_in_one(*text, " / ");
  return s.subject;
}

Report report_of(AlarmState const& s, std::string item) {
  Report out{.item = std::move(item), .channel = std::string(sensor_channel), .place = s.finding.where.at};
  out.is_private = s.finding.where.is_private;
  if (out.is_private) {
    if (!out.place) out.address = s.subject;  // what stands in a home is not named
    return out;
  }
  out.address = report_address(s);
  out.words = both_in_one(s.finding.says, "\n");
  return out;
}

/// The open case of another alarm at the same place that may be about the same thing by the item's rule: the newest.
core::Result<respond::Id> case_at_place(store::Reader& reader, AlarmState const& s, catalogue::Item const& item) {
  if (!item.same_thing) return respond::Id{0};
  auto const& rule = *item.same_thing;
  auto const& where = s.finding.where;
  using Number = std::optional<std::int64_t>;
  auto const found = reader.rows<std::int64_t, std::string, std::int64_t, Number, Number>(
      "SELECT c.id, c.item, c.opened_at, c.lat_e7, c.lon_e7 FROM alarm a JOIN signal s ON s.id = a.signal JOIN casefile c ON c.id = s.case_id "
      "WHERE a.place = ? AND a.signal <> 0 AND a.id <> ? AND c.closed_at IS NULL ORDER BY c.opened_at DESC, c.id DESC LIMIT ?",
      where.place.empty() ? s.subject : where.place, s.id, cases_of_place_looked_at_max);
  for (auto const& [id, of_item, opened_at, lat, lon] : found) {
    if (of_item != item.code && std::ranges::find(rule.kin, of_item) == rule.kin.end()) continue;
    auto const apart = s.raised_at - core::from_ms(opened_at);
    if (std::max(apart, -apart) > rule.within_time) continue;
    if (where.at && lat && lon) {
      core::LatLon const there{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
      if (core::distance_m(*where.at, there) > rule.within_m) continue;
    }
    ZHILI_TRY(auto const state, CaseDesk::load(reader, id));
    if (state.open()) return id;
  }
  return respond::Id{0};
}

/// What a case was told of its alarm, in one word: how grave it stands, or that it is over.
std::string now_told(AlarmState const& s) { return s.state == State::cleared ? "cleared" : std::string(catalogue::rules::name(s.finding.severity)); }

/// What a case is to hear when it was told `before`; empty: nothing.
std::string_view news(std::string const& before, std::string const& now) {
  if (before == now || before.empty()) return {};
  if (now == "cleared") return "cleared";
  return before == "cleared" ? "raised" : "escalated";
}

}  // namespace

core::Result<> AlarmDesk::follow(store::Writer& w, Id alarm) {
  ZHILI_TRY(auto state, load(w, alarm));
  if (state.state == State::suppressed) return {};
  ZHILI_TRY(auto const before, followed(w, state.signal));
  bool const wants = stands(state.state) && !state.finding.opens.empty() && state.signal_of < state.times;
  if (wants && !before.live) return signal_of(w, state);
  if (wants) {  // it is back while its case is still open
    ZHILI_CHECK(put(w, state, {.verb = Verb::signal, .signal = state.signal, .case_id = before.case_id, .waits = state.waits}, {.now = w.now(), .happened = w.now()}));
    update_row(w, state);
  }
  if (!before.live || before.case_id == 0) return {};
  return tell_case(w, state, before.case_id, w.value<std::string>("SELECT COALESCE(told, '') FROM alarm WHERE id = ?", alarm).value_or(""));
}

/// Never closes it: whether the work is done is for people to say.
core::Result<> AlarmDesk::tell_case(store::Writer& w, AlarmState const& state, std::int64_t case_id, std::string_view told) {
  auto const now = now_told(state);
  auto const what = news(std::string(told), now);
  if (!what.empty()) {
    respond::Command command{.verb = respond::Verb::hear_alarm, .into = state.id};
    command.alarm = what;
    ZHILI_CHECK(parts_.cases.execute(w, case_id, command, alarm_itself()));
  }
  if (now != told) w.exec("UPDATE alarm SET told = ? WHERE id = ?", now, state.id);
  return {};
}

/// A report of source `sensor`, and as far as the pack lets it come by itself: joined to what is the same thing, registered, or waiting.
core::Result<> AlarmDesk::signal_of(store::Writer& w, AlarmState& state) {
  auto const opens = opens_of(state.finding.opens);
  auto const* item = parts_.catalogue->find(opens.item);
  Command made{.verb = Verb::signal};
  if (!item) {
    made.waits = {fmt::format("目录里没有事项“{}”，没有立案。", opens.item), fmt::format("The catalogue has no item \"{}\"; no case was registered.", opens.item)};
  } else {
    ZHILI_TRY(auto const received, parts_.signals.receive(w, report_of(state, item->code), alarm_itself()));
    made.signal = received.id;
    ZHILI_TRY(made.case_id, case_of(w, state, received.id, *item, opens.condition, made.waits));
  }
  ZHILI_CHECK(put(w, state, made, {.now = w.now(), .happened = w.now()}));
  update_row(w, state);
  w.exec("UPDATE alarm SET told = ? WHERE id = ?", now_told(state), state.id);
  return {};
}

/// 0: it waits at the desk, and why.
core::Result<std::int64_t> AlarmDesk::case_of(store::Writer& w, AlarmState const& state, std::int64_t signal, catalogue::Item const& item, std::string const& condition_code,
                                              core::Text& waits) {
  auto const rule = state.rule;
  ZHILI_TRY(auto const same, case_at_place(w, state, item));
  if (same != 0) {
    ZHILI_TRY(auto const joined, parts_.signals.execute(w, signal, {.verb = respond::Verb::join, .rule = rule, .into = same}, alarm_itself()));
    return joined.case_id;
  }
  ZHILI_TRY(auto const joined, parts_.signals.join_by_rule(w, signal));
  if (joined) {
    ZHILI_TRY(auto const now, SignalDesk::load(w, signal));
    return now.case_id;
  }
  auto const* condition = condition_code.empty() ? (item.conditions.empty() ? nullptr : &item.conditions.front()) : item.condition(condition_code);
  if (!condition) {
    waits = {fmt::format("事项 {} 没有立案条件“{}”，等受理员决定。", item.code, condition_code), fmt::format("Item {} has no condition \"{}\"; it waits for an acceptor.", item.code, condition_code)};
    return 0;
  }
  if (condition->check.before == catalogue::Occasion::always) {
    waits = {"按事项规定，立案前先核实，等受理员安排。", "The item asks for a check before a case is registered; it waits for an acceptor."};
    return 0;
  }
  SignalCommand const command{.verb = respond::Verb::register_case, .condition = condition->code, .rule = rule};
  ZHILI_TRY(auto const registered, parts_.signals.execute(w, signal, command, alarm_itself()));
  return registered.case_id;
}

}  // namespace zhili::respond::alarms
