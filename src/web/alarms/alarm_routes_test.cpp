// The interface of alarms, over HTTP: who sees which, and what they may do with them.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "respond/alarms/alarm_test_kit.hpp"
#include "sense/devices/device_test_kit.hpp"
#include "web/alarms/alarms.hpp"
#include "web/live/event.hpp"
#include "web/operation/openapi.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web {
namespace {

using namespace std::chrono_literals;
using boost::json::value;
using respond::rules::TransitionKind;
using alarms::Severity;

struct AlarmAnswer {
  int status = 0;
  value json;
  std::string body, etag;
  std::string code() const { return json.is_object() && json.as_object().contains("code") ? std::string(json.at("code").as_string()) : ""; }
  std::vector<std::string> subjects() const {
    std::vector<std::string> out;
    for (auto const& alarm : json.at("alarms").as_array()) out.emplace_back(alarm.at("subject").as_string());
    std::ranges::sort(out);
    return out;
  }
};

/// lin dispatches everywhere, han handles for drainage, gao for roads, ann accepts in the eastern community, wang keeps devices in the western
/// one, dora administrates, eve has an account and no post. Gauges 1 and 2 stand in the western community, 3 in the eastern one; 9 in a home in
/// the west.
class AlarmRoutes : public testing::Test {
 protected:
  AlarmRoutes() {
    installation.prefix = "LC";
    installation.departments = {{.code = "centre", .name = {"指挥中心", "Command centre"}, .area = {}}, {.code = "drainage", .name = {"排水", "Drainage"}, .area = {}}, {.code = "roads", .name = {"道路", "Roads"}, .area = {}}};
    auto const post = [&](char const* code, char const* department, char const* role) { installation.posts.push_back({.code = code, .name = {code, code}, .department = department, .role = role}); };
    post("dispatch", "centre", "dispatcher");
    post("desk", "centre", "acceptor");
    post("keeping", "centre", "device_keeper");
    post("drainage-desk", "drainage", "handler");
    post("roads-desk", "roads", "handler");
    accounts = std::make_unique<organise::Accounts>(*db, installation, db.time);
    sessions = std::make_unique<organise::Sessions>(*db, *accounts, db.time);
    auto const gate = std::make_shared<Gate const>(*db, *accounts, *sessions, keys, db.time);
    parts.people.api = {.db = &*db, .time = &db.time, .catalogue = city.catalogue, .installation = &installation, .places = &places};
    parts.people.accounts = accounts.get();
    parts.people.gate = gate;
    parts.desk = &city.desk;
    parts.rule_name = [](std::string const& rule) { return rule == "ponding-deep" ? std::optional(core::Text{"积水过深", "Deep water"}) : std::nullopt; };
    Router router;
    Operations operations(router, gate);
    mount_alarms(operations, parts);
    mount_openapi(operations, router);
    server = std::make_unique<test::TestServer>(std::move(router));
    person("dora", "administration", "");
    person("lin", "dispatch", "");
    person("ann", "desk", "370402001002");
    person("wang", "keeping", "370402001001");
    person("han", "drainage-desk", "");
    person("gao", "roads-desk", "");
    person("eve", "", "");
  }
  void person(std::string const& login, std::string const& post, std::string const& area) {
    auto const made = accounts->make({.login = login, .password = "three wet boots", .post = post, .area = area}, "cli");
    ASSERT_TRUE(made) << made.error().text.en;
    auto const begun = db->write([&](store::Writer& w) { return sessions->begin(w, made->account, {.by = "passkey", .proved_at = db.time.now()}); });
    people[login] = "Cookie: zhili_session=" + begun->token + "\r\nX-CSRF-Token: " + begun->csrf + "\r\n";
  }
  AlarmAnswer send(std::string_view method, std::string_view path, std::string const& headers, std::string_view body = {}) {
    auto bytes = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + headers;
    if (!body.empty()) bytes += "Content-Type: application/json\r\n";
    if (method != "GET") bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    auto const reply = server->ask(bytes + "\r\n" + std::string(body));
    AlarmAnswer out{.status = reply.status, .json = {}, .body = reply.body, .etag = std::string(reply.headers.get("ETag").value_or(""))};
    boost::system::error_code error;
    out.json = boost::json::parse(reply.body, error);
    return out;
  }
  AlarmAnswer as(std::string const& who, std::string_view method, std::string_view path, std::string_view body = {}) { return send(method, path, people.at(who), body); }
  AlarmAnswer does(std::string const& who, std::string const& alarm, std::string_view body, std::string const& more = {}) {
    return send("POST", "/api/v1/alarms/" + alarm + "/commands", people.at(who) + more, body);
  }
  /// A rule says it, and what follows by itself is done.
  void says(TransitionKind kind, std::int64_t thing, Severity severity = Severity::major) {
    respond::rules::Transition t{.rule = "ponding-deep", .subject = {catalogue::rules::Scope::thing, std::to_string(thing)}};
    t.sequence = ++sequence;
    t.kind = kind;
    t.at = db.time.now();
    t.severity = severity;
    t.thing = thing;
    t.stream = thing * 10;
    t.property = "water-level";
    t.has_value = true;
    t.value = 23.5;
    t.unit = "cm";
    t.says = {"{place}水深 23.5 厘米", "{place}: water 23.5 cm deep"};
    t.opens = "0415/deep";
    ASSERT_TRUE(db->write([&](store::Writer& w) { return city.desk.transitions(w, {&t, 1}); }));
    run();
  }
  void run() {
    for (auto done = city.desk.run_due(db.time.now(), 1'000); done.value() != 0;) done = city.desk.run_due(db.time.now(), 1'000);
  }
  std::string alarm_of(std::int64_t thing) {
    auto const found = as("lin", "GET", "/api/v1/alarms?state=all&kind=condition&thing=" + std::to_string(thing)).json.at("alarms").as_array();
    return found.empty() ? "" : std::string(found.at(0).at("id").as_string());
  }

  zhili::test::TempDb db;
  alarms::kit::City city{*db, db.folder() / "master.key", db.options().url, db.time};
  sense::places::LivePlaces places{sense::places::PlaceIndex::build(sense::devices::test::small_town())};
  catalogue::Installation installation;
  organise::ApiKeys keys{*db, db.time};
  std::unique_ptr<organise::Accounts> accounts;
  std::unique_ptr<organise::Sessions> sessions;
  AlarmParts parts;
  std::map<std::string, std::string> people;
  std::int64_t sequence = 0;
  std::unique_ptr<test::TestServer> server;  // ends first
};

using Subjects = std::vector<std::string>;

TEST_F(AlarmRoutes, ShowEachPostWhatIsItsOwn) {
  says(TransitionKind::raise, 1);
  says(TransitionKind::raise, 3);
  says(TransitionKind::fault, 2);
  EXPECT_EQ(send("GET", "/api/v1/alarms", "").status, 401);
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms").subjects(), (Subjects{"thing:1", "thing:2", "thing:3"}));
  EXPECT_EQ(as("ann", "GET", "/api/v1/alarms").subjects(), (Subjects{"thing:3"})) << "her area";
  EXPECT_EQ(as("han", "GET", "/api/v1/alarms").subjects(), (Subjects{"thing:1", "thing:3"})) << "drainage has the duty; nobody's duty is a fault";
  EXPECT_EQ(as("gao", "GET", "/api/v1/alarms").subjects(), Subjects{});
  EXPECT_EQ(as("wang", "GET", "/api/v1/alarms").subjects(), (Subjects{"thing:2"})) << "the fault in his area";
  EXPECT_EQ(as("eve", "GET", "/api/v1/alarms").subjects(), Subjects{});
  auto const east = alarm_of(3);
  EXPECT_EQ(as("ann", "GET", "/api/v1/alarms/" + east).status, 200);
  EXPECT_EQ(as("gao", "GET", "/api/v1/alarms/" + east).status, 404);
  EXPECT_EQ(as("gao", "GET", "/api/v1/alarms/" + east).code(), as("gao", "GET", "/api/v1/alarms/999999").code()) << "one that is not theirs is not there";
}

TEST_F(AlarmRoutes, TellAllOfOne) {
  says(TransitionKind::raise, 1);
  auto const id = alarm_of(1);
  auto const one = as("han", "GET", "/api/v1/alarms/" + id);
  ASSERT_EQ(one.status, 200) << one.body;
  auto const& alarm = one.json.as_object();
  EXPECT_EQ(alarm.at("rule").at("name").at("en"), value("Deep water"));
  EXPECT_EQ(alarm.at("severity"), value("major"));
  EXPECT_EQ(alarm.at("state"), value("raised"));
  EXPECT_EQ(alarm.at("says").at("zh"), value("人民路下穿水深 23.5 厘米"));
  EXPECT_EQ(alarm.at("value"), value(23.5));
  EXPECT_EQ(alarm.at("unit"), value("cm"));
  EXPECT_EQ(alarm.at("place").at("key"), value("U"));
  EXPECT_EQ(alarm.at("place").at("area_name").at("zh"), value("370402001001"));
  EXPECT_EQ(alarm.at("keeper").at("name").at("en"), value("Drainage"));
  EXPECT_TRUE(alarm.at("case_no").as_string().starts_with("LC")) << one.body;
  EXPECT_EQ(alarm.at("story").as_array().size(), 2u);
  EXPECT_EQ(alarm.at("may"), value({"acknowledge", "assign", "comment", "clear", "reopen"})) << "not suppress";
  EXPECT_EQ(one.etag, "\"" + std::to_string(alarm.at("version").as_int64()) + ".a\"");
  auto const no = std::string(alarm.at("case_no").as_string());
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?case=" + no).subjects(), (Subjects{"thing:1"}));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?case=nonsense").json.at("field"), value("case"));
}

TEST_F(AlarmRoutes, LetAPostWithTheDutyLookAfterIt) {
  says(TransitionKind::raise, 1);
  auto const id = alarm_of(1);
  EXPECT_EQ(does("gao", id, R"({"command":"acknowledge"})").status, 404);
  EXPECT_EQ(does("wang", id, R"({"command":"acknowledge"})").status, 404) << "no fault of a device";
  EXPECT_EQ(does("han", id, R"({"command":"suppress","until":"2025-11-22T00:00:00Z","reason":"x"})").code(), "alarm.not_yours");
  auto const done = does("han", id, R"({"command":"acknowledge"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.json.at("state"), value("acknowledged"));
  EXPECT_EQ(does("lin", id, R"({"command":"acknowledge"})").status, 409) << "han was first";
  EXPECT_EQ(does("lin", id, R"({"command":"assign","person":"nobody"})").json.at("field"), value("person"));
  EXPECT_EQ(does("lin", id, R"({"command":"assign","post":"nowhere"})").json.at("field"), value("post"));
  EXPECT_EQ(does("lin", id, R"({"command":"assign","post":"drainage-desk","person":"han"})").status, 200);
  EXPECT_EQ(does("han", id, R"({"command":"comment"})").json.at("field"), value("reason"));
  EXPECT_EQ(does("han", id, R"({"command":"comment","reason":"泵车已出发"})").status, 200);
  EXPECT_EQ(does("han", id, R"({"command":"explode"})").status, 400);
  EXPECT_EQ(does("han", id, R"({"command":"hush"})").status, 400) << "of machines, not of people";
  EXPECT_EQ(does("lin", id, R"({"command":"suppress","until":"2025-11-21T09:00:00Z","reason":"the road is closed"})").status, 200);
  auto const one = as("han", "GET", "/api/v1/alarms/" + id).json;
  EXPECT_EQ(one.at("state"), value("suppressed"));
  EXPECT_EQ(one.at("assigned_to").at("person"), value("han"));
  EXPECT_EQ(one.at("assigned_to").at("post"), value("drainage-desk"));
  db.time.advance(1h);
  run();
  EXPECT_EQ(does("lin", id, R"({"command":"clear","reason":"tested"})").json.at("state"), value("cleared"));
  EXPECT_EQ(does("lin", id, R"({"command":"reopen","reason":"it was no test"})").json.at("state"), value("raised"));
}

TEST_F(AlarmRoutes, KeepSomebodyWhoSawAnotherVersionFromDecidingBlindly) {
  says(TransitionKind::raise, 1);
  auto const id = alarm_of(1);
  auto const tag = as("han", "GET", "/api/v1/alarms/" + id).etag;
  EXPECT_EQ(does("han", id, R"({"command":"acknowledge"})", "If-Match: " + tag + "\r\n").status, 200);
  auto const late = does("lin", id, R"({"command":"clear","reason":"dry"})", "If-Match: " + tag + "\r\n");
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(late.code(), "alarm.if_match");
  EXPECT_EQ(does("lin", id, R"({"command":"clear","reason":"dry","version":1})").status, 409);
  EXPECT_EQ(does("lin", id, R"({"command":"clear","reason":"dry"})", "If-Match: W/nonsense\r\n").status, 400);
  auto const first = does("lin", id, R"({"command":"comment","reason":"once"})", "Idempotency-Key: k1\r\n");
  auto const again = does("lin", id, R"({"command":"comment","reason":"once"})", "Idempotency-Key: k1\r\n");
  EXPECT_EQ(first.body, again.body) << "sent twice, said once";
}

TEST_F(AlarmRoutes, PageAndCount) {
  for (std::int64_t thing = 11; thing < 16; ++thing) {
    db.time.advance(1s);
    says(TransitionKind::raise, thing, thing % 2 == 0 ? Severity::critical : Severity::minor);
  }
  says(TransitionKind::clear, 15);
  says(TransitionKind::fault, 14);
  EXPECT_EQ(does("lin", alarm_of(11), R"({"command":"acknowledge"})").status, 200);
  std::vector<std::string> seen;
  std::string cursor;
  do {
    auto const page = as("lin", "GET", "/api/v1/alarms?state=all&kind=condition&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)).json;
    for (auto const& alarm : page.at("alarms").as_array()) seen.emplace_back(alarm.at("subject").as_string());
    cursor = page.at("next").is_null() ? "" : std::string(page.at("next").as_string());
  } while (!cursor.empty());
  EXPECT_EQ(seen, (Subjects{"thing:15", "thing:14", "thing:13", "thing:12", "thing:11"})) << "newest first, each once";
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?cursor=soon").json.at("field"), value("cursor"));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?limit=100000").status, 400);
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?severity=critical").subjects(), (Subjects{"thing:12", "thing:14"}));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?acknowledged=1").subjects(), (Subjects{"thing:11"}));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?state=cleared").subjects(), (Subjects{"thing:15"}));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?rule=device-fault").subjects(), (Subjects{"thing:14"}));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?area=999").json.at("field"), value("area"));
  auto const counts = as("lin", "GET", "/api/v1/alarms/counts").json;
  EXPECT_EQ(counts.at("open"), value(4));
  EXPECT_EQ(counts.at("by_severity").at("critical"), value(2));
  EXPECT_EQ(counts.at("unacknowledged"), value(3));
  EXPECT_EQ(counts.at("acknowledged"), value(1));
  EXPECT_EQ(counts.at("faults"), value(1));
  EXPECT_EQ(as("gao", "GET", "/api/v1/alarms/counts").json.at("open"), value(0));
}

TEST_F(AlarmRoutes, ComeInTheOrderOfUrgencyIfAskedAndOfSeveralRules) {
  says(TransitionKind::raise, 11, Severity::critical);
  for (std::int64_t thing = 12; thing < 17; ++thing) {
    db.time.advance(1s);
    says(TransitionKind::raise, thing, thing == 13 ? Severity::critical : Severity::minor);
  }
  says(TransitionKind::fault, 14);
  EXPECT_EQ(does("lin", alarm_of(13), R"({"command":"acknowledge"})").status, 200);
  std::vector<std::string> seen;
  std::string cursor;
  do {
    auto const page = as("lin", "GET", "/api/v1/alarms?order=urgency&rule=ponding-deep,no-such&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)).json;
    for (auto const& alarm : page.at("alarms").as_array()) seen.emplace_back(alarm.at("subject").as_string());
    cursor = page.at("next").is_null() ? "" : std::string(page.at("next").as_string());
    if (!cursor.empty()) {
      EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?cursor=" + cursor).json.at("field"), value("cursor")) << "of another order";
    }
  } while (!cursor.empty());
  EXPECT_EQ(seen, (Subjects{"thing:11", "thing:16", "thing:15", "thing:14", "thing:12", "thing:13"}));
  for (auto const* bad : {"1.2.3", "1.9.3.4", "9.1.3.4", "1.1.3.4.", "1.1.3.x", "....", "1.1.3.4.5"})
    EXPECT_EQ(as("lin", "GET", std::string("/api/v1/alarms?order=urgency&cursor=") + bad).json.at("field"), value("cursor")) << bad;
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?order=loudest").json.at("field"), value("order"));
  EXPECT_EQ(as("lin", "GET", "/api/v1/alarms?rule=ponding-deep,device-fault").subjects().size(), 7u);
  auto const counts = [&](std::string const& rules) { return as("lin", "GET", "/api/v1/alarms/counts?rule=" + rules).json; };
  EXPECT_EQ(counts("ponding-deep,device-fault").at("open"), value(6));
  EXPECT_EQ(counts("ponding-deep,device-fault").at("faults"), value(1));
  EXPECT_EQ(counts("no-such,device-fault").at("open"), value(0));
  EXPECT_EQ(counts("ponding-deep").at("by_severity").at("critical"), value(2));
}

TEST_F(AlarmRoutes, SayWhereAHomeIsOnlyToThoseWhoAct) {
  says(TransitionKind::raise, 9);
  says(TransitionKind::fault, 9);
  auto const shown = as("lin", "GET", "/api/v1/alarms/" + alarm_of(9)).json;
  EXPECT_TRUE(shown.at("place").at("lat").is_number());
  auto const faults = as("wang", "GET", "/api/v1/alarms").json.at("alarms").as_array();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faults[0].at("place").at("lat").is_null());
  EXPECT_TRUE(faults[0].at("thing_name").is_null());
  EXPECT_TRUE(faults[0].at("value").is_null());
  EXPECT_EQ(as("wang", "GET", "/api/v1/alarms/" + std::string(faults[0].at("id").as_string())).json.at("story").as_array().size(), 0u);
}

TEST_F(AlarmRoutes, SetAndEndMaintenanceWindows) {
  auto const body = R"({"type":"","thing":1,"area":"370402001001","ends":"2025-11-21T10:00:00Z","reason":"pumps are cleaned"})";
  EXPECT_EQ(as("han", "POST", "/api/v1/maintenance", body).status, 403) << "a hand";
  EXPECT_EQ(as("wang", "POST", "/api/v1/maintenance", R"({"thing":3,"area":"370402001002","ends":"2025-11-21T10:00:00Z","reason":"x"})").code(), "maintenance.not_yours");
  EXPECT_EQ(as("wang", "POST", "/api/v1/maintenance", R"({"thing":3,"ends":"2025-11-21T10:00:00Z","reason":"x"})").code(), "maintenance.not_yours") << "everywhere is not his";
  EXPECT_EQ(as("lin", "POST", "/api/v1/maintenance", R"({"rule":"no-such","ends":"2025-11-21T10:00:00Z","reason":"x"})").json.at("field"), value("rule"));
  EXPECT_EQ(as("lin", "POST", "/api/v1/maintenance", R"({"type":"no-such","ends":"2025-11-21T10:00:00Z","reason":"x"})").json.at("field"), value("type"));
  EXPECT_EQ(as("lin", "POST", "/api/v1/maintenance", R"({"area":"37","ends":"2025-11-21T10:00:00Z","reason":"x"})").json.at("field"), value("area"));
  auto const made = as("wang", "POST", "/api/v1/maintenance", body);
  ASSERT_EQ(made.status, 201) << made.body;
  auto const id = std::string(made.json.at("id").as_string());
  run();
  says(TransitionKind::raise, 1);
  auto const hushed = as("han", "GET", "/api/v1/alarms?suppressed=1").json.at("alarms").as_array();
  ASSERT_EQ(hushed.size(), 1u);
  EXPECT_EQ(hushed[0].at("maintenance"), value(id));
  EXPECT_TRUE(hushed[0].at("case_no").is_null());
  auto const windows = as("han", "GET", "/api/v1/maintenance").json.at("windows").as_array();
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0].at("state"), value("open"));
  EXPECT_EQ(windows[0].at("by"), value("wang"));
  EXPECT_EQ(as("ann", "DELETE", "/api/v1/maintenance/" + id).status, 403);
  EXPECT_EQ(as("wang", "DELETE", "/api/v1/maintenance/" + id + "?reason=done").status, 204);
  EXPECT_EQ(as("wang", "DELETE", "/api/v1/maintenance/" + id).status, 409);
  EXPECT_EQ(as("lin", "DELETE", "/api/v1/maintenance/4711").status, 404);
  run();
  EXPECT_FALSE(as("han", "GET", "/api/v1/alarms/" + alarm_of(1)).json.at("case_no").is_null()) << "it still stood at the end";
  EXPECT_EQ(as("han", "GET", "/api/v1/maintenance").json.at("windows").as_array().size(), 0u);
  EXPECT_EQ(as("han", "GET", "/api/v1/maintenance?past=1").json.at("windows").as_array().size(), 1u);
}

TEST_F(AlarmRoutes, AreToldLive) {
  says(TransitionKind::raise, 1, Severity::critical);
  auto const told = db->read([&](store::Reader& r) { return live::events_of(r, store::entries_after(r, 0, 1'000), parts.people.api); }).value();
  auto const raised = std::ranges::find(told, core::EventKind::alarm_raised, &live::Event::kind);
  ASSERT_NE(raised, told.end());
  auto const json = boost::json::parse(raised->json);
  EXPECT_EQ(json.at("alarm"), value(alarm_of(1)));
  EXPECT_EQ(json.at("severity"), value("critical"));
  EXPECT_EQ(json.at("area"), value("370402001001"));
  EXPECT_FALSE(raised->everybody);
  EXPECT_NE(raised->case_id, 0) << "of its case";
  EXPECT_EQ(raised->json.find("水深"), std::string::npos) << "no words";
}

TEST_F(AlarmRoutes, AreMeasured) {
  says(TransitionKind::raise, 1, Severity::critical);
  says(TransitionKind::fault, 2);
  db.time.advance(90s);
  Metrics metrics;
  add_alarm_metrics(metrics, *db, db.time);
  auto const text = metrics.text();
  EXPECT_NE(text.find("zhili_alarms{severity=\"critical\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("zhili_device_faults 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("zhili_alarm_unacknowledged_seconds 90\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace zhili::web
