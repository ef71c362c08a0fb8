// What was found is written: alarms, the states of those that found it, and the figures of the day, in one transaction.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>

#include "respond/rules/keeper_inside.hpp"

namespace zhili::respond::rules {

namespace {

constexpr std::size_t found_per_write = 1'000;  ///< more are written in several transactions, each instance in one

std::string number_words(double value) {
  auto out = fmt::format("{:.2f}", value);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

/// The word of a pack that a number stands for: rules compare with few.
std::string word_in(catalogue::rules::Expr const& expr, double number) {
  if (expr.op == catalogue::rules::Op::text && text_number(expr.text) == number) return expr.text;
  for (auto const& part : expr.parts)
    if (auto found = word_in(part, number); !found.empty()) return found;
  return {};
}

void fill(std::string& words, std::string_view name, std::string const& value) {
  if (value.empty()) return;
  for (auto at = words.find(name); at != std::string::npos; at = words.find(name, at + value.size())) words.replace(at, name.size(), value);
}

core::Text value_words(Transition const& transition) {
  switch (transition.value_kind) {
    case catalogue::ValueKind::boolean: return transition.value != 0 ? core::Text{"是", "yes"} : core::Text{"否", "no"};
    case catalogue::ValueKind::text: return {transition.value_text, transition.value_text};
    default: return {number_words(transition.value), number_words(transition.value)};
  }
}

bool is_of_the_store(core::Error const& error) { return error.code == core::Errc::busy || error.code == core::Errc::unavailable || error.code == core::Errc::corrupt || is_lease_lost(error); }

}  // namespace

std::int64_t day_of(core::Zone const& zone, core::Instant at) {
  return std::chrono::floor<std::chrono::days>(at.time_since_epoch() + zone.offset(at)).count();
}

Transition Keeper::Inside::transition_of(Found const& found) {
  auto const& instance = engine->instances()[found.instance];
  auto const& rule = engine->rules()[instance.rule];
  auto const& source = instance.sources[found.source];
  Transition out{.rule = rule.id, .subject = instance.subject, .sequence = found.sequence, .kind = found.kind, .cause = found.cause, .at = core::from_ms(found.at_ms), .severity = found.severity,
                 .flapping = found.flapping, .thing = source.thing, .stream = source.stream, .property = rule.watch[source.property].property, .value_kind = found.value_kind,
                 .has_value = found.has_value, .value = found.value, .unit = engine->unit(found.unit), .says = rule.says, .opens = rule.opens, .alert = rule.alert};
  if (out.value_kind == catalogue::ValueKind::text) out.value_text = word_in(rule.raise, found.value);
  auto const words = parts.subjects.words(out.subject, out.thing);
  auto const value = out.has_value ? value_words(out) : core::Text{"—", "—"};
  fill(out.says.zh, "{place}", words.place.zh);
  fill(out.says.en, "{place}", words.place.en);
  fill(out.says.zh, "{thing}", words.thing.zh);
  fill(out.says.en, "{thing}", words.thing.en);
  fill(out.says.zh, "{value}", value.zh);
  fill(out.says.en, "{value}", value.en);
  return out;
}

Transition Keeper::Inside::ended(Saved const& saved, Engine::Glimpse const& was, TransitionKind kind, Cause cause, std::int64_t sequence) const {
  return {.rule = std::string(saved.rule), .subject = subject_from(saved.subject).value_or(Subject{}), .sequence = sequence, .kind = kind, .cause = cause, .at = parts.time.now(), .severity = was.severity};
}

std::string Keeper::Inside::states_of(std::set<std::uint32_t> const& instances) const {
  std::string out, state;
  for (auto const i : instances) {
    auto const& instance = engine->instances()[i];
    auto const& rule = engine->rules()[instance.rule];
    auto const subject = text_of(instance.subject);
    state.clear();
    engine->save(i, state);
    append_saved(out, {.rule = rule.id, .subject = subject, .meaning = rule.meaning, .sources = sources_number(instance), .position = engine->position_of(i), .state = state});
  }
  return out;
}

/// All findings of an instance go with its state: what is written of it is whole.
core::Result<> Keeper::Inside::write_found() {
  std::vector<Found> all(engine->found().begin(), engine->found().end());
  if (all.empty()) return {};
  if (all.size() > found_per_write) std::ranges::stable_sort(all, {}, &Found::instance);
  for (std::size_t begin = 0; begin < all.size();) {
    auto end = all.size() <= found_per_write ? all.size() : std::min(all.size(), begin + found_per_write);
    while (end < all.size() && all[end].instance == all[end - 1].instance) ++end;
    std::vector<Found> const part(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end));
    auto written = write_part(part);
    if (!written && !is_of_the_store(written.error())) written = write_alone(part);
    if (!written) {
      engine->keep_found({all.begin() + static_cast<std::ptrdiff_t>(begin), all.end()});
      return written;
    }
    begin = end;
  }
  engine->clear_found();
  return {};
}

/// Something was refused: everybody gets a transaction of their own, and whoever is refused stops.
core::Result<> Keeper::Inside::write_alone(std::vector<Found> const& found) {
  std::map<std::uint32_t, std::vector<Found>> by_instance;
  for (auto const& one : found) by_instance[one.instance].push_back(one);
  for (auto const& [instance, theirs] : by_instance) {
    auto const written = write_part(theirs);
    if (written) continue;
    if (is_of_the_store(written.error())) return written;
    auto const& stopped = engine->instances()[instance];
    spdlog::error("rules: {} stops at {}: {} {}", engine->rules()[stopped.rule].id, text_of(stopped.subject), written.error().text.en, written.error().detail);
    engine->break_off(instance, Broken::refused);
  }
  return {};
}

core::Result<> Keeper::Inside::write_part(std::span<Found const> found) {
  std::vector<Transition> transitions;
  std::set<std::uint32_t> instances;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> raised;
  for (auto const& one : found) {
    transitions.push_back(transition_of(one));
    instances.insert(one.instance);
    if (one.kind == TransitionKind::raise) ++raised[{transitions.back().rule, day_of(parts.zone, transitions.back().at)}];
  }
  auto const states = states_of(instances);
  auto const save = next_save++;
  ZHILI_CHECK(parts.db.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(hold(w));
    ZHILI_CHECK(parts.alarms.transitions(w, transitions));
    w.exec("INSERT INTO rule_journal (save, states) VALUES (?, ?)", save, store::BlobView{states});
    for (auto const& [key, count] : raised)
      w.exec("INSERT INTO rule_day (rule, day, raised) VALUES (?, ?, ?) ON CONFLICT (rule, day) DO UPDATE SET raised = rule_day.raised + excluded.raised", key.first, key.second, count);
    return {};
  }));
  engine->set_mark(next_save);
  parts.alarms.committed(transitions);
  return {};
}

}  // namespace zhili::respond::rules
