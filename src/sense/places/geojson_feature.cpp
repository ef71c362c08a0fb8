#include "sense/places/geojson_feature.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <numbers>

#include "sense/places/code_check.hpp"
#include "sense/places/geojson_geometry.hpp"

namespace zhili::sense::places {
namespace {

namespace json = boost::json;

/// A text, number or truth as text; nothing for null, lists and objects.
std::optional<std::string> plain(json::value const& v) {
  if (v.is_string()) return std::string(v.get_string());
  if (v.is_int64()) return std::to_string(v.get_int64());
  if (v.is_uint64()) return std::to_string(v.get_uint64());
  if (v.is_double()) return fmt::format("{}", v.get_double());
  if (v.is_bool()) return std::string(v.get_bool() ? "true" : "false");
  return std::nullopt;
}

bool clean(std::string_view text) {
  return text.size() <= geojson_text_bytes_max && text.find('\0') == std::string_view::npos;
}

/// Square metres on a sphere laid flat at the shape: exact to a thousandth for a grid.
std::int64_t area_of(Shape const& shape) {
  constexpr double metre_per_degree = 6'371'008.8 * std::numbers::pi / 180;
  double sum = 0;
  auto const ring = [&](Ring const& r) {
    double const east = std::cos(r[0].lat() * std::numbers::pi / 180);
    for (std::size_t i = 0; i < r.size(); ++i) {
      auto const &p = r[i], &q = r[(i + 1) % r.size()];
      sum += ((p.lon() - r[0].lon()) * (q.lat() - r[0].lat()) -
              (q.lon() - r[0].lon()) * (p.lat() - r[0].lat())) *
             east;
    }
  };
  for (auto const& polygon : shape.polygons) {
    ring(polygon.outer);
    std::ranges::for_each(polygon.holes, ring);
  }
  return std::llround(sum / 2 * metre_per_degree * metre_per_degree);
}

class FeatureReader {
 public:
  FeatureReader(GeoJsonOptions const& options, core::Datum datum) : options_(options), datum_(datum) {}

  std::optional<FeatureFault> read(json::value const& feature, City& into) {
    auto const* object = feature.if_object();
    auto const* properties = object ? object->if_contains("properties") : nullptr;
    properties_ = properties ? properties->if_object() : nullptr;
    if (!properties_)
      return FeatureFault{"properties",
                          {"要素没有 properties。请至少写 kind 和 code。",
                           "The feature has no properties. Write kind and code at least."}};
    if (auto const* geometry = object->if_contains("geometry"))
      if (auto f = read_geometry(*geometry, datum_, shape_, original_)) return f;
    for (auto const& [key, value] : *properties_)
      if (auto const text = plain(value); text && !clean(*text))
        return FeatureFault{
            std::string(key),
            {fmt::format("文字太长（上限 {} 字节）或含有空字符。", geojson_text_bytes_max),
             fmt::format("The text is longer than {} bytes or holds a NUL.", geojson_text_bytes_max)}};
    auto const kind = text("kind", options_.kind);
    if (kind == "area") return area(into);
    if (kind == "grid") return grid(into);
    if (kind == "duty_grid") return duty(into);
    if (auto const known = kind_of(kind)) return thing(*known, into);
    return FeatureFault{
        "kind",
        {fmt::format("不认识的 kind“{}”。请写 area、grid、duty_grid、component、building、estate、"
                     "organisation、road、block 或 water。",
                     kind),
         fmt::format("Kind “{}” is not known. Write area, grid, duty_grid, component, building, "
                     "estate, organisation, road, block or water.",
                     kind)}};
  }

 private:
  std::string text(char const* key, std::string otherwise = {}) const {
    auto const* v = properties_->if_contains(key);
    auto found = v ? plain(*v) : std::nullopt;
    return found ? *std::move(found) : std::move(otherwise);
  }

  Text name() const {
    if (auto const* v = properties_->if_contains("name")) {
      if (auto const* both = v->if_object()) {
        auto const one = [&](char const* lang) {
          auto const* t = both->if_contains(lang);
          return t ? plain(*t).value_or("") : std::string();
        };
        return {one("zh"), one("en")};
      }
    }
    auto const only = text("name");
    return {text("name_zh", only), text("name_en", only)};
  }

  template <class T>
  std::optional<FeatureFault> put(T part, std::vector<T>& into) {
    if (auto fault = code_fault(options_.scheme, part)) return FeatureFault{"code", std::move(*fault)};
    into.push_back(std::move(part));
    return std::nullopt;
  }

  std::optional<FeatureFault> needs_polygon() const {
    if (!shape_.polygons.empty()) return std::nullopt;
    return FeatureFault{"geometry",
                        {"网格要有面。请给 Polygon 或 MultiPolygon。",
                         "A grid needs an outline. Give it a Polygon or a MultiPolygon."}};
  }

  std::optional<FeatureFault> area(City& into) {
    Area a;
    a.code = text("code");
    a.level = text("level");
    if (a.level.empty())
      for (auto const& l : options_.scheme.areas)
        if (l.digits == a.code.size()) a.level = l.code;
    a.name = name();
    a.parent = text("parent", std::string(options_.scheme.parent(a.code)));
    a.shape = std::move(shape_);
    return put(std::move(a), into.areas);
  }

  std::optional<FeatureFault> instant(char const* key, std::optional<core::Instant>& out) const {
    auto const given = text(key);
    if (given.empty()) return std::nullopt;
    auto const at = core::from_iso(given);
    if (!at)
      return FeatureFault{
          key,
          {fmt::format("时间“{}”不对。请写成 2026-01-01T00:00:00+08:00。", given),
           fmt::format("Time “{}” is not right. Write it as 2026-01-01T00:00:00+08:00.", given)}};
    out = *at;
    return std::nullopt;
  }

  std::optional<FeatureFault> whole(char const* key, std::int64_t& out) const {
    auto const* v = properties_->if_contains(key);
    if (!v || v->is_null()) return std::nullopt;
    if (v->is_int64() && v->get_int64() >= 0) {
      out = v->get_int64();
      return std::nullopt;
    }
    return FeatureFault{
        key, {"应是不小于 0 的整数，不加引号。", "Write a whole number, 0 or more, without quotes."}};
  }

  std::optional<FeatureFault> grid(City& into) {
    if (auto f = needs_polygon()) return f;
    UnitGrid g;
    g.code = text("code");
    g.area_m2 = area_of(shape_);
    g.shape = std::move(shape_);
    g.land_use = text("land_use");
    g.responsible = text("responsible");
    if (auto f = whole("area_m2", g.area_m2)) return f;
    if (auto f = whole("grade", g.grade)) return f;
    if (auto f = instant("from", g.from)) return f;
    if (auto f = instant("until", g.until)) return f;
    return put(std::move(g), into.grids);
  }

  std::optional<FeatureFault> duty(City& into) {
    DutyGrid d;
    d.code = text("code");
    d.function = text("function");
    d.post = text("post");
    d.name = name();
    if (d.function.empty())
      return FeatureFault{"function",
                          {"责任网格要写明职责，例如 sanitation。",
                           "A duty grid names its function, for example sanitation."}};
    auto const* grids = properties_->if_contains("grids");
    auto const* list = grids ? grids->if_array() : nullptr;
    if (!list)
      return FeatureFault{"grids",
                          {"责任网格要列出单元网格编码，例如 [\"370402001001001\"]。",
                           "A duty grid lists codes of unit grids, for example [\"370402001001001\"]."}};
    for (auto const& code : *list) d.grids.push_back(plain(code).value_or(""));
    std::ranges::sort(d.grids);
    return put(std::move(d), into.duties);
  }

  std::optional<FeatureFault> thing(Kind kind, City& into) {
    Thing t;
    t.kind = kind;
    t.code = text("code");
    t.klass = text("class");
    t.name = name();
    t.grid = text("grid");
    if (kind == Kind::component && t.klass.empty() && t.code.size() == options_.scheme.component_digits())
      t.klass =
          t.code.substr(options_.scheme.component_district_digits, options_.scheme.component_class_digits);
    static constexpr std::array<std::string_view, 9> own{"kind",    "code", "class", "name",    "name_zh",
                                                         "name_en", "grid", "shape", "original"};
    for (auto const& [key, value] : *properties_)
      if (auto said = plain(value); said && std::ranges::find(own, std::string_view(key)) == own.end())
        t.fields.emplace_back(key, *std::move(said));
    if (datum_ != core::Datum::wgs84 && !original_.empty())
      t.fields.emplace_back("original", fmt::format("{} {}", core::name(datum_), original_));
    std::ranges::sort(t.fields);
    t.shape = std::move(shape_);
    return put(std::move(t), into.things);
  }

  GeoJsonOptions const& options_;
  core::Datum datum_;
  json::object const* properties_ = nullptr;
  Shape shape_;
  std::string original_;
};

}  // namespace

std::optional<FeatureFault> read_feature(json::value const& feature, GeoJsonOptions const& options,
                                         core::Datum datum, City& into) {
  return FeatureReader(options, datum).read(feature, into);
}

}  // namespace zhili::sense::places
