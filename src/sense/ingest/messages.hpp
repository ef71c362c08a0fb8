#pragma once
// Messages of devices, as topics and bytes: what they mean to the intake.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/ingest/intake.hpp"
#include "sense/ingest/lines.hpp"

namespace zhili::sense::ingest {

/// One message; a longer one is not read.
inline constexpr std::size_t message_bytes_max = 256 * 1024;
/// Messages are put into one batch while the broker got them within so much of each other.
inline constexpr std::int64_t batch_span_ms_max = 60'000;
inline constexpr std::size_t topic_bytes_max = 200;
/// Observations of one message; one that says more is kept aside.
inline constexpr std::size_t message_observations_max = 50'000;
static_assert(2 * message_observations_max <= batch_observations_max);

struct Message {
  std::string_view topic;  ///< "devices/G-7/level": with slashes
  std::string_view bytes;
  core::Instant received{};
};

/// What a topic is about.
struct Topic {
  enum class Kind : std::uint8_t {
    none,         ///< nothing that is taken
    device,       ///< devices/SERIAL: JSON lines
    stream,       ///< devices/SERIAL/STREAM: a value, or JSON lines without `s`
    observations  ///< v1.1/Datastreams(ID)/Observations: an Observation of SensorThings
  };
  Kind kind = Kind::none;
  std::string_view serial = {}, stream = {};
  std::int64_t datastream = 0;
};
Topic topic_of(std::string_view topic);

/// An Observation of SensorThings as JSON: result; phenomenonTime (an instant, or "from/to"), resultTime, FeatureOfInterest {"@iot.id"};
/// parameters, validTime and resultQuality are kept as they are. Adds one row to `out`. Errors: invalid, `field` as SensorThings names it.
core::Result<> read_observation(std::string_view json, std::int64_t datastream, Batch& out);

/// Turns messages into batches. Each row was proved to be its device's own; what cannot be read, or comes from nobody known, is among
/// Batch::unread. A device that sends too much, or is disabled, is left out and counted: nobody hears. Not thread-safe.
class MessageReader {
 public:
  struct Group {
    Source source;
    Batch batch;
  };
  explicit MessageReader(Intake& intake) : intake_(intake) {}

  /// From a broker that let nobody write a topic that is not theirs. In the order in which they came.
  std::vector<Group> read(std::span<Message const> messages);
  /// From somebody who has shown who they are: a device writes only under its own serial number. Its source is that of the batch, and it is
  /// not charged yet.
  Group read_from(Source const& who, Message const& message);

 private:
  void read_bytes(Message const& message, Topic const& topic, std::int64_t device, Batch& out);
  void read_device(Message const& message, Topic const& topic, std::int64_t device, Batch& out);

  Intake& intake_;
  Batch scratch_;
};

}  // namespace zhili::sense::ingest
