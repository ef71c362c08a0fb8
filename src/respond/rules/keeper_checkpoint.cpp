// States that changed and found nothing are written now and then, the oldest first.

#include <algorithm>

#include "respond/rules/keeper_inside.hpp"

namespace zhili::respond::rules {

std::string Keeper::Inside::group_states(std::uint32_t group) const {
  std::set<std::uint32_t> members;
  auto const end = std::min<std::size_t>(engine->instances().size(), (std::size_t{group} + 1) * group_instances);
  for (auto i = std::size_t{group} * group_instances; i < end; ++i) members.insert(static_cast<std::uint32_t>(i));
  return states_of(members);
}

std::map<std::string, Standing> Keeper::Inside::standing_now() const {
  std::map<std::string, Standing> out;
  for (auto const& rule : engine->rules()) out[rule.id];
  for (std::uint32_t i = 0; i < engine->instances().size(); ++i) {
    auto& one = out[engine->rules()[engine->instances()[i].rule].id];
    ++one.subjects;
    one.raised += engine->is_raised(i) ? 1 : 0;
    one.at_fault += engine->is_fault(i) ? 1 : 0;
    auto const broken = engine->broken(i);
    if (broken == Broken::no) continue;
    if (one.broken++ == 0) one.why = static_cast<std::int64_t>(broken);
  }
  return out;
}

void write_standing(store::Writer& w, std::map<std::string, Standing> const& before, std::map<std::string, Standing> const& now) {
  for (auto const& [rule, one] : now) {
    auto const was = before.find(rule);
    if (was != before.end() && was->second == one) continue;
    w.exec("INSERT INTO rule_standing (rule, subjects, raised, at_fault, broken, broken_why) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (rule) DO UPDATE SET subjects = excluded.subjects, "
           "raised = excluded.raised, at_fault = excluded.at_fault, broken = excluded.broken, broken_why = excluded.broken_why",
           rule, one.subjects, one.raised, one.at_fault, one.broken, one.why);
  }
  for (auto const& [rule, one] : before)
    if (!now.contains(rule)) w.exec("DELETE FROM rule_standing WHERE rule = ?", rule);
}

core::Result<> Keeper::Inside::checkpoint(bool everything) {
  auto dirty = engine->dirty();
  std::ranges::sort(dirty, {}, &Engine::Dirty::mark);
  constexpr auto rounds = static_cast<std::size_t>(checkpoint_age_max / checkpoint_every);
  auto const count = everything ? dirty.size() : std::min(dirty.size(), std::max(checkpoint_groups, dirty.size() / rounds));
  auto position = std::min(engine->position(), known_to_all);
  auto mark = next_save;
  for (auto i = count; i < dirty.size(); ++i) {
    position = std::min(position, dirty[i].position);
    mark = std::min(mark, dirty[i].mark);
  }
  auto standing_then = standing_now();
  if (count == 0 && position == position_written && standing_then == standing) return {};
  auto const save = next_save++;
  ZHILI_CHECK(parts.db.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(hold(w));
    for (std::size_t i = 0; i < count; ++i)
      w.exec("INSERT INTO rule_group (id, save, states) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET save = excluded.save, states = excluded.states", dirty[i].group, save, store::BlobView{group_states(dirty[i].group)});
    w.exec("DELETE FROM rule_journal WHERE save < ?", mark);
    w.exec("UPDATE rule_keeper SET position = ? WHERE id = 1", position);
    write_standing(w, standing, standing_then);
    return {};
  }));
  for (std::size_t i = 0; i < count; ++i) engine->saved(dirty[i].group);
  engine->set_mark(next_save);
  standing = std::move(standing_then);
  position_written = position;
  renewed_at = parts.time.now();
  parts.batches.keep_after(position);
  return {};
}

}  // namespace zhili::respond::rules
