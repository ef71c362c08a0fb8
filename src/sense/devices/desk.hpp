#pragma once
// Where devices are registered, claimed, changed, disabled, and given credentials. Every change is an entry of the ledger.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/datum.hpp"
#include "sense/devices/device.hpp"
#include "sense/devices/gatekeeper.hpp"
#include "sense/places/places.hpp"
#include "store/db.hpp"

namespace zhili::sense::devices {

/// Both credentials work for so long after a rotation, unless somebody says otherwise.
inline constexpr std::chrono::hours rotation_overlap_default{24};
inline constexpr std::chrono::hours rotation_overlap_max{30 * 24};
/// Credentials of one device that are good at the same time.
inline constexpr std::size_t credentials_max = 10;
/// Devices of one file.
inline constexpr std::size_t import_rows_max = 10'000;
inline constexpr std::chrono::days claim_days_default{90};
inline constexpr std::chrono::days claim_days_max{730};
/// Claim codes that are made at once.
inline constexpr std::size_t claim_codes_max = 1'000;
/// After it was claimed a device may fetch its token for so long; after that somebody gives it one by hand.
inline constexpr std::chrono::hours claim_pickup{7 * 24};

// ---- what a device becomes ----------------------------------------------------------------------------------------------------------

/// The Thing that is to stand for a device.
struct WantedThing {
  catalogue::DeviceType const* type = nullptr;
  std::string name = {};
  std::string serial = {};
  std::optional<core::LatLon> at = {};
  std::string place = {};  ///< what the place is called; may be empty
  bool is_private = false;
};
struct MadeThing {
  std::int64_t thing = 0;
  std::vector<std::int64_t> datastreams = {};  ///< one for each stream of the type, in its order
};

/// Makes the Things of devices. The register of devices owns this interface; the store of SensorThings' entities is behind it.
class ThingMaker {
 public:
  virtual ~ThingMaker() = default;
  /// A Thing with Location, Sensor and ObservedProperties (made when first needed) and a Datastream for each stream. Inside of a piece
  /// of work. Errors: those of the store of things.
  virtual core::Result<MadeThing> make(store::Writer& w, WantedThing const& wanted, std::string const& actor) = 0;
  /// It is called otherwise, or stands elsewhere: the Thing's Location changes, and with it its history of locations.
  virtual core::Result<> change(store::Writer& w, std::int64_t thing, WantedThing const& wanted, bool moved, std::string const& actor) = 0;
  /// After the commit: datastreams that are new.
  virtual void told(std::span<std::int64_t const> datastreams) = 0;
};

// ---- what is asked for ----------------------------------------------------------------------------------------------------------------

/// Where a device stands: a point, a component, or an area, or several of them. A component gives the point if none is said; an area
/// alone gives a point inside of it.
struct WantedPlace {
  std::optional<core::LatLon> at = {};  ///< WGS 84
  std::string component = {};           ///< code in the register of components
  std::string area = {};                ///< code of an area
  std::string words = {};               ///< what people call the place; empty: the component's or the address's name
};

/// Who registers, claims or changes.
struct Keeper {
  std::string ref;  ///< as the ledger names them: "staff:dora"
  /// Whether they may, in the area where the device stands or is to stand; null: everywhere. Its error is the answer.
  std::function<core::Result<>(std::string_view area)> may = {};

  Keeper(std::string r) : ref(std::move(r)) {}  // NOLINT: a name is enough where nobody asks where
  Keeper(char const* r) : ref(r) {}             // NOLINT
  Keeper(std::string r, std::function<core::Result<>(std::string_view)> m) : ref(std::move(r)), may(std::move(m)) {}
  core::Result<> check(std::string_view area) const { return may ? may(area) : core::Result<>(); }
};

struct NewDevice {
  std::string type = {};
  std::string name = {};  ///< empty: the type's name and the serial number
  std::string serial = {};
  WantedPlace place = {};
};

/// What changes; what is not set stays.
struct DeviceChange {
  std::optional<std::string> name = {};
  std::optional<WantedPlace> place = {};
  std::optional<bool> disabled = {};
};

struct Credential {
  Id id = 0;
  CredentialKind kind = CredentialKind::token;
  core::Instant made_at{};
  std::optional<core::Instant> expires_at = {};    ///< from then on it is not good; nothing: it does not end by itself
  std::optional<core::Instant> last_used_at = {};  ///< to a minute
  std::optional<core::Instant> disabled_at = {};
  bool good(core::Instant now) const { return !disabled_at && (!expires_at || now < *expires_at); }
};

struct WantedCredential {
  CredentialKind kind = CredentialKind::token;
  /// Those of the same kind that are good now end after the overlap. False: they stay, and this one stands beside them.
  bool rotate = true;
  std::chrono::milliseconds overlap = rotation_overlap_default;  ///< 0: they end at once
};
/// Shown once.
struct IssuedCredential {
  Id id = 0;
  std::string user = {};  ///< MQTT: the serial number
  std::string secret = {};
};

/// A box that is to be claimed.
struct ClaimTicket {
  std::string serial = {};
  std::string code = {};    ///< for the box
  std::string secret = {};  ///< for the device itself: what it announces itself with
};
struct WantedTickets {
  std::string type = {};
  std::vector<std::string> serials = {};
  std::chrono::days days = claim_days_default;
};

/// What a device that announces itself is told.
struct Announced {
  Id device = 0;
  bool claimed = false;
  std::string token = {};  ///< once it is claimed, until it has used one: a new one each time
};

struct WantedClaim {
  std::string code = {};
  std::string name = {};
  WantedPlace place = {};
};

// ---- files ------------------------------------------------------------------------------------------------------------------------------

enum class ImportMode : std::uint8_t {
  preview,    ///< nothing is written
  all,        ///< one line that is wrong, and nothing is written; all are written in one transaction
  good_lines  ///< lines that are wrong are left out
};
enum class LineFate : std::uint8_t {
  fits,     ///< it would be, or was, registered
  there,    ///< a device of this serial number and type is there already: nothing to do
  refused
};

struct ImportLine {
  std::size_t line = 0;  ///< where it begins in the file, from 1
  NewDevice device = {};
  LineFate fate = LineFate::fits;
  core::Error error = {};  ///< of a refused line: what, in which column, how to mend it
  Id id = 0;               ///< once it is registered
  IssuedCredential credential = {};
};
struct Import {
  std::vector<ImportLine> lines = {};
  std::size_t fits = 0, there = 0, refused = 0;
  bool written = false;  ///< false: a preview, or a line was wrong and all or nothing was asked for
};
struct ImportOptions {
  ImportMode mode = ImportMode::preview;
  core::Datum datum = core::Datum::wgs84;            ///< of the coordinates in the file
  std::optional<CredentialKind> credentials = {};   ///< each new device gets one; its secret stands in the result
  /// Lines that are done, and how many there are; called now and then, from the writer's thread or the caller's. Must not block.
  std::function<void(std::size_t, std::size_t)> progress = {};
};

/// Thread-safe. What it is given outlives it.
class DeviceDesk {
 public:
  struct Parts {
    store::Db& db;
    core::TimeSource const& time;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    places::LivePlaces const& places;
    ThingMaker& things;
    Gatekeeper& gate;
    SecretKey const& key;
  };
  explicit DeviceDesk(Parts parts);

  /// Errors: invalid (type, name, serial, at, component, area), conflict (serial: it is taken). Blocks until it is on the disk.
  core::Result<Device> add(NewDevice const& wanted, Keeper const& keeper);
  /// Errors: not_found; as add(); conflict (it is unclaimed).
  core::Result<Device> change(Id device, DeviceChange const& change, Keeper const& keeper);

  /// Reads a CSV file (docs/operate/devices.md has its columns) and does with it what the options say. A file that cannot be read at
  /// all is an error; lines that are wrong are not. Errors: invalid (no heading, a column that nobody knows), limit (rows).
  core::Result<Import> import_csv(std::string_view file, ImportOptions const& options, std::string const& actor);

  /// Codes for boxes; a serial number that has one that is not used gets a new one, and the old one ends.
  /// Errors: invalid (type, serials, days), conflict (a device with that serial number is registered), limit.
  core::Result<std::vector<ClaimTicket>> make_tickets(WantedTickets const& wanted, std::string const& actor);
  /// A device says that it is there. The first time it waits as unclaimed. Errors: forbidden (unknown, or over).
  core::Result<Announced> announce(std::string_view serial, std::string_view secret);
  /// Whoever stands before it says where it is. Errors: invalid (code, name, place), not_found (no such code), conflict (it is claimed),
  /// forbidden (over).
  core::Result<Device> claim(WantedClaim const& wanted, Keeper const& keeper);

  /// Errors: not_found, conflict (the device is unclaimed or disabled), invalid (overlap), limit.
  core::Result<IssuedCredential> issue(Id device, WantedCredential const& wanted, std::string const& actor);
  core::Result<IssuedCredential> issue(store::Writer& w, Id device, WantedCredential const& wanted, std::string const& actor) const;
  /// Not good any more from now on. Errors: not_found; conflict (it is disabled).
  core::Result<> disable_credential(Id device, Id credential, std::string const& actor);
  /// The newest first, those that are over too.
  static std::vector<Credential> credentials(store::Reader& r, Id device);

  static std::optional<Device> find(store::Reader& r, Id device);
  /// The one whose Thing this is.
  static std::optional<Device> of_thing(store::Reader& r, std::int64_t thing);
  /// All of them, by id.
  static void each(store::Reader& r, std::function<void(Device)> const& visit);
  static std::vector<DeviceStream> streams(store::Reader& r, Id device);
  /// After a commit of something that was written with a Writer: memory follows, others are told. Errors: those of the store.
  core::Result<> committed(std::span<std::int64_t const> new_datastreams = {});

 private:
  Parts parts_;
};

}  // namespace zhili::sense::devices
