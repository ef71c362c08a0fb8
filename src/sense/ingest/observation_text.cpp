// One observation as a JSON object, as the quarantine keeps it.
#include <boost/json.hpp>

#include "sense/ingest/check.hpp"
#include "sense/ingest/quarantine.hpp"

namespace zhili::sense::ingest {

using boost::json::object;

std::string observation_text(Batch const& batch, Incoming const& row) {
  object out;
  if (row.datastream != 0) out["datastream"] = row.datastream;
  if (row.phenomenon_ms != time_absent) out["at_ms"] = row.phenomenon_ms;
  out["kind"] = name(row.kind);
  if (row.device_words) out["device_words"] = true;
  switch (row.kind) {
    case ValueKind::number:
      out["value"] = row.number;
      break;
    case ValueKind::truth:
      out["value"] = row.integer == 1;
      break;
    case ValueKind::count:
      out["value"] = row.integer;
      break;
    case ValueKind::text:
    case ValueKind::json:
      out["value"] = batch.text(row);
      break;
  }
  if (auto const* more = batch.find_more(row)) {
    if (more->phenomenon_end) out["end_ms"] = core::to_ms(*more->phenomenon_end);
    if (more->result_time) out["result_ms"] = core::to_ms(*more->result_time);
    if (more->feature != 0) out["feature"] = more->feature;
    if (!more->unit.empty()) out["unit"] = more->unit;
    if (!more->extra.empty()) out["extra"] = more->extra;
  }
  return boost::json::serialize(out);
}

namespace {

std::optional<std::int64_t> kept_integer(object const& from, char const* field) {
  auto const* found = from.if_contains(field);
  return found && found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
}

std::optional<std::string_view> kept_text(object const& from, char const* field) {
  auto const* found = from.if_contains(field);
  return found && found->is_string() ? std::optional<std::string_view>(found->get_string()) : std::nullopt;
}

bool add_kept_value(Batch& out, object const& from, std::int64_t datastream, std::int64_t at_ms) {
  auto const* value = from.if_contains("value");
  auto const kind = kept_text(from, "kind");
  if (!value || !kind) return false;
  if (*kind == name(ValueKind::truth) && value->is_bool()) out.add_truth(datastream, at_ms, value->get_bool());
  else if (*kind == name(ValueKind::count) && value->is_int64()) out.add_count(datastream, at_ms, value->get_int64());
  else if (*kind == name(ValueKind::number) && value->is_number()) out.add(datastream, at_ms, value->to_number<double>());
  else if (*kind == name(ValueKind::text) && value->is_string()) out.add_text(datastream, at_ms, value->get_string());
  else if (*kind == name(ValueKind::json) && value->is_string()) out.add_json(datastream, at_ms, value->get_string());
  else return false;
  return true;
}

}  // namespace

core::Result<Batch> observation_from(std::string_view text) {
  auto const unreadable = core::fail(core::Errc::corrupt, "ingest.kept", {"隔离区中的这条读数读不出来。", "This reading of the quarantine cannot be read."});
  boost::json::error_code failed;
  auto const parsed = boost::json::parse(text, failed);
  if (failed || !parsed.is_object()) return unreadable;
  auto const& from = parsed.get_object();
  Batch out;
  if (!add_kept_value(out, from, kept_integer(from, "datastream").value_or(0), kept_integer(from, "at_ms").value_or(time_absent))) return unreadable;
  auto& row = out.rows.back();
  row.device_words = from.contains("device_words");
  if (auto const unit = kept_text(from, "unit")) out.more_of(row).unit = *unit;
  if (auto const end = kept_integer(from, "end_ms")) out.more_of(row).phenomenon_end = core::from_ms(*end);
  if (auto const result = kept_integer(from, "result_ms")) out.more_of(row).result_time = core::from_ms(*result);
  if (auto const feature = kept_integer(from, "feature")) out.more_of(row).feature = *feature;
  if (auto const extra = kept_text(from, "extra")) out.more_of(row).extra = *extra;
  return out;
}

}  // namespace zhili::sense::ingest
