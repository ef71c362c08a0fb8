#include "sense/things/geometry.hpp"

#include <algorithm>
#include <boost/geometry.hpp>
#include <boost/geometry/geometries/linestring.hpp>
#include <boost/geometry/geometries/multi_linestring.hpp>
#include <boost/geometry/geometries/multi_point.hpp>
#include <boost/geometry/geometries/multi_polygon.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <variant>
#include <vector>

namespace zhili::sense::things {

using core::Errc;
using core::fail;

namespace {

namespace bg = boost::geometry;
using Dot = bg::model::d2::point_xy<double>;
using Dots = bg::model::multi_point<Dot>;
using Line = bg::model::linestring<Dot>;
using Lines = bg::model::multi_linestring<Line>;
using Area = bg::model::polygon<Dot, false>;  // outer rings run counter-clockwise, as in GeoJSON
using Areas = bg::model::multi_polygon<Area>;
using Any = std::variant<Dots, Lines, Areas>;

auto bad_shape(std::string_view key, core::Text text) { return fail(Errc::invalid, std::string(key), std::move(text)); }

auto bad_wkt(std::string_view what) {
  auto const said = std::string(what);
  return bad_shape("geometry.wkt", {"几何文本（WKT）不对：" + said + "。例如 POINT (117.5 34.8)，先经度后纬度。",
                                    "This is no geometry in WKT: " + said + ". Write for instance POINT (117.5 34.8), longitude first."});
}

auto too_many_points() {
  auto const most = std::to_string(shape_points_max);
  return bad_shape("geometry.points", {"几何最多 " + most + " 个点。", "A geometry has at most " + most + " points."});
}

auto off_earth() {
  return bad_shape("geometry.range", {"坐标须为度：先经度（-180 至 180），后纬度（-90 至 90）。",
                                      "Coordinates are degrees: longitude (-180 to 180), then latitude (-90 to 90)."});
}

/// Points are counted while they are read, so that nothing large is built.
struct Counter {
  std::size_t points = 0;
};

core::Result<Dot> dot(double lon, double lat, Counter& counter) {
  if (++counter.points > shape_points_max) return too_many_points();
  if (!(std::abs(lon) <= 180 && std::abs(lat) <= 90)) return off_earth();
  return Dot(lon, lat);
}

core::Result<> check_ring(Area::ring_type const& ring) {
  if (ring.size() >= 4 && bg::equals(ring.front(), ring.back())) return {};
  return bad_shape("geometry.ring", {"多边形的环至少 4 个点，首尾相同。", "A ring of a polygon has at least 4 points, the last the same as the first."});
}

core::Result<> check_line(Line const& line) {
  if (line.size() >= 2) return {};
  return bad_shape("geometry.line", {"线至少 2 个点。", "A line has at least 2 points."});
}

/// WKT, read strictly from left to right.
class Wkt {
 public:
  explicit Wkt(std::string_view text) : text_(text) {}

  core::Result<Any> read() {
    if (auto const semicolon = text_.find(';'); semicolon != std::string_view::npos) {
      if (upper(text_.substr(0, semicolon)) != "SRID=4326") return bad_wkt("SRID");
      at_ = semicolon + 1;
    }
    auto const word = upper(name());
    if (upper(peek_name()) == "Z") {
      name();
      skip_third_ = true;
    }
    ZHILI_TRY(auto out, shape(word));
    blanks();
    if (at_ != text_.size()) return bad_wkt(text_.substr(at_, 20));
    return out;
  }

 private:
  core::Result<Any> shape(std::string const& word) {
    if (word == "POINT") {
      ZHILI_CHECK(expect('('));
      ZHILI_TRY(auto const p, coordinates());
      ZHILI_CHECK(expect(')'));
      return Any(Dots{p});
    }
    if (word == "MULTIPOINT") {
      Dots out;
      ZHILI_CHECK(list([&]() -> core::Result<> {
        bool const wrapped = next_is('(');
        if (wrapped) ZHILI_CHECK(expect('('));
        ZHILI_TRY(auto const p, coordinates());
        out.push_back(p);
        return wrapped ? expect(')') : core::Result<>{};
      }));
      return Any(std::move(out));
    }
    if (word == "LINESTRING") {
      ZHILI_TRY(auto one, line());
      return Any(Lines{std::move(one)});
    }
    if (word == "MULTILINESTRING") {
      Lines out;
      ZHILI_CHECK(list([&]() -> core::Result<> {
        ZHILI_TRY(auto one, line());
        out.push_back(std::move(one));
        return {};
      }));
      return Any(std::move(out));
    }
    if (word == "POLYGON") {
      ZHILI_TRY(auto one, area());
      return Any(Areas{std::move(one)});
    }
    if (word == "MULTIPOLYGON") {
      Areas out;
      ZHILI_CHECK(list([&]() -> core::Result<> {
        ZHILI_TRY(auto one, area());
        out.push_back(std::move(one));
        return {};
      }));
      return Any(std::move(out));
    }
    return bad_wkt(word.substr(0, 20));
  }

  template <class Each>
  core::Result<> list(Each const& each) {
    ZHILI_CHECK(expect('('));
    while (true) {
      ZHILI_CHECK(each());
      if (!next_is(',')) return expect(')');
      ++at_;
    }
  }
  core::Result<Line> line() {
    Line out;
    ZHILI_CHECK(list([&]() -> core::Result<> {
      ZHILI_TRY(auto const p, coordinates());
      out.push_back(p);
      return {};
    }));
    ZHILI_CHECK(check_line(out));
    return out;
  }
  core::Result<Area> area() {
    Area out;
    bool outer = true;
    ZHILI_CHECK(list([&]() -> core::Result<> {
      ZHILI_TRY(auto const points, line());
      auto& ring = outer ? out.outer() : out.inners().emplace_back();
      outer = false;
      ring.assign(points.begin(), points.end());
      return check_ring(ring);
    }));
    bg::correct(out);
    return out;
  }
  core::Result<Dot> coordinates() {
    ZHILI_TRY(auto const lon, number());
    ZHILI_TRY(auto const lat, number());
    if (skip_third_) ZHILI_CHECK(number());
    return dot(lon, lat, counter_);
  }
  core::Result<double> number() {
    blanks();
    double out = 0;
    auto const* const end = text_.data() + text_.size();
    auto const [stop, error] = std::from_chars(text_.data() + at_, end, out);
    if (error != std::errc{} || !std::isfinite(out)) return bad_wkt(text_.substr(at_, 20));
    at_ = static_cast<std::size_t>(stop - text_.data());
    return out;
  }
  core::Result<> expect(char c) {
    if (!next_is(c)) return bad_wkt(std::string("“") + c + "”");
    ++at_;
    return {};
  }
  bool next_is(char c) {
    blanks();
    return at_ < text_.size() && text_[at_] == c;
  }
  void blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  std::string_view name() {
    auto const out = peek_name();
    at_ += out.size();
    return out;
  }
  std::string_view peek_name() {
    blanks();
    auto end = at_;
    while (end < text_.size() && ((text_[end] | 0x20) >= 'a' && (text_[end] | 0x20) <= 'z')) ++end;
    return text_.substr(at_, end - at_);
  }
  static std::string upper(std::string_view text) {
    std::string out(text);
    for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool skip_third_ = false;
  Counter counter_;
};

using JsonValue = boost::json::value;

auto bad_geojson() {
  return bad_shape("geometry.geojson",
                   {"这不是 GeoJSON 几何：须有 type（Point、LineString、Polygon 或 Multi…）和 coordinates。",
                    "This is no GeoJSON geometry: it needs type (Point, LineString, Polygon, or Multi…) and coordinates."});
}

core::Result<Dot> json_dot(JsonValue const& value, Counter& counter) {
  auto const* const pair = value.if_array();
  if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) return bad_geojson();
  return dot((*pair)[0].to_number<double>(), (*pair)[1].to_number<double>(), counter);
}

template <class Into, class Each>
core::Result<Into> json_list(JsonValue const& value, Each const& each) {
  Into out;
  auto const* const list = value.if_array();
  if (list == nullptr || list->empty()) return bad_geojson();
  for (auto const& one : *list) {
    ZHILI_TRY(auto made, each(one));
    out.push_back(std::move(made));
  }
  return out;
}

core::Result<Line> json_line(JsonValue const& value, Counter& counter) {
  ZHILI_TRY(auto out, json_list<Line>(value, [&](JsonValue const& v) { return json_dot(v, counter); }));
  ZHILI_CHECK(check_line(out));
  return out;
}

core::Result<Area> json_area(JsonValue const& value, Counter& counter) {
  ZHILI_TRY(auto const rings, json_list<Lines>(value, [&](JsonValue const& v) { return json_line(v, counter); }));
  Area out;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    auto& ring = i == 0 ? out.outer() : out.inners().emplace_back();
    ring.assign(rings[i].begin(), rings[i].end());
    ZHILI_CHECK(check_ring(ring));
  }
  bg::correct(out);
  return out;
}

core::Result<Any> json_shape(JsonValue const& value) {
  auto const* object = value.if_object();
  if (object == nullptr) return bad_geojson();
  auto const text_of = [](boost::json::object const& o, char const* key) {
    auto const* const found = o.if_contains(key);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
  };
  if (text_of(*object, "type") == "Feature") {
    auto const* const inside = object->if_contains("geometry");
    if (inside == nullptr || !inside->is_object()) return bad_geojson();
    object = inside->if_object();
  }
  auto const type = text_of(*object, "type");
  auto const* const at = object->if_contains("coordinates");
  if (at == nullptr) return bad_geojson();
  Counter counter;
  auto const any = [](auto&& made) { return Any(std::forward<decltype(made)>(made)); };
  if (type == "Point") return json_dot(*at, counter).map([](Dot d) { return Any(Dots{d}); });
  if (type == "MultiPoint") return json_list<Dots>(*at, [&](JsonValue const& v) { return json_dot(v, counter); }).map(any);
  if (type == "LineString") return json_line(*at, counter).map([](Line l) { return Any(Lines{std::move(l)}); });
  if (type == "MultiLineString") return json_list<Lines>(*at, [&](JsonValue const& v) { return json_line(v, counter); }).map(any);
  if (type == "Polygon") return json_area(*at, counter).map([](Area a) { return Any(Areas{std::move(a)}); });
  if (type == "MultiPolygon") return json_list<Areas>(*at, [&](JsonValue const& v) { return json_area(v, counter); }).map(any);
  return bad_geojson();
}

std::int64_t e7(double degrees, bool up) {
  auto const scaled = degrees * 1e7;
  return static_cast<std::int64_t>(up ? std::ceil(scaled) : std::floor(scaled));
}

bool met(char c) { return c != 'F'; }

}  // namespace

struct Geometry::Shape {
  Any any;
};

core::Result<Geometry> Geometry::from_wkt(std::string_view text) {
  ZHILI_TRY(auto any, Wkt(text).read());
  return Geometry(std::make_shared<Shape const>(Shape{std::move(any)}));
}

core::Result<Geometry> Geometry::from_geojson(std::string_view json) {
  boost::json::error_code failed;
  auto const value = boost::json::parse(json, failed);
  if (failed) return bad_geojson();
  ZHILI_TRY(auto any, json_shape(value));
  return Geometry(std::make_shared<Shape const>(Shape{std::move(any)}));
}

Box Geometry::box() const {
  bg::model::box<Dot> out;
  std::visit([&](auto const& shape) { bg::envelope(shape, out); }, shape_->any);
  return {e7(out.min_corner().x(), false), e7(out.min_corner().y(), false), e7(out.max_corner().x(), true), e7(out.max_corner().y(), true)};
}

int Geometry::dimension() const { return static_cast<int>(shape_->any.index()); }

std::string Geometry::relation(Geometry const& other) const {
  return std::visit([](auto const& a, auto const& b) { return bg::relation(a, b).str(); }, shape_->any, other.shape_->any);
}

double Geometry::distance(Geometry const& other) const {
  return std::visit([](auto const& a, auto const& b) { return bg::distance(a, b); }, shape_->any, other.shape_->any);
}

double Geometry::length() const {
  auto const* const lines = std::get_if<Lines>(&shape_->any);
  return lines != nullptr ? static_cast<double>(bg::length(*lines)) : 0;
}

// The patterns of OGC 06-103r4, 6.1.15.3. Positions: II IB IE BI BB BE EI EB EE.
bool Geometry::disjoint(Geometry const& other) const {
  auto const m = relation(other);
  return !met(m[0]) && !met(m[1]) && !met(m[3]) && !met(m[4]);
}

bool Geometry::equals(Geometry const& other) const {
  auto const m = relation(other);
  return met(m[0]) && !met(m[2]) && !met(m[5]) && !met(m[6]) && !met(m[7]);
}

bool Geometry::touches(Geometry const& other) const {
  auto const m = relation(other);
  return !met(m[0]) && (met(m[1]) || met(m[3]) || met(m[4]));
}

bool Geometry::within(Geometry const& other) const {
  auto const m = relation(other);
  return met(m[0]) && !met(m[2]) && !met(m[5]);
}

bool Geometry::overlaps(Geometry const& other) const {
  if (dimension() != other.dimension()) return false;
  auto const m = relation(other);
  bool const inside = dimension() == 1 ? m[0] == '1' : met(m[0]);
  return inside && met(m[2]) && met(m[6]);
}

bool Geometry::crosses(Geometry const& other) const {
  auto const m = relation(other);
  if (dimension() < other.dimension()) return met(m[0]) && met(m[2]);
  if (dimension() > other.dimension()) return met(m[0]) && met(m[6]);
  return dimension() == 1 && m[0] == '0';
}

core::Result<bool> fits(std::string_view relation, std::string_view pattern) {
  if (pattern.size() != 9 || pattern.find_first_not_of("TF*012tf") != std::string_view::npos)
    return bad_shape("geometry.pattern", {"关系模式须为 9 个字符，取自 T F * 0 1 2。", "A pattern of a relation has nine of the characters T F * 0 1 2."});
  for (std::size_t i = 0; i < 9; ++i) {
    char const wanted = pattern[i] == 't' ? 'T' : pattern[i] == 'f' ? 'F' : pattern[i];
    if (wanted == '*' || wanted == relation[i] || (wanted == 'T' && met(relation[i]))) continue;
    return false;
  }
  return true;
}

bool is_geojson(std::string_view encoding_type) {
  return encoding_type == "application/geo+json" || encoding_type == "application/vnd.geo+json";
}

}  // namespace zhili::sense::things
