// What is done with a signal that is there.
#include <fmt/format.h>

#include <algorithm>

#include "respond/filled.hpp"
#include "respond/incidents/moves.hpp"
#include "respond/signals/desk.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::EventKind;
using core::fail;

Actor const by_rule{.ref = "system", .roles = Role::system};

std::vector<SignalState> signals_of(store::Reader& reader, Id incident) {
  std::vector<SignalState> out;
  if (incident == 0) return out;
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT id FROM signal WHERE incident_id = ? ORDER BY id", incident))
    if (auto state = SignalDesk::load(reader, id)) out.push_back(std::move(*state));
  return out;
}

core::Result<> room_for(store::Reader& reader, std::size_t coming, Id into) {
  auto const there =
      reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = (SELECT incident_id FROM casefile WHERE id = ?)", into).value_or(0);
  if (static_cast<std::size_t>(there) + coming <= max_signals_per_incident) return {};
  return fail(Errc::limit, "incident.signals",
              {fmt::format("一件事最多合并 {} 份上报。请另立案卷。", max_signals_per_incident),
               fmt::format("An incident takes at most {} reports. Register another case.", max_signals_per_incident)}, "into");
}

/// A report, or the first report of a case.
Id report_of(store::Reader& reader, Id id) {
  if (id == 0 || reader.value<std::int64_t>("SELECT id FROM signal WHERE id = ?", id)) return id;
  return reader.value<std::int64_t>("SELECT signal_id FROM casefile WHERE id = ?", id).value_or(0);
}

/// As they came; empty if they are sealed.
core::Result<std::string> told_words(store::Reader& reader, Id signal) {
  auto const payload = reader.value<std::string>("SELECT payload FROM ledger WHERE seq = ?", signal);
  if (!payload) return std::string();
  ZHILI_TRY(auto event, decode_signal(EventKind::signal_received, {}, {}, *payload));
  return std::move(event.words);
}

/// Of the report, or of the case that was registered for it: they came after its release.
bool photos_wait(store::Reader& reader, Id signal) {
  return reader
      .value<std::int64_t>("SELECT 1 FROM photo WHERE everybody = 3 AND (subject = ? OR subject IN (SELECT id FROM casefile WHERE signal_id = ?)) LIMIT 1", signal, signal)
      .has_value();
}

/// As the table keeps it: against what an objection waits for its answer.
std::int64_t objection_of(SignalState const& state) {
  auto const waits = [](std::optional<Appeal> const& appeal) { return appeal && !appeal->upheld; };
  if (state.stage == Stage::rejected && waits(state.appeal)) return 1;
  return waits(state.release_appeal) ? 2 : 0;
}

void write_apart(store::Writer& w, SignalEvent const& event, Id signal) {
  if (event.other == 0) return;
  if (event.kind == EventKind::signal_merged)
    w.exec("DELETE FROM told_apart WHERE (signal_id = ? AND other_id = ?) OR (signal_id = ? AND other_id = ?)", signal, event.other, event.other,
           signal);
  if (event.kind == EventKind::signal_split || event.kind == EventKind::signal_told_apart)
    w.exec("INSERT INTO told_apart (signal_id, other_id) VALUES (?,?) ON CONFLICT (signal_id, other_id) DO NOTHING", signal, event.other);
}

}  // namespace

core::Result<catalogue::Item const*> SignalDesk::item_of(SignalState const& state) const {
  if (auto const* item = catalogue_->find(state.item)) return item;
  return fail(Errc::not_found, "item.unknown", {"这件信号的事项已不在目录里。", "The item of this signal is not in the catalogue any more."}, "item");
}

core::Result<std::vector<NextStep>> SignalDesk::next(store::Reader& reader, SignalState const& state, Actor const& actor) const {
  ZHILI_TRY(auto const* item, item_of(state));
  auto const calendar = cases_.calendar();
  return next_steps(state, {.actor = actor, .now = time_.now(), .item = *item, .calendar = calendar, .policy = cases_.policy(),
                            .photos_wait = photos_wait(reader, state.id), .case_to_join = true});
}

template <class Do>
auto SignalDesk::in_context(store::Reader& reader, core::Instant now, SignalState const& state, SignalCommand const& command,
                            Actor const& actor, Do&& act) const -> decltype(act(std::declval<SignalContext const&>())) {
  ZHILI_TRY(auto const* item, item_of(state));
  auto const calendar = cases_.calendar();
  SignalContext context{.actor = actor, .now = now, .item = *item, .calendar = calendar, .policy = cases_.policy()};
  if (command.verb == Verb::release) context.photos_wait = photos_wait(reader, state.id);
  if (command.verb == Verb::join) {
    auto const target = CaseDesk::load(reader, command.into);
    context.case_to_join = target && target->open() && !target->recorded && command.into != state.case_id;
    if (state.stage == Stage::registered)
      if (auto const own = CaseDesk::load(reader, state.case_id))
        context.own_case_untouched = own->stage == Stage::registered && own->hands.empty() && !own->recorded;
  }
  return act(context);
}

core::Result<> SignalDesk::may(store::Reader& reader, SignalState const& state, SignalCommand const& command, Actor const& actor) const {
  return in_context(reader, time_.now(), state, command, actor, [&](SignalContext const& context) -> core::Result<> {
    ZHILI_CHECK(decide(state, command, context));
    return {};
  });
}

core::Result<SignalState> SignalDesk::execute(Id signal, SignalCommand const& command, Actor const& actor) {
  return db_.write([&](store::Writer& writer) { return execute(writer, signal, command, actor); });
}

core::Result<SignalState> SignalDesk::execute(store::Writer& w, Id signal, SignalCommand const& command, Actor const& actor) {
  ZHILI_TRY(auto const state, load(w, signal));
  if (command.verb == Verb::join) return join(w, state, command, actor);
  if (command.verb == Verb::split) return split(w, state, command, actor);
  if (command.verb != Verb::tell_apart) return put(w, state, command, actor);
  auto apart = command;
  apart.other = report_of(w, command.into);
  apart.into = 0;
  return put(w, state, apart, actor);
}

core::Result<SignalState> SignalDesk::register_together(store::Writer& w, Id signal, SignalCommand const& command, Actor const& actor,
                                                        std::span<Follower const> along) {
  ZHILI_TRY(auto const first, execute(w, signal, command, actor));
  for (auto const& other : along) {
    SignalCommand const follow{.verb = Verb::join, .reason = command.reason, .into = first.case_id};
    auto done = execute(w, other.signal, follow, other.actor);
    if (done) continue;
    auto why = std::move(done).error();
    why.field = "along";
    return fail(std::move(why));
  }
  return first;
}

core::Result<CaseState> SignalDesk::execute_on_case(Id a_case, Command const& command, Actor const& actor) {
  return db_.write([&](store::Writer& w) { return execute_on_case(w, a_case, command, actor); });
}

core::Result<CaseState> SignalDesk::execute_on_case(store::Writer& w, Id a_case, Command const& command, Actor const& actor) {
  ZHILI_TRY(auto const before, CaseDesk::load(w, a_case));
  ZHILI_CHECK(cases_.may(before, command, actor, w.now()));
  SignalCommand const on_signal{.verb = command.verb, .reason = command.reason, .into = command.into};
  ZHILI_CHECK(execute(w, before.opening.signal, on_signal, actor));
  return CaseDesk::load(w, a_case);
}

/// One signal's part: decided, written, projected.
core::Result<SignalState> SignalDesk::put(store::Writer& w, SignalState const& state, SignalCommand const& command, Actor const& actor) {
  return in_context(w, w.now(), state, command, actor, [&](SignalContext const& context) -> core::Result<SignalState> {
    ZHILI_TRY(auto event, decide(state, command, context));
    ZHILI_CHECK(prepare_event(w, state, event, actor));
    auto const entry = w.append({event.kind, state.id, actor.ref, encode(event)});
    ZHILI_CHECK(keep_photos(w, photos_, {.entry = entry, .subject = state.id, .names = event.photos,
                                          .sight = state.released && event.kind != EventKind::signal_released ? PhotoSight::late : PhotoSight::released}));
    auto next = apply(state, event);
    auto const reference = [](Id id) { return id == 0 ? std::nullopt : std::optional<std::int64_t>(id); };
    w.exec("UPDATE signal SET state = ?, released = ?, incident_id = ?, case_id = ?, objection = ? WHERE id = ?", next.stage, next.released,
           reference(next.incident), reference(next.case_id), objection_of(next), state.id);
    if (event.kind == EventKind::signal_released) ZHILI_CHECK(show(w, state, event));
    write_apart(w, event, state.id);
    write_clocks(w, state.id, next.clocks, event.clocks, context.calendar);
    arm_timers(w, state.id, next.version, timers_of(next, context));
    return next;
  });
}

/// What everybody sees from now on. A release says all of it, so that a second one replaces the first.
core::Result<> SignalDesk::show(store::Writer& w, SignalState const& before, SignalEvent const& event) {
  auto const signal = before.id;
  auto const withheld = [&](std::string_view part) { return std::ranges::find(event.withheld, part) != event.withheld.end(); };
  ZHILI_TRY(auto words, told_words(w, signal));
  if (!event.words.empty()) words = event.words;
  if (withheld(withheld_words)) words.clear();
  w.exec("UPDATE signal SET words = ?, withheld = ?, withheld_because = ? WHERE id = ?", filled(words),
         filled(fmt::format("{}", fmt::join(event.withheld, " "))), filled(event.withheld.empty() ? "" : event.reason), signal);
  w.exec("UPDATE photo SET everybody = 1 WHERE subject = ?", signal);
  w.exec("UPDATE photo SET everybody = CASE WHEN entry <= ? THEN 1 ELSE 3 END WHERE everybody IN (2, 3) AND subject IN (SELECT id FROM casefile WHERE signal_id = ?)",
         event.photos_until, signal);
  for (auto const& part : before.withheld)
    w.exec("UPDATE photo SET everybody = 1 WHERE name = ? AND subject IN (SELECT id FROM casefile WHERE signal_id = ?)", part, signal);
  for (auto const& part : event.withheld) {
    if (part == withheld_words || part == withheld_place) continue;
    if (w.exec("UPDATE photo SET everybody = 0 WHERE name = ? AND everybody <> 0 AND (subject = ? OR subject IN (SELECT id FROM casefile WHERE signal_id = ?))", part, signal, signal) == 0)
      return fail(Errc::invalid, "signal.withheld.unknown",
                  {fmt::format("“{}”不是 words、place，也不是这件上报的照片名。", part),
                   fmt::format("\"{}\" is neither words nor place nor the name of a photo of this report.", part)},
                  "withheld");
  }
  return {};
}

core::Result<> SignalDesk::prepare_event(store::Writer& w, SignalState const& state, SignalEvent& event, Actor const& actor) {
  if (event.kind == EventKind::signal_registered) return open_case(w, state, event, actor);
  if (event.kind != EventKind::signal_merged) return {};
  ZHILI_TRY(auto const target, CaseDesk::load(w, event.case_id));
  event.incident = target.opening.incident;
  event.other = target.opening.signal;
  event.alike = compare_reports(w, *catalogue_, places_, state.id, event.other);
  return {};
}

core::Result<> SignalDesk::open_case(store::Writer& w, SignalState const& state, SignalEvent& event, Actor const& actor) {
  auto const* item = catalogue_->find(state.item);
  event.incident = w.append({EventKind::incident_opened, 0, actor.ref, fmt::format("{{\"signal\":{}}}", state.id)});
  w.exec("INSERT INTO incident (id, item, opened_at) VALUES (?,?,?)", event.incident, state.item, state.received_at);
  Command open{.verb = Verb::register_case};
  open.opening = Opening{.signal = state.id, .incident = event.incident, .item = item->ref(), .condition = event.condition,
                         .received_at = state.received_at, .rule = event.rule};
  ZHILI_TRY(auto const opened, cases_.open(w, open, actor));
  event.case_id = opened.id;
  return {};
}

core::Result<SignalState> SignalDesk::join(store::Writer& w, SignalState const& state, SignalCommand command, Actor const& actor) {
  auto const own_case = state.stage == Stage::registered ? state.case_id : 0;
  auto const all = own_case != 0 ? signals_of(w, state.incident) : std::vector<SignalState>{};
  auto const along = go_along(state, all);
  ZHILI_CHECK(room_for(w, along.size() + 1, command.into));
  ZHILI_TRY(auto const next, put(w, state, command, actor));
  if (own_case == 0) return next;
  ZHILI_CHECK(cases_.execute(w, own_case, Command{.verb = Verb::join, .reason = command.reason, .into = command.into}, actor));
  command.with = state.id;
  command.expected_version = -1;
  for (auto const& other : all)
    if (std::ranges::find(along, other.id) != along.end()) ZHILI_CHECK(put(w, other, command, actor));
  return next;
}

core::Result<SignalState> SignalDesk::split(store::Writer& w, SignalState const& state, SignalCommand command, Actor const& actor) {
  auto const own_case = case_aside(state);
  auto const all = own_case != 0 ? signals_of(w, state.incident) : std::vector<SignalState>{};
  auto const along = go_back_along(state, all);
  command.into = 0;
  command.other = state.stage == Stage::merged ? report_of(w, state.case_id) : 0;
  ZHILI_TRY(auto const next, put(w, state, command, actor));
  if (own_case == 0) return next;
  ZHILI_CHECK(cases_.execute(w, own_case, Command{.verb = Verb::split, .reason = command.reason}, actor));
  command.into = own_case;
  command.other = 0;
  command.with = state.id;
  command.expected_version = -1;
  for (auto const& other : all)
    if (std::ranges::find(along, other.id) != along.end()) ZHILI_CHECK(put(w, other, command, actor));
  return next;
}

core::Result<std::vector<Candidate>> SignalDesk::candidates(store::Reader& reader, SignalState const& state) const {
  ZHILI_CHECK(item_of(state));
  constexpr Stages looks_for_its_like{Stage::collected, Stage::checking, Stage::registered};
  if (!looks_for_its_like.has(state.stage)) return std::vector<Candidate>{};
  if (state.stage == Stage::registered) {
    ZHILI_TRY(auto const own, CaseDesk::load(reader, state.case_id));
    if (!own.open()) return std::vector<Candidate>{};
  }
  return find_candidates(reader, *catalogue_, places_, state.id);
}

core::Result<bool> SignalDesk::join_by_rule(store::Writer& w, Id signal) {
  ZHILI_TRY(auto const state, load(w, signal));
  ZHILI_TRY(auto const* item, item_of(state));
  if (state.stage != Stage::collected || state.is_private || !item->same_thing || !item->same_thing->join) return false;
  Candidate const* chosen = nullptr;
  auto const all = find_candidates(w, *catalogue_, places_, signal);
  for (auto const& one : all) {
    if (one.case_id == 0 || one.is_private || !joins_by_itself(one.alike, *item->same_thing)) continue;
    if (chosen) return false;  // which of them is for a person to say
    chosen = &one;
  }
  if (!chosen) return false;
  SignalCommand const command{.verb = Verb::join, .rule = fmt::format("{}/{}/same_thing", item->pack, item->code), .into = chosen->case_id};
  return execute(w, signal, command, by_rule).has_value();  // a refusal leaves it to a person
}

}  // namespace zhili::respond
