#pragma once
// A device's Thing, as the register of devices asks for it.

#include <memory>

#include "catalogue/catalogue.hpp"
#include "sense/devices/desk.hpp"
#include "sense/things/things.hpp"

namespace zhili::app {

/// Thread-safe. What it is given outlives it.
class DeviceThings final : public sense::devices::ThingMaker {
 public:
  DeviceThings(sense::things::Things& things, std::shared_ptr<catalogue::Catalogue const> catalogue) : things_(things), catalogue_(std::move(catalogue)) {}

  core::Result<sense::devices::MadeThing> make(store::Writer& w, sense::devices::WantedThing const& wanted, std::string const& actor) override;
  core::Result<> change(store::Writer& w, std::int64_t thing, sense::devices::WantedThing const& wanted, bool moved, std::string const& actor) override;
  void told(std::span<std::int64_t const> datastreams) override { things_.told(datastreams); }

 private:
  core::Result<sense::things::NewDatastream> datastream_of(store::Writer& w, catalogue::DeviceType const& type, catalogue::StreamType const& stream, std::int64_t sensor,
                                                           sense::things::Author const& author) const;

  sense::things::Things& things_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
};

}  // namespace zhili::app
