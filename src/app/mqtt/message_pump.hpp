#pragma once
// From the stream of a NATS server into the intake: fetched, taken, and only then acknowledged.

#include <chrono>
#include <functional>
#include <memory>
#include <set>

#include "app/mqtt/backlog.hpp"
#include "bus/jetstream/jetstream.hpp"
#include "bus/worker.hpp"
#include "sense/ingest/messages.hpp"

namespace zhili::app {

/// Messages that are fetched together.
inline constexpr std::size_t pump_messages_max = 5'000;
/// A fetch without messages takes so long; then it looks whether it is to end.
inline constexpr std::chrono::milliseconds pump_wait{500};
/// After a failure, doubled with each more.
inline constexpr std::chrono::milliseconds pump_pause_min{100};
inline constexpr std::chrono::milliseconds pump_pause_max{5'000};

/// Not thread-safe: one thread steps.
class MessagePump {
 public:
  /// What it is given outlives it. `time` is the city's, `wall` the world's, by which the server stamps what it gets.
  MessagePump(bus::JetStream& stream, sense::ingest::Intake& intake, core::TimeSource const& time, core::TimeSource const& wall) : stream_(stream), intake_(intake), time_(time), wall_(wall), reader_(intake) {}

  /// Which stream of which server that is, wherever it is found. Errors: it does not answer; is_caught_up() is false then.
  core::Result<std::string> broker();
  /// How long to wait after an error of broker().
  std::chrono::milliseconds pause() const { return pause_; }
  /// Fetches, takes, acknowledges. Gives how long to wait before the next step: nothing as long as all goes well. Messages that could not be
  /// stored are kept and tried again first, so the order stays; single observations that the store refuses for good are left out, and the log says
  /// of which datastream. Blocks for `pump_wait` and a commit.
  std::chrono::milliseconds step();
  /// Whether, as of the last step, nothing waits at the server that came there more than backlog_lag_max ago.
  bool is_caught_up() const { return caught_up_; }
  /// Another process goes on: what is fetched and not stored is its affair now.
  void let_go();

 private:
  core::Result<> take();
  void narrow(core::Error const& refusal);
  core::Instant in_the_city(core::Instant of_the_world) const;
  std::chrono::milliseconds failed(core::Error const& error);

  bus::JetStream& stream_;
  sense::ingest::Intake& intake_;
  core::TimeSource const& time_;
  core::TimeSource const& wall_;
  sense::ingest::MessageReader reader_;
  bus::Pulled pulled_;
  std::vector<sense::ingest::MessageReader::Group> groups_;  // of `pulled_`, not stored yet
  std::set<std::int64_t> left_out_;  // datastreams of `pulled_` of which the log has been told
  std::chrono::milliseconds pause_{0};
  bool caught_up_ = false;
};

/// "devices/G-7/level" for the subject "devices.G-7.level" (nats-server, MQTT): "." stands for "/", and "//" for a ".".
std::string topic_of_subject(std::string_view subject);

}  // namespace zhili::app
