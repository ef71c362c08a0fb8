// The interface of devices, over HTTP: who may do what, and from the box to a command that is done.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sense/devices/device_test_kit.hpp"
#include "web/devices/devices.hpp"
#include "web/operation/openapi.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web {
namespace {

using namespace std::chrono_literals;
using boost::json::object;
using boost::json::value;

/// A curve of two points and a last value for every datastream.
class FewReadings final : public Readings {
 public:
  core::Result<Series> series(std::int64_t, core::Instant from, core::Instant until, std::size_t points) const override {
    return Series{.step = points < 100 ? "hour" : "raw", .points = {{core::to_ms(from), 1, 2, 3, 4}, {core::to_ms(until) - 1, 5, 6, 7, 8}}};
  }
  core::Result<std::optional<Last>> last(std::int64_t) const override { return Last{.at = core::from_ms(1'763'712'000'000), .value = "12.5", .quality = {"stuck"}}; }
};

struct Answer {
  int status = 0;
  value json;
  std::string body;
  std::string code() const { return json.is_object() && json.as_object().contains("code") ? std::string(json.at("code").as_string()) : ""; }
};

/// dora administrates, wang keeps devices in the western community, li handles in the west, zhao in the east.
class DeviceRoutes : public testing::Test {
 protected:
  DeviceRoutes() {
    installation.departments = {{.code = "works", .name = {"工务", "Works"}, .area = {}}};
    auto const post = [&](char const* code, char const* role) { installation.posts.push_back({.code = code, .name = {code, code}, .department = "works", .role = role}); };
    post("keeper", "device_keeper");
    post("acceptor", "acceptor");
    accounts = std::make_unique<organise::Accounts>(*db, installation, db.time);
    sessions = std::make_unique<organise::Sessions>(*db, *accounts, db.time);
    auto const gate = std::make_shared<Gate const>(*db, *accounts, *sessions, keys, db.time);
    rules.purposes = {{.code = "check", .name = {"核实", "Check"}}, {.code = "other", .name = {"其他", "Other"}, .note_needed = true}};
    rules.readers = {"acceptor"};
    parts.people.api = {.db = &*db, .time = &db.time, .catalogue = process.catalogue, .installation = &installation, .places = &process.places};
    parts.people.gate = gate;
    parts.people.private_words = &rules;
    parts.desk = &process.desk;
    parts.watch = process.watch.get();
    parts.gate = process.gate.get();
    parts.commands = &process.commands;
    parts.readings = &readings;
    Router router;
    Operations operations(router, gate);
    mount_devices(operations, parts);
    mount_openapi(operations, router);
    server = std::make_unique<test::TestServer>(std::move(router));
    person("dora", "administration", "");
    person("wang", "keeper", "370402001001");
    person("li", "acceptor", "370402001001");
    person("zhao", "acceptor", "370402001002");
  }
  void person(std::string const& login, std::string const& post, std::string const& area) {
    auto const made = accounts->make({.login = login, .password = "three wet boots", .post = post, .area = area}, "cli");
    ASSERT_TRUE(made) << made.error().text.en;
    auto const begun = db->write([&](store::Writer& w) { return sessions->begin(w, made->account, {.by = "passkey", .proved_at = db.time.now()}); });
    people[login] = "Cookie: zhili_session=" + begun->token + "\r\nX-CSRF-Token: " + begun->csrf + "\r\n";
  }
  Answer send(std::string_view method, std::string_view path, std::string const& headers, std::string_view body = {}, std::string_view type = "application/json") {
    auto bytes = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + headers;
    if (!body.empty()) bytes += "Content-Type: " + std::string(type) + "\r\n";
    if (method != "GET") bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    auto const reply = server->ask(bytes + "\r\n" + std::string(body));
    Answer out{.status = reply.status, .json = {}, .body = reply.body};
    boost::system::error_code error;
    out.json = boost::json::parse(reply.body, error);
    return out;
  }
  Answer as(std::string const& who, std::string_view method, std::string_view path, std::string_view body = {}) { return send(method, path, people.at(who), body); }
  Answer by_device(std::string const& token, std::string_view method, std::string_view path, std::string_view body = {}) { return send(method, path, "Authorization: Bearer " + token + "\r\n", body); }
  std::string registered(std::string const& serial, std::string const& type = "gauge", char const* lon = "117.55050") {
    auto const made = as("dora", "POST", "/api/v1/devices", R"({"type":")" + type + R"(","serial":")" + serial + R"(","lat":34.8605,"lon":)" + lon + "}");
    EXPECT_EQ(made.status, 201) << made.body;
    return std::string(made.json.at("id").as_string());
  }
  Answer form(std::string const& who, std::string_view file, std::string const& mode, std::string const& more = {}) {
    std::string body;
    auto const part = [&](std::string const& head, std::string_view content) { body += "--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + std::string(content) + "\r\n"; };
    part("name=\"mode\"", mode);
    if (!more.empty()) part("name=\"credentials\"", more);
    part("name=\"file\"; filename=\"a.csv\"", file);
    return send("POST", "/api/v1/devices/import", people.at(who), body + "--b--\r\n", "multipart/form-data; boundary=b");
  }

  zhili::test::TempDb db;
  devices::test::NumberedThings things;
  devices::test::MemoryReadings history;
  devices::test::Process process{*db, db.time, things, history};
  catalogue::Installation installation;
  organise::ApiKeys keys{*db, db.time};
  std::unique_ptr<organise::Accounts> accounts;
  std::unique_ptr<organise::Sessions> sessions;
  organise::PrivateWordsRules rules;
  FewReadings readings;
  DeviceParts parts;
  std::map<std::string, std::string> people;
  std::unique_ptr<test::TestServer> server;  // ends first
};

TEST_F(DeviceRoutes, ShowADeviceToAllStaffAndToNobodyElse) {
  auto const id = registered("G-1");
  EXPECT_EQ(send("GET", "/api/v1/devices", "").status, 401);
  for (auto const* who : {"dora", "wang", "li", "zhao"}) {
    auto const listed = as(who, "GET", "/api/v1/devices?q=g-1&state=active&type=gauge").json;
    ASSERT_EQ(listed.at("devices").as_array().size(), 1u) << who;
    EXPECT_EQ(listed.at("devices").as_array()[0].at("id"), value(id));
  }
  auto const one = as("li", "GET", "/api/v1/devices/" + id).json;
  EXPECT_EQ(one.at("at").at("area"), value("370402001001"));
  EXPECT_EQ(one.at("streams").as_array().size(), 3u);
  EXPECT_EQ(one.at("streams").as_array()[0].at("last").at("value"), value(12.5));
  EXPECT_EQ(one.at("streams").as_array()[0].at("unit"), value("cm"));
  EXPECT_EQ(one.at("faults").as_array().size(), 0u);
  EXPECT_EQ(as("li", "GET", "/api/v1/devices/999999").status, 404);
  EXPECT_EQ(as("li", "GET", "/api/v1/devices?state=tired").status, 400);
}

TEST_F(DeviceRoutes, PageAndCount) {
  for (int i = 0; i < 5; ++i) registered("G-" + std::to_string(i));
  std::vector<std::string> seen;
  std::string cursor = "0";
  while (true) {
    auto const page = as("li", "GET", "/api/v1/devices?limit=2&cursor=" + cursor).json;
    for (auto const& device : page.at("devices").as_array()) seen.emplace_back(device.at("serial").as_string());
    if (page.at("next").is_null()) break;
    cursor = page.at("next").as_string();
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"G-0", "G-1", "G-2", "G-3", "G-4"}));
  db.time.advance(10min);
  auto const counts = as("li", "GET", "/api/v1/devices/counts").json;
  EXPECT_EQ(counts.at("total"), value(5));
  EXPECT_EQ(counts.at("by_state").at("silent"), value(5));
  EXPECT_EQ(as("li", "GET", "/api/v1/devices/types").json.at("types").as_array().size(), 3u);
}

TEST_F(DeviceRoutes, LetKeepersKeepWhatIsInTheirAreas) {
  auto const east = registered("E-1", "gauge", "117.55150");
  auto const west = registered("W-1");
  EXPECT_EQ(as("li", "POST", "/api/v1/devices", R"({"type":"gauge","serial":"X","area":"370402001001"})").status, 403);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices", R"({"type":"gauge","serial":"X","area":"370402001001"})").status, 201);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices", R"({"type":"gauge","serial":"Y","area":"370402001002"})").code(), "device.not_yours");
  EXPECT_EQ(as("wang", "PATCH", "/api/v1/devices/" + west, R"({"name":"桥下"})").json.at("name"), value("桥下"));
  EXPECT_EQ(as("wang", "PATCH", "/api/v1/devices/" + east, R"({"name":"桥下"})").status, 403);
  EXPECT_EQ(as("wang", "PATCH", "/api/v1/devices/" + west, R"({"area":"370402001002"})").status, 403);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices/" + east + "/credentials", "{}").status, 403);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices/" + east + "/commands", R"({"command":"blink"})").status, 403);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices/" + west + "/credentials", "{}").status, 201);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices/claim-codes", R"({"type":"gauge","serials":["Z"]})").status, 403) << "boxes may go anywhere";
  EXPECT_EQ(form("wang", "type,serial\n", "preview").status, 403);
  EXPECT_EQ(as("wang", "POST", "/api/v1/devices", R"({"type":"gauge","serial":"V","lat":34.8605})").json.at("field"), value("lon"));
}

TEST_F(DeviceRoutes, GiveATokenOnceAndRefuseItWhenItIsDisabled) {
  auto const id = registered("G-1");
  auto const path = "/api/v1/devices/" + id + "/credentials";
  auto const issued = send("POST", path, people.at("dora") + "Idempotency-Key: k1\r\n", R"({"kind":"token"})");
  ASSERT_EQ(issued.status, 201) << issued.body;
  auto const again = send("POST", path, people.at("dora") + "Idempotency-Key: k1\r\n", R"({"kind":"token"})");
  EXPECT_EQ(again.json.at("id"), issued.json.at("id"));
  EXPECT_TRUE(again.json.at("secret").is_null()) << "shown once";
  std::string const token(issued.json.at("secret").as_string());
  auto const me = by_device(token, "GET", "/api/v1/devices/me");
  ASSERT_EQ(me.status, 200) << me.body;
  EXPECT_EQ(me.json.at("streams").as_array()[0].at("stream"), value("level"));
  EXPECT_EQ(by_device(token, "POST", "/api/v1/devices/me/health", R"({"firmware":{"version":"2.1"}})").status, 204);
  EXPECT_EQ(by_device(token, "POST", "/api/v1/devices/me/health", R"({"firmware":{"colour":"red"}})").json.at("field"), value("firmware.colour"));
  EXPECT_EQ(as("li", "GET", "/api/v1/devices/" + id).json.at("firmware"), value("2.1"));
  auto const said = as("li", "GET", "/api/v1/devices/" + id).json.at("said").as_array();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].at("value"), value("2.1"));
  EXPECT_EQ(as("dora", "DELETE", path + "/" + boost::json::serialize(issued.json.at("id"))).status, 200);
  EXPECT_EQ(by_device(token, "GET", "/api/v1/devices/me").status, 401);
  EXPECT_EQ(by_device("zk_" + std::string(43, 'a'), "GET", "/api/v1/devices/me").code(), "device.token");
  EXPECT_EQ(send("GET", "/api/v1/devices/me", people.at("dora")).status, 401) << "a session is no device";
}

TEST_F(DeviceRoutes, ShutWhatStandsInAHomeUntilSomebodyOnDutySaysWhatFor) {
  auto const bed = registered("B-1", "bed");
  auto const stream = std::to_string(process.gate->find(std::stoll(bed))->streams[0].datastream);
  EXPECT_EQ(as("li", "GET", "/api/v1/devices").json.at("devices").as_array().size(), 0u);
  auto const kept = as("dora", "GET", "/api/v1/devices").json.at("devices").as_array();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_TRUE(kept[0].at("at").at("lat").is_null());
  auto const shut = as("dora", "GET", "/api/v1/devices/" + bed).json;
  EXPECT_EQ(shut.at("readable"), value(false));
  EXPECT_TRUE(shut.at("streams").as_array()[0].at("last").is_null());
  EXPECT_TRUE(shut.at("at").at("lat").is_null());
  EXPECT_EQ(as("li", "GET", "/api/v1/datastreams/" + stream + "/series").code(), "device.private");
  EXPECT_EQ(as("zhao", "GET", "/api/v1/datastreams/" + stream + "/series?purpose=check").status, 403) << "not their area";
  EXPECT_EQ(as("dora", "GET", "/api/v1/datastreams/" + stream + "/series?purpose=check").status, 403) << "keeping devices is no duty for the people";
  EXPECT_EQ(as("li", "GET", "/api/v1/datastreams/" + stream + "/series?purpose=other").status, 400) << "say which";
  EXPECT_EQ(as("li", "GET", "/api/v1/devices/" + bed + "/commands").status, 403);
  EXPECT_EQ(as("li", "GET", "/api/v1/datastreams/" + stream + "/series?purpose=check").status, 200);
  auto const open = as("li", "GET", "/api/v1/devices/" + bed + "?purpose=check").json;
  EXPECT_EQ(open.at("readable"), value(true));
  EXPECT_FALSE(open.at("streams").as_array()[0].at("last").is_null());
  auto const notes = [&] { return *db->read([](store::Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM ledger WHERE kind = 11"); }); };
  EXPECT_EQ(notes(), 1) << "one trace for one look";
  db.time.advance(reading_noted_once);
  as("li", "GET", "/api/v1/devices/" + bed + "?purpose=check");
  EXPECT_EQ(notes(), 2);
}

TEST_F(DeviceRoutes, DrawACurve) {
  auto const id = registered("G-1");
  auto const stream = std::to_string(process.gate->find(std::stoll(id))->streams[0].datastream);
  auto const curve = as("li", "GET", "/api/v1/datastreams/" + stream + "/series?from=2025-11-21T06:00:00Z&to=2025-11-21T07:00:00Z&points=10");
  ASSERT_EQ(curve.status, 200) << curve.body;
  EXPECT_EQ(curve.json.at("unit"), value("cm"));
  EXPECT_EQ(curve.json.at("step"), value("hour"));
  EXPECT_EQ(curve.json.at("points").as_array()[0], value({1'763'704'800'000, 1.0, 2.0, 3.0, 4}));
  EXPECT_EQ(as("li", "GET", "/api/v1/datastreams/" + stream + "/series?from=2025-11-21T08:00:00Z&to=2025-11-21T07:00:00Z").json.at("field"), value("from"));
  EXPECT_EQ(as("li", "GET", "/api/v1/datastreams/1/series").status, 404);
}

TEST_F(DeviceRoutes, GoFromTheBoxToACommandThatIsDone) {
  auto const codes = as("dora", "POST", "/api/v1/devices/claim-codes", R"({"type":"gauge","serials":["G-7"]})");
  ASSERT_EQ(codes.status, 201) << codes.body;
  auto const& box = codes.json.at("codes").as_array()[0];
  auto const hello = boost::json::serialize(object{{"serial", "G-7"}, {"secret", box.at("secret")}});
  EXPECT_EQ(send("POST", "/api/v1/devices/announce", "", hello).status, 202);
  EXPECT_EQ(send("POST", "/api/v1/devices/announce", "", R"({"serial":"G-7","secret":"za_wrong"})").status, 403);
  auto const claimed = as("wang", "POST", "/api/v1/devices/claim", boost::json::serialize(object{{"code", box.at("code")}, {"name", "桥下"}, {"component", "3704020101000001"}}));
  ASSERT_EQ(claimed.status, 201) << claimed.body;
  auto const announced = send("POST", "/api/v1/devices/announce", "", hello);
  ASSERT_EQ(announced.status, 200);
  std::string const token(announced.json.at("token").as_string());
  auto const id = std::string(claimed.json.at("id").as_string());
  EXPECT_EQ(by_device(token, "GET", "/api/v1/devices/me/commands?wait=0").json.at("commands").as_array().size(), 0u);
  auto const bad = as("wang", "POST", "/api/v1/devices/" + id + "/commands", R"({"command":"set","parameters":{"depth":11}})");
  EXPECT_EQ(bad.json.at("field"), value("parameters.depth")) << bad.body;
  auto waiting = server->client();  // a long poll: answered when there is something
  waiting.send(test::get("/api/v1/devices/me/commands?wait=30", "Authorization: Bearer " + token + "\r\n"));
  auto const asked = as("wang", "POST", "/api/v1/devices/" + id + "/commands", R"({"command":"set","parameters":{"depth":3}})");
  ASSERT_EQ(asked.status, 201) << asked.body;
  auto const told = boost::json::parse(waiting.reply().body).at("commands").as_array();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].at("parameters"), value({{"depth", 3}}));
  auto const number = boost::json::serialize(told[0].at("id"));
  EXPECT_EQ(by_device(token, "POST", "/api/v1/devices/me/commands/" + number, R"({"done":true,"result":"ok"})").json.at("state"), value("acknowledged"));
  auto const shown = as("li", "GET", "/api/v1/devices/" + id + "/commands").json.at("commands").as_array();
  EXPECT_EQ(shown[0].at("state"), value("acknowledged"));
  EXPECT_EQ(shown[0].at("by"), value("staff:wang"));
}

TEST_F(DeviceRoutes, HoldWhoeverGuessesClaimCodes) {
  int refused = 0;
  for (int i = 0; i < wrong_codes_max_per_hour + 3; ++i)
    refused += as("wang", "POST", "/api/v1/devices/claim", boost::json::serialize(object{{"code", devices::new_claim_code()}, {"area", "370402001001"}})).status == 429;
  EXPECT_EQ(refused, 3);
}

TEST_F(DeviceRoutes, TakeAFileWhileSomebodyWatches) {
  std::string file = "type,serial,area\n";
  for (int i = 0; i < 30; ++i) file += "gauge,S-" + std::to_string(i) + ",370402001001\n";
  auto const seen = form("dora", file + "boat,B-1,\n", "preview");
  ASSERT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(seen.json.at("fits"), value(30));
  EXPECT_EQ(seen.json.at("wrong").as_array()[0].at("line"), value(32));
  auto const begun = form("dora", file, "all", "token");
  ASSERT_EQ(begun.status, 202) << begun.body;
  std::string const path = "/api/v1/devices/imports/" + std::string(begun.json.at("import").as_string());
  Answer progress;
  do progress = as("dora", "GET", path);
  while (progress.json.at("state") == value("running"));
  EXPECT_EQ(progress.json.at("state"), value("done")) << progress.body;
  EXPECT_EQ(progress.json.at("result").at("written"), value(true));
  EXPECT_EQ(as("wang", "GET", path).status, 403);
  auto const result = as("dora", "GET", path + "/result").body;
  auto const at = result.find("zd_");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(by_device(result.substr(at, 46), "GET", "/api/v1/devices/me").json.at("serial"), value("S-0"));
}

TEST_F(DeviceRoutes, ShowDashboardsWithOnesOwnFirst) {
  installation.holdings.push_back({.function = "lighting", .area = "", .department = "works", .post = "keeper"});
  auto const of = [&](char const* who) { return as(who, "GET", "/api/v1/dashboards").json.at("dashboards").as_array(); };
  auto const wang = of("wang");
  ASSERT_EQ(wang.size(), 2u);
  EXPECT_EQ(wang[0].at("id"), value("light-duty"));
  EXPECT_EQ(wang[0].at("mine"), value(true));
  EXPECT_EQ(wang[1].at("id"), value("flood-duty"));
  EXPECT_EQ(wang[1].at("mine"), value(false));
  auto const& panels = wang[1].at("panels").as_array();
  EXPECT_EQ(panels[0].at("types").as_array()[0].at("name").at("en"), value("Water gauge"));
  ASSERT_EQ(panels[1].at("streams").as_array().size(), 1u) << "what stands in homes is on no dashboard";
  EXPECT_EQ(panels[1].at("streams").as_array()[0].at("unit"), value("cm"));
  EXPECT_EQ(send("GET", "/api/v1/dashboards", "").status, 401);
}

TEST_F(DeviceRoutes, ShowTheNewestReadingsOfAStreamEverywhere) {
  auto const first = registered("G-1");
  registered("L-1", "lamp");
  auto const second = registered("G-2");
  auto const page = as("li", "GET", "/api/v1/readings?type=gauge&stream=level&limit=1").json;
  ASSERT_EQ(page.at("readings").as_array().size(), 1u);
  EXPECT_EQ(page.at("stream").at("unit"), value("cm"));
  auto const& reading = page.at("readings").as_array()[0];
  EXPECT_EQ(reading.at("device"), value(first));
  EXPECT_EQ(reading.at("last").at("value"), value(12.5));
  EXPECT_EQ(reading.at("last").at("quality").as_array()[0], value("stuck"));
  auto const rest = as("li", "GET", "/api/v1/readings?type=gauge&stream=level&cursor=" + std::string(page.at("next").as_string())).json;
  ASSERT_EQ(rest.at("readings").as_array().size(), 1u);
  EXPECT_EQ(rest.at("readings").as_array()[0].at("device"), value(second));
  EXPECT_TRUE(rest.at("next").is_null());
  EXPECT_EQ(as("dora", "GET", "/api/v1/readings?type=bed&stream=breath").code(), "device.private");
  EXPECT_EQ(as("li", "GET", "/api/v1/readings?type=gauge&stream=depth").status, 400);
}

TEST_F(DeviceRoutes, AreDescribed) {
  auto const document = send("GET", "/api/v1/openapi.json", "");
  ASSERT_EQ(document.status, 200);
  for (auto const* path : {"/api/v1/devices", "/api/v1/devices/{id}", "/api/v1/devices/import", "/api/v1/devices/claim", "/api/v1/devices/me/commands", "/api/v1/datastreams/{id}/series", "/api/v1/dashboards", "/api/v1/readings"})
    EXPECT_TRUE(document.json.at("paths").as_object().contains(path)) << path;
}

}  // namespace
}  // namespace zhili::web
