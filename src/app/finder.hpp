#pragma once
// Answers respond's questions about places and duties from the register of places and the installation's mapping.

#include "app/runtime.hpp"
#include "respond/duty.hpp"
#include "respond/signals/place_finder.hpp"

namespace zhili::app {

/// Thread-safe. The runtime outlives it.
class Finder final : public respond::PlaceFinder, public respond::DutyFinder {
 public:
  explicit Finder(Runtime& runtime) : runtime_(runtime) {}

  respond::Located locate(core::LatLon at) const override;
  std::string asset(core::LatLon at, std::string_view item) const override;

  /// Place → duty grid → function → department. Components ask their own keeper first (先属主后属地), events the place
  /// (先属地后属主).
  core::Result<respond::DutyAnswer> find(respond::DutyQuestion const& question) const override;
  respond::DutyAnswer default_duty(respond::DutyQuestion const& question) const override;

 private:
  Runtime& runtime_;
};

}  // namespace zhili::app
