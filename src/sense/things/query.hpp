#pragma once
// What somebody asks for: entities with a filter, an order, parts of them, and entities that hang on them. Made by whoever reads the
// language of the URL (web/sensorthings), typed and checked there; answered by Reading (reading.hpp).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "sense/things/draft.hpp"
#include "sense/things/entity.hpp"
#include "sense/things/geometry.hpp"

namespace zhili::sense::things {

inline constexpr std::size_t filter_depth_max = 32;       ///< expressions in expressions
inline constexpr std::size_t filter_nodes_max = 300;
inline constexpr std::size_t path_links_max = 6;          ///< Datastream/Thing/Locations/…
inline constexpr std::size_t path_keys_max = 8;           ///< properties/a/b/…
inline constexpr std::size_t order_keys_max = 4;
inline constexpr int order_text_characters_max = 64;        ///< of a text, so many decide the order; then the id
inline constexpr std::size_t expand_depth_max = 5;
inline constexpr std::size_t expands_max = 30;            ///< in one query, at all depths
inline constexpr std::size_t page_default = 100;
inline constexpr std::size_t page_max = 1'000;            ///< entities; what more is wanted comes by @iot.nextLink
inline constexpr std::size_t page_observations_max = 10'000;
inline constexpr std::int64_t skip_max = 1'000'000;       ///< who goes further follows @iot.nextLink
inline constexpr std::size_t answer_entities_max = 50'000;  ///< of one answer, what is expanded counted too

/// What an expression is. `any`: a value inside of JSON or a result, known only when it is seen.
enum class Type : std::uint8_t { null, boolean, number, text, time, duration, date, time_of_day, geometry, any };

enum class Op : std::uint8_t {
  literal, path,
  and_, or_, not_,
  eq, ne, gt, ge, lt, le,
  add, sub, mul, div, mod, negate,
  substringof, endswith, startswith, length, indexof, substring, tolower, toupper, trim, concat,
  year, month, day, hour, minute, second, fractionalseconds, date, time, totaloffsetminutes,
  before, after, meets, during, overlaps, starts, finishes,
  round, floor, ceiling,
  geo_distance, geo_length, geo_intersects,
  st_equals, st_disjoint, st_touches, st_within, st_overlaps, st_crosses, st_intersects, st_contains, st_relate,
};

struct Date {
  std::int64_t days = 0;  ///< since 1970-01-01
  auto operator<=>(Date const&) const = default;
};
struct TimeOfDay {
  std::int64_t ms = 0;  ///< since midnight
  auto operator<=>(TimeOfDay const&) const = default;
};

/// A value in an expression. Whole numbers stay whole, so that ids are compared exactly.
using Datum = std::variant<std::monostate, bool, std::int64_t, double, std::string, Span, core::Duration, Date, TimeOfDay, Geometry>;

/// `Thing/Locations/properties/floor`: links, then a property (none: the id), then keys inside of its JSON; a key of digits is a position.
struct Path {
  std::vector<Link const*> links = {};
  Property const* property = nullptr;
  std::vector<std::string> keys = {};
};

struct Expr {
  Op op = Op::literal;
  Type type = Type::null;
  std::size_t at = 0;  ///< position in the text, in bytes from 0, for errors
  Datum literal = {};
  Path path = {};
  std::vector<Expr> args = {};
};

/// Orders by the value of an expression: of a number, a text, a time; what is nothing comes before all else.
struct OrderKey {
  Expr expr;
  bool descending = false;
};

/// Where a page goes on: the values of the order's keys in the last entity of the page before, and its id.
struct After {
  std::vector<Datum> keys = {};
  Id id = 0;
};

struct Expand;

struct Select {
  bool id = false;  ///< `@iot.id`
  std::vector<Property const*> properties = {};
  std::vector<Link const*> links = {};
};

struct Query {
  std::optional<Expr> filter = {};
  std::vector<OrderKey> order = {};
  std::vector<Expand> expand;
  std::optional<Select> select = {};  ///< nothing: everything
  std::optional<std::size_t> top = {};
  std::int64_t skip = 0;
  bool count = false;
  bool data_array = false;
  std::optional<After> after = {};
  /// The options as they were written, for the link to the next page: "$filter" with its text.
  std::vector<std::pair<std::string, std::string>> written = {};
};

struct Expand {
  Link const* link = nullptr;
  Query query = {};
};

/// For whom something is read.
struct Viewer {
  bool staff = false;  ///< sees what is private, too
};

}  // namespace zhili::sense::things
