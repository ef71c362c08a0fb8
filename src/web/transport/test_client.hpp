#pragma once
// For tests: a server on a free port of this machine, and a client that sends exactly the bytes it is told
// to.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "web/server.hpp"
#include "web/transport/ascii.hpp"

namespace zhili::web::test {

inline constexpr int patience_ms = 10'000;  ///< only a broken server lets a test wait this long

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  }
  ~Client() { ::close(fd_); }
  Client(Client const&) = delete;

  Client& send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) break;  // the server may have hung up already, which the test will see
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }
  void no_more() { ::shutdown(fd_, SHUT_WR); }

  struct Reply {
    int status = 0;  ///< 0: the connection ended before a whole head
    Headers headers;
    std::string body;
    std::string header(std::string_view name) const { return std::string(headers.get(name).value_or("")); }
  };
  /// The next response; `to_head` for the response to a HEAD request, which has a length and no body.
  Reply reply(bool to_head = false) {
    Reply out;
    std::size_t end = 0;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return out;
    out.status = std::stoi(in_.substr(9, 3));
    std::string_view lines = std::string_view(in_).substr(0, end);
    for (ascii::take(lines, '\n'); !lines.empty();) {
      auto line = ascii::take(lines, '\n');
      auto const colon = line.find(':');
      if (line.ends_with('\r')) line.remove_suffix(1);
      out.headers.add(std::string(line.substr(0, colon)), std::string(ascii::trim(line.substr(colon + 1))));
    }
    in_.erase(0, end + 4);
    auto const length = to_head ? 0 : std::stoul("0" + out.header("content-length"));
    while (in_.size() < length && more()) {
    }
    out.body = in_.substr(0, length);
    in_.erase(0, length);
    return out;
  }
  /// What comes next, up to and with these bytes; less if the connection ends before.
  std::string until(std::string_view end) {
    std::size_t at = 0;
    while ((at = in_.find(end)) == std::string::npos && more()) {
    }
    auto const size = at == std::string::npos ? in_.size() : at + end.size();
    auto out = in_.substr(0, size);
    in_.erase(0, size);
    return out;
  }
  Reply ask(std::string_view bytes) { return send(bytes).reply(); }
  /// Whether the server has ended the connection, and said nothing more.
  bool ended() {
    while (more()) {
    }
    return in_.empty();
  }

 private:
  bool more() {
    pollfd ready{fd_, POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) <= 0) {
      ADD_FAILURE() << "the server keeps us waiting";
      return false;
    }
    char bytes[16 * 1024];
    auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
    if (n > 0) in_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }
  int fd_;
  std::string in_;
};

/// A running server with its metrics.
struct TestServer {
  explicit TestServer(Router router, ServerOptions options = {}) {
    options.port = 0;
    options.worker_threads = std::min<std::size_t>(options.worker_threads, 4);
    auto started = Server::start(std::move(options), std::move(router), metrics, time);
    if (!started) ADD_FAILURE() << started.error().text.en;
    server = std::move(*started);
  }
  Client client() const { return Client(server->port()); }
  Client::Reply ask(std::string_view bytes) const { return client().ask(bytes); }

  core::SystemTime time;
  Metrics metrics;
  std::unique_ptr<Server> server;
};

inline std::string get(std::string_view path, std::string_view more_headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view type, std::string_view body,
                        std::string_view more_headers = "") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(more_headers) + "\r\n" +
         std::string(body);
}

inline Router echo_router() {
  Router router;
  router.get("/hello", [](Request const& r) {
    return Response::text("hello " + std::string(r.query.get("n").value_or("?")));
  });
  router.get("/things/{id}.json",
             [](Request const& r) { return Response::json("[\"" + std::string(r.param("id")) + "\"]"); });
  router.post("/echo", [](Request const& r) { return Response::text(r.body); }, {.body_bytes_max = 1000});
  router.post("/any", [](Request const& r) { return Response::text(r.body); },
              {.body_bytes_max = 1000, .any_origin = true});
  router.get("/throw", [](Request const&) -> Response { throw std::runtime_error("on purpose"); });
  router.on_later(Method::get, "/silent", [](Request const&, Responder) {});
  router.get("/peer", [](Request const& r) {
    return Response::text(r.peer + (r.secure ? " secure" : "") + (r.loopback ? " loopback" : ""));
  });
  router.get("/long", [](Request const&) { return Response::text(std::string(5000, 'x')); });
  return router;
}

}  // namespace zhili::web::test
