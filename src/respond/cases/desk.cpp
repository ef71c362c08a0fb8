#include "respond/cases/desk.hpp"

#include <fmt/format.h>

#include "respond/cases/codec.hpp"
#include "respond/cases/projection.hpp"
#include "respond/cases/story.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::fail;

tl::unexpected<core::Error> no_case(Id id) {
  return fail(Errc::not_found, "case.unknown",
              {fmt::format("没有编号为 {} 的案卷。请核对编号。", id),
               fmt::format("There is no case {}. Check the number.", id)},
              "case");
}

/// What a step brings is shown to everybody only after somebody has looked at it.
PhotoSight sight_of(store::Reader& reader, Event const& event, Id subject) {
  if (audience_of(event) != Audience::everybody) return PhotoSight::inside;
  auto const released = reader.value<std::int64_t>("SELECT s.released FROM signal s JOIN casefile c ON c.signal_id = s.id WHERE c.id = ?", subject);
  return released.value_or(0) != 0 ? PhotoSight::late : PhotoSight::undecided;
}

core::Result<> keep_brought(store::Writer& writer, PhotoShelf const& shelf, Event const& event, store::Seq entry, Id subject) {
  if (event.photos.empty()) return {};
  Brought out{.entry = entry, .subject = subject, .sight = sight_of(writer, event, subject)};
  for (auto const& photo : event.photos) out.names.push_back(photo.name);
  return keep_photos(writer, shelf, out);
}

}  // namespace

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

void CaseDesk::count_by(core::Calendar changed) {
  std::scoped_lock const lock(calendar_guard_);
  calendar_ = std::move(changed);
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

core::Result<std::vector<NextStep>> CaseDesk::next(CaseState const& state, Actor const& actor, core::Instant now) const {
  ZHILI_TRY(auto const* item, item_of(state.opening));
  auto const* condition = item->condition(state.opening.condition);
  if (!condition) condition = &item->conditions.front();
  auto const counted_by = calendar();
  return next_steps(state, {actor, now, *item, *condition, counted_by, policy_});
}

core::Result<> CaseDesk::may(CaseState const& state, Command const& command, Actor const& actor, core::Instant now) const {
  ZHILI_TRY(auto const* item, item_of(state.opening));
  auto const* condition = item->condition(state.opening.condition);
  if (!condition) condition = &item->conditions.front();
  auto const counted_by = calendar();
  ZHILI_CHECK(decide(state, command, {actor, now, *item, *condition, counted_by, policy_}));
  return {};
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
    ZHILI_CHECK(keep_brought(writer, photos_, event, seq, state.id));
    state = apply(std::move(state), event);
  }
  if (begins)
    insert_case(writer, state, context);
  else
    update_case(writer, state, context);
  for (auto const& event : events) write_clocks(writer, state.id, state.clocks, event.clocks, counted_by);
  arm_timers(writer, state.id, state.version, timers_of(state, context));
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

}  // namespace zhili::respond
