// Which rules run where, and the engine's memory for it.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "respond/rules/engine_inside.hpp"

namespace zhili::respond::rules {

using catalogue::rules::Scope;

std::vector<Instance> instances_of(std::span<Rule const> rules, std::span<StreamOf const> streams, std::function<void(Rule const&, Subject const&)> const& left_out) {
  std::multimap<std::string_view, std::pair<std::uint32_t, std::uint8_t>> watching;  // by property
  for (std::uint32_t rule = 0; rule < rules.size(); ++rule)
    for (std::uint8_t property = 0; property < rules[rule].watch.size(); ++property) watching.emplace(rules[rule].watch[property].property, std::pair(rule, property));
  std::map<std::tuple<Subject, std::uint32_t>, Instance> found;
  for (auto const& stream : streams) {
    auto const [begin, end] = watching.equal_range(stream.property);
    for (auto at = begin; at != end; ++at) {
      auto const& rule = rules[at->second.first];
      if (!rule.of.empty() && std::ranges::find(rule.of, stream.device_type) == rule.of.end()) continue;
      if (rule.scope == Scope::place && stream.place.empty()) continue;
      Subject subject{rule.scope, rule.scope == Scope::place ? stream.place : std::to_string(stream.thing)};
      auto& instance = found[{subject, at->second.first}];
      instance.rule = at->second.first;
      instance.subject = std::move(subject);
      instance.sources.push_back({at->second.second, stream.stream, stream.thing});
    }
  }
  std::vector<Instance> out;
  for (auto& [key, instance] : found) {
    auto& sources = instance.sources;
    std::ranges::sort(sources, {}, [](auto const& source) { return std::pair(source.property, source.stream); });
    auto const& rule = rules[instance.rule];
    std::size_t properties = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) properties += i == 0 || sources[i].property != sources[i - 1].property ? 1 : 0;
    if (properties < rule.watch.size()) continue;  // it cannot be judged by half of what the rule needs
    if (sources.size() > sensors_of_place_max) {
      sources.resize(sensors_of_place_max);
      if (left_out) left_out(rule, instance.subject);
      if (sources.back().property + 1U < rule.watch.size()) continue;
    }
    out.push_back(std::move(instance));
  }
  out.shrink_to_fit();  // they stay as long as the engine does
  // What one reading touches lies together.
  std::ranges::stable_sort(out, {}, [](Instance const& instance) { return instance.sources.front().stream; });
  return out;
}

void StreamTable::make(std::vector<std::int64_t> const& streams) {
  auto const size = std::bit_ceil(std::max<std::size_t>(16, streams.size() * 2));
  keys_.assign(size, {});
  mask_ = size - 1;
  shift_ = 64 - std::countr_zero(size);
  for (std::uint32_t place = 0; place < streams.size(); ++place) {
    auto slot = slot_of(streams[place]);
    while (keys_[slot].place != nothing) slot = (slot + 1) & mask_;
    keys_[slot] = {streams[place], place};
  }
}

namespace {

/// Streams in their order, and for each what it feeds.
struct Feeding {
  std::int64_t stream = 0;
  std::uint32_t instance = 0;
  std::uint16_t source = 0;
};

std::vector<Feeding> feedings_of(std::span<Instance const> instances) {
  std::vector<Feeding> out;
  for (std::uint32_t i = 0; i < instances.size(); ++i)
    for (std::uint16_t source = 0; source < instances[i].sources.size(); ++source) out.push_back({instances[i].sources[source].stream, i, source});
  std::ranges::stable_sort(out, {}, &Feeding::stream);
  return out;
}

}  // namespace

core::Result<> Engine::Inside::make(Knowledge const& knowledge) {
  zone = knowledge.zone;
  calendar = knowledge.calendar;
  std::map<std::string, std::uint16_t> unit_numbers;
  auto const number_of = [&](std::string const& unit) {
    auto const [at, is_new] = unit_numbers.try_emplace(unit, static_cast<std::uint16_t>(units.size()));
    if (is_new) units.push_back(unit);
    return at->second;
  };
  for (auto const& rule : rules) {
    programs.push_back(compile(rule));
    auto const& program = programs.back();
    if (program.steps.size() > program_steps_max) {
      return core::fail(core::Errc::limit, "rules.size", {fmt::format("规则 {} 太大", rule.id), fmt::format("the rule {} is too large", rule.id)}, rule.id);
    }
    auto& numbers = unit_of.emplace_back();
    for (auto const& unit : program.units) numbers.push_back(number_of(unit));
    numbers.push_back(number_of(rule.watch[0].unit));  // where nothing else can be shown
    spells.emplace_back(program.clocks.size());
  }
  std::size_t word_count = 0, window_total = 0;
  cells.reserve(instances.size());
  for (auto const& instance : instances) {
    auto const& program = programs[instance.rule];
    auto& cell = cells.emplace_back();
    cell.program = static_cast<std::uint16_t>(instance.rule);
    cell.severity = program.severity;
    cell.words = static_cast<std::uint32_t>(word_count);
    cell.windows = static_cast<std::uint32_t>(window_total);
    cell.known = static_cast<std::uint32_t>(known.size());
    word_count += program.own_words + (instance.sources.size() > program.properties ? 2 * instance.sources.size() : 0);
    window_total += window_count(static_cast<std::uint32_t>(cells.size() - 1));
    if (word_count > std::numeric_limits<std::uint32_t>::max() / 2) return core::fail(core::Errc::limit, "rules.memory", {"规则状态超过上限", "the rules need more memory than is allowed"});
    for (auto const& parameter : rules[instance.rule].parameters) {
      auto const own = knowledge.parameter ? knowledge.parameter(rules[instance.rule], instance.subject, parameter.id) : std::nullopt;
      known.push_back(own.value_or(parameter.standard));
    }
    for (auto const& plan : program.usuals) {
      auto const hours = knowledge.usual ? knowledge.usual(instance.subject, rules[instance.rule].watch[plan.property].property, plan.quantile) : std::nullopt;
      for (std::size_t i = 0; i < 24; ++i) known.push_back(hours ? (*hours)[i] : not_known);
    }
  }
  words.assign(word_count, 0);
  windows.resize(window_total);
  wheel = Wheel(instances.size());
  marks.resize(instances.size() / group_instances + 1);
  std::vector<std::int64_t> streams;
  for (auto const& [stream, instance, source] : feedings_of(instances)) {
    if (streams.empty() || streams.back() != stream) {
      streams.push_back(stream);
      route_begin.push_back(static_cast<std::uint32_t>(routes.size()));
    }
    auto const& sources = instances[instance].sources;
    routes.push_back({instance, source, sources[source].property, sources.size() > programs[cells[instance].program].properties});
  }
  route_begin.push_back(static_cast<std::uint32_t>(routes.size()));
  table.make(streams);
  return {};
}

}  // namespace zhili::respond::rules
