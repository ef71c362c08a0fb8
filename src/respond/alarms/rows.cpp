// The row of an alarm.

#include <fmt/format.h>

#include <functional>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/inside.hpp"
#include "respond/filled.hpp"
#include "store/ledger.hpp"

namespace zhili::respond::alarms {

namespace {

using core::Errc;
using core::fail;
using Number = std::optional<std::int64_t>;
using Words = std::optional<std::string>;

std::optional<core::Instant> instant_of(Number ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; }

std::optional<core::Instant> until_of(AlarmState const& s) { return s.suppression ? std::optional(s.suppression->until) : std::nullopt; }
Number window_of(AlarmState const& s) { return s.suppression ? Number(s.suppression->window) : std::nullopt; }
/// What stands at one place; by itself where nothing is known.
std::string const& place_of(AlarmState const& s) { return s.finding.where.place.empty() ? s.subject : s.finding.where.place; }

tl::unexpected<core::Error> no_alarm(Id id) {
  return fail(Errc::not_found, "alarm.unknown", {fmt::format("没有编号为 {} 的告警。", id), fmt::format("There is no alarm {}.", id)}, "id");
}

}  // namespace

std::string_view const row_columns =
    "id, version, state, kind, rule, subject, times, raised_at, cleared_at, cleared_by, acknowledged_by, acknowledged_at, assigned_post, assigned_person, "
    "suppressed_until, window_id, signal, signal_of, waits_zh, waits_en, finding";

core::Result<> visit_rows(store::Reader& reader, std::string const& sql, std::vector<store::Value> const& args, std::function<void(AlarmState)> const& visit) {
  core::Result<> outcome;
  using I = std::int64_t;
  using S = std::string;
  reader.each<I, I, I, I, S, S, I, I, Number, Words, Words, Number, Words, Words, Number, Number, I, I, Words, Words, std::string_view>(
      sql,
      [&](I id, I version, I state, I kind, S rule, S subject, I times, I raised, Number cleared, Words cleared_by, Words acknowledged_by, Number acknowledged, Words post, Words person,
          Number until, Number window, I signal, I signal_of, Words zh, Words en, std::string_view finding) {
        AlarmState out{.id = id, .version = version, .state = static_cast<State>(state), .kind = static_cast<Kind>(kind), .rule = std::move(rule), .subject = std::move(subject)};
        auto read = finding_from(finding);
        if (!read) {
          if (outcome) outcome = fail(read.error());
          return;
        }
        out.finding = std::move(*read);
        out.times = times;
        out.raised_at = core::from_ms(raised);
        out.cleared_at = instant_of(cleared);
        out.cleared_by = std::move(cleared_by).value_or("");
        out.acknowledged_by = std::move(acknowledged_by).value_or("");
        out.acknowledged_at = instant_of(acknowledged);
        out.assigned = {std::move(post).value_or(""), std::move(person).value_or("")};
        if (until) out.suppression = Suppression{core::from_ms(*until), window.value_or(0)};
        out.signal = signal;
        out.signal_of = signal_of;
        out.waits = {std::move(zh).value_or(""), std::move(en).value_or("")};
        visit(std::move(out));
      },
      args);
  return outcome;
}

void insert_row(store::Writer& w, AlarmState const& s) {
  auto const& f = s.finding;
  w.exec("INSERT INTO alarm (id, version, state, kind, rule, subject, severity, times, raised_at, cleared_at, cleared_by, acknowledged_by, acknowledged_at, assigned_post, assigned_person, "
         "suppressed_until, window_id, signal, signal_of, waits_zh, waits_en, item, thing, device, device_type, place, area, department, private, finding) "
         "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
         s.id, s.version, s.state, s.kind, s.rule, s.subject, f.severity, s.times, s.raised_at, s.cleared_at, filled(s.cleared_by), filled(s.acknowledged_by), s.acknowledged_at,
         filled(s.assigned.post), filled(s.assigned.person), until_of(s), window_of(s), s.signal, s.signal_of, filled(s.waits.zh), filled(s.waits.en), opens_of(f.opens).item, f.thing,
         f.where.device, f.where.device_type, place_of(s), f.where.area, f.keeper.department, f.where.is_private, finding_text(f));
}

void update_row(store::Writer& w, AlarmState const& s) {
  auto const& f = s.finding;
  w.exec("UPDATE alarm SET version = ?, state = ?, severity = ?, times = ?, raised_at = ?, cleared_at = ?, cleared_by = ?, acknowledged_by = ?, acknowledged_at = ?, assigned_post = ?, "
         "assigned_person = ?, suppressed_until = ?, window_id = ?, signal = ?, signal_of = ?, waits_zh = ?, waits_en = ?, item = ?, thing = ?, device = ?, device_type = ?, place = ?, area = ?, "
         "department = ?, private = ?, finding = ? WHERE id = ?",
         s.version, s.state, f.severity, s.times, s.raised_at, s.cleared_at, filled(s.cleared_by), filled(s.acknowledged_by), s.acknowledged_at, filled(s.assigned.post),
         filled(s.assigned.person), until_of(s), window_of(s), s.signal, s.signal_of, filled(s.waits.zh), filled(s.waits.en), opens_of(f.opens).item, f.thing, f.where.device,
         f.where.device_type, place_of(s), f.where.area, f.keeper.department, f.where.is_private, finding_text(f), s.id);
}

void set_due(store::Writer& w, std::vector<Id> const& alarms, DueKind kind, core::Instant at) {
  for (auto const id : alarms)
    w.exec("INSERT INTO alarm_due (alarm, kind, due_at) VALUES (?,?,?) ON CONFLICT (alarm, kind) DO UPDATE SET due_at = excluded.due_at", id, kind, at);
}

bool has_follow_up(AlarmState const& s) {
  bool const wants_report = stands(s.state) && s.state != State::suppressed && !s.finding.opens.empty() && s.signal_of < s.times;
  return wants_report || s.signal != 0;
}

core::Result<AlarmState> AlarmDesk::load(store::Reader& reader, Id alarm) {
  static std::string const sql = fmt::format("SELECT {} FROM alarm WHERE id = ?", row_columns);
  std::optional<AlarmState> out;
  ZHILI_CHECK(visit_rows(reader, sql, {alarm}, [&](AlarmState state) { out = std::move(state); }));
  if (!out) return no_alarm(alarm);
  return std::move(*out);
}

core::Result<AlarmState> AlarmDesk::fold(store::Reader& reader, Id alarm) {
  AlarmState state{.id = alarm};
  for (auto const& entry : store::entries_of(reader, alarm)) {
    if (!core::name(entry.kind).starts_with("alarm.")) continue;
    ZHILI_TRY(auto const event, decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload));
    state = apply(std::move(state), event);
  }
  if (state.state == State::none) return no_alarm(alarm);
  return state;
}

}  // namespace zhili::respond::alarms
