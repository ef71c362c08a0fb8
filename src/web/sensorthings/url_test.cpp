#include "web/sensorthings/url.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "sense/things/evaluate.hpp"

namespace zhili::web::sensorthings {
namespace {

using things::Datum;
using things::EntityType;
using things::Op;
using things::Type;

core::Instant const now = core::from_iso("2026-11-21T08:00:00Z").value();

/// The tree of an expression as text, so that a test can say it in one line.
std::string said(things::Expr const& expr) {
  static constexpr std::string_view names[] = {"literal", "path", "and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le", "add", "sub", "mul", "div", "mod", "neg"};
  if (expr.op == Op::path) {
    std::string out;
    for (auto const* link : expr.path.links) out += std::string(link->name) + "/";
    out += expr.path.property != nullptr ? expr.path.property->name : "id";
    for (auto const& key : expr.path.keys) out += "/" + key;
    return out;
  }
  if (expr.op == Op::literal) {
    if (auto const* const whole = std::get_if<std::int64_t>(&expr.literal)) return std::to_string(*whole);
    if (auto const* const text = std::get_if<std::string>(&expr.literal)) return "'" + *text + "'";
    if (auto const* const truth = std::get_if<bool>(&expr.literal)) return *truth ? "true" : "false";
    if (auto const* const span = std::get_if<things::Span>(&expr.literal)) return core::to_iso(span->begin) + (span->end ? "/" + core::to_iso(*span->end) : "");
    if (auto const* const duration = std::get_if<core::Duration>(&expr.literal)) return std::to_string(duration->count()) + "ms";
    if (auto const* const real = std::get_if<double>(&expr.literal)) return std::to_string(*real);
    return expr.type == Type::null ? "null" : "literal";
  }
  std::string out = "(" + (expr.op <= Op::negate ? std::string(names[static_cast<std::size_t>(expr.op)]) : "f" + std::to_string(static_cast<int>(expr.op) - static_cast<int>(Op::substringof)));
  for (auto const& arg : expr.args) out += " " + said(arg);
  return out + ")";
}

std::string read(std::string_view text, EntityType type = EntityType::observation) {
  auto const expr = read_filter(text, type, now);
  return expr ? said(*expr) : expr.error().text.en;
}

TEST(SensorThingsUrl, AndBindsMoreThanOrComparingMoreThanNotProductsMoreThanSums) {
  EXPECT_EQ(read("result gt 1 or result lt 2 and result eq 3"), "(or (gt result 1) (and (lt result 2) (eq result 3)))");
  EXPECT_EQ(read("not result gt 1 and result lt 9"), "(and (not (gt result 1)) (lt result 9))");
  EXPECT_EQ(read("1 add 2 mul result sub 3 eq -4"), "(eq (sub (add 1 (mul 2 result)) 3) -4)");
  EXPECT_EQ(read("(1 add 2) mul result eq 3"), "(eq (mul (add 1 2) result) 3)");
  EXPECT_EQ(read("- (result) lt 3"), "(lt (neg result) 3)");
  EXPECT_EQ(read("  result   gt  9 "), "(gt result 9)");
}

TEST(SensorThingsUrl, LiteralsOfEveryKind) {
  EXPECT_EQ(read("result eq 'it''s'"), "(eq result 'it's')");
  EXPECT_EQ(read("phenomenonTime ge 2026-11-21T16:00:00+08:00"), "(ge phenomenonTime 2026-11-21T08:00:00Z)");
  EXPECT_EQ(read("phenomenonTime ge 2026-11-21T16:00:00 08:00"), "(ge phenomenonTime 2026-11-21T08:00:00Z)") << "a + that nobody escaped is a blank";
  EXPECT_EQ(read("phenomenonTime lt 2026-11-21T08:00:00Z/2026-11-21T09:00:00Z"), "(lt phenomenonTime 2026-11-21T08:00:00Z/2026-11-21T09:00:00Z)");
  EXPECT_EQ(read("phenomenonTime lt 2026-11-21T08:00:00Z/PT1H"), "(lt phenomenonTime 2026-11-21T08:00:00Z/2026-11-21T09:00:00Z)");
  EXPECT_EQ(read("phenomenonTime gt 2026-11-21"), "(gt phenomenonTime 2026-11-21T00:00:00Z)");
  EXPECT_EQ(read("phenomenonTime gt now() sub duration'P1DT2H'"), "(gt phenomenonTime (sub 2026-11-21T08:00:00Z 93600000ms))");
  EXPECT_EQ(read("result eq 2.5e0 and result eq true and resultTime ne null"), "(and (and (eq result 2.500000) (eq result true)) (ne resultTime null))");
  EXPECT_EQ(read("id eq 9007199254740993"), "(eq id 9007199254740993)") << "ids are exact";
}

TEST(SensorThingsUrl, PathsFollowLinksAndPropertiesOfJson) {
  EXPECT_EQ(read("Datastream/Thing/properties/site/floor-no gt 3"), "(gt Datastream/Thing/properties/site/floor-no 3)");
  EXPECT_EQ(read("Datastream/@iot.id eq 3"), "(eq Datastream/id 3)");
  EXPECT_EQ(read("Datastreams/Observations/FeatureOfInterest/id eq 1", EntityType::thing), "(eq Datastreams/Observations/FeatureOfInterest/id 1)");
}

TEST(SensorThingsUrl, WhatIsWrongIsNamedWithItsPlace) {
  struct Case {
    std::string_view text, part;
    std::size_t character;
  };
  static constexpr Case cases[] = {{"result gt", "breaks off", 10},
                                   {"result gt 5 result", "not expected", 13},
                                   {"result gt 5 and wetness lt 3", "no property or link \"wetness\"", 17},
                                   {"Datastream eq 1", "is a link", 1},
                                   {"phenomenonTime gt 5", "do not go together", 16},
                                   {"startswith(result)", "takes 2 arguments", 1},
                                   {"result eq 'open", "not closed", 11},
                                   {"(result gt 5", "not closed", 1},
                                   {"wet('a')", "no function \"wet\"", 1},
                                   {"result", "a condition is needed", 1},
                                   {"phenomenonTime gt 2026-13-01T00:00:00Z", "is no time", 19},
                                   {"水 eq 1 and wetness gt 5", "no property or link \"水\"", 1},
                                   {"result eq '水' and x gt 1", "no property or link \"x\"", 19},
                                   {"length(5) eq 1", "needs a text here", 8}};
  for (auto const& [text, part, character] : cases) {
    auto const expr = read_filter(text, EntityType::observation, now);
    ASSERT_FALSE(expr) << text;
    EXPECT_EQ(expr.error().code, core::Errc::invalid);
    EXPECT_EQ(expr.error().field, "$filter");
    EXPECT_NE(expr.error().text.en.find(part), std::string::npos) << text << ": " << expr.error().text.en;
    EXPECT_NE(expr.error().text.en.find("character " + std::to_string(character) + ":"), std::string::npos) << text << ": " << expr.error().text.en;
    EXPECT_FALSE(expr.error().text.zh.empty());
  }
}

TEST(SensorThingsUrl, DeepAndLongExpressionsAreRefusedEarly) {
  std::string deep, nots, longer = "result gt 0";
  for (int i = 0; i < 5'000; ++i) deep += '(';
  for (int i = 0; i < 5'000; ++i) nots += "not ";
  for (int i = 0; i < 5'000; ++i) longer += " or result gt 0";
  EXPECT_FALSE(read_filter(deep + "result gt 0", EntityType::observation, now));
  EXPECT_FALSE(read_filter(nots + "result gt 0", EntityType::observation, now));
  EXPECT_FALSE(read_filter(longer, EntityType::observation, now));
}

TEST(SensorThingsUrl, PathsOfResources) {
  auto const path = read_path("Things(1)/Datastreams(2)/Observations");
  ASSERT_TRUE(path);
  ASSERT_EQ(path->steps.size(), 3U);
  EXPECT_EQ(path->steps[1].id, 2);
  EXPECT_TRUE(path->steps[2].many());
  EXPECT_EQ(path->entity().name, "Observation");
  auto const value = read_path("Datastreams(2)/unitOfMeasurement/symbol/$value");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->property->name, "unitOfMeasurement");
  EXPECT_EQ(value->keys, std::vector<std::string>{"symbol"});
  EXPECT_TRUE(value->value);
  EXPECT_TRUE(read_path("Observations(5)/Datastream/Thing/$ref")->ref);
  for (auto const* bad : {"things", "Things(1", "Things()", "Things('a')", "Things(1)(2)", "Things/Datastreams", "Things(1)/Datastreams(2)/Thing(3)", "Things(1)/name/first", "Things//", "",
                          "Things(1)/name/$ref", "Things(1)/$value", "Things(99999999999999999999)", "Things(1)/Sensors"}) {
    auto const refused = read_path(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, core::Errc::not_found) << bad;
  }
}

Fields fields(std::vector<std::pair<std::string, std::string>> const& pairs) {
  Fields out;
  for (auto const& [name, value] : pairs) out.add(name, value);
  return out;
}

TEST(SensorThingsUrl, ExpandNestsWithOptionsOfItsOwn) {
  auto const query = read_query(EntityType::thing, fields({{"$expand", "Datastreams($filter=name eq 'a;b)(c';$expand=Observations($top=1;$orderby=result desc),Sensor;$select=name),Locations"}}), now);
  ASSERT_TRUE(query) << query.error().text.en;
  ASSERT_EQ(query->expand.size(), 2U);
  auto const& streams = query->expand[0].query;
  EXPECT_EQ(said(*streams.filter), "(eq name 'a;b)(c')");
  ASSERT_EQ(streams.expand.size(), 2U);
  EXPECT_EQ(streams.expand[0].query.top, 1U);
  EXPECT_TRUE(streams.expand[0].query.order.front().descending);
  ASSERT_TRUE(streams.select);
  EXPECT_EQ(streams.select->properties.size(), 1U);
}

TEST(SensorThingsUrl, ExpandByPathIsJoined) {
  auto const query = read_query(EntityType::thing, fields({{"$expand", "Datastreams/Sensor,Datastreams/Observations/FeatureOfInterest"}}), now);
  ASSERT_TRUE(query);
  ASSERT_EQ(query->expand.size(), 1U);
  ASSERT_EQ(query->expand[0].query.expand.size(), 2U);
  EXPECT_EQ(query->expand[0].query.expand[1].query.expand.size(), 1U);
}

TEST(SensorThingsUrl, OptionsThatAreWrongAreRefused) {
  std::pair<char const*, char const*> const bad[] = {{"$top", "-1"}, {"$top", "1e2"}, {"$skip", "a"}, {"$count", "yes"}, {"$filter", ""}, {"$orderby", "name up"}, {"$orderby", "Datastreams/name"},
                                                     {"$select", "wetness"}, {"$expand", "Wells"}, {"$expand", "Datastreams($top=a)"}, {"$expand", "Datastreams("}, {"$expand", "Datastreams($skiptoken=1)"},
                                                     {"$search", "x"}, {"$resultFormat", "dataArray"}, {"$skiptoken", "x"}};
  for (auto const& [name, value] : bad) EXPECT_FALSE(read_query(EntityType::thing, fields({{name, value}}), now)) << name << "=" << value;
  EXPECT_FALSE(read_query(EntityType::thing, fields({{"$top", "1"}, {"$top", "2"}}), now));
  EXPECT_TRUE(read_query(EntityType::thing, fields({{"debug", "1"}}), now)) << "what has no $ is somebody else's";
  std::string deep = "Thing";
  for (int i = 0; i < 60; ++i) deep = i % 2 == 1 ? "Thing($expand=" + deep + ")" : "Datastreams($expand=" + deep + ")";
  EXPECT_FALSE(read_query(EntityType::thing, fields({{"$expand", deep}}), now));
}

TEST(SensorThingsUrl, ASkipTokenComesBackExactly) {
  things::After const after{{Datum(std::string("水 'x'")), Datum(0.1), Datum(std::int64_t{-5}), Datum(), Datum(std::numeric_limits<double>::denorm_min())}, 9'007'199'254'740'993};
  auto const token = write_skip_token(after);
  EXPECT_EQ(token.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~-"), std::string::npos) << token;
  auto const again = read_skip_token(token);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, after.id);
  EXPECT_EQ(std::get<std::string>(again->keys[0]), "水 'x'");
  EXPECT_EQ(std::get<double>(again->keys[1]), 0.1);
  EXPECT_EQ(std::get<std::int64_t>(again->keys[2]), -5);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(again->keys[3]));
  EXPECT_EQ(std::get<double>(again->keys[4]), std::numeric_limits<double>::denorm_min());
  for (auto const* bad : {"", "x", "1~", "1~z", "1~d12", "1~sff", "1~s0", "1~s00", "1~i"}) EXPECT_FALSE(read_skip_token(bad)) << bad;
}

TEST(SensorThingsUrl, Durations) {
  EXPECT_EQ(read_duration("P1DT2H3M4.5S")->count(), 93'784'500);
  EXPECT_EQ(read_duration("-PT1H")->count(), -3'600'000);
  for (auto const* bad : {"", "P", "PT", "1H", "P1H", "PT1D", "P1Y", "P1M", "PT1.S", "P999999999999D", "PT1H "}) EXPECT_FALSE(read_duration(bad)) << bad;
}

// What an expression without a database is worth: truth tables of null, kinds that do not go together, times.
TEST(SensorThingsEvaluate, NullIsNeitherTrueNorFalse) {
  auto const worth = [](std::string_view text) {
    auto const expr = read_filter(text, EntityType::observation, now);
    EXPECT_TRUE(expr) << text;
    auto const out = things::evaluate(*expr, [](things::Path const& path) -> Datum { return path.property != nullptr && path.property->name == "result" ? Datum(2.5) : Datum(); });
    if (auto const* const truth = std::get_if<bool>(&out)) return *truth ? "yes" : "no";
    return "nothing";
  };
  EXPECT_STREQ(worth("parameters/a gt 1"), "nothing");
  EXPECT_STREQ(worth("not (parameters/a gt 1)"), "nothing");
  EXPECT_STREQ(worth("parameters/a gt 1 and result gt 9"), "no");
  EXPECT_STREQ(worth("parameters/a gt 1 or result gt 1"), "yes");
  EXPECT_STREQ(worth("parameters/a gt 1 and result gt 1"), "nothing");
  EXPECT_STREQ(worth("parameters/a eq null"), "yes");
  EXPECT_STREQ(worth("result ne null"), "yes");
  EXPECT_STREQ(worth("result eq 'x'"), "nothing");
  EXPECT_STREQ(worth("result div 0 eq 1"), "nothing");
  EXPECT_STREQ(worth("round(result) eq 3 and floor(result) eq 2 and ceiling(result) eq 3 and result mod 2 eq 0.5"), "yes");
  EXPECT_STREQ(worth("substring('国槐 Sophora',1,2) eq '槐 ' and indexof('国槐','槐') eq 1 and length('国槐') eq 2"), "yes");
}

}  // namespace
}  // namespace zhili::web::sensorthings
