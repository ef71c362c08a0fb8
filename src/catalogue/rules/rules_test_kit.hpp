#pragma once
// A small town of properties and devices, and rules written as packs write them. For tests, benchmarks and fuzzers.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/rules/reader.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue::rules::test {

/// What packs would declare.
class Things {
 public:
  Things() {
    number("water-level", "cm");
    number("pipe-level", "cm");
    number("rainfall", "mm");
    number("air-temperature", "Cel");
    number("sound-level", "dB(A)");
    number("pm10", "ug/m3");
    number("wind-speed", "m/s");
    number("filling", "%");
    number("gas-lel", "%");
    number("water-ph", "pH");
    number("flow", "m3/h");
    number("battery", "%", true);
    other("pump-running", ValueKind::boolean);
    other("motion", ValueKind::boolean);
    other("door-open", ValueKind::boolean);
    other("smoke-alarm", ValueKind::boolean);
    other("lamp-wanted", ValueKind::boolean);
    other("lamp-lit", ValueKind::boolean);
    other("people-entered", ValueKind::count);
    other("people-left", ValueKind::count);
    other("signal-state", ValueKind::text);
    properties_.back()->words = {{"normal", {}}, {"dark", {}}, {"flashing", {}}};
    type("water-gauge", {"water-level", "battery"});
    type("pump", {"pump-running"});
    type("rain-gauge", {"rainfall"});
    type("weather", {"air-temperature", "wind-speed", "sound-level", "pm10"});
    type("lamp", {"lamp-wanted", "lamp-lit"});
    type("bin", {"filling"});
    type("gas-detector", {"gas-lel"});
    type("smoke-detector", {"smoke-alarm"});
    type("gate", {"people-entered", "people-left"});
    type("signal", {"signal-state"});
    type("room", {"motion", "door-open"});
    type("water", {"water-ph", "flow", "pipe-level"});
  }

  Vocabulary vocabulary() const {
    Vocabulary out;
    for (auto const& one : properties_) out.properties.push_back(one.get());
    for (auto const& one : types_) out.types.push_back(one.get());
    out.opens = [](std::string_view item, std::string_view condition) { return item == "0415" && (condition.empty() || condition == "deep" || condition == "shallow"); };
    return out;
  }

  /// The keys of one rule, a line each. Severity and words are added where they are missing.
  std::optional<Rule> read(std::string_view keys, std::vector<Finding>& findings, std::string const& id = "r") const {
    std::string text = "rules:\n  " + id + ":\n";
    std::string_view rest = keys;
    while (!rest.empty()) {
      auto const end = rest.find('\n');
      text += "    " + std::string(rest.substr(0, end)) + "\n";
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    if (keys.find("severity:") == std::string_view::npos) text += "    severity: major\n";
    if (keys.find("says:") == std::string_view::npos) text += "    says: {zh: \"{place} {value}\", en: \"{place}: {value}\"}\n";
    auto const tree = read_yaml(text, "rules.yaml", findings);
    Node const* const section = tree.get("rules");
    if (section == nullptr || !section->is_map() || section->children.size() != 1) return std::nullopt;
    RuleSource const source{.id = id, .key = section->keys[0], .body = section->children[0], .pack = "p", .pack_version = "1"};
    return read_rule(source, vocabulary(), findings);
  }

 private:
  ObservedPropertyDef& add(std::string id, ValueKind kind) {
    auto& out = *properties_.emplace_back(std::make_unique<ObservedPropertyDef>());
    out.id = std::move(id);
    out.kind = kind;
    return out;
  }
  void number(std::string id, std::string unit, bool of_device = false) {
    auto& out = add(std::move(id), ValueKind::number);
    out.unit = unit;
    out.ucum = core::UcumUnit::parse(unit).value();
    out.of_device = of_device;
  }
  void other(std::string id, ValueKind kind) { add(std::move(id), kind); }
  void type(std::string id, std::vector<std::string> const& observed) {
    auto& out = *types_.emplace_back(std::make_unique<DeviceType>());
    out.id = std::move(id);
    for (auto const& property : observed) out.streams.push_back(StreamType{.id = property, .property = property});
  }

  std::vector<std::unique_ptr<ObservedPropertyDef>> properties_;
  std::vector<std::unique_ptr<DeviceType>> types_;
};

}  // namespace zhili::catalogue::rules::test
