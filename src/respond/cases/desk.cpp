#include "respond/cases/desk.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "respond/cases/codec.hpp"
#include "respond/cases/projection.hpp"
#include "respond/cases/story.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::fail;

Actor const clockwork{.ref = "system", .roles = Role::system};

tl::unexpected<core::Error> no_case(Id id) {
  return fail(Errc::not_found, "case.unknown",
              {fmt::format("没有编号为 {} 的案卷。请核对编号。", id),
               fmt::format("There is no case {}. Check the number.", id)},
              "case");
}

Command command_of(TimerKind kind, std::string const& name) {
  Command command;
  switch (kind) {
    case TimerKind::clock:
      command.verb = Verb::expire;
      command.clock = name;
      break;
    case TimerKind::dispute:
      command.verb = Verb::settle;
      break;
    case TimerKind::suspension:
      command.verb = Verb::resume;
      break;
    case TimerKind::evaluation:
      command.verb = Verb::evaluate;
      break;
    case TimerKind::archive:
      command.verb = Verb::archive;
      break;
  }
  return command;
}

Brought brought_by(Event const& event, store::Seq entry, Id subject) {
  Brought out{.entry = entry, .subject = subject, .everybody = audience_of(event) == Audience::everybody};
  for (auto const& photo : event.photos) out.names.push_back(photo.name);
  return out;
}

}  // namespace

struct CaseDesk::Timer {
  Id subject = 0;
  TimerKind kind = TimerKind::clock;
  std::string name;
  std::int64_t generation = 0;
};

CaseDesk::CaseDesk(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue,
                   DutyFinder const& duty, PhotoShelf const& photos, core::Calendar calendar, Policy policy)
    : db_(db),
      catalogue_(std::move(catalogue)),
      duty_(duty),
      photos_(photos),
      policy_(policy),
      calendar_(std::move(calendar)) {}

core::Calendar CaseDesk::calendar() const {
  std::scoped_lock const lock(calendar_guard_);
  return calendar_;
}

core::Result<CaseState> CaseDesk::load(store::Reader& reader, Id id) {
  CaseState state;
  state.id = id;
  for (auto const& entry : store::entries_of(reader, id)) {
    auto const kind = core::name(entry.kind);
    if (!kind.starts_with("case.") && !kind.starts_with("clock.")) continue;
    ZHILI_TRY(auto const event,
              decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload));
    state = apply(std::move(state), event);
  }
  if (state.stage == Stage::none) return no_case(id);
  return state;
}

core::Result<catalogue::Item const*> CaseDesk::item_of(Opening const& opening) const {
  auto const* item = catalogue_->find(opening.item);
  if (item && !item->conditions.empty()) return item;
  return fail(Errc::not_found, "case.item",
              {fmt::format("目录中没有事项“{}”（{} {}）。请重新加载该版本的场景包。", opening.item.code,
                           opening.item.pack, opening.item.version),
               fmt::format("The catalogue has no item \"{}\" of {} {}. Load that version of the pack again.",
                           opening.item.code, opening.item.pack, opening.item.version)},
              "item");
}

core::Result<CaseState> CaseDesk::act(store::Writer& writer, CaseState state, Command const& command,
                                      Actor const& actor) {
  bool const begins = state.stage == Stage::none;
  auto const opening = begins ? command.opening.value_or(Opening{}) : state.opening;
  ZHILI_TRY(auto const* item, item_of(opening));
  auto const* condition = item->condition(opening.condition);
  if (!condition) condition = &item->conditions.front();  // history names none
  auto const counted_by = calendar();
  Context const context{actor, writer.now(), *item, *condition, counted_by, policy_};
  ZHILI_TRY(auto const events, decide(state, command, context));
  for (auto const& event : events) {
    auto const seq = writer.append({event.kind, state.id, actor.ref, encode(event)});
    if (begins) state.id = seq;
    ZHILI_CHECK(keep_photos(writer, photos_, brought_by(event, seq, state.id)));
    state = apply(std::move(state), event);
  }
  if (begins)
    insert_case(writer, state, context);
  else
    update_case(writer, state, context);
  update_clocks(writer, state, events, context);
  arm_timers(writer, state, context);
  return state;
}

core::Result<CaseState> CaseDesk::open(store::Writer& writer, Command const& command, Actor const& actor) {
  return act(writer, CaseState{}, command, actor);
}

core::Result<CaseState> CaseDesk::execute(store::Writer& writer, Id id, Command command, Actor const& actor) {
  ZHILI_TRY(auto state, load(writer, id));
  if (command.verb == Verb::dispatch || command.verb == Verb::settle)
    ZHILI_CHECK(find_duty(writer, state, command));
  return act(writer, std::move(state), command, actor);
}

core::Result<CaseState> CaseDesk::execute(Id id, Command const& command, Actor const& actor) {
  return db_.write([&](store::Writer& writer) { return execute(writer, id, command, actor); });
}

core::Result<> CaseDesk::find_duty(store::Reader& reader, CaseState const& state, Command& command) const {
  ZHILI_TRY(auto const* item, item_of(state.opening));
  auto const* condition = item->condition(state.opening.condition);
  if (!condition) condition = &item->conditions.front();
  DutyQuestion question{.item = item->code, .function = condition->duty.function, .by = condition->duty.by};
  using Number = std::optional<std::int64_t>;
  if (auto const row = reader.row<Number, Number, Number, std::optional<std::string>>(
          "SELECT lat_e7, lon_e7, area_id, grid FROM casefile WHERE id = ?", state.id)) {
    auto const [lat, lon, area, grid] = *row;
    if (lat && lon)
      question.place = core::LatLon{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
    question.area_id = area;
    question.grid = grid.value_or("");
  }
  auto const found = command.verb == Verb::settle ? core::Result<DutyAnswer>(duty_.default_duty(question))
                                                  : duty_.find(question);
  if (command.department.empty()) {
    if (!found) return fail(found.error());
    command.department = found->department;
    command.post = found->post;
  }
  if (found && found->department == command.department) {
    command.duty_because = to_json(found->because);
    return {};
  }
  if (!command.reason.empty()) return {};
  return fail(Errc::invalid, "case.dispatch.reason",
              {fmt::format("按责任规则应派“{}”，改派“{}”须写明理由。", found ? found->department : "?",
                           command.department),
               fmt::format("By the rules of duty this is for \"{}\"; sending it to \"{}\" needs a reason.",
                           found ? found->department : "?", command.department)},
              "reason");
}

bool CaseDesk::fire(store::Writer& writer, Timer const& timer) {
  auto const claimed =
      writer.exec("DELETE FROM timer WHERE subject = ? AND kind = ? AND name = ? AND generation = ?",
                  timer.subject, timer.kind, timer.name, timer.generation);
  if (claimed == 0) return false;  // fired elsewhere, or the case has moved on
  auto const done = execute(writer, timer.subject, command_of(timer.kind, timer.name), clockwork);
  if (done) return true;
  spdlog::warn("timer of case {} refused, tried again later: {} {}", timer.subject, done.error().text.en,
               done.error().detail);
  writer.exec("INSERT INTO timer (subject, kind, name, generation, due_at) VALUES (?,?,?,?,?)", timer.subject,
              timer.kind, timer.name, timer.generation, writer.now() + timer_retry_after);
  return false;
}

core::Result<std::size_t> CaseDesk::run_due(core::Instant now, std::size_t limit) {
  ZHILI_TRY(auto const due, db_.read([&](store::Reader& reader) {
    std::vector<Timer> out;
    reader.each<std::int64_t, std::int64_t, std::string, std::int64_t>(
        "SELECT subject, kind, name, generation FROM timer WHERE due_at <= ? ORDER BY due_at, subject LIMIT "
        "?",
        [&](std::int64_t subject, std::int64_t kind, std::string name, std::int64_t generation) {
          out.push_back({subject, static_cast<TimerKind>(kind), std::move(name), generation});
        },
        now, limit);
    return out;
  }));
  std::size_t fired = 0;
  for (std::size_t first = 0; first < due.size(); first += timers_per_write) {
    auto const last = std::min(first + timers_per_write, due.size());
    ZHILI_TRY(auto const some, db_.write([&](store::Writer& writer) {
      std::size_t count = 0;
      for (auto i = first; i < last; ++i) count += fire(writer, due[i]) ? 1 : 0;
      return count;
    }));
    fired += some;
  }
  return fired;
}

std::optional<core::Instant> CaseDesk::next_due(store::Reader& reader) {
  auto const ms = reader.value<std::int64_t>("SELECT due_at FROM timer ORDER BY due_at, subject LIMIT 1");
  return ms ? std::optional(core::from_ms(*ms)) : std::nullopt;
}

core::Result<std::size_t> CaseDesk::reproject(core::Calendar changed, std::string const& reason) {
  auto const by = changed.code() + "@" + changed.version();
  {
    std::scoped_lock const lock(calendar_guard_);
    calendar_ = std::move(changed);
  }
  Command command;
  command.verb = Verb::reproject;
  command.reason = reason;
  std::size_t counted = 0;
  for (Id after = 0;;) {
    ZHILI_TRY(auto const ids, db_.read([&](store::Reader& reader) {
      return reader.rows<std::int64_t>(
          "SELECT DISTINCT case_id FROM case_clock WHERE state IN (?, ?) AND case_id > ? ORDER BY case_id "
          "LIMIT ?",
          core::ClockState::running, core::ClockState::paused, after, cases_per_recount);
    }));
    if (ids.empty()) return counted;
    ZHILI_TRY(auto const some, db_.write([&](store::Writer& writer) -> core::Result<std::size_t> {
      std::size_t count = 0;
      for (auto const& [id] : ids) {
        ZHILI_TRY(auto state, load(writer, id));
        if (state.counted_by == by) continue;
        ZHILI_CHECK(act(writer, std::move(state), command, clockwork));
        ++count;
      }
      return count;
    }));
    counted += some;
    after = std::get<0>(ids.back());
  }
}

}  // namespace zhili::respond
