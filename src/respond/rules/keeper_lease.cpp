// Which process runs the rules.

#include "respond/rules/keeper_inside.hpp"

namespace zhili::respond::rules {

using core::Errc;

bool is_lease_lost(core::Error const& error) { return error.key == "rules.lease"; }

/// Of one process alone nobody else can be running: it does not wait for the end of a lease that a crash left.
core::Result<bool> Keeper::Inside::take_over() {
  auto const now = parts.time.now();
  ZHILI_TRY(auto const taken, parts.db.write([&](store::Writer& w) -> core::Result<bool> {
    auto const row = w.row<std::string, std::int64_t, std::int64_t, std::int64_t>("SELECT holder, until_at, generation, configuration FROM rule_keeper WHERE id = 1");
    if (!row) return core::fail(Errc::corrupt, "rules.keeper", {"规则运行状态缺失。", "The row that says who runs the rules is missing."});
    auto const& [holder, until, last, configured] = *row;
    if (is_shared() && !holder.empty() && holder != parts.holder && until > core::to_ms(now)) return false;
    generation = last + 1;
    configuration = configured;
    w.exec("UPDATE rule_keeper SET holder = ?, until_at = ?, generation = ? WHERE id = 1", parts.holder, now + rules_lease, generation);
    return true;
  }));
  renewed_at = configuration_asked = now;
  return taken;
}

core::Result<> Keeper::Inside::hold(store::Writer& w) const {
  if (w.exec("UPDATE rule_keeper SET until_at = ? WHERE id = 1 AND generation = ?", parts.time.now() + rules_lease, generation) == 1) return {};
  return core::fail(Errc::conflict, "rules.lease", {"规则由另一个进程运行。", "Another process runs the rules."});
}

core::Result<> Keeper::Inside::give_back() {
  return parts.db.write([&](store::Writer& w) { w.exec("UPDATE rule_keeper SET holder = '', until_at = 0 WHERE id = 1 AND generation = ?", generation); });
}

}  // namespace zhili::respond::rules
