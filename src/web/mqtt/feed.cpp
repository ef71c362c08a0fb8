#include "web/mqtt/feed.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/time.hpp"
#include "web/mqtt/filters.hpp"

namespace zhili::web::mqtt {

namespace ingest = sense::ingest;
using boost::json::object;
using boost::json::value;

namespace {

/// With milliseconds where there are some.
std::string iso_exact(core::Instant at) {
  auto out = core::to_iso(at);
  auto const ms = (core::to_ms(at) % 1'000 + 1'000) % 1'000;
  if (ms != 0) out.insert(out.size() - 1, fmt::format(".{:03}", ms));
  return out;
}

value result_of(ingest::Batch const& batch, ingest::Incoming const& row) {
  switch (row.kind) {
    case ingest::ValueKind::number:
      return row.number;
    case ingest::ValueKind::truth:
      return row.integer == 1;
    case ingest::ValueKind::count:
      return row.integer;
    case ingest::ValueKind::text:
      return value(batch.text(row));
    case ingest::ValueKind::json:
      break;
  }
  boost::json::error_code failed;
  auto out = boost::json::parse(batch.text(row), failed);
  return failed ? value(nullptr) : out;
}

}  // namespace

std::string observation_entity(ingest::Batch const& batch, ingest::Incoming const& row, std::int64_t id, std::string_view base) {
  auto const* more = batch.find_more(row);
  auto const own = fmt::format("{}/Observations({})", base, id);
  auto time = iso_exact(core::from_ms(row.phenomenon_ms));
  if (more && more->phenomenon_end) time += "/" + iso_exact(*more->phenomenon_end);
  object out{{"@iot.id", id}, {"@iot.selfLink", own}, {"phenomenonTime", time}, {"resultTime", more && more->result_time ? value(iso_exact(*more->result_time)) : value(nullptr)}, {"result", result_of(batch, row)}};
  boost::json::array quality;
  for (unsigned flag = 1; flag <= ingest::bit(ingest::Flag::late); flag <<= 1U)
    if ((row.flags & flag) != 0) quality.emplace_back(ingest::name(static_cast<ingest::Flag>(flag)));
  if (!quality.empty()) out["resultQuality"] = std::move(quality);
  if (more && !more->extra.empty()) {
    boost::json::error_code failed;
    auto const extra = boost::json::parse(more->extra, failed);
    if (!failed && extra.is_object())
      for (auto const& [name, part] : extra.get_object()) out[name] = part;
  }
  out["Datastream@iot.navigationLink"] = own + "/Datastream";
  out["FeatureOfInterest@iot.navigationLink"] = own + "/FeatureOfInterest";
  return boost::json::serialize(out);
}

void Feed::stored(ingest::Batch const& batch, std::vector<std::int64_t> const& ids) {
  constexpr std::string_view all = "v1.1/Observations";
  bool const wants_all = door_.wants(all);
  for (std::size_t i = 0; i < batch.rows.size() && i < ids.size(); ++i) {
    auto const& row = batch.rows[i];
    auto topic = fmt::format("v1.1/Datastreams({})/Observations", row.datastream);
    bool const wants_stream = door_.wants(topic);
    if ((!wants_all && !wants_stream) || !is_public_(row.datastream)) continue;
    auto json = observation_entity(batch, row, ids[i], base_);
    if (wants_stream) door_.publish(std::move(topic), json);
    if (wants_all) door_.publish(std::string(all), std::move(json));
  }
}

void Feed::entity(std::string_view set, std::int64_t id, std::string const& json, std::vector<std::string> const& changed) {
  auto const tell = [this](std::string topic, std::string const& payload) {
    if (door_.wants(topic)) door_.publish(std::move(topic), payload);
  };
  tell(fmt::format("v1.1/{}", set), json);
  auto const own = fmt::format("v1.1/{}({})", set, id);
  tell(own, json);
  for (auto const& name : changed)
    if (auto topic = own + "/" + name; door_.wants(topic)) door_.publish(std::move(topic), selected(json, {name}));
}

}  // namespace zhili::web::mqtt
