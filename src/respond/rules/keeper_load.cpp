// What is written becomes an engine: rules and subjects of today with the states of before.

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstring>

#include "respond/rules/keeper_inside.hpp"

namespace zhili::respond::rules {

/// Everything that is written, before it is known what of it still has a rule and a subject.
struct Keeper::Inside::Known {
  struct One {
    std::string rule, subject, state;
    std::uint64_t meaning = 0, sources = 0;
    std::int64_t position = 0, save = 0, group = 0;
    bool found_its_place = false;
    Saved saved() const { return {rule, subject, meaning, sources, position, state}; }
  };
  std::map<std::pair<std::string, std::string>, One> states;  // by rule and subject
  std::map<std::int64_t, std::vector<std::pair<std::string, std::string>>> groups;
  std::set<std::string> disarmed;
  std::set<std::string> chosen;  // about which somebody chose, either way
  std::map<std::string, std::int64_t> armed_anew;  // and when
  std::map<std::tuple<std::string, std::string, std::string>, double> parameters;
  std::map<std::tuple<std::string, std::string, double>, std::pair<std::int64_t, std::array<double, 24>>> usual;
  std::int64_t position = -1;  ///< -1: no rule ever ran
  std::int64_t last_save = 0;
};

core::Result<Keeper::Inside::Known> Keeper::Inside::known() const {
  return parts.db.read([&](store::Reader& r) -> core::Result<Known> {
    Known out;
    core::Result<> sound;
    auto const keep = [&](std::string_view row, std::int64_t save, std::int64_t group) {
      auto const read = each_saved(row, [&](Saved const& one) {
        std::pair key(std::string(one.rule), std::string(one.subject));
        if (group >= 0) out.groups[group].push_back(key);
        auto& kept = out.states[key];
        if (kept.save >= save && kept.save != 0) return;
        kept = {key.first, key.second, std::string(one.state), one.meaning, one.sources, one.position, save, group};
      });
      if (!read && sound) sound = read;
      out.last_save = std::max(out.last_save, save);
    };
    r.each<std::int64_t, std::int64_t, store::BlobView>("SELECT id, save, states FROM rule_group ORDER BY id", [&](std::int64_t id, std::int64_t save, store::BlobView states) { keep(states.bytes, save, id); });
    r.each<std::int64_t, store::BlobView>("SELECT save, states FROM rule_journal ORDER BY save", [&](std::int64_t save, store::BlobView states) { keep(states.bytes, save, -2); });
    ZHILI_CHECK(sound);
    r.each<std::string, std::int64_t, std::int64_t>("SELECT rule, armed, chosen_at FROM rule_choice", [&](std::string rule, std::int64_t armed, std::int64_t chosen_at) {
      out.chosen.insert(rule);
      if (armed == 0) out.disarmed.insert(std::move(rule));
      else if (armed == armed_anew) out.armed_anew.emplace(std::move(rule), chosen_at);
    });
    r.each<std::string, std::string, std::string, double>("SELECT rule, subject, parameter, value FROM rule_parameter",
                                                          [&](std::string rule, std::string subject, std::string id, double value) { out.parameters[{std::move(rule), std::move(subject), std::move(id)}] = value; });
    r.each<std::string, std::string, double, std::int64_t, store::BlobView>("SELECT subject, property, share, learned_on, hours FROM rule_usual",
                                                                           [&](std::string subject, std::string property, double share, std::int64_t day, store::BlobView hours) {
                                                                             auto& [learned_on, values] = out.usual[{std::move(subject), std::move(property), share}];
                                                                             learned_on = day;
                                                                             if (hours.bytes.size() == sizeof values) std::memcpy(values.data(), hours.bytes.data(), sizeof values);
                                                                           });
    out.position = r.value<std::int64_t>("SELECT position FROM rule_keeper WHERE id = 1").value_or(-1);
    return out;
  });
}

/// Half an engine is none: its groups would be written over those of the one before.
core::Result<> Keeper::Inside::load() {
  coming.clear();
  auto const done = load_all();
  if (!done) engine.reset();
  return done;
}

core::Result<> Keeper::Inside::load_all() {
  ZHILI_TRY(auto known, this->known());
  auto rules = parts.rules();
  std::erase_if(rules, [&](Rule const& rule) { return known.disarmed.contains(rule.id) || (!rule.armed && !known.chosen.contains(rule.id)); });
  std::vector<StreamOf> streams;
  ZHILI_CHECK(parts.subjects.visit([&](StreamOf stream) { streams.push_back(std::move(stream)); }));
  auto instances = instances_of(rules, streams, [](Rule const& rule, Subject const& subject) { spdlog::warn("rules: {} at {} looks at the first {} sensors only", rule.id, text_of(subject), sensors_of_place_max); });
  Knowledge knowledge{.zone = parts.zone, .calendar = parts.calendar};
  knowledge.parameter = [&](Rule const& rule, Subject const& subject, std::string_view id) -> std::optional<double> {
    auto const found = known.parameters.find({rule.id, text_of(subject), std::string(id)});
    return found == known.parameters.end() ? std::nullopt : std::optional(found->second);
  };
  knowledge.usual = [&](Subject const& subject, std::string_view property, double share) -> std::optional<std::array<double, 24>> {
    auto const found = known.usual.find({text_of(subject), std::string(property), share});
    return found == known.usual.end() ? std::nullopt : std::optional(found->second.second);
  };
  ZHILI_TRY(engine, Engine::make(std::move(rules), std::move(instances), knowledge));
  next_save = known.last_save + 1;
  bool same = known.position >= 0;
  std::map<std::int64_t, std::size_t> in_group;
  for (std::uint32_t i = 0; i < engine->instances().size(); ++i) {
    auto const& instance = engine->instances()[i];
    auto const& rule = engine->rules()[instance.rule];
    std::pair const key(rule.id, text_of(instance.subject));
    auto const group = static_cast<std::int64_t>(i / group_instances);
    auto const at = in_group[group]++;
    same = same && known.groups.contains(group) && at < known.groups[group].size() && known.groups[group][at] == key;
    auto const found = known.states.find(key);
    if (found == known.states.end()) continue;
    auto& was = found->second;
    was.found_its_place = true;
    bool const fits = was.meaning == rule.meaning && was.sources == sources_number(instance);
    if (fits && engine->load(i, was.state, was.position)) {
      if (known.armed_anew.contains(rule.id)) engine->mend(i);
      continue;
    }
    same = false;
    engine->inherit(i, was.state, was.position);
  }
  for (auto const& [group, members] : known.groups) same = same && (group < 0 || (in_group.contains(group) && in_group[group] == members.size()));
  // A keeper that never ran begins with what comes from now on.
  engine->set_position(known.position < 0 ? parts.batches.position() : known.position);
  engine->set_mark(next_save);
  learn_from(known);
  return settle(known, same);
}

/// Ends what has no rule or no subject any more, and writes all states anew where they are not those that are written.
core::Result<> Keeper::Inside::settle(Known& known, bool same) {
  std::string gone;
  std::vector<Transition> ends;
  std::set<std::string> in_force;
  for (auto const& rule : engine->rules()) in_force.insert(rule.id);
  for (auto& [key, one] : known.states) {
    if (one.found_its_place) continue;
    auto const was = Engine::glimpse(one.state);
    if (!was) continue;
    auto sequence = was->sequence;
    auto const cause = in_force.contains(one.rule) ? Cause::subject_gone : Cause::rule_gone;
    if (was->fault) ends.push_back(ended(one.saved(), *was, TransitionKind::fault_over, cause, ++sequence));
    if (was->raised) ends.push_back(ended(one.saved(), *was, TransitionKind::clear, cause, ++sequence));
    auto const numbered = Engine::numbered(sequence);
    append_saved(gone, {.rule = one.rule, .subject = one.subject, .position = one.position, .state = numbered});
    same = same && one.group == -1;
  }
  if (same && known.armed_anew.empty()) return {};
  auto const groups = static_cast<std::uint32_t>((engine->instances().size() + group_instances - 1) / group_instances);
  auto const save = next_save++;
  ZHILI_CHECK(parts.db.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(hold(w));
    if (!ends.empty()) ZHILI_CHECK(parts.alarms.transitions(w, ends));
    w.exec("DELETE FROM rule_group");
    w.exec("DELETE FROM rule_journal");
    for (std::uint32_t group = 0; group < groups; ++group) w.exec("INSERT INTO rule_group (id, save, states) VALUES (?, ?, ?)", group, save, store::BlobView{group_states(group)});
    if (!gone.empty()) w.exec("INSERT INTO rule_group (id, save, states) VALUES (-1, ?, ?)", save, store::BlobView{gone});
    w.exec("UPDATE rule_keeper SET position = ? WHERE id = 1", engine->position());
    for (auto const& [rule, chosen_at] : known.armed_anew) w.exec("UPDATE rule_choice SET armed = 1 WHERE rule = ? AND armed = ? AND chosen_at = ?", rule, armed_anew, chosen_at);
    return {};
  }));
  if (!ends.empty()) parts.alarms.committed(ends);
  for (auto const& one : engine->dirty()) engine->saved(one.group);
  engine->set_mark(next_save);
  return {};
}

void Keeper::Inside::learn_from(Known const& known) {
  lessons.clear();
  lesson = 0;
  for (std::uint32_t i = 0; i < engine->instances().size(); ++i) {
    auto const wanted = engine->usuals(i);
    auto const& instance = engine->instances()[i];
    for (std::size_t which = 0; which < wanted.size(); ++which) {
      Lesson one{.instance = i, .which = which, .subject = text_of(instance.subject), .property = engine->rules()[instance.rule].watch[wanted[which].first].property, .share = wanted[which].second};
      for (auto const& source : instance.sources)
        if (source.property == wanted[which].first) one.streams.push_back(source.stream);
      auto const found = known.usual.find({one.subject, one.property, one.share});
      if (found != known.usual.end()) one.learned_on = found->second.first;
      lessons.push_back(std::move(one));
    }
  }
}

}  // namespace zhili::respond::rules
