#include "app/sensing/device_readings.hpp"

#include <boost/json.hpp>

#include "sense/ingest/incoming.hpp"

namespace zhili::app {

namespace devices = sense::devices;
namespace observations = sense::observations;

namespace {

constexpr std::array all_flags{sense::ingest::Flag::out_of_range, sense::ingest::Flag::stuck, sense::ingest::Flag::spike, sense::ingest::Flag::gap_before, sense::ingest::Flag::duplicate, sense::ingest::Flag::late};

std::string value_json(observations::Value const& value) {
  switch (value.kind) {
    case observations::ValueKind::number: return boost::json::serialize(boost::json::value(value.number));
    case observations::ValueKind::truth: return value.integer != 0 ? "true" : "false";
    case observations::ValueKind::count: return std::to_string(value.integer);
    case observations::ValueKind::text: return boost::json::serialize(boost::json::string(value.text));
    case observations::ValueKind::json: return value.text;
  }
  return "null";
}

}  // namespace

devices::Blemishes blemishes_of(observations::Flags flags) {
  devices::Blemishes out = 0;
  if (sense::ingest::has(flags, sense::ingest::Flag::out_of_range)) out |= static_cast<devices::Blemishes>(devices::Blemish::out_of_range);
  if (sense::ingest::has(flags, sense::ingest::Flag::stuck)) out |= static_cast<devices::Blemishes>(devices::Blemish::stuck);
  return out;
}

std::optional<double> number_of(observations::Value const& value) {
  switch (value.kind) {
    case observations::ValueKind::number: return value.number;
    case observations::ValueKind::truth:
    case observations::ValueKind::count: return static_cast<double>(value.integer);
    default: return std::nullopt;
  }
}

core::Result<web::Readings::Series> DeviceReadings::series(std::int64_t datastream, core::Instant from, core::Instant until, std::size_t points) const {
  ZHILI_TRY(auto const found, history_.series(datastream, from, until, points, std::chrono::duration_cast<std::chrono::minutes>(zone_.offset(until))));
  Series out{.step = std::string(observations::name(found.step))};
  out.points.reserve(found.points.size());
  for (auto const& [at, figures] : found.points)
    out.points.push_back({.t_ms = core::to_ms(at), .min = figures.min, .mean = figures.mean(), .max = figures.max, .count = figures.count});
  return out;
}

core::Result<std::optional<web::Readings::Last>> DeviceReadings::last(std::int64_t datastream) const {
  ZHILI_TRY(auto const found, history_.last(datastream));
  if (!found) return std::nullopt;
  Last out{.at = found->phenomenon_time, .value = value_json(found->value)};
  for (auto const flag : all_flags)
    if (sense::ingest::has(found->flags, flag)) out.quality.emplace_back(sense::ingest::name(flag));
  return out;
}

core::Result<> DeviceReadings::newest(std::span<std::int64_t const> datastreams, std::function<void(devices::Heard const&)> const& visit) {
  for (auto const datastream : datastreams) {
    ZHILI_TRY(auto const found, history_.last(datastream));
    if (found) visit({.datastream = datastream, .at = found->phenomenon_time, .number = number_of(found->value), .blemishes = blemishes_of(found->flags)});
  }
  return {};
}

core::Result<std::optional<core::Instant>> DeviceReadings::blemished_since(std::int64_t datastream) {
  ZHILI_TRY(auto const found, history_.read(datastream, {.descending = true, .limit = blemished_looked_at_max}));
  std::optional<core::Instant> out;
  for (auto const& one : found) {
    if (blemishes_of(one.flags) == 0) break;
    out = one.phenomenon_time;
  }
  return out;
}

}  // namespace zhili::app
