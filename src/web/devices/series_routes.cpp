// A datastream drawn with few points.

#include <boost/json.hpp>

#include "web/devices/devices.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using core::Errc;
using core::fail;

namespace {

constexpr auto series_default = std::chrono::hours(24);
constexpr auto series_span_max = std::chrono::hours(24 * 366 * 20);

struct SeriesFacts {
  std::optional<devices::Device> device = {};
  std::string unit = {};
  bool is_private = false;
};

core::Result<SeriesFacts> facts_of(store::Reader& r, std::int64_t datastream, DeviceParts const& parts) {
  auto const owned = r.row<std::int64_t, std::string>("SELECT device, stream FROM device_stream WHERE datastream = ?", datastream);
  if (owned) {
    SeriesFacts out;
    ZHILI_TRY(out.device, device_named(r, std::get<0>(*owned)));
    auto const& catalogue = *parts.people.api.catalogue;
    auto const* type = catalogue.device_type(out.device->type);
    auto const* stream = type ? type->stream(std::get<1>(*owned)) : nullptr;
    auto const* property = stream ? catalogue.property(stream->property) : nullptr;
    if (property) out.unit = property->unit;
    out.is_private = out.device->is_private;
    return out;
  }
  if (parts.free_stream)
    if (auto const free = parts.free_stream(r, datastream)) return SeriesFacts{.unit = free->unit, .is_private = free->is_private};
  return fail(Errc::not_found, "datastream.unknown", {"没有这个数据流。", "There is no such datastream."}, "id");
}

core::Result<Response> series(Call const& call, DeviceParts const& parts) {
  auto const datastream = call.path.integer("id").value_or(0);
  ZHILI_TRY(auto const facts, parts.people.api.db->read([&](store::Reader& r) { return facts_of(r, datastream, parts); }));
  // A private Thing that is no device's has no place by which somebody could be on duty for it.
  if (facts.is_private && !facts.device) return fail(Errc::forbidden, "device.private", {"这个数据流属于私人。", "This datastream is private."}, "id");
  if (facts.device) ZHILI_CHECK(may_read(call, *facts.device, parts));
  auto const to = call.query.time("to").value_or(parts.people.api.time->now());
  auto const from = call.query.time("from").value_or(to - series_default);
  if (from >= to || to - from > series_span_max)
    return fail(Errc::invalid, "query.from", {"from 要早于 to，最多相差二十年。", "from is before to, by twenty years at most."}, "from");
  auto const points = static_cast<std::size_t>(call.query.integer("points").value_or(series_points_default));
  ZHILI_TRY(auto const found, parts.readings->series(datastream, from, to, points));
  array out;
  out.reserve(found.points.size());
  for (auto const& point : found.points) out.push_back(array{point.t_ms, point.min, point.mean, point.max, point.count});
  return private_json(boost::json::serialize(object{{"unit", facts.unit}, {"step", found.step}, {"points", std::move(out)}}));
}

}  // namespace

void mount_series(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  std::vector<Field> query{optional("from", time(), {"从何时；不写是 to 前一天", "From when; a day before `to` if left out"}), optional("to", time(), {"到何时；不写是现在", "Until when; now if left out"}),
                           optional("points", integer(1, series_points_asked_max), {"大约几个点；不写是 500", "About how many points; 500 if left out"})};
  for (auto& field : device_reading_fields()) query.push_back(std::move(field));
  operations.add({.id = "getSeries", .method = Method::get, .pattern = "/api/v1/datastreams/{id}/series", .summary = {"一个数据流的曲线：每点 [毫秒, 最小, 平均, 最大, 个数]", "A datastream as a curve: each point is [ms, min, mean, max, count]"}, .who = signed_in(),
                  .path = {needed("id", integer(), {"Datastream 的编号", "id of the Datastream"})}, .query = std::move(query),
                  .good = {{.shape = record("Series", {{"unit", text(), {"UCUM", "UCUM"}}, {"step", choice({"raw", "minute", "hour", "day"})}, {"points", list(list(number()))}})}}},
                 [parts](Call const& call) { return series(call, parts); });
}

}  // namespace zhili::web
