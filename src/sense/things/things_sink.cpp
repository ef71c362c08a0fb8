#include "sense/things/things_sink.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace zhili::sense::things {

namespace {

/// Of one datastream in one batch.
struct Covered {
  std::int64_t first = 0, last = 0;
  std::optional<std::int64_t> result_first = {}, result_last = {};
};

std::unordered_map<Id, Covered> covered(ingest::Batch const& batch) {
  std::unordered_map<Id, Covered> out;
  for (auto const& row : batch.rows) {
    auto const* const more = batch.find_more(row);
    auto const end = more != nullptr && more->phenomenon_end ? core::to_ms(*more->phenomenon_end) : row.phenomenon_ms;
    auto const [found, fresh] = out.try_emplace(row.datastream, Covered{.first = row.phenomenon_ms, .last = end});
    auto& here = found->second;
    if (!fresh) {
      here.first = std::min(here.first, row.phenomenon_ms);
      here.last = std::max(here.last, end);
    }
    if (more == nullptr || !more->result_time) continue;
    auto const result = core::to_ms(*more->result_time);
    here.result_first = std::min(here.result_first.value_or(result), result);
    here.result_last = std::max(here.result_last.value_or(result), result);
  }
  return out;
}

std::vector<Id> without_feature(std::span<ingest::Accepted> batches) {
  std::vector<Id> out;
  for (auto const& accepted : batches)
    for (auto const& row : accepted.batch.rows) {
      auto const* const more = accepted.batch.find_more(row);
      if ((more == nullptr || more->feature == 0) && (out.empty() || out.back() != row.datastream)) out.push_back(row.datastream);
    }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

}  // namespace

void ThingsSink::append(std::span<ingest::Accepted> batches) {
  auto const streams = without_feature(batches);
  // An observation is worth more than what it is about: if that cannot be written down now, the next one tries again.
  (void)things_.need_features(streams);
  std::unordered_map<Id, Id> moved;
  for (auto const id : streams)
    if (auto const feature = things_.own_feature(id); feature != 0) moved.emplace(id, feature);
  if (!moved.empty())
    for (auto& accepted : batches)
      for (auto& row : accepted.batch.rows)
        if (auto const found = moved.find(row.datastream); found != moved.end())
          if (auto& more = accepted.batch.more_of(row); more.feature == 0) more.feature = found->second;
  std::vector<std::unordered_map<Id, Covered>> covers;
  for (auto const& accepted : batches) covers.push_back(covered(accepted.batch));
  inner_.append(batches);
  for (std::size_t i = 0; i < batches.size(); ++i) {
    if (!batches[i].position) continue;
    for (auto const& [id, cover] : covers[i]) {
      auto const at = [](std::int64_t ms) { return core::from_ms(ms); };
      extents_.note(id, {at(cover.first), at(cover.last)},
                    cover.result_first ? std::optional(Span{at(*cover.result_first), at(*cover.result_last)}) : std::nullopt);
    }
  }
}

}  // namespace zhili::sense::things
