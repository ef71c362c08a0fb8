// What a well-behaved client sees. Real sockets, hand-written bytes.
#include <thread>

#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

TEST(Server, AnswersAndKeepsTheConnection) {
  TestServer const s(echo_router());
  auto client = s.client();
  for (int i = 0; i < 3; ++i) {
    auto const reply = client.ask(get("/hello?n=%E6%B2%BB%E7%90%86+x"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello 治理 x");
    EXPECT_EQ(reply.header("connection"), "");
  }
  EXPECT_EQ(client.ask(get("/hello", "Connection: close\r\n")).header("connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer const s(echo_router());
  auto client = s.client();
  std::string bytes;
  for (int i = 0; i < 20; ++i) {
    auto const n = std::to_string(i);
    bytes += i % 2 == 0 ? get("/hello?n=" + n) : post("/echo", "text/plain", "body " + n);
  }
  client.send(bytes);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(client.reply().body, (i % 2 == 0 ? "hello " : "body ") + std::to_string(i));
}

TEST(Server, ReadsARequestThatArrivesByteByByte) {
  TestServer const s(echo_router());
  auto client = s.client();
  for (char const c : post("/echo", "text/plain", "slow but whole")) client.send(std::string_view(&c, 1));
  EXPECT_EQ(client.reply().body, "slow but whole");
}

TEST(Server, ReadsChunkedBodiesAndDropsTrailers) {
  TestServer const s(echo_router());
  auto client = s.client();
  std::string const head = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ask(head + "5\r\nhello\r\n3;x=\"y\"\r\n, w\r\n0\r\nHost: other\r\n\r\n").body, "hello, w");
  EXPECT_EQ(client.ask(head + "0\r\n\r\n").status, 200);
}

TEST(Server, ALaterAnswerComesFromAnyThread) {
  Router router;
  std::vector<std::thread> threads;
  router.on_later(Method::post, "/later", [&](Request const& r, Responder answer) {
    threads.emplace_back([body = r.body, answer] { answer(Response::text(body)); });
  });
  {
    ServerOptions options;
    options.worker_threads = 1;
    TestServer const s(std::move(router), options);
    auto client = s.client();
    for (int i = 0; i < 10; ++i)
      EXPECT_EQ(client.ask(post("/later", "text/plain", std::to_string(i))).body, std::to_string(i));
  }
  for (auto& thread : threads) thread.join();
}

TEST(Server, ContinuesWhenAsked) {
  TestServer const s(echo_router());
  auto client = s.client();
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(client.reply().status, 100);
  EXPECT_EQ(client.ask("abc").body, "abc");
  EXPECT_EQ(
      client.ask("POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n")
          .status,
      413);
}

TEST(Server, SaysWhatAPathAllows) {
  TestServer const s(echo_router());
  auto client = s.client();
  auto reply = client.ask(post("/hello", "text/plain", "x"));
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.header("allow"), "GET, HEAD, OPTIONS");
  reply = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.header("allow"), "POST, OPTIONS");
  EXPECT_EQ(reply.header("access-control-allow-origin"), "");
  reply = client.ask("OPTIONS /any HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(reply.header("access-control-allow-origin"), "*");
  EXPECT_EQ(reply.header("access-control-allow-methods"), "POST, OPTIONS");
  EXPECT_EQ(client.ask(post("/any", "text/plain", "x")).header("access-control-allow-origin"), "*");
  reply = client.ask(get("/nothing/here"));
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.header("content-type"), "application/problem+json; charset=utf-8");
  EXPECT_NE(reply.body.find("\"code\":\"http.not_found\""), std::string::npos);
}

TEST(Server, AnswersHeadLikeGetWithoutTheBody) {
  TestServer const s(echo_router());
  auto client = s.client();
  auto const reply = client.send("HEAD /hello?n=1 HTTP/1.1\r\nHost: test\r\n\r\n").reply(true);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "7");
  EXPECT_EQ(client.ask(get("/hello?n=2")).body, "hello 2");
}

TEST(Server, SpeaksHttp10) {
  TestServer const s(echo_router());
  auto client = s.client();
  EXPECT_EQ(client.ask("GET /hello?n=1 HTTP/1.0\r\n\r\n").body, "hello 1");
  EXPECT_TRUE(client.ended());
}

TEST(Server, TakesAnAbsoluteTarget) {
  TestServer const s(echo_router());
  EXPECT_EQ(s.ask(get("http://test:80/hello?n=a")).body, "hello a");
}

TEST(Server, KeepsAnEncodedSlashInsideItsSegment) {
  TestServer const s(echo_router());
  EXPECT_EQ(s.ask(get("/things/a%2Fb.json")).body, "[\"a/b\"]");
}

TEST(Server, BelievesForwardedHeadersOnlyFromTrustedProxies) {
  std::string const forwarded = "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
  TestServer const plain(echo_router());
  EXPECT_EQ(plain.ask(get("/peer")).body, "127.0.0.1 loopback");
  EXPECT_EQ(plain.ask(get("/peer", forwarded)).body, "127.0.0.1");
  ServerOptions options;
  options.trusted_proxies = {"127.0.0.1"};
  TestServer const behind(echo_router(), options);
  EXPECT_EQ(behind.ask(get("/peer", forwarded)).body, "203.0.113.9 secure");
}

TEST(Server, SendsSecurityHeadersAndARequestId) {
  TestServer const s(echo_router());
  auto const reply = s.ask(get("/hello"));
  EXPECT_NE(reply.header("content-security-policy").find("script-src 'self';"), std::string::npos);
  EXPECT_NE(reply.header("content-security-policy").find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(reply.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(reply.header("referrer-policy"), "no-referrer");
  EXPECT_EQ(reply.header("x-request-id").size(), 16U);
  EXPECT_EQ(s.ask(get("/hello", "X-Request-Id: abc-1\r\n")).header("x-request-id"), "abc-1");
  EXPECT_NE(s.ask(get("/hello", "X-Request-Id: a b<script>\r\n")).header("x-request-id"), "a b<script>");
}

TEST(Server, PacksLongTextForThoseWhoAsk) {
  TestServer const s(echo_router());
  EXPECT_EQ(s.ask(get("/long")).body.size(), 5000U);
  auto const reply = s.ask(get("/long", "Accept-Encoding: br, gzip;q=0.5\r\n"));
  EXPECT_EQ(reply.header("content-encoding"), "gzip");
  EXPECT_EQ(reply.header("vary"), "Accept-Encoding");
  EXPECT_LT(reply.body.size(), 200U);
  EXPECT_EQ(s.ask(get("/long", "Accept-Encoding: gzip;q=0\r\n")).header("content-encoding"), "");
}

TEST(Server, SaysSoWhenItCannotListen) {
  TestServer const s(echo_router());
  Metrics metrics;
  core::SystemTime const time;
  ServerOptions options;
  options.port = s.server->port();
  auto const taken = Server::start(options, Router{}, metrics, time);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().key, "listen.failed");
  options.address = "city.example";
  EXPECT_EQ(Server::start(options, Router{}, metrics, time).error().key, "listen.address");
}

TEST(Server, CountsWhatItDoes) {
  TestServer const s(echo_router());
  s.ask(get("/things/1.json"));
  s.ask(get("/things/2.json"));
  s.ask(get("/nothing"));
  auto const text = s.metrics.text();
  EXPECT_NE(
      text.find("zhili_http_requests_total{method=\"GET\",route=\"/things/{id}.json\",status=\"200\"} 2\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("zhili_http_requests_total{method=\"GET\",route=\"none\",status=\"404\"} 1\n"),
            std::string::npos);
  EXPECT_NE(text.find("zhili_http_request_seconds_count{route=\"/things/{id}.json\"} 2\n"),
            std::string::npos);
}

}  // namespace
}  // namespace zhili::web::test
