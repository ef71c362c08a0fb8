#include "web/rules/rules.hpp"

namespace zhili::web {

void add_rule_metrics(Metrics& metrics, rules::Keeper const& keeper) {
  using Kind = Metrics::Kind;
  metrics.add(Kind::gauge, "zhili_rules_running", "", "1 where this process runs the rules, 0 where another does.", [&keeper] { return keeper.is_running() ? 1.0 : 0.0; });
  metrics.add(Kind::counter, "zhili_rules_readings_total", "", "Readings that the rules have taken in.", [&keeper] { return static_cast<double>(keeper.counts().readings); });
  metrics.add(Kind::counter, "zhili_rules_evaluations_total", "", "Judgements of rules, by readings and by time.", [&keeper] { return static_cast<double>(keeper.counts().evaluations); });
  metrics.add(Kind::counter, "zhili_rules_late_total", "", "Readings that came too late for the rules, or twice.", [&keeper] { return static_cast<double>(keeper.counts().late); });
}

}  // namespace zhili::web
