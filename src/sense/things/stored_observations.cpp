#include "sense/things/stored_observations.hpp"

#include <fmt/format.h>

#include <limits>

#include "sense/ingest/incoming.hpp"
#include "sense/ingest/json_scan.hpp"

namespace zhili::sense::things {

namespace {

using observations::Observation;
using observations::ObservationId;

constexpr std::array all_flags{ingest::Flag::out_of_range, ingest::Flag::stuck,     ingest::Flag::spike,
                               ingest::Flag::gap_before,   ingest::Flag::duplicate, ingest::Flag::late};

std::string flags_json(ingest::Flags flags) {
  std::string out;
  for (auto const flag : all_flags)
    if (ingest::has(flags, flag)) out += fmt::format("{}\"{}\"", out.empty() ? "" : ",", ingest::name(flag));
  return out.empty() ? out : "[" + out + "]";
}

/// What the program found, beside what the sender said.
std::string quality_json(std::string said, ingest::Flags flags) {
  auto found = flags_json(flags);
  if (found.empty()) return said;
  if (said.empty()) return found;
  return fmt::format(R"({{"given":{},"found":{}}})", said, found);
}

struct Extra {
  std::string parameters, valid, quality;
};

Extra read_extra(std::string const& json) {
  Extra out;
  if (json.empty()) return out;
  ingest::JsonScan scan(json);
  std::string_view name, value;
  std::string kept;
  if (!scan.take('{')) return out;
  while (scan.peek() != '}') {
    scan.blanks();
    if (!scan.string(name, kept) || !scan.take(':') || !scan.value(value)) break;
    if (name == "parameters") out.parameters = value;
    if (name == "resultQuality") out.quality = value;
    if (name == "validTime" && value.size() > 2) out.valid = value.substr(1, value.size() - 2);
    if (!scan.take(',')) break;
  }
  return out;
}

std::optional<Span> valid_time(std::string_view text) {
  auto const slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto const begin = core::from_iso(text.substr(0, slash)), end = core::from_iso(text.substr(slash + 1));
  if (!begin || !end) return std::nullopt;
  return Span{*begin, *end};
}

Outcome outcome_of(observations::Value value) {
  switch (value.kind) {
    case observations::ValueKind::number: return value.number;
    case observations::ValueKind::truth: return value.integer != 0;
    case observations::ValueKind::count: return value.integer;
    case observations::ValueKind::text: return std::move(value.text);
    case observations::ValueKind::json: return Json{std::move(value.text)};
  }
  return {};
}

observations::Value value_of(Outcome const& outcome) {
  using observations::ValueKind;
  if (auto const* const real = std::get_if<double>(&outcome)) return {.kind = ValueKind::number, .number = *real};
  if (auto const* const whole = std::get_if<std::int64_t>(&outcome)) return {.kind = ValueKind::count, .integer = *whole};
  if (auto const* const truth = std::get_if<bool>(&outcome)) return {.kind = ValueKind::truth, .integer = *truth ? 1 : 0};
  if (auto const* const text = std::get_if<std::string>(&outcome)) return {.kind = ValueKind::text, .text = *text};
  return {.kind = ValueKind::json, .text = std::get<Json>(outcome).text};
}

ObservationRow row_of(Observation observation) {
  auto extra = read_extra(observation.extra);
  return {.id = observations::packed(observation.id),
          .datastream = observation.id.datastream,
          .feature = observation.feature,
          .phenomenon = {observation.phenomenon_time, observation.phenomenon_end},
          .result_time = observation.result_time,
          .valid = valid_time(extra.valid),
          .result = outcome_of(std::move(observation.value)),
          .quality = quality_json(std::move(extra.quality), observation.flags),
          .parameters = std::move(extra.parameters)};
}

core::Result<> no_such_observation(Id id) {
  return core::fail(core::Errc::not_found, "sensorthings.none", {fmt::format("没有 Observation({})。", id), fmt::format("There is no Observation with the id {}.", id)});
}

}  // namespace

std::string time_text(core::Instant at) {
  auto const ms = core::to_ms(at);
  auto const part = ((ms % 1'000) + 1'000) % 1'000;
  auto out = core::to_iso(core::from_ms(ms - part));
  if (part != 0) out.insert(out.size() - 1, fmt::format(".{:03}", part));
  return out;
}

std::string span_text(Span const& span) { return time_text(span.begin) + "/" + time_text(span.end.value_or(span.begin)); }

std::string extra_json(std::string_view parameters, std::optional<Span> const& valid, std::string_view quality) {
  std::string out;
  auto const add = [&](std::string_view name, std::string_view json) { out += fmt::format("{}\"{}\":{}", out.empty() ? "{" : ",", name, json); };
  if (!parameters.empty()) add("parameters", parameters);
  if (valid) add("validTime", fmt::format("\"{}\"", span_text(*valid)));
  if (!quality.empty()) add("resultQuality", quality);
  return out.empty() ? out : out + "}";
}

core::Result<std::vector<ObservationRow>> StoredObservations::page(Id datastream, TimeRange const& range, bool backwards,
                                                                   std::optional<ObservationPlace> after, std::size_t most) const {
  observations::Wanted wanted{.from = range.from, .until = range.to, .descending = backwards, .after = {}, .limit = most};
  if (after) {
    auto const id = observations::unpacked(after->id);
    // Where the place is in another datastream, all or nothing of that very moment comes after it.
    bool const all = (datastream > id.datastream) != backwards;
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    auto const n = id.datastream == datastream ? id.n : all != backwards ? -1 : last;
    wanted.after = observations::Place{core::to_ms(after->at), n};
  }
  ZHILI_TRY(auto rows, store_.read(datastream, wanted));
  std::vector<ObservationRow> out;
  out.reserve(rows.size());
  for (auto& row : rows) out.push_back(row_of(std::move(row)));
  return out;
}

core::Result<std::optional<ObservationRow>> StoredObservations::find(Id id) const {
  if (id <= 0) return std::nullopt;
  ZHILI_TRY(auto found, store_.find(observations::unpacked(id)));
  if (!found) return std::nullopt;
  return row_of(std::move(*found));
}

core::Result<std::int64_t> StoredObservations::count(Id datastream, TimeRange const& range) const {
  if (!range.from && !range.to) {
    ZHILI_TRY(auto const extent, store_.extent(datastream));
    return extent ? extent->count : 0;
  }
  std::int64_t out = 0;
  ZHILI_CHECK(store_.each(datastream, range.from.value_or(core::Instant::min()), range.to.value_or(core::Instant::max()), [&](Observation const&) {
    ++out;
    return true;
  }));
  return out;
}

core::Result<std::optional<Extents>> StoredObservations::extents(Id datastream) const {
  ZHILI_TRY(auto const extent, store_.extent(datastream));
  if (!extent) return std::nullopt;
  return Extents{.phenomenon = {extent->first, extent->last}};
}

core::Result<> StoredObservations::change(ObservationRow const& row) {
  auto const id = observations::unpacked(row.id);
  ZHILI_TRY(auto found, store_.find(id));
  if (!found) return no_such_observation(row.id);
  auto now = *found;
  now.phenomenon_time = row.phenomenon.begin;
  now.phenomenon_end = row.phenomenon.end;
  now.result_time = row.result_time;
  now.value = value_of(row.result);
  now.feature = row.feature;
  now.flags = 0;  // what it was found to be like was so before somebody corrected it
  now.extra = extra_json(row.parameters, row.valid, row.quality);
  return store_.amend(now);
}

core::Result<> StoredObservations::remove(Id id) {
  ZHILI_TRY(auto const found, store_.find(observations::unpacked(id)));
  if (!found) return no_such_observation(id);
  return store_.remove(observations::unpacked(id));
}

core::Result<> StoredObservations::remove_datastream(Id datastream) { return store_.remove_all(datastream); }

}  // namespace zhili::sense::things
