#pragma once
// The routes of sensing.

#include <string>
#include <vector>

#include "app/sensing/sensing.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::app {

/// Everything outlives the server. `mqtt_endpoints`: where SensorThings is offered by MQTT, "mqtt://host:1883".
void mount_sensing(web::Operations& operations, web::Router& router, web::PeopleParts const& people, Sensing& sensing, std::vector<std::string> mqtt_endpoints, web::Metrics& metrics);

}  // namespace zhili::app
