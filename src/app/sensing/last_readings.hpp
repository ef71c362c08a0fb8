#pragma once
// What the history of observations tells the watch over devices.

#include "sense/devices/watch.hpp"
#include "sense/observations/history.hpp"

namespace zhili::app {

/// What of the intake's flags speaks of the device itself.
sense::devices::Blemishes blemishes_of(sense::observations::Flags flags);

/// Thread-safe. The history outlives it.
class LastOfHistory final : public sense::devices::LastReadings {
 public:
  explicit LastOfHistory(sense::observations::History const& history) : history_(history) {}
  core::Result<> newest(std::span<std::int64_t const> datastreams, std::function<void(sense::devices::Heard const&)> const& visit) override;
  core::Result<std::optional<core::Instant>> blemished_since(std::int64_t datastream) override;

 private:
  sense::observations::History const& history_;
};

}  // namespace zhili::app
