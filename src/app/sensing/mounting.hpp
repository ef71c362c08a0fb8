#pragma once
// The routes of sensing.

#include <memory>

#include "app/sensing/sensing.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::app {

/// Everything outlives the server.
void mount_sensing(web::Operations& operations, web::Router& router, web::PeopleParts const& people, Sensing& sensing, web::Metrics& metrics);

}  // namespace zhili::app
