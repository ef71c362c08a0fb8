#pragma once
// Registering one device: what is checked before, and what is written. Inside of devices only.

#include "sense/devices/desk.hpp"

namespace zhili::sense::devices {

/// A place that was found.
struct FoundPlace {
  std::optional<core::LatLon> at = {};
  std::string area = {};
  std::string words = {};
  std::string component = {};
};
/// Pure. Errors: invalid (at, component, area; field `place` where nothing is said at all).
core::Result<FoundPlace> find_place(WantedPlace const& wanted, places::PlaceIndex const& index);

/// A name as it is kept. Errors: invalid (name).
core::Result<std::string> checked_name(std::string_view written, catalogue::DeviceType const& type, std::string_view serial);
/// Errors: invalid (type), naming some that there are. Takes an id, or the name in either language.
core::Result<catalogue::DeviceType const*> find_type(catalogue::Catalogue const& catalogue, std::string_view written);

/// A device that may be registered.
struct ReadyDevice {
  catalogue::DeviceType const* type = nullptr;
  std::string name = {};
  std::string serial = {};
  FoundPlace place = {};
};
core::Result<ReadyDevice> ready(NewDevice const& wanted, catalogue::Catalogue const& catalogue, places::PlaceIndex const& index);

struct RegisteredDevice {
  Device device;
  std::vector<std::int64_t> datastreams;
};
/// Makes the Thing and the row. `existing`: the row of a device that waits unclaimed; 0: there is none. `kind`: device_registered or
/// device_claimed. Errors: conflict (the serial number is taken), those of ThingMaker.
core::Result<RegisteredDevice> write_device(store::Writer& w, ReadyDevice const& ready, ThingMaker& things, core::EventKind kind, Id existing, std::string const& actor);

/// Errors: conflict (serial).
tl::unexpected<core::Error> serial_taken(std::string_view serial);
tl::unexpected<core::Error> no_such_device();
/// Name and serial number in small letters, for looking up.
std::string search_words(std::string_view name, std::string_view serial);

/// A credential's row and entry. `ends`: as JSON, what it replaces; may be empty.
core::Result<IssuedCredential> write_credential(store::Writer& w, Device const& device, WantedCredential const& wanted, SecretKey const& key, std::string const& actor);

}  // namespace zhili::sense::devices
