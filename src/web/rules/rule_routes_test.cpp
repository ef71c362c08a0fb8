// The interface of rules, over HTTP: how they stand, who arms them, and what one would have found.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>

#include "respond/rules/keeper_test_kit.hpp"
#include "web/operation/openapi.hpp"
#include "web/rules/rules.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web {
namespace {

using boost::json::value;
using respond::rules::test::DbEngine;

struct RuleAnswer {
  int status = 0;
  value json;
  std::string code() const { return json.is_object() && json.as_object().contains("code") ? std::string(json.at("code").as_string()) : ""; }
};

/// lead leads dispatch everywhere, part leads it in one area, eve has no post.
class RuleRoutes : public testing::Test {
 protected:
  RuleRoutes() : place(DbEngine::sqlite) {
    place.rule("watch: water-level\nraise: value > param(limit)\nparams: {limit: {name: {zh: 上限, en: Limit}, standard: 15 cm}}\nname: {zh: 积水, en: Ponding}");
    place.gauges(2);
    keeper = place.keeper();
    respond::rules::test::Place::settle(*keeper);
    installation.prefix = "LC";
    installation.departments = {{.code = "centre", .name = {"指挥中心", "Command centre"}, .area = {}}};
    installation.posts.push_back({.code = "lead", .name = {"值班长", "Lead"}, .department = "centre", .role = "dispatcher_lead"});
    accounts = std::make_unique<organise::Accounts>(*place.db, installation, place.db.time);
    sessions = std::make_unique<organise::Sessions>(*place.db, *accounts, place.db.time);
    auto const gate = std::make_shared<Gate const>(*place.db, *accounts, *sessions, keys, place.db.time);
    catalogue::Pack pack;
    pack.pack = "p";
    pack.version = "1";
    catalogue = catalogue::Catalogue::make({pack}).value();
    parts.people.api = {.db = &*place.db, .time = &place.db.time, .catalogue = catalogue, .installation = &installation};
    parts.people.accounts = accounts.get();
    parts.people.gate = gate;
    parts.keeper = keeper.get();
    parts.subject = [](rules::Subject const& subject, std::int64_t) { return RuleSubject{.place = {"桥下", "Bridge"}, .thing = {subject.id, subject.id}, .is_private = subject.id == "2"}; };
    parts.replay = [](std::string const& rule, core::Instant from, core::Instant until, std::function<bool(std::size_t, std::size_t)> const& progress) -> core::Result<rules::Replayed> {
      if (rule != "deep") return core::fail(core::Errc::not_found, "rule.unknown", {"没有", "none"}, "rule");
      progress(1, 2);
      return rules::Replayed{.subjects = 2, .concerned = 2, .readings = 9, .fired = 2, .times = {{.subject = {.id = "1"}, .thing = 1, .at = from, .until = until, .has_value = true, .value = 20, .unit = "cm"}, {.subject = {.id = "2"}, .thing = 2, .at = until}}};
    };
    Router router;
    Operations operations(router, gate);
    mount_rules(operations, parts);
    mount_openapi(operations, router);
    server = std::make_unique<test::TestServer>(std::move(router));
    person("lead", "lead", "");
    person("part", "lead", "370402001001");
    person("eve", "", "");
  }
  void person(std::string const& login, std::string const& post, std::string const& area) {
    auto const made = accounts->make({.login = login, .password = "three wet boots", .post = post, .area = area}, "cli");
    ASSERT_TRUE(made) << made.error().text.en;
    auto const begun = place.db->write([&](store::Writer& w) { return sessions->begin(w, made->account, {.by = "passkey", .proved_at = place.db.time.now()}); });
    people[login] = "Cookie: zhili_session=" + begun->token + "\r\nX-CSRF-Token: " + begun->csrf + "\r\n";
  }
  RuleAnswer as(std::string const& who, std::string_view method, std::string_view path, std::string_view body = {}) {
    auto bytes = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + people.at(who);
    if (!body.empty()) bytes += "Content-Type: application/json\r\n";
    if (method != "GET") bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    auto const reply = server->ask(bytes + "\r\n" + std::string(body));
    RuleAnswer out;
    out.status = reply.status;
    boost::system::error_code error;
    out.json = boost::json::parse(reply.body, error);
    return out;
  }
  void settle() {
    place.db.time.advance(std::chrono::minutes(1));
    respond::rules::test::Place::settle(*keeper);
  }

  respond::rules::test::Place place;
  std::unique_ptr<rules::Keeper> keeper;
  std::shared_ptr<catalogue::Catalogue const> catalogue;
  catalogue::Installation installation;
  organise::ApiKeys keys{*place.db, place.db.time};
  std::unique_ptr<organise::Accounts> accounts;
  std::unique_ptr<organise::Sessions> sessions;
  RuleParts parts;
  std::map<std::string, std::string> people;
  std::unique_ptr<test::TestServer> server;  // ends first
};

TEST_F(RuleRoutes, ShowRulesToWhoeverIsSignedIn) {
  settle();
  auto const all = as("eve", "GET", "/api/v1/rules");
  ASSERT_EQ(all.status, 200);
  auto const& rule = all.json.at("rules").at(0);
  EXPECT_EQ(rule.at("id"), "deep");
  EXPECT_EQ(rule.at("text"), "raise: value > param(limit)");
  EXPECT_EQ(rule.at("subjects").to_number<int>(), 2);
  EXPECT_TRUE(rule.at("armed").as_bool());
  EXPECT_EQ(as("eve", "GET", "/api/v1/rules/none").status, 404);
}

TEST_F(RuleRoutes, LetLeadsOfTheWholeCityChoose) {
  auto const off = R"({"armed":false,"reason":"误报"})";
  EXPECT_EQ(as("eve", "POST", "/api/v1/rules/deep/arm", off).status, 403);
  EXPECT_EQ(as("part", "POST", "/api/v1/rules/deep/arm", off).code(), "role.missing");
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/none/arm", off).status, 404);
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/arm", R"({"armed":false,"reason":""})").status, 400);
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/arm", off).status, 204);
  auto const shown = as("eve", "GET", "/api/v1/rules/deep").json;
  EXPECT_FALSE(shown.at("armed").as_bool());
  EXPECT_EQ(shown.at("reason"), "误报");
}

TEST_F(RuleRoutes, GiveAPlaceItsOwnParameter) {
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/parameters", R"({"subject":"bridge","parameter":"limit","value":3})").code(), "rule.subject");
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/parameters", R"({"subject":"thing:1","parameter":"height","value":3})").status, 404);
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/parameters", R"({"subject":"thing:1","parameter":"limit","value":3})").status, 204);
  auto const own = as("eve", "GET", "/api/v1/rules/deep").json.at("own");
  ASSERT_EQ(own.as_array().size(), 1U);
  EXPECT_EQ(own.at(0).at("value").to_number<double>(), 3);
  EXPECT_EQ(as("lead", "POST", "/api/v1/rules/deep/parameters", R"({"subject":"thing:1","parameter":"limit"})").status, 204);
  EXPECT_TRUE(as("eve", "GET", "/api/v1/rules/deep").json.at("own").as_array().empty());
}

TEST_F(RuleRoutes, SayWhatWouldHaveFiredAndNameNoHome) {
  EXPECT_EQ(as("eve", "POST", "/api/v1/rules/deep/replays", "{}").status, 403);
  auto const begun = as("lead", "POST", "/api/v1/rules/deep/replays", "{}");
  ASSERT_EQ(begun.status, 202);
  auto const path = "/api/v1/rules/replays/" + std::string(begun.json.at("id").as_string());
  RuleAnswer seen;
  do seen = as("lead", "GET", path);
  while (seen.json.at("state") == "running");
  auto const& result = seen.json.at("result");
  EXPECT_EQ(result.at("fired").to_number<int>(), 2);
  EXPECT_EQ(result.at("times").at(0).at("value").to_number<double>(), 20);
  EXPECT_TRUE(result.at("times").at(1).at("private").as_bool());
  EXPECT_FALSE(result.at("times").at(1).as_object().contains("subject"));
  EXPECT_EQ(as("part", "GET", path).status, 403);
  auto const failed = as("lead", "POST", "/api/v1/rules/none/replays", "{}");
  ASSERT_EQ(failed.status, 202);
  do seen = as("lead", "GET", "/api/v1/rules/replays/" + std::string(failed.json.at("id").as_string()));
  while (seen.json.at("state") == "running");
  EXPECT_EQ(seen.json.at("error").at("code"), "rule.unknown");
}

}  // namespace
}  // namespace zhili::web
