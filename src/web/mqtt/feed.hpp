#pragma once
// What is stored, told to those who listen by MQTT (SensorThings 1.1, 14.2: receive updates).

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sense/ingest/incoming.hpp"
#include "web/mqtt/door.hpp"

namespace zhili::web::mqtt {

/// An Observation as SensorThings writes it, with its links; `base`: "https://city.example/sensorthings/v1.1".
std::string observation_entity(sense::ingest::Batch const& batch, sense::ingest::Incoming const& row, std::int64_t id, std::string_view base);

/// Tells observations under v1.1/Datastreams(N)/Observations and v1.1/Observations, and entities under their set, their own address and their
/// properties. Only what somebody listens to is written down. Thread-safe.
class Feed {
 public:
  /// `is_public`: whether everybody may know of a datastream. What is private is never told, whoever listens.
  Feed(Door& door, std::string base, std::function<bool(std::int64_t datastream)> is_public) : door_(door), base_(std::move(base)), is_public_(std::move(is_public)) {}

  bool wants() const { return door_.wants_anything(); }
  void stored(sense::ingest::Batch const& batch, std::vector<std::int64_t> const& ids);
  /// A Thing, Location, … that was made or changed and is public: `set` "Things", its JSON as GET shows it, and the names of the properties
  /// that changed (of a new one: all).
  void entity(std::string_view set, std::int64_t id, std::string const& json, std::vector<std::string> const& changed);

 private:
  Door& door_;
  std::string base_;
  std::function<bool(std::int64_t)> is_public_;
};

}  // namespace zhili::web::mqtt
