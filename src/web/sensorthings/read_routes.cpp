#include <fmt/format.h>

#include <charconv>

#include "sense/ingest/json_scan.hpp"
#include "web/sensorthings/answers.hpp"
#include "web/sensorthings/routes.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;

namespace {

/// A part of a JSON text, as it stands. Nothing: there is none.
std::optional<std::string_view> json_part(std::string_view json, std::string const& key) {
  sense::ingest::JsonScan scan(json);
  std::string_view name, value;
  std::string kept;
  if (scan.take('{')) {
    if (scan.take('}')) return std::nullopt;
    do {
      scan.blanks();
      if (!scan.string(name, kept) || !scan.take(':')) return std::nullopt;
      bool const found = name == key;
      if (!scan.value(value)) return std::nullopt;
      if (found) return value;
    } while (scan.take(','));
    return std::nullopt;
  }
  std::size_t wanted = 0;
  auto const [stop, error] = std::from_chars(key.data(), key.data() + key.size(), wanted);
  if (error != std::errc{} || stop != key.data() + key.size() || !scan.take('[') || scan.take(']')) return std::nullopt;
  for (std::size_t i = 0; scan.value(value); ++i) {
    if (i == wanted) return value;
    if (!scan.take(',')) break;
  }
  return std::nullopt;
}

Response value_answer(std::string_view json) {
  sense::ingest::JsonScan scan(json);
  std::string_view text;
  std::string kept;
  if (scan.string(text, kept)) return Response::text(std::string(text));
  if (json.starts_with('{') || json.starts_with('[')) return Response::json(std::string(json));
  return Response::text(std::string(json));
}

core::Result<Response> property_answer(things::Found const& found, ResourcePath const& path) {
  auto const nowhere = [] { return fail(Errc::not_found, "sensorthings.path", {"这个属性里没有这一部分。", "This property has no such part."}); };
  std::string json;
  std::string name("@iot.id");
  if (path.own_id) {
    json = std::to_string(found.id);
  } else {
    name = path.property->name;
    auto const& content = found.values[path.entity().index(*path.property)];
    if (std::holds_alternative<std::monostate>(content)) {
      if (path.keys.empty()) return Response::no_content();
      return nowhere();
    }
    Renderer::content(json, content);
  }
  for (auto const& key : path.keys) {
    auto const part = json_part(json, key);
    if (!part) return nowhere();
    json = std::string(*part);
    name = key;
  }
  if (json == "null") return Response::no_content();
  if (path.value) return value_answer(json);
  std::string out("{");
  write_text(out, name);
  return Response::json(out + ":" + json + "}");
}

core::Result<Response> entity_answer(things::Reading& reading, Renderer const& renderer, Target const& target, ResourcePath const& path, things::Query const& query) {
  ZHILI_TRY(auto const found, reading.one(target.type, *target.id, query));
  if (!found) return fail(Errc::not_found, "sensorthings.none", {"没有这个实体。", "There is no such entity."});
  if (path.property != nullptr || path.own_id) return property_answer(*found, path);
  std::string out;
  if (path.ref) {
    out = "{\"@iot.selfLink\":";
    write_text(out, renderer.self_link(found->type, found->id));
    out += '}';
  } else {
    renderer.entity(out, *found, query);
  }
  return Response::json(std::move(out));
}

core::Result<> check_options(ResourcePath const& path, things::Query const& query) {
  bool const many = path.steps.back().many();
  auto const bare = path.property != nullptr || path.own_id || path.ref;
  for (auto const& [name, value] : query.written) {
    bool const good = many ? !path.ref || (name != "$select" && name != "$expand" && name != "$resultFormat") : !bare && (name == "$select" || name == "$expand");
    if (!good) return fail(Errc::invalid, "sensorthings.query", {name + " 在这个网址上没有意义。", name + " means nothing at this address."}, name);
  }
  return {};
}

}  // namespace

core::Result<Response> get_resource(SensorThingsParts const& parts, Request const& request) {
  ZHILI_TRY(auto const viewer, parts.access.viewer(request));
  ZHILI_TRY(auto const path, read_path(request.param("rest")));
  ZHILI_TRY(auto const query, read_query(path.entity().type, request.query, parts.time->now()));
  ZHILI_CHECK(check_options(path, query));
  ZHILI_CHECK(write_extents(parts, query));
  auto const reading_with = reading_parts(parts, viewer);
  Renderer const renderer(root_of(request));
  auto answer = parts.db->read([&](store::Reader& reader) -> core::Result<Response> {
    things::Reading reading(reader, reading_with);
    ZHILI_TRY(auto const target, resolve(reading, path));
    if (target.id) return entity_answer(reading, renderer, target, path, query);
    ZHILI_TRY(auto const collection, reading.list(target.type, target.from, query));
    std::string out;
    auto const where = target.from ? fmt::format("{}({})/{}", things::entity(target.from->type).set, target.from->id, target.from->link->name)
                                   : std::string(things::entity(target.type).set);
    if (path.ref) renderer.refs(out, collection, query, where + "/$ref");
    else if (query.data_array) renderer.data_array(out, collection, query, where);
    else renderer.collection(out, collection, query, where);
    return Response::json(std::move(out));
  });
  if (!answer) return fail(things::as_filter_error(answer.error(), query.filter || !query.order.empty()));
  if (viewer.staff) answer->headers.add("Cache-Control", "private, no-store");
  return answer;
}

core::Result<std::optional<std::string>> entity_json(SensorThingsParts const& parts, things::EntityType type, things::Id id, Fields const& options, std::string const& root) {
  ZHILI_TRY(auto const query, read_query(type, options, parts.time->now()));
  auto const reading_with = reading_parts(parts, {});
  return parts.db->read([&](store::Reader& reader) -> core::Result<std::optional<std::string>> {
    things::Reading reading(reader, reading_with);
    ZHILI_TRY(auto const found, reading.one(type, id, query));
    if (!found) return std::nullopt;
    std::string out;
    Renderer(root).entity(out, *found, query);
    return out;
  });
}

/// Whoever listens at every address is reached by MQTT where the client reached us.
std::string reached_at(std::string endpoint, Request const& request) {
  std::string host(request.headers.get("host").value_or(""));
  if (auto const port = host.rfind(':'); port != std::string::npos && !host.ends_with(']')) host.erase(port);
  if (host.empty()) return endpoint;
  for (std::string_view const everywhere : {"//0.0.0.0:", "//[::]:"})
    if (auto const at = endpoint.find(everywhere); at != std::string::npos) return endpoint.replace(at, everywhere.size(), "//" + host + ":");
  return endpoint;
}

Response service_root(SensorThingsParts const& parts, Request const& request) {
  auto const root = root_of(request);
  std::string out("{\"value\":[");
  for (auto const& one : things::all_entities())
    out += fmt::format("{}{{\"name\":\"{}\",\"url\":\"{}/{}\"}}", out.ends_with('[') ? "" : ",", one.set, root, one.set);
  constexpr std::string_view requirement = "http://www.opengis.net/spec/iot_sensing/1.1/req/";
  static constexpr std::string_view kept[] = {"datamodel",
                                              "resource-path/resource-path-to-entities",
                                              "request-data",
                                              "create-update-delete/create-entity",
                                              "create-update-delete/link-to-existing-entities",
                                              "create-update-delete/deep-insert",
                                              "create-update-delete/deep-insert-status-code",
                                              "create-update-delete/update-entity",
                                              "create-update-delete/update-entity-put",
                                              "create-update-delete/update-entity-jsonpatch",
                                              "create-update-delete/delete-entity",
                                              "create-update-delete/historical-location-auto-creation",
                                              "data-array/data-array"};
  static constexpr std::string_view by_mqtt[] = {"create-observations-via-mqtt/observations-creation", "receive-updates-via-mqtt/receive-updates"};
  out += "],\"serverSettings\":{\"conformance\":[";
  bool first = true;
  auto const claim = [&](std::string_view one) {
    out += fmt::format("{}\"{}{}\"", first ? "" : ",", requirement, one);
    first = false;
  };
  for (auto const one : kept) claim(one);
  if (!parts.mqtt_endpoints.empty())
    for (auto const one : by_mqtt) claim(one);
  out += "]";
  if (!parts.mqtt_endpoints.empty()) {
    std::string endpoints;
    for (auto const& one : parts.mqtt_endpoints) {
      if (!endpoints.empty()) endpoints += ',';
      write_text(endpoints, reached_at(one, request));
    }
    for (auto const one : by_mqtt) out += fmt::format(",\"{}{}\":{{\"endpoints\":[{}]}}", requirement, one, endpoints);
  }
  return Response::json(out + "}}");
}

}  // namespace zhili::web::sensorthings
