#pragma once
// The store of observations as things see it.

#include "sense/observations/store.hpp"
#include "sense/things/observation_source.hpp"

namespace zhili::sense::things {

/// Thread-safe. The store outlives it.
class StoredObservations final : public ObservationSource {
 public:
  explicit StoredObservations(observations::ObservationStore& store) : store_(store) {}

  core::Result<std::vector<ObservationRow>> page(Id datastream, TimeRange const& range, bool backwards, std::optional<ObservationPlace> after,
                                                 std::size_t most) const override;
  core::Result<std::optional<ObservationRow>> find(Id id) const override;
  core::Result<std::int64_t> count(Id datastream, TimeRange const& range) const override;
  core::Result<std::optional<Extents>> extents(Id datastream) const override;
  core::Result<> change(ObservationRow const& row) override;
  core::Result<> remove(Id id) override;
  core::Result<> remove_datastream(Id datastream) override;

 private:
  observations::ObservationStore& store_;
};

/// What is rare in an observation, as its store keeps it: one JSON object; empty if there is nothing.
std::string extra_json(std::string_view parameters, std::optional<Span> const& valid, std::string_view quality);

/// "2026-11-21T08:05:00Z", with three digits after the second where they are not zero.
std::string time_text(core::Instant at);
/// "…/…" of a span with an end.
std::string span_text(Span const& span);

}  // namespace zhili::sense::things
