#pragma once
// Everything about devices, put together: register, gatekeeper, how they are, commands, and what the intake must know of them.

#include <memory>
#include <optional>
#include <string>

#include "app/control.hpp"
#include "app/sensing/device_readings.hpp"
#include "app/sensing/device_things.hpp"
#include "bus/worker.hpp"
#include "sense/devices/commands.hpp"
#include "sense/devices/desk.hpp"
#include "sense/devices/watch.hpp"
#include "sense/ingest/stream_facts.hpp"
#include "sense/observations/store.hpp"
#include "store/vault.hpp"
#include "web/devices/devices.hpp"

namespace zhili::app {

/// Of the store of keys: secrets of devices are hashed with it.
inline constexpr std::string_view device_key_name = "devices";

/// What it is given outlives it.
class Devices {
 public:
  struct Parts {
    store::Db& db;
    store::Vault& vault;
    core::TimeSource const& time;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    sense::places::LivePlaces const& places;
    sense::things::Things& things;
    sense::observations::History const& history;
    core::Zone zone;
  };
  /// Errors: those of the parts.
  static core::Result<std::unique_ptr<Devices>> open(Parts parts);
  ~Devices();

  /// Follows what other processes do, ends commands, writes down what was heard: on threads of its own.
  void start();
  /// Ends the threads, answers those who wait, writes everything down. Errors are logged.
  void stop();

  /// Readings that are durable, of this process or of another: whoever reads the store's batches along hands each one over.
  void heard(sense::observations::Delivered const& batch);

  web::DeviceParts web_parts(web::PeopleParts people);
  /// Does what `zhili device` asks: device_list, device_add (type, serial, name, lat, lon, component, area), device_import (file, mode, datum,
  /// credentials, result), device_token (device: its serial number; kind, overlap_hours). All answer JSON.
  core::Result<std::string> do_control(ControlRequest const& request);

  sense::devices::Gatekeeper& gate() { return *gate_; }
  sense::devices::DeviceDesk& desk() { return *desk_; }
  sense::devices::DeviceWatch& watch() { return *watch_; }
  sense::devices::CommandDesk& commands() { return *commands_; }

  /// One of a device's streams, as the intake judges it; nothing: no device writes it, or no pack has its type.
  std::optional<sense::ingest::StreamFact> stream_fact(std::int64_t datastream) const;
  sense::ingest::DeviceFact device_fact(sense::devices::GateDevice const& device) const;

 private:
  explicit Devices(Parts parts) : parts_(std::move(parts)), readings_(parts_.history, parts_.zone) {}

  Parts parts_;
  sense::devices::SecretKey key_{};
  DeviceReadings readings_;
  std::unique_ptr<DeviceThings> things_;
  std::unique_ptr<sense::devices::Gatekeeper> gate_;
  std::unique_ptr<sense::devices::DeviceWatch> watch_;
  std::unique_ptr<sense::devices::DeviceDesk> desk_;
  std::unique_ptr<sense::devices::CommandDesk> commands_;
  std::unique_ptr<bus::Worker> following_;
  std::unique_ptr<bus::Worker> ending_;
  std::unique_ptr<bus::Worker> writing_;
};

/// Whether a request is for Devices::do_control.
bool about_devices(ControlRequest const& request);

}  // namespace zhili::app
