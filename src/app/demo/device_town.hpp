#pragma once
// The devices of Liucheng: where they stand, how they are registered, and the two gateways that send what they measure, as gateways of real
// cities do, each minute: one by HTTP with a key of its own, one by MQTT.

#include <memory>
#include <string>
#include <vector>

#include "app/demo/http_client.hpp"
#include "app/demo/mqtt_gateway.hpp"
#include "app/demo/readings.hpp"
#include "app/demo/weather.hpp"
#include "app/service.hpp"

namespace zhili::app::demo {

/// One device that is to be.
struct PlannedDevice {
  std::string type;    ///< of a pack
  std::string serial;
  std::string name;
  std::string place;   ///< what people call the place; devices of one underpass have the same
  core::LatLon at = {};
};

/// About 2,000 devices of the types that the catalogue has, at components of the town. Pure: same town, same seed, same devices.
std::vector<PlannedDevice> plan_devices(sense::places::City const& city, catalogue::Catalogue const& catalogue, std::uint64_t seed);
/// As the file that registering takes.
std::string devices_csv(std::vector<PlannedDevice> const& devices);

/// Not thread-safe: one thread lives it.
class DeviceTown {
 public:
  struct Options {
    std::uint64_t seed = 0;
    std::uint16_t port = 8080;
    std::string api_key = {};  ///< may send observations
    std::optional<MqttGateway::Options> mqtt = {};  ///< of every second device; nothing: all speak HTTP
  };
  /// Registers all devices in one go. Errors: those of registering.
  static core::Result<std::unique_ptr<DeviceTown>> open(Service& service, core::TimeSource const& time, Options options);

  /// What they measured in the days before the last, in coarse steps, so that curves show something. Errors: those of sending.
  core::Result<> remember(std::chrono::days days);
  /// Sends what is due up to the city's present minute. Errors: those of sending; what was not taken by HTTP is not sent again.
  core::Result<> minute();

  std::size_t size() const { return sensors_.size(); }

 private:
  struct Sensor {
    std::size_t place = 0;  ///< of places_; 0: nowhere special
    int every_min = 10;
    bool leaks = false;
    bool by_mqtt = false;
    std::string serial;
    struct Stream {
      std::int64_t datastream = 0;
      std::string name, property;
      std::string unit;  ///< of the property's values
    };
    std::vector<Stream> streams;
  };
  DeviceTown(Service& service, core::TimeSource const& time, Options options);
  core::Result<> take_in(std::vector<PlannedDevice> const& planned);
  Surroundings around(Sensor const& sensor, std::int64_t minute) const;
  void lines_of(std::string& out, Sensor const& sensor, std::size_t index, std::int64_t minute) const;
  std::string message_of(Sensor const& sensor, std::size_t index, std::int64_t minute) const;
  core::Result<> send(std::string body);

  Service& service_;
  core::TimeSource const& time_;
  Options options_;
  HttpClient client_;
  std::optional<MqttGateway> mqtt_;
  core::Instant opened_;
  std::int64_t sent_minute_ = 0;
  std::vector<Sensor> sensors_;
  std::vector<std::pair<std::string, Underpass>> places_;  ///< 0: nowhere special
};

}  // namespace zhili::app::demo
