#include "sense/places/geojson_geometry.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>

namespace zhili::sense::places {
namespace {

namespace json = boost::json;

FeatureFault fault(Text text) {
  return {"geometry", std::move(text)};
}

std::optional<double> number(json::value const& v) {
  if (v.is_double()) return v.get_double();
  if (v.is_int64()) return static_cast<double>(v.get_int64());
  if (v.is_uint64()) return static_cast<double>(v.get_uint64());
  return std::nullopt;
}

class GeometryReader {
 public:
  explicit GeometryReader(core::Datum datum) : datum_(datum) {}
  std::string original;

  std::optional<FeatureFault> position(json::value const& v, LatLon& out) {
    auto const* a = v.if_array();
    auto const lon = a && a->size() >= 2 ? number((*a)[0]) : std::nullopt;
    auto const lat = a && a->size() >= 2 ? number((*a)[1]) : std::nullopt;
    if (!lon || !lat)
      return fault({"坐标应是两个数 [经度, 纬度]。", "A position is two numbers, [longitude, latitude]."});
    bool const good = *lat >= -90 && *lat <= 90 && *lon >= -180 && *lon <= 180;
    if (!good)
      return fault(
          {fmt::format("坐标 [{}, {}] 超出范围。GeoJSON 先写经度后写纬度，是不是写反了？", *lon, *lat),
           fmt::format(
               "Position [{}, {}] is out of range. GeoJSON writes longitude first, then latitude: are "
               "they swapped?",
               *lon, *lat)});
    if (original.empty()) original = fmt::format("{},{}", *lon, *lat);
    out = core::to_wgs84(datum_, LatLon::of(*lat, *lon));
    return std::nullopt;
  }

  std::optional<FeatureFault> line(json::value const& v, std::vector<LatLon>& out) {
    auto const* a = v.if_array();
    if (!a || a->size() < 2) return fault({"一条线至少要两个点。", "A line has at least two positions."});
    for (auto const& p : *a) {
      LatLon at;
      if (auto f = position(p, at)) return f;
      out.push_back(at);
    }
    return std::nullopt;
  }

  std::optional<FeatureFault> ring(json::value const& v, bool hole, Ring& out) {
    auto const* a = v.if_array();
    if (!a || a->size() < 4)
      return fault({"一个环至少要四个点，最后一个与第一个相同。",
                    "A ring has at least four positions, and the last repeats the first."});
    if (auto f = line(v, out)) return f;
    if (out.front() != out.back())
      return fault({"环没有闭合。请在最后重复第一个点。",
                    "The ring is not closed. Repeat the first position at the end."});
    out.pop_back();
    double turn = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      auto const &p = out[i], &q = out[(i + 1) % out.size()];
      turn += (p.lon() - out[0].lon()) * (q.lat() - out[0].lat()) -
              (q.lon() - out[0].lon()) * (p.lat() - out[0].lat());
    }
    if (turn == 0)
      return fault(
          {"环没有面积。请检查各点是否在一条线上。", "The ring has no area. Are its positions on one line?"});
    if ((turn < 0) != hole) std::ranges::reverse(out);
    return std::nullopt;
  }

  std::optional<FeatureFault> polygon(json::value const& v, Polygon& out) {
    auto const* a = v.if_array();
    if (!a || a->empty()) return fault({"多边形没有环。", "The polygon has no rings."});
    if (auto f = ring((*a)[0], false, out.outer)) return f;
    for (std::size_t i = 1; i < a->size(); ++i)
      if (auto f = ring((*a)[i], true, out.holes.emplace_back())) return f;
    return std::nullopt;
  }

  template <class Part, class Read>
  std::optional<FeatureFault> several(json::value const& v, std::vector<Part>& out, Read&& read) {
    auto const* a = v.if_array();
    if (!a || a->empty()) return fault({"图形是空的。", "The geometry is empty."});
    for (auto const& part : *a)
      if (auto f = read(part, out.emplace_back())) return f;
    return std::nullopt;
  }

 private:
  core::Datum datum_;
};

}  // namespace

std::optional<FeatureFault> read_geometry(json::value const& geometry, core::Datum datum, Shape& into,
                                          std::string& original) {
  if (geometry.is_null()) return std::nullopt;
  auto const* object = geometry.if_object();
  auto const* type = object ? object->if_contains("type") : nullptr;
  auto const* coordinates = object ? object->if_contains("coordinates") : nullptr;
  std::string_view const kind = type && type->is_string() ? std::string_view(type->get_string()) : "";
  GeometryReader reader(datum);
  auto const read = [&]() -> std::optional<FeatureFault> {
    if (!coordinates) return fault({"图形没有 coordinates。", "The geometry has no coordinates."});
    auto const line = [&](json::value const& v, std::vector<LatLon>& out) { return reader.line(v, out); };
    auto const polygon = [&](json::value const& v, Polygon& out) { return reader.polygon(v, out); };
    if (kind == "Point") return reader.position(*coordinates, into.point.emplace());
    if (kind == "LineString") return reader.line(*coordinates, into.lines.emplace_back());
    if (kind == "MultiLineString") return reader.several(*coordinates, into.lines, line);
    if (kind == "Polygon") return reader.polygon(*coordinates, into.polygons.emplace_back());
    if (kind == "MultiPolygon") return reader.several(*coordinates, into.polygons, polygon);
    return fault(
        {fmt::format("图形类型“{}”不收。请用 Point、LineString、Polygon 或它们的 Multi 形式。", kind),
         fmt::format("Geometry type “{}” is not taken. Use Point, LineString, Polygon, or MultiLineString, "
                     "MultiPolygon.",
                     kind)});
  };
  auto found = read();
  original = std::move(reader.original);
  return found;
}

}  // namespace zhili::sense::places
