#include "web/ingest/ingest.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "sense/ingest/ingest_test_kit.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web {
namespace {

using sense::ingest::DeviceFact;
using sense::ingest::Source;
using sense::ingest::test::Bench;
using sense::ingest::test::Kept;
using sense::ingest::test::noon_ms;

/// Device 7 sends "Bearer gauge", a program "Bearer program".
struct Served {
  explicit Served(sense::ingest::Intake::Options options = {}) : bench(zhili::test::Engine::sqlite, options) {
    Router router;
    parts.api.time = &bench.db.time;
    parts.intake = bench.intake.get();
    parts.quarantine = &bench.quarantine;
    parts.sender = [](Request const& request) -> core::Result<Source> {
      auto const sent = request.headers.get("Authorization").value_or("");
      if (sent == "Bearer gauge") return Source{.device = 7};
      if (sent == "Bearer program") return Source{.any_stream = true};
      return core::fail(core::Errc::forbidden, "api_key.none", {"没有令牌", "no token"});
    };
    mount_lines(router, parts);
    server = std::make_unique<test::TestServer>(std::move(router));
    add_ingest_metrics(server->metrics, parts);
  }
  test::Client::Reply send(std::string_view body, std::string_view token = "gauge") const {
    return server->ask(test::post("/ingest/v1/lines", "application/x-ndjson", body, "Authorization: Bearer " + std::string(token) + "\r\n"));
  }

  Bench bench;
  IngestParts parts;
  std::unique_ptr<test::TestServer> server;
};

TEST(LinesOverHttp, GoodLinesAreStoredBadOnesAreTold) {
  Served served;
  auto const reply = served.send("{\"s\":\"level\",\"t\":1763712000000,\"v\":12.5}\nnonsense\n[\"pump\",1763712000000,true]\n{\"s\":\"level\",\"t\":0,\"v\":1}\n");
  EXPECT_EQ(reply.status, 201);
  auto const body = boost::json::parse(reply.body).as_object();
  EXPECT_EQ(body.at("received"), 4);
  EXPECT_EQ(body.at("stored"), 2);
  EXPECT_EQ(body.at("refused"), 1);
  EXPECT_EQ(body.at("quarantined"), 1);
  auto const& problems = body.at("problems").as_array();
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].at("line"), 2);
  EXPECT_EQ(problems[0].at("code"), "ingest.json");
  EXPECT_EQ(problems[1].at("line"), 4);
  EXPECT_EQ(problems[1].at("fate"), "quarantined");
  EXPECT_EQ(served.bench.sink.all(), (std::set<Kept>{{31, noon_ms, "12.500000"}, {32, noon_ms, "true"}}));
  EXPECT_EQ(boost::json::parse(served.send("[\"level\",1763712000000,12.5]").body).at("duplicates"), 1);
}

TEST(LinesOverHttp, NothingGoodIsAProblem) {
  Served served;
  auto const reply = served.send("nonsense\n");
  EXPECT_EQ(reply.status, 400);
  auto const body = boost::json::parse(reply.body).as_object();
  EXPECT_EQ(body.at("code"), "ingest.json");
  EXPECT_EQ(body.at("problems").as_array().size(), 1U);
  EXPECT_EQ(served.send("").status, 400);
  EXPECT_EQ(served.send(std::string(1'000'000, 'x')).status, 400);
  EXPECT_EQ(served.send("[\"level\",1]", "nobody").status, 401);
}

TEST(LinesOverHttp, AProgramWritesByNumberADeviceOnlyItsOwn) {
  Served served;
  EXPECT_EQ(served.send("[41,1763712000000,3]", "program").status, 201);
  EXPECT_EQ(served.send("[41,1763712000001,3]", "gauge").status, 400);
  EXPECT_EQ(served.send("[\"level\",1763712000001,3]", "program").status, 400) << "a program has no names of its own";
  EXPECT_EQ(served.bench.sink.all().size(), 1U);
}

TEST(LinesOverHttp, TooMuchIs429WithTheTimeToWait) {
  Served served;
  served.bench.intake->put(DeviceFact{.device = 7, .rate_per_s = 1, .burst = 10});
  std::string lines;
  for (int i = 0; i < 8; ++i) lines += "[\"level\"," + std::to_string(noon_ms + i) + ",1]\n";
  EXPECT_EQ(served.send(lines).status, 201);
  auto const reply = served.send(lines);
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.header("retry-after"), "7");
  EXPECT_EQ(served.send("[41,1763712000000,3]", "program").status, 201) << "others go on";
  served.bench.db.time.advance(std::chrono::seconds(7));
  EXPECT_EQ(served.send(lines).status, 201);
}

TEST(LinesOverHttp, WhatCannotBeStoredIs503) {
  Served served;
  served.bench.sink.broken = true;
  auto const reply = served.send("[\"level\",1]");
  EXPECT_EQ(reply.status, 503);
  EXPECT_FALSE(reply.header("retry-after").empty());
}

TEST(LinesOverHttp, CountersAreForPrometheusToo) {
  Served served;
  served.send("[\"level\",1763712000000,12.5]\nnonsense\n");
  auto const text = served.server->metrics.text();
  EXPECT_NE(text.find("zhili_ingest_stored_total{way=\"lines\"} 1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("zhili_ingest_refused_total{way=\"lines\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("zhili_ingest_lag_seconds 0\n"), std::string::npos);
}

}  // namespace
}  // namespace zhili::web
