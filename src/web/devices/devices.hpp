#pragma once
// The interface of devices: registering them, how they are, what they are told to do, and what they ask for themselves.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "organise/people/private_words.hpp"
#include "sense/devices/commands.hpp"
#include "sense/devices/desk.hpp"
#include "sense/devices/watch.hpp"
#include "web/operation/operation.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

namespace devices = sense::devices;

/// The role that registers and keeps devices, as packs/base names it; administrators may do the same.
inline constexpr std::string_view device_keeper_role = "device_keeper";

inline constexpr std::size_t devices_page_default = 50;
inline constexpr std::size_t devices_page_max = 500;
inline constexpr std::size_t device_query_characters_max = 100;
inline constexpr std::size_t device_commands_shown = 20;      ///< on a device's page
inline constexpr std::int64_t command_wait_max_s = 60;        ///< of a device that waits for a command
inline constexpr std::int64_t series_points_default = 500;
inline constexpr std::int64_t series_points_asked_max = 5'000;
/// Claim codes that one account may get wrong; more are refused.
inline constexpr int wrong_codes_max_per_hour = 30;
/// Announcements from one address.
inline constexpr int announcements_max_per_minute = 600;
/// Openings of one device's readings by the same person for the same purpose leave one entry in this time.
inline constexpr std::chrono::minutes reading_noted_once{10};

/// A command as its device reads it: what, with what, until when.
boost::json::object told_command_json(devices::Command const& command, core::Zone const& zone);

/// What was observed, as these routes show it; owned here, the store of observations is behind it. Thread-safe.
class Readings {
 public:
  struct Point {
    std::int64_t t_ms = 0;
    double min = 0, mean = 0, max = 0;
    std::int64_t count = 1;
  };
  struct Series {
    std::string step = "raw";  ///< "raw", "minute", "hour", "day"
    std::vector<Point> points = {};
  };
  struct Last {
    core::Instant at{};
    std::string value = "null";             ///< JSON
    std::vector<std::string> quality = {};  ///< "out_of_range", "stuck", …
  };
  virtual ~Readings() = default;
  virtual core::Result<Series> series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points) const = 0;
  virtual core::Result<std::optional<Last>> last(std::int64_t datastream) const = 0;
};

/// A datastream that is no device's: of a Thing that somebody made.
struct FreeStream {
  std::string unit = {};
  bool is_private = false;
};

/// What the routes work on. Everything outlives the server.
struct DeviceParts {
  PeopleParts people = {};
  devices::DeviceDesk* desk = nullptr;
  devices::DeviceWatch* watch = nullptr;
  devices::Gatekeeper* gate = nullptr;
  devices::CommandDesk* commands = nullptr;
  Readings const* readings = nullptr;
  /// The severity of the gravest open alarm of each Thing, "critical" … "info"; empty: none. Null: nobody knows.
  std::function<std::vector<std::string>(store::Reader&, std::vector<std::int64_t> const& things)> alarms = {};
  /// Nothing: there is no such datastream. Null: only those of devices are known.
  std::function<std::optional<FreeStream>(store::Reader&, std::int64_t datastream)> free_stream = {};
};

void mount_devices(Operations& operations, DeviceParts const& parts);

void mount_device_lists(Operations& operations, DeviceParts const& parts);     ///< lists, counts, types, one device
void mount_device_keeping(Operations& operations, DeviceParts const& parts);   ///< register, change, credentials
void mount_device_claims(Operations& operations, DeviceParts const& parts);    ///< codes, claiming
void mount_device_imports(Operations& operations, DeviceParts const& parts);   ///< files
void mount_device_commands(Operations& operations, DeviceParts const& parts);  ///< what staff tell devices
void mount_own_device(Operations& operations, DeviceParts const& parts);       ///< what devices ask and say: /devices/me, /devices/announce
void mount_series(Operations& operations, DeviceParts const& parts);
void mount_dashboards(Operations& operations, DeviceParts const& parts);       ///< dashboards of the packs, newest readings of a stream

/// The device whose token a request has: `Authorization: Bearer zd_…`. Errors: forbidden "device.token" (401).
core::Result<devices::Pass> device_of(Request const& request, devices::Gatekeeper const& gate);

/// Whether somebody keeps devices in this area. Errors: forbidden.
core::Result<> keeps_devices(Caller const& caller, std::string_view area);
/// Administrators and keepers; `everywhere`: by a post that is narrowed to no area.
Who device_keepers(bool everywhere = false);

/// Whether somebody may read what a device in a home says, and notes that they did. Anything else may be read by all staff.
/// Errors: forbidden, invalid (purpose, note): what would be needed.
core::Result<> may_read(Call const& call, devices::Device const& device, DeviceParts const& parts);
/// `purpose`, `note`, as parameters.
std::vector<Field> device_reading_fields();

Field device_id_field();
inline devices::Id device_id(Call const& call) { return call.path.integer("id").value_or(0); }
/// Errors: not_found.
core::Result<devices::Device> device_named(store::Reader& r, devices::Id id);

}  // namespace zhili::web
