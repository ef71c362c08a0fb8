#include "web/transport/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

constexpr int backlog = 1024;
constexpr int no_socket_left_pause_ms = 100;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  int family = AF_UNSPEC;
};

core::Result<SocketAddress> socket_address(std::string const& address, std::uint16_t port) {
  SocketAddress out;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  auto const text = address == "localhost" ? std::string("127.0.0.1") : address;
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    out.family = v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    out.size = sizeof *v4;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    out.family = v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof *v6;
  } else {
    return fail(Errc::invalid, "listen.address",
                {"监听地址须为 IP 地址（如 127.0.0.1、::1、0.0.0.0），不能是：" + address,
                 "The address to listen on must be an IP address (127.0.0.1, ::1, 0.0.0.0), not: " + address},
                "listen");
  }
  return out;
}

Peer peer_of(sockaddr_storage const& storage) {
  Peer peer;
  char text[INET6_ADDRSTRLEN] = "";
  if (storage.ss_family == AF_INET) {
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    peer.loopback = (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  } else {
    auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(storage);
    peer.v6 = true;
    inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    bool const mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
    peer.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) || (mapped && v6.sin6_addr.s6_addr[12] == 127);
    if (mapped) {
      peer.address = std::string_view(text).substr(std::string_view("::ffff:").size());
      return peer;
    }
  }
  peer.address = text;
  return peer;
}

}  // namespace

core::Result<std::unique_ptr<Listener>> Listener::open(std::string const& address, std::uint16_t port,
                                                       Taken taken) {
  ZHILI_TRY(auto const at, socket_address(address, port));
  int const fd = ::socket(at.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int const on = 1;
  int const off = 0;
  bool good = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
  if (good && at.family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  good = good && ::bind(fd, reinterpret_cast<sockaddr const*>(&at.storage), at.size) == 0 &&
         ::listen(fd, backlog) == 0;
  int const wake = good ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
  if (wake < 0) {
    auto const reason = std::string(std::strerror(errno));
    if (fd >= 0) ::close(fd);
    auto const place = address + ":" + std::to_string(port);
    return fail(
        Errc::unavailable, "listen.failed",
        {"无法监听 " + place + "：端口可能被占用，或无权限。请换一个端口。",
         "Cannot listen on " + place + ": the port may be in use, or not permitted. Try another port."},
        "listen", reason);
  }
  return std::unique_ptr<Listener>(new Listener(fd, wake, std::move(taken)));
}

Listener::Listener(int socket, int wake, Taken taken)
    : socket_(socket), wake_(wake), taken_(std::move(taken)) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(socket_, reinterpret_cast<sockaddr*>(&storage), &size);
  port_ = ntohs(storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(storage).sin_port
                                             : reinterpret_cast<sockaddr_in6&>(storage).sin6_port);
  thread_ = std::thread([this] { run(); });
}

void Listener::run() {
  pollfd watched[] = {{wake_, POLLIN, 0}, {socket_, POLLIN, 0}};
  for (;;) {
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) return;
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) take_all();
  }
}

void Listener::take_all() {
  for (;;) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    int const fd =
        accept4(socket_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
      spdlog::warn("cannot take a connection: {}", std::strerror(errno));
      pollfd pause{wake_, POLLIN, 0};
      ::poll(&pause, 1, no_socket_left_pause_ms);
      return;
    }
    if (fd < 0) return;  // none left, or one that went away by itself
    int const on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    taken_(fd, peer_of(storage));
  }
}

void Listener::close() {
  if (!thread_.joinable()) return;
  std::uint64_t const one = 1;
  static_cast<void>(::write(wake_, &one, sizeof one));
  thread_.join();
  ::close(socket_);
  ::close(wake_);
}

}  // namespace zhili::web
