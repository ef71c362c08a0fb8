#pragma once
// What packs say of devices: what can be observed, which types of devices observe it, and what a department's page shows. Data, no
// program; the names are those of OGC SensorThings where it has one (Sensor, Datastream, ObservedProperty).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace zhili::catalogue {

/// What the result of an observation is.
enum class ValueKind : std::uint8_t {
  number,   ///< a measurement in a unit (OM_Measurement)
  boolean,  ///< true or false (OM_TruthObservation); `bool` in packs and in JSON
  count,    ///< how many, never negative (OM_CountObservation)
  text      ///< one of the property's words (OM_CategoryObservation), or free text where it lists none
};
/// "number", "bool", "count", "text": the words of packs and of the API.
std::string_view name(ValueKind kind);
/// The URI of SensorThings' observationType.
std::string_view observation_type(ValueKind kind);

/// A code with what it is called: a word of a text property, a field, a choice.
struct Word {
  std::string code = {};
  core::Text name = {};
};

/// From–to, both included, in the unit of whatever has it.
struct ValueRange {
  double low = 0;
  double high = 0;
  bool holds(double value) const { return value >= low && value <= high; }
};

/// An ObservedProperty: what is measured, whatever measures it. Its unit is the one that is stored and that rules reckon in.
struct ObservedPropertyDef {
  std::string id = {};  ///< "water-level"; unique in an installation
  core::Text name = {};
  core::Text about = {};  ///< may be empty
  std::string definition = {};  ///< a URI that says what it is
  ValueKind kind = ValueKind::number;
  std::string unit = {};  ///< UCUM, checked; "" for bool, count and text
  core::UcumUnit ucum = {};  ///< of `unit`, parsed
  bool of_device = false;  ///< tells of the device and not of its place: battery, signal. No alarm of the place may come of it.
  std::vector<Word> words = {};  ///< kind text: what may be said; empty: free text
  core::Text yes = {}, no = {};  ///< kind bool: what true and false are called ("open", "closed"); may be empty
  std::string basis = {};  ///< standard or practice; may be empty
  std::string pack = {};
};

/// How long observations are kept: singly and as rollups. Zero: not at all; a rollup is kept at least as long as the finer one.
struct KeepSpec {
  core::Duration raw = std::chrono::hours(24 * 90);
  core::Duration minute = std::chrono::hours(24 * 365);
  core::Duration hour = std::chrono::hours(24 * 365 * 10);
};

/// What one stream of a device is like: becomes a Datastream of each Thing of that type.
struct StreamType {
  std::string id = {};  ///< "level": unique in its type; the word that devices send
  core::Text name = {};  ///< the property's where the pack gives none
  std::string property = {};  ///< of ObservedPropertyDef; exists, checked
  ValueKind kind = ValueKind::number;  ///< the property's
  std::string unit = {};  ///< UCUM: what the device sends; convertible to the property's unit, checked. The property's where none is given
  core::UnitConversion to_property = {};  ///< from what the device sends to what is stored
  std::optional<ValueRange> range = {};  ///< what can be true, in `unit`; outside: flagged out_of_range
  core::Duration every = {};  ///< how often the device should say it; 0: when it changes
  core::Duration silent_after = {};  ///< without a word so long the device is at fault; 0: never. 3 × every where the pack says nothing
  std::optional<core::Duration> stuck_after = {};  ///< the very same value for so long is flagged stuck
  std::optional<double> spike = {};  ///< a jump of more than this between two neighbours, in `unit`, is flagged spike
  std::optional<double> resolution = {};  ///< the smallest step that the device can tell, in `unit`
  KeepSpec keep = {};
};

/// What a command may be told.
struct CommandParameter {
  std::string id = {};
  core::Text name = {};
  ValueKind kind = ValueKind::number;
  std::string unit = {};  ///< UCUM; kind number only; may be empty
  std::optional<ValueRange> range = {};  ///< number and count
  bool required = false;
  std::vector<Word> choices = {};  ///< kind text: what may be said; empty: free text
};

/// Something that a device of the type can be told to do.
struct CommandType {
  std::string id = {};  ///< "switch"
  core::Text name = {};
  core::Text about = {};
  std::vector<CommandParameter> parameters = {};
  core::Duration expires = std::chrono::minutes(5);  ///< not delivered after that
  std::string shown_by = {};  ///< the stream that tells that it was done; may be empty
};

/// What a device says of itself beside its streams: version, serial. Free text of at most 100 bytes each.
struct FirmwareField {
  std::string id = {};  ///< "version" is the one that lists show
  core::Text name = {};
};

/// What the type stands for as a SensorThings Sensor.
struct SensorMetadata {
  core::Text description = {};
  std::string encoding = "text/html";  ///< encodingType
  std::string metadata = {};  ///< a URI of a data sheet or standard, or a few words
};

/// A type of device, whoever makes it.
struct DeviceType {
  std::string id = {};  ///< "water-gauge"; unique in an installation
  core::Text name = {};
  core::Text about = {};
  bool is_private = false;  ///< stands in a home: its readings are the household's, and no open data
  std::vector<StreamType> streams = {};
  std::vector<FirmwareField> firmware = {};
  std::vector<CommandType> commands = {};
  SensorMetadata sensor = {};
  std::string component = {};  ///< the item of the registered component that it sits on: "C0115"; may be empty
  std::string basis = {};  ///< standard or practice; may be empty
  std::string pack = {};
  std::string pack_version = {};

  /// Null where there is none of that id.
  StreamType const* stream(std::string_view stream_id) const;
  CommandType const* command(std::string_view command_id) const;
};

enum class PanelShow : std::uint8_t { map, latest, chart, alarms, devices };
/// "map", "latest", "chart", "alarms", "devices".
std::string_view name(PanelShow show);

/// One part of a dashboard.
struct Panel {
  PanelShow show = PanelShow::latest;
  core::Text title = {};
  struct StreamOf {
    std::string type, stream;  ///< exist, checked
  };
  std::vector<StreamOf> streams = {};  ///< latest, chart: "water-gauge/level"
  std::vector<std::string> types = {};  ///< map, devices: types of devices
  std::vector<std::string> rules = {};  ///< alarms: of these rules; empty: of all rules of the pack
};

/// What the page of those who hold some functions shows.
struct Dashboard {
  std::string id = {};
  core::Text name = {};
  std::vector<std::string> functions = {};  ///< whose page it is: "drainage"
  std::vector<Panel> panels = {};
  std::string pack = {};
};

}  // namespace zhili::catalogue
