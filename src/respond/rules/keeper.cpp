#include "respond/rules/keeper.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>

#include "respond/payload.hpp"
#include "respond/rules/keeper_inside.hpp"

namespace zhili::respond::rules {

using core::Errc;
using core::EventKind;

namespace {

constexpr core::Duration longest_wait{1'000};
constexpr core::Duration held_looked_at_every{100};
constexpr std::int64_t days_counted = 30;

tl::unexpected<core::Error> no_rule(std::string const& rule) {
  return core::fail(Errc::not_found, "rule.unknown", {fmt::format("没有规则“{}”。规则页有全部规则。", rule), fmt::format("There is no rule \"{}\". The page of rules has them all.", rule)}, "rule");
}

}  // namespace

Keeper::Keeper(Parts parts) : inside_(std::make_unique<Inside>(std::move(parts))) {}
Keeper::~Keeper() = default;

core::Result<bool> Keeper::step() {
  auto out = inside_->round();
  if (!out && is_lease_lost(out.error())) {
    spdlog::warn("rules: another process runs them now");
    inside_->lose();
    return false;
  }
  inside_->publish();
  return out;
}

void Keeper::Inside::lose() {
  engine.reset();
  standing.clear();  // whoever runs them next writes others
  position_written = -1;
  running = false;
}

void Keeper::Inside::publish() {
  if (!engine) return;
  std::lock_guard const lock(mutex);
  counts = engine->counts();
  position = engine->position();
  auto const due = engine->next_due();
  due_ms = due ? core::to_ms(*due) : std::numeric_limits<std::int64_t>::max();
}

core::Result<bool> Keeper::Inside::round() {
  if (!engine) {
    ZHILI_TRY(auto const taken, take_over());
    if (!taken) return false;
    ZHILI_CHECK(load());
    known_to_all = position_asked = engine->position();
    running = true;
  }
  ZHILI_CHECK(write_found());  // of a round that could not
  auto const now = parts.time.now();
  ZHILI_CHECK(look_for_changes(now));
  ZHILI_TRY(auto const more, feed());
  ZHILI_CHECK(write_found());
  if (now - saved_at >= checkpoint_every || now < saved_at) {
    ZHILI_CHECK(checkpoint(false));
    saved_at = now;
  }
  if (is_shared() && now - renewed_at >= rules_lease_renewed) {
    ZHILI_CHECK(parts.db.write([&](store::Writer& w) { return hold(w); }));
    renewed_at = now;
  }
  if (more) return true;
  return learn_one();
}

/// A device is registered, and the keeper hears of it a little later: what it has said meanwhile stands in batches that were taken in when no rule knew it.
/// So they are taken in again from the look before the last on, and count for nobody twice.
core::Result<> Keeper::Inside::look_for_changes(core::Instant now) {
  if (now - configuration_asked < configuration_every && now >= configuration_asked) return {};
  configuration_asked = now;
  ZHILI_TRY(auto const latest, parts.db.read([](store::Reader& r) { return r.value<std::int64_t>("SELECT configuration FROM rule_keeper WHERE id = 1").value_or(0); }));
  if (latest == configuration) {
    known_to_all = std::exchange(position_asked, engine->position());
    return {};
  }
  ZHILI_CHECK(checkpoint(true));
  ZHILI_CHECK(load());
  configuration = latest;
  return {};
}

/// Takes in what is there now, however small its batches are: a gateway sends a thousand readings in one, a device one in each, and what is found is written
/// together. What comes meanwhile is for the next round. Time alone passes only where nothing that has come is left to be taken in.
core::Result<bool> Keeper::Inside::feed() {
  auto const now = parts.time.now();
  bool const waits = parts.all_is_here && !parts.all_is_here();  // asked first: whoever says that all is here has stored it before
  auto const there = parts.batches.position();
  // What waited elsewhere and what came meanwhile stand in any order: with none of them the clock goes on, only behind them all.
  if (held.exchange(waits) && !waits) clock_goes_after = there;
  bool more_comes = true;  // there may be more behind what was fetched
  for (std::size_t readings = 0; readings < step_readings_max;) {
    if (coming.empty()) {
      ZHILI_TRY(coming, parts.batches.after(engine->position(), batches_fetched_max));
      more_comes = coming.size() == batches_fetched_max;
      if (coming.empty()) break;
      std::ranges::reverse(coming);  // the next one is the last
    }
    readings += coming.back().readings.size();
    engine->take(coming.back(), waits || coming.back().position <= clock_goes_after ? Engine::Clock::stands : Engine::Clock::goes);
    coming.pop_back();
    if (coming.empty() && (!more_comes || engine->position() >= there)) break;
  }
  if (!coming.empty() || more_comes) return true;
  if (!waits) engine->advance(now - deadlines_behind);
  return false;
}

/// One thing that is usual is learned anew each day; a round learns one at most.
core::Result<bool> Keeper::Inside::learn_one() {
  auto const today = day_of(parts.zone, parts.time.now());
  if (!parts.learn || lessons.empty()) return false;
  if (lesson >= lessons.size() && lessons.front().learned_on != today) lesson = 0;
  while (lesson < lessons.size() && lessons[lesson].learned_on == today) ++lesson;
  if (lesson >= lessons.size()) return false;
  auto& one = lessons[lesson];
  auto const learned = parts.learn(one.streams, one.share);
  one.learned_on = today;
  if (!learned) {  // what was usual before stays so; the others learn on
    spdlog::error("rules: what is usual at {} cannot be learned: {} {}", one.subject, learned.error().text.en, learned.error().detail);
    return true;
  }
  auto const& hours = *learned;
  engine->set_usual(one.instance, one.which, hours);
  std::string const bytes(reinterpret_cast<char const*>(hours.data()), sizeof hours);
  ZHILI_CHECK(parts.db.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(hold(w));
    w.exec("INSERT INTO rule_usual (subject, property, share, learned_on, hours) VALUES (?, ?, ?, ?, ?) ON CONFLICT (subject, property, share) DO UPDATE SET learned_on = excluded.learned_on, hours = excluded.hours",
           one.subject, one.property, one.share, one.learned_on, store::BlobView{bytes});
    return {};
  }));
  return true;
}

core::Duration Keeper::wait() const {
  auto const now = inside_->parts.time.now();
  if (!inside_->running) return rules_lease_renewed;
  if (inside_->held) return held_looked_at_every;
  auto const due = core::from_ms(std::min(inside_->due_ms.load(), core::to_ms(now + longest_wait))) + deadlines_behind - now;
  return std::clamp(due, core::Duration(1), std::min<core::Duration>(longest_wait, checkpoint_every));
}

core::Result<> Keeper::stop() {
  auto& it = *inside_;
  if (!it.engine) return {};
  auto const done = [&]() -> core::Result<> {
    ZHILI_CHECK(it.write_found());
    ZHILI_CHECK(it.checkpoint(true));
    return it.give_back();
  }();
  it.lose();
  if (!done && is_lease_lost(done.error())) return {};
  return done;
}

core::Result<> Keeper::changed() {
  return inside_->parts.db.write([](store::Writer& w) { w.exec("UPDATE rule_keeper SET configuration = configuration + 1 WHERE id = 1"); });
}

core::Result<std::vector<RuleStatus>> Keeper::status() {
  auto& parts = inside_->parts;
  auto rules = parts.rules();
  auto const since = day_of(parts.zone, parts.time.now()) - days_counted;
  return parts.db.read([&](store::Reader& r) -> core::Result<std::vector<RuleStatus>> {
    std::map<std::string, RuleStatus> known;
    std::set<std::string> chosen;
    r.each<std::string, std::int64_t, std::string, std::string>("SELECT rule, armed, chosen_by, reason FROM rule_choice", [&](std::string rule, std::int64_t armed, std::string by, std::string reason) {
      auto& one = known[rule];
      chosen.insert(rule);
      one.armed = armed != 0;
      one.chosen_by = std::move(by);
      one.reason = std::move(reason);
    });
    using I = std::int64_t;
    r.each<std::string, I, I, I, I, I>("SELECT rule, subjects, raised, at_fault, broken, broken_why FROM rule_standing", [&](std::string const& rule, I subjects, I raised, I at_fault, I broken, I why) {
      auto& one = known[rule];
      one.subjects = static_cast<std::size_t>(subjects);
      one.raised = static_cast<std::size_t>(raised);
      one.at_fault = static_cast<std::size_t>(at_fault);
      one.broken = static_cast<std::size_t>(broken);
      if (broken > 0) one.broken_why = words(static_cast<Broken>(why));
    });
    r.each<std::string, I>("SELECT rule, CAST(sum(raised) AS BIGINT) FROM rule_day WHERE day > ? GROUP BY rule", [&](std::string const& rule, I raised) { known[rule].fired_30d = raised; }, since);
    std::vector<RuleStatus> out;
    for (auto& rule : rules) {
      auto one = known.contains(rule.id) ? known[rule.id] : RuleStatus{};
      if (!chosen.contains(rule.id)) one.armed = rule.armed;
      one.rule = std::move(rule);
      out.push_back(std::move(one));
    }
    return out;
  });
}

core::Result<> Keeper::arm(std::string const& rule, bool armed, std::string const& reason, std::string const& actor) {
  auto const rules = inside_->parts.rules();
  if (std::ranges::find(rules, rule, &Rule::id) == rules.end()) return no_rule(rule);
  if (reason.empty()) return core::fail(Errc::invalid, "rule.reason", {"请写明原因。", "Say why."}, "reason");
  return inside_->parts.db.write([&](store::Writer& w) -> core::Result<> {
    boost::json::object payload;
    put(payload, "rule", rule);
    put(payload, "reason", reason);
    w.append({armed ? EventKind::rule_armed : EventKind::rule_disarmed, 0, actor, boost::json::serialize(payload)});
    w.exec("INSERT INTO rule_choice (rule, armed, chosen_at, chosen_by, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT (rule) DO UPDATE SET armed = excluded.armed, chosen_at = excluded.chosen_at, "
           "chosen_by = excluded.chosen_by, reason = excluded.reason",
           rule, armed ? armed_anew : 0, w.now(), actor, reason);
    w.exec("UPDATE rule_keeper SET configuration = configuration + 1 WHERE id = 1");
    return {};
  });
}

core::Result<> Keeper::set_parameter(std::string const& rule, Subject const& subject, std::string const& parameter, std::optional<double> value, std::string const& actor) {
  auto const rules = inside_->parts.rules();
  auto const found = std::ranges::find(rules, rule, &Rule::id);
  if (found == rules.end()) return no_rule(rule);
  if (std::ranges::find(found->parameters, parameter, &catalogue::rules::Parameter::id) == found->parameters.end())
    return core::fail(Errc::not_found, "rule.parameter.unknown", {fmt::format("规则“{}”没有参数“{}”。", rule, parameter), fmt::format("The rule \"{}\" has no parameter \"{}\".", rule, parameter)}, "parameter");
  if (value && !std::isfinite(*value)) return core::fail(Errc::invalid, "rule.parameter.value", {"请写一个数。", "Give a number."}, "value");
  auto const at = text_of(subject);
  return inside_->parts.db.write([&](store::Writer& w) -> core::Result<> {
    boost::json::object payload{{"rule", rule}, {"subject", at}, {"parameter", parameter}};
    if (value) payload["value"] = *value;
    w.append({EventKind::rule_parameter_set, 0, actor, boost::json::serialize(payload)});
    if (value)
      w.exec("INSERT INTO rule_parameter (rule, subject, parameter, value) VALUES (?, ?, ?, ?) ON CONFLICT (rule, subject, parameter) DO UPDATE SET value = excluded.value", rule, at, parameter, *value);
    else
      w.exec("DELETE FROM rule_parameter WHERE rule = ? AND subject = ? AND parameter = ?", rule, at, parameter);
    w.exec("UPDATE rule_keeper SET configuration = configuration + 1 WHERE id = 1");
    return {};
  });
}

core::Result<std::vector<Keeper::OwnValue>> Keeper::own_values(std::string const& rule) {
  return inside_->parts.db.read([&](store::Reader& r) {
    std::vector<OwnValue> out;
    r.each<std::string, std::string, double>("SELECT subject, parameter, value FROM rule_parameter WHERE rule = ? ORDER BY subject, parameter", [&](std::string const& subject, std::string parameter, double value) {
      if (auto found = subject_from(subject)) out.push_back({std::move(*found), std::move(parameter), value});
    }, rule);
    return out;
  });
}

bool Keeper::is_running() const { return inside_->running; }

Engine::Counts Keeper::counts() const {
  std::lock_guard const lock(inside_->mutex);
  return inside_->counts;
}

std::int64_t Keeper::position() const { return inside_->position; }

core::Result<std::optional<std::int64_t>> Keeper::needed_after(store::Db& db) {
  return db.read([](store::Reader& r) -> std::optional<std::int64_t> {
    auto const position = r.value<std::int64_t>("SELECT position FROM rule_keeper WHERE id = 1");
    if (!position || *position < 0) return std::nullopt;
    return *position;
  });
}

}  // namespace zhili::respond::rules
