#pragma once
// Messages that a NATS server keeps until we have taken them in: pulled, and acknowledged when that is on our disk.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::bus {

/// Messages that are fetched and not acknowledged: the server gives no more.
inline constexpr std::int64_t unacknowledged_max = 20'000;
/// A message that was fetched and not acknowledged for so long is given again.
inline constexpr std::chrono::seconds acknowledge_within{30};
inline constexpr std::chrono::seconds connect_timeout{2};
/// Between attempts of the client to get a connection back that it had.
inline constexpr std::chrono::milliseconds reconnect_pause{250};
/// What the server keeps for us at most: the oldest go when it is full.
inline constexpr std::int64_t kept_bytes_max = std::int64_t{4} << 30;
inline constexpr std::chrono::hours kept_for{7 * 24};

struct JetStreamOptions {
  std::string url;                        ///< "nats://[user:password@]host:port", "tls://…"
  std::string stream = "ZHILI_DEVICES";   ///< made if it is not there
  std::vector<std::string> subjects = {"devices.>"};
  std::string consumer = "zhili";         ///< durable, with the number of the takeover behind it: "zhili-7"
  std::chrono::milliseconds acknowledge = acknowledge_within;
};

/// Messages that were fetched together. Movable. Those that are not acknowledged come again: at once when this goes, or, if the process dies,
/// to whoever connects next, before all others.
class Pulled {
 public:
  struct Message {
    std::string_view subject, bytes;
    core::Instant received{};     ///< by the server
    std::uint64_t times = 1;      ///< how often it was given out, this time among them
  };
  Pulled();
  ~Pulled();
  Pulled(Pulled&&) noexcept;
  Pulled& operator=(Pulled&&) noexcept;

  /// Good as long as this. In the order in which the server got them.
  std::vector<Message> const& messages() const { return messages_; }
  /// All of them are taken in. What does not reach the server comes again.
  void acknowledge();

 private:
  friend class JetStream;
  struct Kept;
  std::unique_ptr<Kept> kept_;
  std::vector<Message> messages_;
};

/// One stream of a server through one durable consumer. Fetching: one thread of one process at a time. The others: any.
///
/// Messages come in the order in which the server got them, whoever was killed with what it had fetched: whoever connects, also anew after
/// the connection broke, makes a consumer of its own that begins where everything was acknowledged, and takes away those before. A process
/// that still fetches by one of these gets nothing, and soon an error. So what was stored and not acknowledged may come twice, and nothing comes too early.
///
/// What is published with QoS 1 over the server's MQTT endpoint is in the stream when the publisher gets its PUBACK. The server writes it to
/// its file and syncs now and then: a kill -9 of it loses nothing, a power cut may lose the last seconds.
class JetStream {
 public:
  explicit JetStream(JetStreamOptions options);
  ~JetStream();
  JetStream(JetStream const&) = delete;

  /// The stream, whichever address leads to it: its name and when it was made. Connects and makes it when that has not been done; fetches nothing
  /// and disturbs nobody who does. Errors: as fetch().
  core::Result<std::string> name();
  /// At most `most` messages: waits up to `wait` for the first, then gives what is there. Connects, and makes stream and consumer, when
  /// that has not been done. No messages: the server was asked, and health() has what it said. Errors: unavailable: no server, no JetStream on it,
  /// it is lost or does not answer; call again later.
  core::Result<Pulled> fetch(std::size_t most, std::chrono::milliseconds wait);

  struct Health {
    bool connected = false;
    std::uint64_t pending = 0;         ///< messages that wait at the server, as of the last fetch; not those that came with it
    std::uint64_t unacknowledged = 0;  ///< that we hold
  };
  Health health() const;
  /// Lets the connection go; fetch() makes it anew. Of the thread that fetches.
  void disconnect();

 private:
  friend class Pulled;
  struct Connection;
  struct Inside;
  core::Result<> connect();
  core::Result<> take_over(Connection& connection) const;
  static core::Result<> look(Connection& connection);
  core::Result<std::shared_ptr<Connection>> connected();

  JetStreamOptions options_;
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::bus
