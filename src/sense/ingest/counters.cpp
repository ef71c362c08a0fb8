#include "sense/ingest/counters.hpp"

#include <algorithm>

namespace zhili::sense::ingest {

namespace {

void add_counts(Counts& to, Counts const& from) {
  to.received += from.received;
  to.stored += from.stored;
  to.duplicates += from.duplicates;
  to.late += from.late;
  to.flagged += from.flagged;
  to.throttled += from.throttled;
  to.refused += from.refused;
  to.quarantined += from.quarantined;
}

/// Points over which the rate is taken.
constexpr std::size_t rate_points = 60'000 / point_ms;

}  // namespace

void Counters::add(Way way, Counts const& counts, core::Instant now) {
  auto const number = core::to_ms(now) / point_ms;
  auto const begin = core::from_ms(number * point_ms);
  std::lock_guard const lock(mutex_);
  add_counts(by_way_[static_cast<std::size_t>(way)], counts);
  auto& point = ring_[static_cast<std::size_t>(number) % points_kept];
  if (point.at != begin) point = {.at = begin};
  point.received += counts.received;
  point.stored += counts.stored;
}

void Counters::newest(core::Instant phenomenon) {
  std::lock_guard const lock(mutex_);
  newest_ = std::max(newest_.value_or(phenomenon), phenomenon);
}

Counters::Health Counters::health(core::Instant now) const {
  auto const current = core::to_ms(now) / point_ms;
  Health out;
  std::lock_guard const lock(mutex_);
  out.by_way = by_way_;
  for (auto const& one : by_way_) add_counts(out.all, one);
  if (newest_) out.lag = now - *newest_;
  std::uint64_t stored = 0;
  for (auto number = current - static_cast<std::int64_t>(points_kept) + 1; number <= current; ++number) {
    Point point{.at = core::from_ms(number * point_ms)};
    auto const& kept = ring_[static_cast<std::size_t>(number) % points_kept];
    if (kept.at == point.at) point = kept;
    if (number < current && number >= current - static_cast<std::int64_t>(rate_points)) stored += point.stored;
    out.recent.push_back(point);
  }
  out.rate_per_s = static_cast<double>(stored) * 1000 / static_cast<double>(point_ms * static_cast<std::int64_t>(rate_points));
  return out;
}

Counts Counters::of(Way way) const {
  std::lock_guard const lock(mutex_);
  return by_way_[static_cast<std::size_t>(way)];
}

std::optional<core::Duration> Counters::lag(core::Instant now) const {
  std::lock_guard const lock(mutex_);
  return newest_ ? std::optional(now - *newest_) : std::nullopt;
}

}  // namespace zhili::sense::ingest
