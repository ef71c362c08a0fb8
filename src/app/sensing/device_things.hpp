#pragma once
// Devices as Things of SensorThings: what the register of devices asks for, done by the store of entities.

#include <memory>

#include "catalogue/catalogue.hpp"
#include "sense/devices/desk.hpp"
#include "sense/things/things.hpp"

namespace zhili::app {

/// Thread-safe. What it is given outlives it.
class DeviceThings final : public sense::devices::ThingMaker {
 public:
  DeviceThings(sense::things::Things& things, std::shared_ptr<catalogue::Catalogue const> catalogue) : things_(things), catalogue_(std::move(catalogue)) {}

  /// A Datastream observes the property in the property's own unit, whatever the device sends: that is what is stored.
  core::Result<sense::devices::MadeThing> make(store::Writer& w, sense::devices::WantedThing const& wanted, std::string const& actor) override;
  core::Result<> change(store::Writer& w, std::int64_t thing, sense::devices::WantedThing const& wanted, bool moved, std::string const& actor) override;
  void told(std::span<std::int64_t const> datastreams) override { things_.told(datastreams); }

 private:
  core::Result<sense::things::NewDatastream> stream(store::Writer& w, catalogue::StreamType const& stream, sense::devices::WantedThing const& wanted, std::int64_t sensor,
                                                    sense::things::Author const& author) const;

  sense::things::Things& things_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
};

}  // namespace zhili::app
