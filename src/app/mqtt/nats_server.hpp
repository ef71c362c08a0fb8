#pragma once
// A nats-server of our own on loopback: for the demonstration, for tests, and for a machine that has nothing else.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace zhili::app {

struct NatsServerOptions {
  std::filesystem::path folder;   ///< configuration, log and messages; made if it is not there
  std::uint16_t client_port = 0;  ///< 0: one that is free
  std::uint16_t mqtt_port = 0;    ///< the same
  std::string device_password = {};  ///< of the MQTT user "devices", who may write devices/… and read nothing; empty: made here
};

/// A child process that dies with us. Started from a thread that lives as long as it (the kernel ends it when that thread ends).
class NatsServer {
 public:
  /// Writes the configuration (0600), starts the program and waits until it listens. Errors: not_found (nats-server is not installed),
  /// unavailable (it does not start: `detail` names its log).
  static core::Result<std::unique_ptr<NatsServer>> start(NatsServerOptions options);
  /// Ends it kindly, and waits.
  ~NatsServer();
  NatsServer(NatsServer const&) = delete;

  /// With our own password.
  std::string const& url() const { return url_; }
  std::uint16_t mqtt_port() const { return mqtt_port_; }
  std::uint16_t client_port() const { return client_port_; }
  std::string const& device_password() const { return device_password_; }

  /// kill -9, for tests.
  void kill();
  /// Neither answers nor ends its connections, as behind a cable that was pulled; false: it goes on. For tests.
  void stand_still(bool still);
  /// After it was killed or has died: on the same ports, with the same messages. Errors: as start().
  core::Result<> restart();
  bool runs() const;

 private:
  NatsServer() = default;
  core::Result<> launch();

  std::filesystem::path folder_, program_;
  std::string url_, device_password_;
  std::uint16_t client_port_ = 0, mqtt_port_ = 0;
  mutable pid_t pid_ = -1;
};

}  // namespace zhili::app
