// Calls to a server of this machine: what comes back, and what is refused.
#include "web/client/client.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "web/transport/test_certificate.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web::client {
namespace {

std::unique_ptr<Client> make(Options options) { return std::move(*Client::make(std::move(options))); }

struct Calls : testing::Test {
  Calls() : server(router()) {}

  static Router router() {
    auto router = test::echo_router();
    router.on(Method::put, "/said", [](Request const& r) {
      auto out = Response::text(r.content_type() + "|" + std::string(r.headers.get("x-kind").value_or("")) + "|" + r.body, 201);
      out.headers.add("X-Told", "yes");
      return out;
    });
    router.get("/away", [](Request const&) {
      Response out{.status = 302};
      out.headers.add("Location", "/hello?n=2");
      return out;
    });
    return router;
  }
  std::string url(std::string const& path) const { return "http://127.0.0.1:" + std::to_string(server.server->port()) + path; }

  test::TestServer server;
  std::unique_ptr<Client> anywhere = make({.reach = Reach::anywhere});
};

TEST_F(Calls, BringBackStatusHeadersAndBody) {
  auto const got = anywhere->call({.url = url("/hello?n=1")});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "hello 1");
  auto const put = anywhere->call(
      {.method = "PUT", .url = url("/said"), .headers = {{"Content-Type", "text/plain"}, {"X-Kind", "test"}}, .body = "words"});
  ASSERT_TRUE(put);
  EXPECT_EQ(put->status, 201);
  EXPECT_EQ(put->body, "text/plain|test|words");
  EXPECT_EQ(put->headers.get("x-told"), "yes");
}

TEST_F(Calls, GiveErrorsOfTheOtherSideAsAnswers) {
  EXPECT_EQ(anywhere->call({.url = url("/nowhere")})->status, 404);
  EXPECT_EQ(anywhere->call({.url = url("/throw")})->status, 500);
}

TEST_F(Calls, FollowRedirectsOnlyWhenAsked) {
  EXPECT_EQ(anywhere->call({.url = url("/away")})->status, 302);
  auto const followed = anywhere->call({.url = url("/away"), .limits = {.redirects_max = 1}});
  ASSERT_TRUE(followed);
  EXPECT_EQ(followed->body, "hello 2");
  EXPECT_FALSE(followed->headers.has("location"));
}

TEST_F(Calls, RefuseAnAnswerThatIsTooLong) {
  auto const got = anywhere->call({.url = url("/long"), .limits = {.answer_bytes_max = 4999}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().key, "client.answer_size");
  EXPECT_EQ(anywhere->call({.url = url("/long"), .limits = {.answer_bytes_max = 5000}})->body.size(), 5000u);
}

/// A port that takes connections, and never says a word.
struct SilentPort {
  SilentPort() {
    sockaddr_in at{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&at), size), 0);
    EXPECT_EQ(::listen(fd, 1), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size), 0);
    port = ntohs(at.sin_port);
  }
  ~SilentPort() { ::close(fd); }
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t port = 0;
};

TEST(ClientTimeout, EndsACallWhenTheOtherSideKeepsSilent) {
  SilentPort const silent;
  auto const got = make({.reach = Reach::anywhere})
                       ->call({.url = "http://127.0.0.1:" + std::to_string(silent.port) + "/",
                               .limits = {.total_ms = std::chrono::milliseconds(50)}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().key, "client.timeout");
}

TEST_F(Calls, SayThatNobodyListens) {
  auto const port = server.server->port();
  server.server->stop();
  auto const got = anywhere->call({.url = "http://127.0.0.1:" + std::to_string(port) + "/"});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, core::Errc::unavailable);
  EXPECT_EQ(got.error().key, "client.unreachable");
}

TEST_F(Calls, FromOutsideDoNotReachInside) {
  auto const outside = make({});
  auto const port = std::to_string(server.server->port());
  for (auto const& host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1"}) {
    auto const got = outside->call({.url = "http://" + std::string(host) + ":" + port + "/hello"});
    ASSERT_FALSE(got) << host;
    EXPECT_EQ(got.error().key, "client.inside") << host;
    EXPECT_EQ(got.error().code, core::Errc::forbidden);
  }
  auto const allowed = make({.inside_allowed = {"127.0.0.0/8"}});
  EXPECT_EQ(allowed->call({.url = url("/hello?n=1")})->body, "hello 1");
}

TEST_F(Calls, RefuseWhatIsNoWebAddressAndWhatWouldSplitAHeader) {
  for (auto const& bad : {"", "/hello", "file:///etc/passwd", "gopher://a/", "ftp://a/", "http://", "http://u:p@a.example/", "http://a b/"}) {
    auto const got = anywhere->call({.url = bad});
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().key, "client.url") << bad;
    EXPECT_FALSE(check_url(bad)) << bad;
  }
  EXPECT_TRUE(check_url("https://city.example:8443/hooks?to=a"));
  EXPECT_EQ(anywhere->call({.url = url("/hello"), .headers = {{"X-A", "b\r\nX-C: d"}}}).error().key, "client.header");
  EXPECT_EQ(anywhere->call({.method = "GET /x HTTP/1.1", .url = url("/hello")}).error().key, "client.method");
}

TEST(ClientTls, BelievesOnlyACertificateOfItsAuthorityAndName) {
  auto const folder = std::filesystem::temp_directory_path() / ("zhili_client_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  TlsFiles const good{folder / "good.crt", folder / "good.key"};
  TlsFiles const other{folder / "other.crt", folder / "other.key"};
  test::make_certificate("127.0.0.1", good);
  test::make_certificate("other.example", other);
  ServerOptions options;
  options.tls = good;
  test::TestServer const city(test::echo_router(), options);
  auto const url = "https://127.0.0.1:" + std::to_string(city.server->port()) + "/hello?n=1";
  EXPECT_EQ(make({.reach = Reach::anywhere, .ca_file = good.certificate})->call({.url = url})->body, "hello 1");
  EXPECT_EQ(make({.reach = Reach::anywhere})->call({.url = url}).error().key, "client.tls");
  EXPECT_EQ(make({.reach = Reach::anywhere, .ca_file = other.certificate})->call({.url = url}).error().key, "client.tls");

  options.tls = other;
  test::TestServer const liar(test::echo_router(), options);
  auto const named = "https://127.0.0.1:" + std::to_string(liar.server->port()) + "/hello";
  EXPECT_EQ(make({.reach = Reach::anywhere, .ca_file = other.certificate})->call({.url = named}).error().key, "client.tls");
  std::filesystem::remove_all(folder);
}

TEST(ClientStop, EndsTheCallUnderWayAndRefusesLaterOnes) {
  std::mutex mutex;
  std::condition_variable wake;
  std::optional<Responder> held;
  Router router;
  router.on_later(Method::get, "/hold", [&](Request const&, Responder responder) {
    std::lock_guard const lock(mutex);
    held = std::move(responder);
    wake.notify_all();
  });
  test::TestServer const server(std::move(router));
  auto const client = make({.reach = Reach::anywhere});
  Call const call{.url = "http://127.0.0.1:" + std::to_string(server.server->port()) + "/hold"};
  std::string key;
  std::thread caller([&] { key = client->call(call).error().key; });
  {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return held.has_value(); });
  }
  client->stop();
  caller.join();
  EXPECT_EQ(key, "client.stopped");
  EXPECT_EQ(client->call(call).error().key, "client.stopped");
  held.reset();
}

TEST(ClientThreads, CallAtTheSameTime) {
  test::TestServer const server(test::echo_router());
  auto const client = make({.reach = Reach::anywhere});
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        auto const n = std::to_string(t * 100 + i);
        auto const got = client->call({.url = "http://127.0.0.1:" + std::to_string(server.server->port()) + "/hello?n=" + n});
        good += got && got->body == "hello " + n ? 1 : 0;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 200);
}

}  // namespace
}  // namespace zhili::web::client
