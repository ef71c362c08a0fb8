#include "web/operation/operation.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "web/form.hpp"
#include "web/operation/openapi.hpp"

namespace zhili::web {
namespace {

using boost::json::parse;
using boost::json::serialize;

/// Routes for everybody, called without a transport.
struct Table {
  Router router;
  Operations operations{router, nullptr};

  Response send(Method method, std::string const& target, std::string body = {}, std::string const& type = "application/json") {
    auto const parsed = parse_target(target).value();
    Request request{.method = method, .query = parsed.query, .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", type);
    auto match = router.find(method, parsed.segments);
    request.params = std::move(match.params);
    return match.route->handler(request);
  }
  /// "field: key" of a refusal.
  static std::string fault(Response const& response) {
    if (response.status < 400) return "taken";
    auto const problem = parse(response.body);
    auto const field = problem.at("field").is_null() ? std::string() : std::string(problem.at("field").as_string());
    return field + ": " + std::string(problem.at("code").as_string());
  }
};

Operation lamp_operation() {
  auto const photo = shape::record("", {needed("name", shape::text(5), {"名", "name"}), optional("shows", shape::choice({"near", "far"}))});
  return {.id = "mend",
          .method = Method::post,
          .pattern = "/api/v1/lamps/{id}",
          .summary = {"修灯", "Mend a lamp"},
          .who = everybody(),
          .path = {needed("id", shape::integer(1, 9), {"灯号", "number of the lamp"})},
          .query = {optional("dry", shape::flag())},
          .body = {needed("words", shape::text(4), {"几个字", "a few words"}), optional("at", shape::time()), optional("height", shape::number(0, 20)),
                   optional("photos", shape::list(photo, 2))},
          .good = {{.shape = shape::record("Mended", {{"words", shape::text()}})}}};
}

struct Lamps : Table {
  Lamps() {
    operations.add(lamp_operation(), [](Call const& call) -> core::Result<Response> {
      return Response::json(serialize(boost::json::object{{"words", call.body.text("words")}}));
    });
  }
};

TEST(Operation, TakesWhatItDescribes) {
  Lamps table;
  auto const answer = table.send(Method::post, "/api/v1/lamps/7?dry=1",
                                 R"({"words":"灯不亮了","at":"2026-07-12T08:30:00+08:00","height":4.5,"photos":[{"name":"a.jpg","shows":"near"}]})");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, R"({"words":"灯不亮了"})");
}

TEST(Operation, NamesTheFieldOfWhateverItDoesNotDescribe) {
  Lamps table;
  auto const fault = [&](std::string body, std::string const& target = "/api/v1/lamps/7") { return Table::fault(table.send(Method::post, target, std::move(body))); };
  EXPECT_EQ(fault("{}"), "words: body.field");
  EXPECT_EQ(fault(R"({"words":""})"), "words: body.field");
  EXPECT_EQ(fault(R"({"words":7})"), "words: body.field");
  EXPECT_EQ(fault(R"({"words":"灯不亮了啊"})"), "words: body.field") << "limits count characters, not bytes";
  EXPECT_EQ(fault(R"({"words":"a\u0000b"})"), "words: body.field");
  EXPECT_EQ(fault(R"({"words":"x","word":"y"})"), "word: body.unknown");
  EXPECT_EQ(fault(R"({"words":"x","at":"yesterday"})"), "at: body.field");
  EXPECT_EQ(fault(R"({"words":"x","height":-1})"), "height: body.field");
  EXPECT_EQ(fault(R"({"words":"x","height":"4"})"), "height: body.field");
  EXPECT_EQ(fault(R"({"words":"x","photos":[{"name":"a"},{"shows":"near"}]})"), "photos.1.name: body.field");
  EXPECT_EQ(fault(R"({"words":"x","photos":[{"name":"a","shows":"away"}]})"), "photos.0.shows: body.field");
  EXPECT_EQ(fault(R"({"words":"x","photos":[{"name":"a"},{"name":"a"},{"name":"a"}]})"), "photos: body.field");
  EXPECT_EQ(fault("[]"), ": body.object");
  EXPECT_EQ(fault("{"), ": body.json");
  EXPECT_EQ(fault(R"({"words":"x"})", "/api/v1/lamps/7?dry=perhaps"), "dry: query.field");
  EXPECT_EQ(fault(R"({"words":"x"})", "/api/v1/lamps/7?dry=1&dry=0"), "dry: query.field");
  EXPECT_EQ(fault(R"({"words":"x"})", "/api/v1/lamps/7?wet=1"), "wet: query.unknown");
}

TEST(Operation, WhatAPathCannotNameIsNotThere) {
  Lamps table;
  for (auto const* id : {"10", "-1", "lamp", "9223372036854775808", "1.5"})
    EXPECT_EQ(table.send(Method::post, std::string("/api/v1/lamps/") + id, R"({"words":"x"})").status, 404) << id;
}

TEST(Operation, AFormIsReadLikeABody) {
  Table table;
  table.operations.add({.id = "send", .method = Method::post, .pattern = "/api/v1/forms", .summary = {"收", "Take"}, .who = everybody(),
                        .body = {needed("lat", shape::number(-90, 90), {"纬度", "latitude"}), optional("answers", shape::map(shape::text(3)))},
                        .body_format = BodyFormat::form, .good = {{}}},
                       [](Call const& call) -> core::Result<Response> { return Response::text(std::to_string(call.body.object("answers").size())); });
  auto const send = [&](std::string body) { return table.send(Method::post, "/api/v1/forms", std::move(body), "application/x-www-form-urlencoded"); };
  EXPECT_EQ(send("lat=1.5&answers=%7B%22a%22%3A%22b%22%7D").body, "1");
  EXPECT_EQ(Table::fault(send("lat=nan")), "lat: body.field");
  EXPECT_EQ(Table::fault(send("lat=91")), "lat: body.field");
  EXPECT_EQ(Table::fault(send("lat=1&answers=%7B%22a%22%3A%22long%22%7D")), "answers.a: body.field");
  EXPECT_EQ(Table::fault(send("lat=1&answers=nothing")), "answers: body.field");
}

TEST(Operation, AHandlerCannotReadWhatIsNotDescribed) {
  Table table;
  table.operations.add({.id = "careless", .method = Method::get, .pattern = "/api/v1/careless", .summary = {"粗心", "Careless"}, .who = everybody(), .query = {optional("a", shape::text())}},
                       [](Call const& call) -> core::Result<Response> { return Response::text(call.query.text("b")); });
  EXPECT_THROW(table.send(Method::get, "/api/v1/careless"), std::logic_error);
  table.operations.add({.id = "careless2", .method = Method::get, .pattern = "/api/v1/careless2", .summary = {"粗心", "Careless"}, .who = everybody(), .query = {optional("a", shape::text())}},
                       [](Call const& call) -> core::Result<Response> { return Response::text(call.query.flag("a") ? "1" : "0"); });
  EXPECT_THROW(table.send(Method::get, "/api/v1/careless2"), std::logic_error);
  table.operations.add({.id = "careless3", .method = Method::get, .pattern = "/api/v1/careless3", .summary = {"粗心", "Careless"}, .who = everybody()},
                       [](Call const& call) -> core::Result<Response> { return Response::text(call.caller().ref()); });
  EXPECT_THROW(table.send(Method::get, "/api/v1/careless3"), std::logic_error);
}

TEST(Operation, WithoutAGateOnlyWhatIsForEverybodyAnswers) {
  Table table;
  table.operations.add({.id = "inside", .method = Method::get, .pattern = "/api/v1/inside", .summary = {"内部", "Inside"}, .who = signed_in()},
                       [](Call const&) -> core::Result<Response> { return Response::text("inside"); });
  EXPECT_THROW(table.send(Method::get, "/api/v1/inside"), std::logic_error);
}

TEST(Operation, ThePathOfAPatternIsDescribedWholly) {
  Table table;
  auto half = lamp_operation();
  half.path.clear();
  EXPECT_THROW(table.operations.add(half, [](Call const&) -> core::Result<Response> { return Response{}; }), std::logic_error);
}

TEST(OpenApi, SaysOfEachRouteWhatItTakesAndGives) {
  Lamps const table;
  auto const document = parse(openapi_json(table.router));
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
  auto const& mend = document.at("paths").at("/api/v1/lamps/{id}").at("post");
  EXPECT_EQ(mend.at("operationId").as_string(), "mend");
  EXPECT_EQ(mend.at("summary").as_string(), "修灯 / Mend a lamp");
  EXPECT_EQ(mend.at("x-who").at("kind").as_string(), "everybody");
  EXPECT_TRUE(mend.at("security").as_array().empty());
  EXPECT_EQ(mend.at("parameters").as_array().size(), 2U);
  auto const& body = mend.at("requestBody").at("content").at("application/json").at("schema");
  EXPECT_FALSE(body.at("additionalProperties").as_bool());
  EXPECT_EQ(serialize(body.at("required")), R"(["words"])");
  EXPECT_EQ(body.at("properties").at("words").at("maxLength").as_int64(), 4);
  EXPECT_EQ(mend.at("responses").at("200").at("content").at("application/json").at("schema").at("$ref").as_string(), "#/components/schemas/Mended");
  EXPECT_EQ(mend.at("responses").at("default").at("content").at("application/problem+json").at("schema").at("$ref").as_string(), "#/components/schemas/Problem");
  EXPECT_TRUE(document.at("components").at("schemas").as_object().contains("Mended"));
}

TEST(OpenApi, ARouteThatIsNotDescribedStopsTheProgram) {
  Lamps table;
  table.router.get("/elsewhere", [](Request const&) { return Response{}; });
  EXPECT_NO_THROW(openapi_json(table.router));
  table.router.get("/api/v1/secret", [](Request const&) { return Response{}; });
  EXPECT_THROW(openapi_json(table.router), std::logic_error);
}

TEST(OpenApi, NamesStandForOneThing) {
  Lamps table;
  auto twice = lamp_operation();
  twice.pattern = "/api/v1/lanterns/{id}";
  table.operations.add(twice, [](Call const&) -> core::Result<Response> { return Response{}; });
  EXPECT_THROW(openapi_json(table.router), std::logic_error) << "two operations with one id";
  Lamps others;
  auto other = lamp_operation();
  other.id = "other";
  other.pattern = "/api/v1/others/{id}";
  other.good = {{.shape = shape::record("Mended", {{"cost", shape::integer()}})}};
  others.operations.add(other, [](Call const&) -> core::Result<Response> { return Response{}; });
  EXPECT_THROW(openapi_json(others.router), std::logic_error) << "two shapes with one name";
}

}  // namespace
}  // namespace zhili::web
