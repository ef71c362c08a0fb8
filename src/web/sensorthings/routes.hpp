#pragma once
// The handlers behind mount_sensorthings. Used in this folder only.

#include "web/sensorthings/sensorthings.hpp"

namespace zhili::web::sensorthings {

Response service_root(SensorThingsParts const& parts, Request const& request);
core::Result<Response> get_resource(SensorThingsParts const& parts, Request const& request);
void post_resource(SensorThingsParts const& parts, Request const& request, Responder const& respond);
void create_observations(SensorThingsParts const& parts, Request const& request, Responder const& respond);
core::Result<Response> patch_resource(SensorThingsParts const& parts, Request const& request);
core::Result<Response> put_resource(SensorThingsParts const& parts, Request const& request);
core::Result<Response> delete_resource(SensorThingsParts const& parts, Request const& request);

}  // namespace zhili::web::sensorthings
