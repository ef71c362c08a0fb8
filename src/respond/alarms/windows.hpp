#pragma once
// Maintenance windows: for a while nobody is to be bothered with the alarms of some things, places, rules or types of devices.

#include <optional>
#include <string>
#include <vector>

#include "respond/alarms/alarm.hpp"
#include "store/db.hpp"

namespace zhili::respond::alarms {

inline constexpr std::size_t windows_page_max = 200;
inline constexpr std::size_t windows_open_max = 1'000;  ///< not over yet, at one time

/// Which alarms a window is for: those that fit all that is set. At least one of thing, place, rule and device_type is set.
struct Scope {
  std::int64_t thing = 0;
  std::string place = {};        ///< Where::place
  std::string rule = {};         ///< fault_rule: faults of devices
  std::string device_type = {};
  std::string area = {};         ///< prefix of codes; empty: everywhere
  bool operator==(Scope const&) const = default;
  bool fits(Kind kind, std::string const& rule, Finding const& finding) const;
};

struct Window {
  std::int64_t id = 0;
  Scope scope = {};
  core::Instant begins{};
  core::Instant ends{};  ///< the moment in which it is over
  std::string reason = {};
  std::string by = {};
  bool begun = false;    ///< what stood at its beginning is suppressed
  bool over = false;     ///< what it suppressed is raised or was cleared
};

/// Whether somebody may set it so. Errors: invalid (`field` thing: nothing is named; begins, ends: the order, the past; reason), limit
/// (suppression_max). Pure.
core::Result<> check(Window const& wanted, core::Instant now);

/// The window that is open at `now`, fits, and ends last.
std::optional<Suppression> suppressed_by(std::vector<Window> const& open, Kind kind, std::string const& rule, Finding const& finding, core::Instant now);

/// Those that are not over, in the order of their beginning. Cost: an index of their own.
std::vector<Window> open_windows(store::Reader& reader);
/// Newest first, before `before` (0: from the newest).
std::vector<Window> list_windows(store::Reader& reader, std::int64_t before, bool with_past, std::size_t limit);
std::optional<Window> find_window(store::Reader& reader, std::int64_t id);

}  // namespace zhili::respond::alarms
