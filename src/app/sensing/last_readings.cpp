#include "app/sensing/last_readings.hpp"

#include "sense/ingest/incoming.hpp"
#include "sense/observations/rollup.hpp"

namespace zhili::app {

using namespace sense;

namespace {

/// A device that has had a blemish for longer than so many readings has had it "since at least" then.
constexpr std::size_t blemished_readings_looked_at = 2'000;

devices::Heard heard_of(observations::Observation const& reading) {
  return {.datastream = reading.id.datastream, .at = reading.phenomenon_time, .number = observations::figure_of(reading.value), .blemishes = blemishes_of(reading.flags)};
}

}  // namespace

devices::Blemishes blemishes_of(observations::Flags flags) {
  unsigned out = 0;
  if (ingest::has(flags, ingest::Flag::out_of_range)) out |= static_cast<unsigned>(devices::Blemish::out_of_range);
  if (ingest::has(flags, ingest::Flag::stuck)) out |= static_cast<unsigned>(devices::Blemish::stuck);
  return static_cast<devices::Blemishes>(out);
}

core::Result<> LastOfHistory::newest(std::span<std::int64_t const> datastreams, std::function<void(devices::Heard const&)> const& visit) {
  for (auto const datastream : datastreams) {
    ZHILI_TRY(auto const last, history_.last(datastream));
    if (last) visit(heard_of(*last));
  }
  return {};
}

core::Result<std::optional<core::Instant>> LastOfHistory::blemished_since(std::int64_t datastream) {
  ZHILI_TRY(auto const rows, history_.read(datastream, {.descending = true, .limit = blemished_readings_looked_at}));
  std::optional<core::Instant> since;
  for (auto const& row : rows) {
    if (blemishes_of(row.flags) == 0) break;
    since = row.phenomenon_time;
  }
  return since;
}

}  // namespace zhili::app
