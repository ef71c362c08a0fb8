#include "web/sensorthings/answers.hpp"
#include "web/sensorthings/body.hpp"
#include "web/sensorthings/data_array.hpp"
#include "web/sensorthings/routes.hpp"

namespace zhili::web::sensorthings {

namespace {

using Answer = core::Result<Response> (*)(SensorThingsParts const&, Request const&);

Handler answering(SensorThingsParts const& parts, Answer answer) {
  return [parts, answer](Request const& request) {
    auto out = answer(parts, request);
    return out ? std::move(*out) : refused(std::move(out).error());
  };
}

}  // namespace

void mount_sensorthings(Router& router, SensorThingsParts const& parts) {
  std::string const root(service_path);
  auto const below = root + "/{rest...}";
  RouteOptions const reading{.any_origin = true};
  RouteOptions const writing{.body_bytes_max = entity_body_bytes_max};
  auto const get_root = [parts](Request const& request) { return service_root(parts, request); };
  router.get(root, get_root, reading);
  router.get(below, [parts, get_root, get = answering(parts, get_resource)](Request const& request) { return request.param("rest").empty() ? get_root(request) : get(request); }, reading);
  router.on_later(Method::post, root + "/CreateObservations", [parts](Request const& request, Responder respond) { create_observations(parts, request, respond); },
                  {.body_bytes_max = data_array_body_bytes_max});
  router.on_later(Method::post, below, [parts](Request const& request, Responder respond) { post_resource(parts, request, respond); }, writing);
  router.on(Method::patch, below, answering(parts, patch_resource), writing);
  router.on(Method::put, below, answering(parts, put_resource), writing);
  router.on(Method::del, below, answering(parts, delete_resource), writing);
}

}  // namespace zhili::web::sensorthings
