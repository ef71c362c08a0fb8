// Deadlines, queues and endings. The limits are tiny and come from the options; nothing sleeps.
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

using std::chrono::milliseconds;

TEST(Limits, EndsASlowHead) {
  ServerOptions options;
  options.limits.head_ms = milliseconds(40);
  TestServer const s(echo_router(), options);
  auto client = s.client();
  client.send("GET /hello HTTP/1.1\r\nHost: t");
  EXPECT_EQ(client.reply().status, 408);
  EXPECT_TRUE(client.ended());
}

TEST(Limits, ADripOfHeaderLinesDoesNotMoveTheDeadline) {
  ServerOptions options;
  options.limits.head_ms = milliseconds(60);
  TestServer const s(echo_router(), options);
  auto client = s.client();
  client.send("GET /hello HTTP/1.1\r\nHost: test\r\n");
  auto reply = std::async(std::launch::async, [&] { return client.reply(); });
  while (reply.wait_for(milliseconds(5)) != std::future_status::ready) client.send("X: 1\r\n");
  auto const got = reply.get();
  EXPECT_TRUE(got.status == 408 || got.status == 0) << got.status;
}

TEST(Limits, EndsASlowBody) {
  ServerOptions options;
  options.limits.body_ms = milliseconds(40);
  TestServer const s(echo_router(), options);
  auto client = s.client();
  EXPECT_EQ(client.ask("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nabc").status, 408);
  EXPECT_TRUE(client.ended());
}

TEST(Limits, EndsAnIdleConnectionWithoutAWord) {
  ServerOptions options;
  options.limits.idle_ms = milliseconds(40);
  TestServer const s(echo_router(), options);
  auto client = s.client();
  EXPECT_TRUE(client.ended());
  auto second = s.client();
  EXPECT_EQ(second.ask(get("/hello")).status, 200);
  EXPECT_TRUE(second.ended());
}

TEST(Limits, EndsAClientThatDoesNotRead) {
  ServerOptions options;
  options.limits.write_ms = milliseconds(60);
  Router router;
  auto const large = std::make_shared<std::string const>(32 * 1024 * 1024, 'x');
  router.get("/large", [large](Request const&) {
    Response response;
    response.shared = large;
    return response;
  });
  TestServer const s(std::move(router), options);
  auto client = s.client();
  client.send(get("/large"));
  while (s.metrics.text().find("route=\"/large\"") == std::string::npos) std::this_thread::yield();
  while (s.metrics.text().find("zhili_http_connections 0") == std::string::npos) std::this_thread::yield();
  EXPECT_LT(client.reply().body.size(), large->size());
}

TEST(Limits, TellsTheClientWhenAHandlerStaysSilentTooLong) {
  ServerOptions options;
  options.limits.handler_ms = milliseconds(40);
  std::vector<Responder> kept;
  auto router = echo_router();
  router.on_later(Method::get, "/never", [&](Request const&, Responder r) { kept.push_back(std::move(r)); });
  TestServer const s(std::move(router), options);
  EXPECT_EQ(s.ask(get("/never")).status, 503);
  kept.at(0)(Response::text("too late"));
}

TEST(Limits, TellsTheClientWhenAHandlerGivesUp) {
  TestServer const s(echo_router(), {});
  EXPECT_EQ(s.ask(get("/silent")).status, 500);
  EXPECT_EQ(s.ask(get("/throw")).status, 500);
}

TEST(Limits, HasALimitOfConnections) {
  ServerOptions options;
  options.limits.connections_max = 2;
  TestServer const s(echo_router(), options);
  auto one = s.client();
  auto two = s.client();
  EXPECT_EQ(one.ask(get("/hello")).status, 200);
  EXPECT_EQ(two.ask(get("/hello")).status, 200);
  auto three = s.client();
  auto const reply = three.reply();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("retry-after"), "5");
}

TEST(Limits, HasALimitOfRequestsOnAConnection) {
  ServerOptions options;
  options.limits.requests_per_connection_max = 2;
  TestServer const s(echo_router(), options);
  auto client = s.client();
  EXPECT_EQ(client.ask(get("/hello")).header("connection"), "");
  EXPECT_EQ(client.ask(get("/hello")).header("connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST(Limits, HasALimitOfAllBodiesTogether) {
  ServerOptions options;
  options.limits.bodies_bytes_max = 100;
  TestServer const s(echo_router(), options);
  EXPECT_EQ(s.ask(post("/echo", "text/plain", std::string(101, 'x'))).status, 503);
  EXPECT_EQ(s.ask(post("/echo", "text/plain", std::string(99, 'x'))).status, 200);
}

/// A route whose handlers wait until they are let go.
struct Held {
  std::mutex mutex;
  std::condition_variable changed;
  int inside = 0;
  bool open = false;

  void route(Router& router) {
    router.get("/held", [this](Request const&) {
      std::unique_lock lock(mutex);
      ++inside;
      changed.notify_all();
      changed.wait(lock, [this] { return open; });
      return Response::text("done");
    });
  }
  void wait_inside(int n) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inside >= n; });
  }
  void let_go() {
    std::lock_guard const lock(mutex);
    open = true;
    changed.notify_all();
  }
};

TEST(Limits, AFullQueueIsSaidWithRetryAfter) {
  Held held;
  auto router = echo_router();
  held.route(router);
  ServerOptions options;
  options.worker_threads = 1;
  options.limits.queue_max = 1;
  TestServer const s(std::move(router), options);
  auto running = s.client();
  auto waiting = s.client();
  running.send(get("/held"));
  held.wait_inside(1);
  waiting.send(get("/held"));
  while (s.metrics.text().find("zhili_http_queue 1") == std::string::npos) std::this_thread::yield();
  auto const reply = s.ask(get("/hello"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("retry-after"), "1");
  held.let_go();
  EXPECT_EQ(running.reply().body, "done");
  EXPECT_EQ(waiting.reply().body, "done");
}

TEST(Limits, StopsGracefully) {
  Held held;
  auto router = echo_router();
  held.route(router);
  TestServer s(std::move(router));
  auto running = s.client();
  auto idle = s.client();
  EXPECT_EQ(idle.ask(get("/hello")).status, 200);
  running.send(get("/held"));
  held.wait_inside(1);
  auto stopped = std::async(std::launch::async, [&] { s.server->stop(); });
  EXPECT_TRUE(idle.ended());
  held.let_go();
  auto const reply = running.reply();
  EXPECT_EQ(reply.body, "done");
  EXPECT_EQ(reply.header("connection"), "close");
  running.no_more();
  stopped.get();
}

TEST(Limits, StopsInTimeWhenARequestDoesNotEnd) {
  std::vector<Responder> kept;
  Router router;
  router.on_later(Method::get, "/never", [&](Request const&, Responder r) { kept.push_back(std::move(r)); });
  ServerOptions options;
  options.limits.stop_ms = milliseconds(40);
  TestServer s(std::move(router), options);
  auto client = s.client();
  client.send(get("/never"));
  while (s.metrics.text().find("zhili_http_connections 1") == std::string::npos) std::this_thread::yield();
  s.server->stop();
  EXPECT_TRUE(client.ended());
  for (auto const& responder : kept) responder(Response::text("nobody hears this"));
}

}  // namespace
}  // namespace zhili::web::test
