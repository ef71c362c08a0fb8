#pragma once
// What a serving process tells whoever watches it.

#include "app/service.hpp"

namespace zhili::app {

/// Adds the gauges and counters of docs/operate/watch.md. `service` must outlive the metrics.
void add_metrics(web::Metrics& metrics, Service& service);

}  // namespace zhili::app
