#include "sense/ingest/ucum_units.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/units.hpp"

namespace zhili::sense::ingest {

namespace {

core::Result<Linear> parsed_conversion(std::string_view from, std::string_view to) {
  ZHILI_TRY(auto const a, core::UcumUnit::parse(from));
  ZHILI_TRY(auto const b, core::UcumUnit::parse(to));
  ZHILI_TRY(auto const found, a.conversion(b));
  return Linear{.factor = found.factor, .divisor = found.divisor, .offset = found.offset};
}

}  // namespace

core::Result<Linear> UcumUnits::convert(std::string_view from, std::string_view to) {
  if (from.size() > core::max_unit_bytes) return core::UcumUnit::parse(from).and_then([](auto const&) { return core::Result<Linear>(Linear{}); });
  std::pair const asked{std::string(from), std::string(to)};
  {
    std::shared_lock const lock(mutex_);
    if (auto const found = known_.find(asked); found != known_.end()) return found->second;
  }
  auto out = parsed_conversion(from, to);
  std::unique_lock const lock(mutex_);
  if (known_.size() >= unit_pairs_max) known_.clear();
  known_.emplace(asked, out);
  return out;
}

StreamFact fact_of(catalogue::StreamType const& stream, catalogue::ObservedPropertyDef const& property) {
  static constexpr ValueKind kinds[] = {ValueKind::number, ValueKind::truth, ValueKind::count, ValueKind::text};
  StreamFact out{.name = stream.id, .kind = kinds[static_cast<std::size_t>(stream.kind)], .unit = property.unit};
  Linear const kept{.factor = stream.to_property.factor, .divisor = stream.to_property.divisor, .offset = stream.to_property.offset};
  out.from_device = kept;
  if (stream.range) {
    auto const [least, most] = std::minmax({kept(stream.range->low), kept(stream.range->high)});
    out.least = least;
    out.most = most;
  }
  if (stream.spike) out.jump_max = std::abs(*stream.spike * kept.factor / kept.divisor);  // a difference: the offset does not count
  out.every = stream.every;
  if (stream.stuck_after) out.stuck_for = *stream.stuck_after;
  return out;
}

}  // namespace zhili::sense::ingest
