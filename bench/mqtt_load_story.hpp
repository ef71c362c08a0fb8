#pragma once
// What the devices of tool_mqtt_load.cpp say, and which alarms ought to come of it.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace mqtt_load {

inline constexpr std::int64_t high_in_a_row = 3;
inline constexpr std::int64_t decoy_period_min = 8;

struct Options {
  int port = 1883, qos = 1;
  std::string user, password, expected;
  std::int64_t devices = 1'000, messages = 10'000, connections = 100, rate = 0, window = 100, period = 10, first = 0, patience_s = 60;
  bool quiet = false, alarms = false;
};

/// What devices say, and what ought to come of it.
class Story {
 public:
  explicit Story(Options const& how) : how_(how), last_(static_cast<std::size_t>(how.devices)) {}

  struct Told {
    std::int64_t at;
    bool is_high;
  };
  /// The next reading of a device.
  Told tell(std::int64_t device, std::int64_t round, std::int64_t at) {
    auto& last = last_[static_cast<std::size_t>(device)];
    last.at = std::max(at, last.at + 1);
    auto const phase = (round + device) % how_.period;
    bool const is_high = !how_.quiet && (phase >= how_.period - high_in_a_row || (how_.period >= decoy_period_min && (phase == 1 || phase == 2)));
    last.in_a_row = is_high ? last.in_a_row + 1 : 0;
    if (last.in_a_row == high_in_a_row) expected_.push_back({device, last.at});
    return {last.at, is_high};
  }
  struct Alarm {
    std::int64_t device, at;
    auto operator<=>(Alarm const&) const = default;
  };
  std::vector<Alarm> const& expected() const { return expected_; }

 private:
  struct Last {
    std::int64_t at = 0, in_a_row = 0;
  };
  Options const& how_;
  std::vector<Last> last_;
  std::vector<Alarm> expected_;
};

struct Figures {
  std::int64_t composed = 0, acknowledged = 0, reconnects = 0, refused = 0, alarms = 0, last_alarm_ms = 0;
  std::vector<Story::Alarm> heard;
  std::vector<std::int64_t> behind_ms;
};

}  // namespace mqtt_load
