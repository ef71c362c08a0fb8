#include <fmt/format.h>

#include "web/alarms/alarms.hpp"

namespace zhili::web {

namespace {

/// A number that the database does not give counts as −1: there is no number of that kind.
constexpr double alarms_unknown = -1;

template <class Of>
void add_alarm_gauge(Metrics& metrics, store::Db& db, std::string name, std::string labels, std::string help, Of of) {
  metrics.add(Metrics::Kind::gauge, std::move(name), std::move(labels), std::move(help), [&db, of] {
    auto const counts = db.read([](store::Reader& r) { return alarms::count_alarms(r, {.sights = {{}}}); });
    return counts ? static_cast<double>(of(*counts)) : alarms_unknown;
  });
}

}  // namespace

void add_alarm_metrics(Metrics& metrics, store::Db& db, core::TimeSource const& time) {
  for (std::size_t i = 0; i < catalogue::rules::severities; ++i) {
    auto const severity = static_cast<alarms::Severity>(i);
    add_alarm_gauge(metrics, db, "zhili_alarms", fmt::format("severity=\"{}\"", catalogue::rules::name(severity)), "Alarms that stand and are not suppressed, by severity; faults of devices are not among them.",
              [severity](alarms::Counts const& counts) { return counts.of(severity); });
  }
  add_alarm_gauge(metrics, db, "zhili_alarms_unacknowledged", "", "Of these, those that nobody has acknowledged.", [](alarms::Counts const& counts) { return counts.of(alarms::State::raised); });
  add_alarm_gauge(metrics, db, "zhili_alarms_suppressed", "", "Alarms that stand and are suppressed.", [](alarms::Counts const& counts) { return counts.of(alarms::State::suppressed); });
  add_alarm_gauge(metrics, db, "zhili_device_faults", "", "Devices with an alarm that they are silent or stuck.", [](alarms::Counts const& counts) { return counts.faults; });
  add_alarm_gauge(metrics, db, "zhili_alarm_unacknowledged_seconds", "", "How long the oldest alarm that nobody has acknowledged has stood; 0: there is none.", [&time](alarms::Counts const& counts) {
    if (!counts.oldest_unacknowledged) return 0.0;
    return std::chrono::duration<double>(std::max(time.now() - *counts.oldest_unacknowledged, core::Duration{0})).count();
  });
}

}  // namespace zhili::web
