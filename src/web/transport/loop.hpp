#pragma once
// One thread of sockets. Connections are given to it and live on it until they end.

#include <memory>

#include "web/transport/dispatch.hpp"

struct ssl_ctx_st;

namespace zhili::web {

class Loop {
 public:
  explicit Loop(std::shared_ptr<Shared> shared);
  ~Loop();
  /// Takes a connected, non-blocking socket; owns it from now on. With `tls` the connection begins with a
  /// handshake. Thread-safe.
  void adopt(int socket, Peer peer, std::shared_ptr<ssl_ctx_st> tls);
  /// Ends connections that are between two requests, the others after the one that they have. Thread-safe.
  void end_soon();
  /// Ends every connection and the thread. Blocks.
  void end_now();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zhili::web
