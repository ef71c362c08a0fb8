#pragma once
// What was observed, as devices and their screens need it: over the store of observations.

#include "sense/devices/watch.hpp"
#include "sense/observations/history.hpp"
#include "web/devices/devices.hpp"

namespace zhili::app {

/// Of the flags of a reading those that speak of its device.
sense::devices::Blemishes blemishes_of(sense::observations::Flags flags);
/// A reading as a number, where it is one (a truth is 0 or 1).
std::optional<double> number_of(sense::observations::Value const& value);

/// Thread-safe. The history outlives it.
class DeviceReadings final : public web::Readings, public sense::devices::LastReadings {
 public:
  /// Readings with a blemish that are looked back through, to find since when.
  static constexpr std::size_t blemished_looked_at_max = 2'000;

  /// Days of a curve begin at the zone's midnight.
  DeviceReadings(sense::observations::History const& history, core::Zone zone) : history_(history), zone_(std::move(zone)) {}

  core::Result<Series> series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points) const override;
  core::Result<std::optional<Last>> last(std::int64_t datastream) const override;
  core::Result<> newest(std::span<std::int64_t const> datastreams, std::function<void(sense::devices::Heard const&)> const& visit) override;
  core::Result<std::optional<core::Instant>> blemished_since(std::int64_t datastream) override;

 private:
  sense::observations::History const& history_;
  core::Zone zone_;
};

}  // namespace zhili::app
