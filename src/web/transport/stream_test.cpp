// Bodies that are made while they are sent.
#include "web/stream.hpp"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

Stream::Piece piece(std::string text) { return std::make_shared<std::string const>(std::move(text)); }

Response streamed(Stream stream) {
  Response out{.type = "text/plain"};
  out.stream = std::make_shared<Stream const>(std::move(stream));
  return out;
}

/// Counts from 1 to n, one number a piece; throws after `good` of them.
Stream counting(int n, int good = 1 << 30) {
  auto const at = std::make_shared<int>(0);
  return {.pull = [n, good, at]() -> Stream::Piece {
    if (*at == good) throw std::runtime_error("on purpose");
    return ++*at > n ? nullptr : piece(std::to_string(*at) + "\n");
  }};
}

/// Pieces that the test hands over while the client waits.
struct Hand {
  void give(Stream::Piece next) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return static_cast<bool>(asked); });
    auto const to = std::exchange(asked, {});
    lock.unlock();
    to(std::move(next));
  }
  Stream stream() {
    return {.wait = [this](Stream::Give give) {
      std::lock_guard const lock(mutex);
      asked = std::move(give);
      wake.notify_all();
    }};
  }
  std::mutex mutex;
  std::condition_variable wake;
  Stream::Give asked;
};

Router counting_router() {
  Router router = echo_router();
  router.get("/count", [](Request const&) { return streamed(counting(3)); });
  router.get("/none", [](Request const&) { return streamed(counting(0)); });
  router.get("/cut", [](Request const&) { return streamed(counting(3, 2)); });
  return router;
}

TEST(Streamed, ComesInChunksAndLeavesTheConnectionOpen) {
  TestServer const s(counting_router());
  auto client = s.client();
  auto const head = client.ask(get("/count"));
  EXPECT_EQ(head.header("transfer-encoding"), "chunked");
  EXPECT_EQ(head.header("content-length"), "");
  EXPECT_EQ(client.until("0\r\n\r\n"), "2\r\n1\n\r\n2\r\n2\n\r\n2\r\n3\n\r\n0\r\n\r\n");
  EXPECT_EQ(client.ask(get("/hello?n=4")).body, "hello 4");
  client.ask(get("/none"));
  EXPECT_EQ(client.until("\r\n\r\n"), "0\r\n\r\n");
  EXPECT_EQ(client.ask(get("/hello?n=5")).body, "hello 5");
}

TEST(Streamed, IsNotSentForHead) {
  TestServer const s(counting_router());
  auto client = s.client();
  client.send("HEAD /count HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.reply(true).status, 200);
  EXPECT_EQ(client.ask(get("/hello?n=1")).body, "hello 1");
}

TEST(Streamed, EndsWithTheConnectionForHttp10) {
  TestServer const s(counting_router());
  auto client = s.client();
  auto const head = client.ask("GET /count HTTP/1.0\r\nHost: test\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(head.header("transfer-encoding"), "");
  EXPECT_EQ(head.header("connection"), "close");
  EXPECT_EQ(client.until("3\n"), "1\n2\n3\n");
  EXPECT_TRUE(client.ended());
}

TEST(Streamed, IsSeenToBeCutWhenItFailsInTheMiddle) {
  TestServer const s(counting_router());
  auto client = s.client();
  client.ask(get("/cut"));
  EXPECT_EQ(client.until("2\n\r\n"), "2\r\n1\n\r\n2\r\n2\n\r\n");
  EXPECT_TRUE(client.ended());  // without the last chunk
}

TEST(Streamed, WaitsForWhatOthersGive) {
  Hand hand;
  Router router;
  router.get("/wait", [&](Request const&) { return streamed(hand.stream()); });
  TestServer const s(std::move(router));
  auto client = s.client();
  client.ask(get("/wait"));
  auto const shared = piece("same bytes");
  for (int i = 0; i < 3; ++i) {
    hand.give(shared);
    EXPECT_EQ(client.until("\r\nsame bytes\r\n"), "a\r\nsame bytes\r\n");
  }
  hand.give(nullptr);
  EXPECT_EQ(client.until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST(Streamed, EndsAtOnceWhenTheServerStops) {
  Hand hand;
  Router router;
  router.get("/wait", [&](Request const&) { return streamed(hand.stream()); });
  TestServer const s(std::move(router), {.limits = {.stop_ms = std::chrono::hours(1)}});
  auto client = s.client();
  client.ask(get("/wait"));
  hand.give(piece("x"));
  client.until("x\r\n");
  s.server->stop();
  EXPECT_TRUE(client.ended());
}

TEST(Streamed, IsLetGoWhenTheClientHasGone) {
  std::promise<void> let_go;
  Router router;
  router.get("/wait", [&](Request const&) {
    std::shared_ptr<void> const held(nullptr, [&](void*) { let_go.set_value(); });
    return streamed({.wait = [held](Stream::Give) {}});  // never says a word
  });
  TestServer const s(std::move(router));
  {
    auto client = s.client();
    client.ask(get("/wait"));
  }
  EXPECT_EQ(let_go.get_future().wait_for(std::chrono::milliseconds(patience_ms)), std::future_status::ready);
}

}  // namespace
}  // namespace zhili::web::test
