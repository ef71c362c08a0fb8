#pragma once
// For tests of SensorThings: a small installation on either engine, with both stores and the intake, and calls to its routes without
// sockets.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/fwd.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sense/ingest/store_sink.hpp"
#include "sense/things/stored_observations.hpp"
#include "sense/things/things_sink.hpp"
#include "support/temp_db.hpp"
#include "web/form.hpp"
#include "web/sensorthings/sensorthings.hpp"
#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings::test {

namespace ingest = sense::ingest;

/// What the intake must know, from the datastreams as they are in the database.
class Facts final : public ingest::StreamFacts {
 public:
  explicit Facts(store::Db& db) : db_(db) {}
  core::Result<> visit(std::function<void(ingest::StreamFact)> const& stream, std::function<void(ingest::DeviceFact)> const&) override {
    return db_.read([&](store::Reader& r) { things::Things::each_datastream(r, [&](auto const& facts) { stream(fact_of(facts)); }); });
  }
  core::Result<std::optional<ingest::StreamFact>> stream(std::int64_t id) override {
    return db_.read([&](store::Reader& r) -> std::optional<ingest::StreamFact> {
      auto const facts = things::Things::datastream(r, id);
      return facts ? std::optional(fact_of(*facts)) : std::nullopt;
    });
  }
  std::optional<ingest::LastReading> last(std::int64_t) override { return std::nullopt; }
  static ingest::StreamFact fact_of(things::DatastreamFacts const& facts) {
    auto const is = [&](std::string_view end) { return facts.observation_type.ends_with(end); };
    ingest::StreamFact out;
    out.datastream = facts.id;
    out.unit = facts.unit_code;
    out.kind = is("OM_TruthObservation") ? ingest::ValueKind::truth
               : is("OM_CountObservation") ? ingest::ValueKind::count
               : is("OM_CategoryObservation") ? ingest::ValueKind::text
                                              : ingest::ValueKind::number;
    out.any_kind = is("OM_Observation");
    return out;
  }

 private:
  store::Db& db_;
};

class NoUnits final : public ingest::UnitConverter {
 public:
  core::Result<ingest::Linear> convert(std::string_view, std::string_view) override { return core::fail(core::Errc::invalid, "unit.kind", {"不能换算", "does not convert"}, "unit"); }
};

enum class Who { everybody, key, staff };

class Town {
 public:
  explicit Town(zhili::test::Engine engine = zhili::test::Engine::sqlite) : db(engine), quarantine(*db, db.time) {
    observations_db = std::move(*store::Db::open_observations(db.options(), db.time));
    store = std::move(*sense::observations::ObservationStore::open(*observations_db, db.time));
    observations = std::make_unique<things::StoredObservations>(*store);
    desk = std::make_unique<things::Things>(*db);
    extents = std::make_unique<things::ExtentsKeeper>(*db);
    store_sink = std::make_unique<ingest::StoreSink>(*store);
    sink = std::make_unique<things::ThingsSink>(*store_sink, *desk, *extents);
    facts = std::make_unique<Facts>(*db);
    intake = std::move(*ingest::Intake::open({.time = db.time, .facts = *facts, .units = units, .sink = *sink, .quarantine = quarantine}, {.own_thread = false}));
    desk->on_change([this](things::Change const& change) {
      for (auto const& one : change.datastreams) intake->put(Facts::fact_of(one));
      for (auto const id : change.gone) intake->forget_stream(id);
    });
    mount_sensorthings(router, parts());
  }
  SensorThingsParts parts() {
    SensorThingsParts out{.db = &*db, .time = &db.time, .things = desk.get(), .observations = observations.get(), .extents = extents.get(), .intake = intake.get(), .access = access()};
    return out;
  }

  struct Answer {
    int status = 0;
    std::string text;
    boost::json::value json;
    Headers headers;
    boost::json::object const& object() const { return json.as_object(); }
    boost::json::array const& value() const { return json.at("value").as_array(); }
    std::int64_t id() const { return json.at("@iot.id").as_int64(); }
  };
  Answer ask(Method method, std::string_view target, std::string body = {}, Who who = Who::everybody, std::string type = "application/json") {
    Request request{.method = method, .body = std::move(body)};
    auto const split = parse_target("/sensorthings/v1.1" + (target.empty() ? std::string() : "/" + std::string(target)));
    EXPECT_TRUE(split) << target;
    if (!split) return {};
    request.path = split->path;
    request.query = split->query;
    request.headers.add("Host", "test");
    request.headers.add("Content-Type", std::move(type));
    request.headers.add("X-Who", who == Who::key ? "key" : who == Who::staff ? "staff" : "");
    auto match = router.find(method, split->segments);
    if (match.route == nullptr) return {.status = 404, .text = {}, .json = {}, .headers = {}};
    request.params = std::move(match.params);
    Response got;
    if (match.route->later) {
      match.route->later(request, Responder([&](Response response) { got = std::move(response); }));
    } else {
      got = match.route->handler(request);
    }
    Answer out{.status = got.status, .text = std::string(got.bytes()), .json = {}, .headers = got.headers};
    boost::json::error_code ignored;
    out.json = boost::json::parse(out.text, ignored);
    return out;
  }
  /// `path?name=value` with the value escaped.
  Answer get(std::string_view path, std::vector<std::pair<std::string, std::string>> const& options = {}, Who who = Who::everybody) {
    std::string target(path);
    for (auto const& [name, value] : options) target += (target.find('?') == std::string::npos ? "?" : "&") + percent_encode(name) + "=" + percent_encode(value);
    return ask(Method::get, target, {}, who);
  }
  Answer post(std::string_view path, std::string body, Who who = Who::staff) { return ask(Method::post, path, std::move(body), who); }
  std::int64_t make(std::string_view path, std::string body) {
    auto const made = post(path, std::move(body));
    EXPECT_EQ(made.status, 201) << path << " " << made.text;
    return made.status == 201 ? made.id() : 0;
  }
  /// The names of what a collection has, in its order.
  std::string names(std::string_view path, std::vector<std::pair<std::string, std::string>> const& options = {}, Who who = Who::everybody) {
    auto const answer = get(path, options, who);
    if (answer.status != 200) return std::to_string(answer.status) + " " + answer.text;
    std::string out;
    for (auto const& one : answer.value()) out += (out.empty() ? "" : " ") + std::string(one.at("name").as_string());
    return out;
  }
  std::string filtered(std::string_view path, std::string const& filter, Who who = Who::everybody) { return names(path, {{"$filter", filter}, {"$orderby", "id"}}, who); }
  std::string results(std::string_view path, std::vector<std::pair<std::string, std::string>> const& options = {}, Who who = Who::everybody) {
    auto const answer = get(path, options, who);
    if (answer.status != 200) return std::to_string(answer.status) + " " + answer.text;
    std::string out;
    for (auto const& one : answer.value()) {
      auto const& result = one.at("result");
      out += (out.empty() ? "" : " ") + (result.is_double() ? fmt::format("{}", result.get_double()) : boost::json::serialize(result));
    }
    return out;
  }

  zhili::test::TempDb db;
  std::unique_ptr<store::Db> observations_db;
  std::unique_ptr<sense::observations::ObservationStore> store;
  std::unique_ptr<things::StoredObservations> observations;
  std::unique_ptr<things::Things> desk;
  std::unique_ptr<things::ExtentsKeeper> extents;
  std::unique_ptr<ingest::StoreSink> store_sink;
  std::unique_ptr<things::ThingsSink> sink;
  std::unique_ptr<Facts> facts;
  NoUnits units;
  ingest::Quarantine quarantine;
  std::unique_ptr<ingest::Intake> intake;
  Router router;

 private:
  static Access access() {
    auto const who = [](Request const& request) { return request.headers.get("X-Who").value_or(""); };
    auto const nobody = [] { return core::fail(core::Errc::forbidden, "api_key.none", {"没有密钥", "no key"}); };
    return {.viewer = [who](Request const& request) -> core::Result<things::Viewer> { return things::Viewer{.staff = who(request) == "staff"}; },
            .author = [who, nobody](Request const& request) -> core::Result<things::Author> {
              if (who(request).empty()) return nobody();
              return things::Author{.ref = who(request) == "staff" ? "staff:dora" : "key:1", .staff = who(request) == "staff"};
            },
            .sender = [who, nobody](Request const& request) -> core::Result<ingest::Source> {
              if (who(request).empty()) return nobody();
              return ingest::Source{.way = ingest::Way::sensorthings, .any_stream = true};
            }};
  }
};

// Bodies.
inline std::string thing(std::string const& name, std::string const& more = {}) { return R"({"name":")" + name + R"(","description":"d")" + more + "}"; }
inline std::string location(std::string const& name, double lon, double lat, std::string const& more = {}) {
  return R"({"name":")" + name + R"(","description":"d","encodingType":"application/geo+json","location":{"type":"Point","coordinates":[)" + std::to_string(lon) + "," + std::to_string(lat) + "]}" + more + "}";
}
inline std::string sensor(std::string const& name, std::string const& more = {}) { return R"({"name":")" + name + R"(","description":"d","encodingType":"text/html","metadata":"https://example.org")" + more + "}"; }
inline std::string property(std::string const& name, std::string const& more = {}) { return R"({"name":")" + name + R"(","description":"d","definition":"https://example.org")" + more + "}"; }
inline std::string stream(std::string const& name, std::string const& more = {}) {
  return R"({"name":")" + name + R"(","description":"d","observationType":"http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",)"
         R"("unitOfMeasurement":{"name":"centimetre","symbol":"cm","definition":"ucum:cm"})" + more + "}";
}
inline std::string to(std::int64_t id) { return R"({"@iot.id":)" + std::to_string(id) + "}"; }

}  // namespace zhili::web::sensorthings::test
