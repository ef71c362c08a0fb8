#pragma once
// The door: a listening socket and the thread that takes connections from it.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "core/result.hpp"
#include "web/transport/dispatch.hpp"

namespace zhili::web {

class Listener {
 public:
  /// `taken(socket, peer)` is called on the listener's thread for each connection; it owns the socket.
  using Taken = std::function<void(int socket, Peer peer)>;

  /// Errors: invalid (not an IP address), unavailable (in use, not ours, no permission).
  static core::Result<std::unique_ptr<Listener>> open(std::string const& address, std::uint16_t port,
                                                      Taken taken);
  ~Listener() { close(); }
  Listener(Listener const&) = delete;
  std::uint16_t port() const { return port_; }
  /// Takes no more connections. Blocks until the thread has ended.
  void close();

 private:
  Listener(int socket, int wake, Taken taken);
  void run();
  void take_all();
  int socket_;
  int wake_;  // an eventfd: readable when the thread is to end
  std::uint16_t port_ = 0;
  Taken taken_;
  std::thread thread_;
};

}  // namespace zhili::web
