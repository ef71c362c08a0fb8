#pragma once
// Rules over drawn readings: a lane for each sensor, a column for each step of time, and what was found as a line of words.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "catalogue/rules/rules_test_kit.hpp"
#include "respond/rules/engine.hpp"

namespace zhili::respond::rules::test {

/// "water-level: 5 5 20 . 20": a reading each step, "." none. A truth is y or n; a word is itself; "20!" is flagged out of range.
struct Lane {
  std::string property = {};
  std::vector<std::string> values = {};
};

inline Lane lane_of(std::string const& drawn) {
  std::istringstream in(drawn);
  Lane out;
  in >> out.property;
  if (!out.property.empty() && out.property.back() == ':') out.property.pop_back();
  for (std::string value; in >> value;) out.values.push_back(value);
  return out;
}

/// Monday, 2026-06-01 00:00 in Shanghai.
inline constexpr std::int64_t monday_ms = 1'780'243'200'000;

inline Rule rule_of(std::string const& keys, std::string const& id = "r") {
  static catalogue::rules::test::Things const things;
  std::vector<catalogue::Finding> findings;
  auto rule = things.read(keys, findings, id);
  for (auto const& one : findings) ADD_FAILURE() << one.key << ": " << one.what.en << " / " << one.mend.en;
  return rule.value_or(Rule{});
}

inline Reading reading_of(Rule const& rule, std::string const& property, std::int64_t stream, std::int64_t at_ms, std::string value) {
  Reading out{.stream = stream, .at_ms = at_ms};
  if (value.back() == '!') {
    out.quality = out_of_range;
    value.pop_back();
  }
  auto const watched = std::ranges::find(rule.watch, property, &catalogue::rules::Watched::property);
  auto const kind = watched == rule.watch.end() ? catalogue::ValueKind::number : watched->kind;
  if (kind == catalogue::ValueKind::boolean) {
    out.type = ValueType::truth;
    out.value = value == "y" ? 1 : 0;
  } else if (kind == catalogue::ValueKind::text) {
    out.type = ValueType::text;
    out.value = text_number(value);
  } else {
    out.value = std::stod(value);
  }
  return out;
}

/// One place, "bridge", with what lanes need: of each property as many sensors as there are lanes of it. All sensors belong to thing 1
/// for rules of things.
class Town {
 public:
  explicit Town(std::string const& keys, Knowledge knowledge = {}) : rule(rule_of(keys)), knowledge_(std::move(knowledge)) {
    knowledge_.zone = core::Zone::find("Asia/Shanghai").value();
  }

  /// Draws lanes; each column is `step` later. Gives "3R 9C": at the third minute it was raised. After the last column `after` more passes.
  std::string see(std::vector<std::string> const& drawn, core::Duration after = core::Duration(0), core::Duration step = std::chrono::minutes(1)) {
    begin(drawn);
    std::size_t columns = 0;
    for (auto const& lane : lanes) columns = std::max(columns, lane.values.size());
    for (std::size_t column = 0; column < columns; ++column) engine->take(column_at(column, step));
    engine->advance(core::from_ms(start_ms + static_cast<std::int64_t>(columns - 1) * step.count() + after.count()));
    return told();
  }

  void begin(std::vector<std::string> const& drawn) {
    lanes.clear();
    std::vector<StreamOf> streams;
    for (auto const& one : drawn) {
      lanes.push_back(lane_of(one));
      auto const stream = static_cast<std::int64_t>(lanes.size());
      streams.push_back({.stream = stream, .thing = rule.scope == catalogue::rules::Scope::thing ? 1 : 100 + stream, .place = "bridge", .property = lanes.back().property, .device_type = rule.of.empty() ? "" : rule.of[0]});
    }
    instances = instances_of(std::span(&rule, 1), streams);
    engine = fresh();
  }
  std::unique_ptr<Engine> fresh() const { return Engine::make({rule}, instances, knowledge_).value(); }

  Batch column_at(std::size_t column, core::Duration step) const {
    auto const at = start_ms + static_cast<std::int64_t>(column) * step.count();
    Batch batch{.position = static_cast<std::int64_t>(column) + 1, .received = core::from_ms(at)};
    for (std::size_t i = 0; i < lanes.size(); ++i)
      if (column < lanes[i].values.size() && lanes[i].values[column] != ".") batch.readings.push_back(reading_of(rule, lanes[i].property, static_cast<std::int64_t>(i) + 1, at, lanes[i].values[column]));
    return batch;
  }

  /// What was found, with minutes since the start; seconds where they are not whole.
  std::string told() const {
    std::string out;
    for (auto const& one : engine->found()) out += (out.empty() ? "" : " ") + word(one);
    return out;
  }
  std::string word(Found const& one) const {
    static std::map<TransitionKind, std::string> const letters{
        {TransitionKind::raise, "R"}, {TransitionKind::escalate, "E"}, {TransitionKind::clear, "C"}, {TransitionKind::fault, "F"}, {TransitionKind::fault_over, "O"}};
    auto const ms = one.at_ms - start_ms;
    auto const when = ms % 60'000 == 0 ? std::to_string(ms / 60'000) : std::to_string(ms / 1000) + "s";
    return when + letters.at(one.kind) + (one.flapping ? "~" : "");
  }

  Rule rule;
  std::vector<Lane> lanes;
  std::vector<Instance> instances;
  std::unique_ptr<Engine> engine;
  std::int64_t start_ms = monday_ms;

 private:
  Knowledge knowledge_;
};

}  // namespace zhili::respond::rules::test
