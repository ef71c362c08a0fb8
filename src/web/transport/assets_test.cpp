#include "web/assets.hpp"

#include "web/health.hpp"
#include "web/transport/negotiate.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

Router page_router() {
  auto assets = std::make_shared<Assets>();
  assets->add("index.html", "<!doctype html><title>榴城</title>" + std::string(3000, ' '));
  assets->add("assets/main-Bx3kfd01.js", std::string(5000, ';'));
  assets->add("icon.png", "\x89PNG tiny");
  Router router;
  router.post("/api/v1/signals", [](Request const&) { return Response::json("{}"); });
  mount_assets(router, assets);
  return router;
}

TEST(Assets, ServesFilesWithTheirTypeAndLife) {
  TestServer const s(page_router());
  auto client = s.client();
  auto reply = client.ask(get("/assets/main-Bx3kfd01.js"));
  EXPECT_EQ(reply.body.size(), 5000U);
  EXPECT_EQ(reply.header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(reply.header("cache-control"), "public, max-age=31536000, immutable");
  reply = client.ask(get("/icon.png"));
  EXPECT_EQ(reply.header("content-type"), "image/png");
  EXPECT_EQ(reply.header("cache-control"), "no-cache");
}

TEST(Assets, ServesThePackedFileToThoseWhoAskAndNotModifiedToThoseWhoHaveIt) {
  TestServer const s(page_router());
  auto client = s.client();
  auto const packed = client.ask(get("/", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(packed.header("vary"), "Accept-Encoding");
  EXPECT_LT(packed.body.size(), 200U);
  auto const plain = client.ask(get("/"));
  EXPECT_NE(plain.header("etag"), packed.header("etag"));
  auto const again = client.ask(get("/", "If-None-Match: \"x\", " + plain.header("etag") + "\r\n"));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(client.ask(get("/", "If-None-Match: \"x\"\r\n")).status, 200);
}

TEST(Assets, ShowsTheApplicationForItsOwnPathsOnly) {
  TestServer const s(page_router());
  auto client = s.client();
  for (auto const* path : {"/", "/cases/LC-2611-4182", "/report", "/index.html"})
    EXPECT_NE(client.ask(get(path)).body.find("榴城"), std::string::npos) << path;
  for (auto const* path : {"/api/v1/nothing", "/api/v1/signals", "/open311/v2/nothing.json", "/nothing.js",
                           "/tiles/1/2/3", "/assets/gone"}) {
    auto const reply = client.ask(get(path));
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json; charset=utf-8") << path;
  }
}

TEST(Assets, TheFolderMustExist) {
  EXPECT_EQ(Assets::load("/nowhere/at/all").error().key, "assets.folder");
}

TEST(Health, SaysWhatKeepsItFromWorking) {
  Health health;
  bool good = false;
  health.add("database", [&]() -> core::Result<> {
    if (good) return {};
    return core::fail(core::Errc::unavailable, "store.gone",
                      {"数据库无响应。", "The database does not answer."});
  });
  EXPECT_EQ(health.answer().status, 503);
  EXPECT_EQ(health.answer().body, R"({"live":true,"ready":false,"checks":{"database":"store.gone"}})");
  good = true;
  EXPECT_EQ(health.answer().status, 200);
  health.draining();
  EXPECT_EQ(health.answer().status, 503);
}

TEST(Health, MetricsAreForThisMachine) {
  Router router;
  Metrics metrics;
  metrics.add(Metrics::Kind::gauge, "zhili_cases_open", "stage=\"handling\"", "Open cases.",
              [] { return 7.0; });
  mount_metrics(router, metrics, false);
  TestServer const s(std::move(router));
  EXPECT_NE(s.ask(get("/metrics")).body.find("zhili_cases_open{stage=\"handling\"} 7\n"), std::string::npos);
  EXPECT_EQ(s.ask(get("/metrics", "X-Forwarded-For: 1.2.3.4\r\n")).status, 403);
}

TEST(Negotiate, DatesAreAsHttpHasThem) {
  EXPECT_EQ(http_date(core::from_iso("2026-11-21T08:05:09Z").value()), "Sat, 21 Nov 2026 08:05:09 GMT");
}

TEST(Negotiate, AHeaderValueCannotSplitTheResponse) {
  Response response = Response::text("x");
  response.headers.add("Location", "/a\r\nSet-Cookie: b=c");
  auto const head = write_head(response, true, true, core::from_ms(0));
  EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
}

}  // namespace
}  // namespace zhili::web::test
