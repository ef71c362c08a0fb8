// An Observation as SensorThings writes it.
#include <boost/json.hpp>

#include <algorithm>

#include "catalogue/text_check.hpp"
#include "sense/ingest/check.hpp"
#include "sense/ingest/messages.hpp"

namespace zhili::sense::ingest {

namespace {

using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

tl::unexpected<core::Error> bad_part(char const* part, char const* zh, char const* en) {
  return fail(Errc::invalid, "ingest.observation", {std::string(part) + " " + zh, std::string(part) + " " + en}, part);
}

core::Result<std::optional<core::Instant>> time_part(object const& from, char const* part) {
  auto const* found = from.if_contains(part);
  if (!found || found->is_null()) return std::nullopt;
  auto const at = found->is_string() ? core::from_iso(std::string_view(found->get_string())) : core::Result<core::Instant>(core::fail(Errc::invalid, "", {}));
  if (!at) return bad_part(part, "须是带时区的 ISO 8601 时间。", "has to be ISO 8601 with its zone.");
  return *at;
}

struct Times {
  std::int64_t begin_ms = time_absent;
  std::optional<core::Instant> end = {};
};

core::Result<Times> phenomenon_part(object const& from) {
  auto const* found = from.if_contains("phenomenonTime");
  if (!found || found->is_null()) return Times{};
  auto const bad = bad_part("phenomenonTime", "须是 ISO 8601 时间，或“起/止”。", "has to be an ISO 8601 time, or \"from/to\".");
  if (!found->is_string()) return bad;
  std::string_view const text = found->get_string();
  auto const slash = text.find('/');
  auto const begin = core::from_iso(text.substr(0, slash));
  if (!begin) return bad;
  Times out{.begin_ms = core::to_ms(*begin)};
  if (slash == std::string_view::npos) return out;
  auto const end = core::from_iso(text.substr(slash + 1));
  if (!end) return bad;
  out.end = *end;
  return out;
}

core::Result<> add_result(value const& result, std::int64_t datastream, std::int64_t at_ms, Batch& out) {
  switch (result.kind()) {
    case boost::json::kind::int64: {
      auto const whole = result.get_int64();
      if (whole > count_max || whole < -count_max) out.add(datastream, at_ms, static_cast<double>(whole));
      else out.add_count(datastream, at_ms, whole);  // a stream of numbers takes it too
      return {};
    }
    case boost::json::kind::uint64:
      out.add(datastream, at_ms, static_cast<double>(result.get_uint64()));
      return {};
    case boost::json::kind::double_:
      out.add(datastream, at_ms, result.get_double());
      return {};
    case boost::json::kind::bool_:
      out.add_truth(datastream, at_ms, result.get_bool());
      return {};
    case boost::json::kind::string:
      if (std::string_view(result.get_string()).find('\0') != std::string_view::npos) return bad_part("result", "里有 NUL 字符。", "has a NUL character in it.");
      out.add_text(datastream, at_ms, result.get_string());
      return {};
    case boost::json::kind::null:
      return bad_part("result", "不能是 null。", "cannot be null.");
    default:
      out.add_json(datastream, at_ms, boost::json::serialize(result));
      return {};
  }
}

core::Result<std::int64_t> feature_part(object const& from) {
  auto const* found = from.if_contains("FeatureOfInterest");
  if (!found || found->is_null()) return std::int64_t{0};
  auto const* id = found->is_object() ? found->get_object().if_contains("@iot.id") : nullptr;
  if (!id || !id->is_int64() || id->get_int64() <= 0) return bad_part("FeatureOfInterest", "须是 {\"@iot.id\": 编号}。", "has to be {\"@iot.id\": number}.");
  return id->get_int64();
}

}  // namespace

core::Result<> read_observation(std::string_view json, std::int64_t datastream, Batch& out) {
  boost::json::error_code failed;
  auto const parsed = boost::json::parse(json, failed);
  if (failed || !parsed.is_object()) return fail(Errc::invalid, "ingest.json", {"须是一个 JSON 对象：{\"result\": …}。", "It has to be a JSON object: {\"result\": …}."}, {}, failed.message());
  auto const& from = parsed.get_object();
  static constexpr std::string_view known[] = {"result", "phenomenonTime", "resultTime", "FeatureOfInterest", "parameters", "validTime", "resultQuality", "Datastream"};
  for (auto const& [name, part] : from)
    if (std::ranges::find(known, std::string_view(name)) == std::end(known)) return fail(Errc::invalid, "ingest.observation", {"有不认识的字段。", "A field is not known."}, std::string(name));
  auto const* result = from.if_contains("result");
  if (!result) return bad_part("result", "缺少。", "is missing.");
  ZHILI_TRY(auto const times, phenomenon_part(from));
  ZHILI_TRY(auto const result_time, time_part(from, "resultTime"));
  ZHILI_TRY(auto const feature, feature_part(from));
  object extra;
  for (auto const* name : {"parameters", "validTime", "resultQuality"})
    if (auto const* part = from.if_contains(name); part && !part->is_null()) extra[name] = *part;
  ZHILI_CHECK(add_result(*result, datastream, times.begin_ms, out));
  auto& row = out.rows.back();
  if (times.end) out.more_of(row).phenomenon_end = times.end;
  if (result_time) out.more_of(row).result_time = result_time;
  if (feature != 0) out.more_of(row).feature = feature;
  if (!extra.empty()) out.more_of(row).extra = boost::json::serialize(extra);
  return {};
}

}  // namespace zhili::sense::ingest
