#pragma once
// OGC SensorThings API 1.1 (18-088) at /sensorthings/v1.1. What it answers is in docs/reference/sensorthings.md.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sense/ingest/intake.hpp"
#include "sense/things/extents.hpp"
#include "sense/things/observation_source.hpp"
#include "sense/things/query.hpp"
#include "sense/things/things.hpp"
#include "web/http.hpp"
#include "web/people/gate.hpp"

namespace zhili::web::sensorthings {

inline constexpr std::string_view service_path = "/sensorthings/v1.1";

/// Who asks. Each is called once a request.
struct Access {
  /// Who reads. Errors: forbidden, where reading is not open to everybody.
  std::function<core::Result<sense::things::Viewer>(Request const&)> viewer;
  /// Who changes entities. Errors: forbidden ("api_key.none" where nobody says who they are).
  std::function<core::Result<sense::things::Author>(Request const&)> author;
  /// Who sends observations: programs, devices by their tokens, staff. Errors: as author.
  std::function<core::Result<sense::ingest::Source>(Request const&)> sender;
};

/// Reading is for everybody, or, if not `open`, for whoever is signed in and for keys; what is private is for staff only. Writing is for keys
/// with the scope sensing.write and for administrators. `device`: who knows the tokens of devices; may be empty. All outlives the routes.
Access access_by(std::shared_ptr<Gate const> gate, bool open, std::function<core::Result<sense::ingest::Source>(Request const&)> device = {});

/// What the routes work on. Everything outlives the server.
struct SensorThingsParts {
  store::Db* db = nullptr;
  core::TimeSource const* time = nullptr;
  sense::things::Things* things = nullptr;
  sense::things::ObservationSource* observations = nullptr;
  sense::things::ExtentsKeeper* extents = nullptr;
  sense::ingest::Intake* intake = nullptr;
  Access access;
  /// "mqtt://host:1883": where the same is offered by MQTT; only then it is among the conformance classes.
  std::vector<std::string> mqtt_endpoints = {};
};

void mount_sensorthings(Router& router, SensorThingsParts const& parts);

/// An entity as a GET of it answers, for everybody: what goes out by MQTT. `root`: of the links. Nothing: there is none, or it is private.
core::Result<std::optional<std::string>> entity_json(SensorThingsParts const& parts, sense::things::EntityType type, sense::things::Id id, Fields const& options,
                                                     std::string const& root);

}  // namespace zhili::web::sensorthings
