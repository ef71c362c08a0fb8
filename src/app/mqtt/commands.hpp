#pragma once
// Commands to devices that listen at our MQTT door, and what they answer.

#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "bus/worker.hpp"
#include "core/time.hpp"
#include "sense/devices/commands.hpp"
#include "store/db.hpp"
#include "web/mqtt/door.hpp"

namespace zhili::app {

/// Told with QoS 0 when a command is asked for, and again whenever the device begins to listen, until it is answered or expires: what was lost on the way is
/// told when the device comes back. An answer is acknowledged when it is on the disk; one that cannot be (a command that is over, no JSON) is acknowledged
/// and logged, for it would never be better. Thread-safe.
class MqttCommands final : public sense::devices::CommandChannel, public web::mqtt::CommandPost {
 public:
  /// A channel of `desk` from now on. What it is given outlives it.
  MqttCommands(store::Db& db, sense::devices::CommandDesk& desk, core::Zone zone);
  /// Through this door, until close().
  void open(web::mqtt::Door& door);
  void close();

  bool reaches(std::string_view serial) const override;
  bool deliver(std::string_view serial, sense::devices::Command const& command) override;
  void listens(std::string const& serial) override;
  void answered(std::string const& serial, std::int64_t command, std::string payload, std::function<void(bool)> done) override;

 private:
  std::chrono::nanoseconds round();
  bool tell(std::string const& serial);
  core::Result<sense::devices::Id> device_of(std::string const& serial);
  bool take(std::string const& serial, std::int64_t command, std::string const& payload);

  store::Db& db_;
  sense::devices::CommandDesk& desk_;
  core::Zone zone_;
  mutable std::mutex mutex_;  // guards the next three
  web::mqtt::Door* door_ = nullptr;
  std::set<std::string> listening_;  // began to listen, and were not told yet what waits for them
  std::deque<std::function<void()>> answers_;
  bus::Worker worker_;  // last: it uses the others; the door's thread must not wait for the disk
};

}  // namespace zhili::app
