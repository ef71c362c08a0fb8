#pragma once
// Where things are and who answers for them: areas, unit grids, duty grids and registers.
//
// `City` is plain data: a generator makes one, an import reads one, the database keeps one. `PlaceIndex` is a
// snapshot of it, prepared for look-up and never changed; `LivePlaces` holds the snapshot of now. README.md
// has the rules.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::sense::places {

using core::LatLon;
using core::Text;

// ---- geometry
// -------------------------------------------------------------------------------------------------

/// A closed ring; the first point is not repeated at the end. Outer rings run counter-clockwise, holes
/// clockwise.
using Ring = std::vector<LatLon>;
struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
  bool operator==(Polygon const&) const = default;
};
/// A point, lines or polygons; at most one of the three holds something.
struct Shape {
  std::optional<LatLon> point;
  std::vector<std::vector<LatLon>> lines;
  std::vector<Polygon> polygons;
  bool operator==(Shape const&) const = default;
  bool empty() const { return !point && lines.empty() && polygons.empty(); }
};
struct Box {
  LatLon min;  ///< south-west
  LatLon max;  ///< north-east
  bool operator==(Box const&) const = default;
};

// ---- codes
// ----------------------------------------------------------------------------------------------------

/// One level of the area tree and the length of its codes. The code of the parent is the beginning of a code.
struct Level {
  std::string code;  ///< "district"
  Text name;
  std::size_t digits = 0;  ///< of the whole code, not only of the last segment
};

/// How codes are cut. Configuration: cities differ (15, 16 or 20 digits for a grid).
struct CodeScheme {
  std::vector<Level> areas;      ///< from the top; default city 4, district 6, street 9, community 12
  std::size_t grid_digits = 15;  ///< 6 + 3 + 3 + 3
  std::size_t component_district_digits = 6;
  std::size_t component_class_digits = 4;  ///< 2 large class + 2 small class
  std::size_t component_sequence_digits = 6;

  static CodeScheme standard();
  Level const* level(std::string_view code) const;
  /// The code of the area one level up; empty at the top. Works for grid codes too.
  std::string_view parent(std::string_view code) const;
  std::size_t component_digits() const {
    return component_district_digits + component_class_digits + component_sequence_digits;
  }
};

// ---- what a city is made of
// ---------------------------------------------------------------------------------------

struct Area {
  std::int64_t id = 0;  ///< the seq that made it; 0 before it is saved
  std::string code;
  std::string level;  ///< code of a Level
  Text name;
  std::string parent;  ///< code; empty at the top
  Shape shape;         ///< may be empty
  bool operator==(Area const&) const = default;
};

/// 单元网格: the smallest unit of duty; closed, without gaps or overlaps.
struct UnitGrid {
  std::string code;
  Shape shape;
  std::int64_t area_m2 = 0;
  std::string land_use;     ///< "residential", "commercial", "park", …
  std::int64_t grade = 0;   ///< management grade; 1 is the busiest, 0 is not given
  std::string responsible;  ///< who answers when nobody else does (属地兜底): department or community
  std::optional<core::Instant> from;   ///< in force from; nothing: always
  std::optional<core::Instant> until;  ///< in force until, exclusive
  bool operator==(UnitGrid const&) const = default;
};

/// 责任网格: the unit grids that one post answers for in one function.
struct DutyGrid {
  std::string code;
  std::string function;  ///< "sanitation", "drainage", "collector", …: as packs name it
  std::string post;      ///< department or post that holds the duty
  Text name;
  std::vector<std::string> grids;  ///< codes of unit grids; sorted
  bool operator==(DutyGrid const&) const = default;
};

enum class Kind : std::uint8_t { component, building, estate, organisation, road, block, water };
std::string_view name(Kind kind);
std::optional<Kind> kind_of(std::string_view name);

/// One entry of a register, with the current value of each field.
struct Thing {
  Kind kind = Kind::component;
  std::string code;   ///< unique in its kind
  std::string klass;  ///< component: item class "0103"; road: ring | main | minor | lane; block: land use;
                      ///< water: river | lake
  Text name;
  Shape shape;
  std::string grid = {};  ///< code of the unit grid that it lies in; empty: none
  /// Everything else: "owner", "keeper", "maintainer" (codes of organisations), "state", "road", "number",
  /// "floors" … Sorted by key.
  std::vector<std::pair<std::string, std::string>> fields = {};

  std::string_view field(std::string_view key) const;  ///< empty where it is not there
  bool operator==(Thing const&) const = default;
};

struct City {
  CodeScheme scheme = CodeScheme::standard();
  std::vector<Area> areas;
  std::vector<UnitGrid> grids;
  std::vector<DutyGrid> duties;
  std::vector<Thing> things;
};

// ---- look-up
// --------------------------------------------------------------------------------------------------

/// Who answers for a function at a place.
struct Duty {
  std::uint32_t function = 0;   ///< number in PlaceIndex::functions()
  std::uint32_t duty_grid = 0;  ///< number in PlaceIndex::city().duties
};

/// What a point belongs to. Points into the snapshot: keep the snapshot as long as this.
struct Found {
  UnitGrid const* grid = nullptr;           ///< nothing: outside all grids
  std::span<Area const* const> areas = {};  ///< from the smallest to the largest; may be there without a grid
  std::span<Duty const> duties = {};        ///< at most one per function, by function number
  explicit operator bool() const { return grid != nullptr || !areas.empty(); }
};

struct Near {
  Thing const* thing = nullptr;
  Text words;  ///< {"近：建设路 12 号", "near 12 Jianshe Road"}
  double distance_m = 0;
};

/// An immutable snapshot of a city, prepared for look-up. Thread-safe.
class PlaceIndex {
 public:
  static constexpr double near_limit_m = 250;

  /// Takes the city as it is (topology is checked by check(), not here). Sorts its parts by code.
  /// Cost: O(n log n); some milliseconds for ten thousand things.
  static std::shared_ptr<PlaceIndex const> build(City city);

  /// A point on a border belongs to the grid east of it and, on a border that runs east–west, to the grid
  /// north of it; on the outer border, where there is none, to the grid that it touches; where grids overlap
  /// or several are touched, to the one with the smallest code. So every point has at most one grid. No
  /// allocation.
  Found find(LatLon at) const;

  /// The duty for one function at a place; nothing where no duty grid holds it.
  DutyGrid const* duty(Found const& found, std::string_view function) const;

  /// How to call a point: the nearest address, else the nearest road, within `limit_m`.
  std::optional<Near> near(LatLon at, double limit_m = near_limit_m) const;
  /// The nearest component, of that class if one is given.
  std::optional<Near> nearest_component(LatLon at, std::string_view klass = {}, double limit_m = 50) const;

  City const& city() const;
  Box bounds() const;  ///< of everything; all zero for an empty city
  std::span<std::string const> functions() const;

  Area const* area(std::string_view code) const;
  Area const* area(std::int64_t id) const;
  UnitGrid const* grid(std::string_view code) const;
  Thing const* thing(Kind kind, std::string_view code) const;
  /// A point inside the shape that stands for it on a map or in a list (open data before release: the grid's
  /// centre).
  static LatLon centre(Shape const& shape);

  struct Parts;
  explicit PlaceIndex(std::unique_ptr<Parts const> parts);
  ~PlaceIndex();

 private:
  std::unique_ptr<Parts const> parts_;
};

/// The snapshot of now. Readers take it once per piece of work; a writer puts a new one after an edit.
/// Thread-safe.
class LivePlaces {
 public:
  explicit LivePlaces(std::shared_ptr<PlaceIndex const> index) : index_(std::move(index)) {}
  std::shared_ptr<PlaceIndex const> now() const { return index_.load(); }
  void put(std::shared_ptr<PlaceIndex const> index) { index_.store(std::move(index)); }

 private:
  std::atomic<std::shared_ptr<PlaceIndex const>> index_;
};

// ---- checks
// ---------------------------------------------------------------------------------------------------

/// What is wrong with grids or areas.
struct Finding {
  enum class What : std::uint8_t { invalid, overlap, gap, code, orphan };
  What what = What::invalid;
  std::string code;        ///< grid or area
  std::string other = {};  ///< overlap: the second grid
  double area_m2 = 0;      ///< overlap, gap
  LatLon at = {};
  Text text;  ///< what is wrong and how to mend it
};

/// Closed, valid, code fits the scheme, parent exists, no overlaps, no gaps inside a community. Overlaps and
/// gaps below `tolerance_m2` are not reported. Reports at most `limit` findings.
std::vector<Finding> check(City const& city, double tolerance_m2 = 1.0, std::size_t limit = 1000);

// ---- the database
// -------------------------------------------------------------------------------------------------

/// Who says so. The part of `source` before ':' gives its rank: survey 1, owner 2, department 3, patrol 4,
/// import 5, citizen 6, others 9. The current value of a field is the newest statement of the best rank.
struct Provenance {
  std::string actor;   ///< for the ledger: "system", "staff:dora", "import:…"
  std::string source;  ///< "survey", "owner", "import:liucheng"
  core::Instant said_at;
};

/// What one source said about one field of one register entry.
struct Statement {
  std::string field;
  std::string value;
  std::string source;
  std::string actor;
  core::Instant said_at;
  store::Seq seq = 0;  ///< the ledger entry that brought it
};

int source_rank(std::string_view source);
/// True where `a` counts more than `b`: better rank, then newer, then later in the ledger.
bool stronger(Statement const& a, Statement const& b);

struct Saved {
  std::int64_t added = 0, changed = 0, unchanged = 0;
  Saved& operator+=(Saved const& o);
};

/// Writes a city, or a part of one, over what is there: same code, same thing; nothing is deleted, what says
/// nothing new is left alone. One ledger entry for each area; one for each batch of at most `save_batch`
/// grids, duty grids or things, with the SHA-256 of its rows. Errors: invalid (a code that does not fit the
/// scheme), and those of the store.
inline constexpr std::size_t save_batch = 1000;
core::Result<Saved> save(store::Db& db, City const& city, Provenance const& from);

/// Everything in force at `at`.
core::Result<City> load(store::Db& db, core::Instant at, CodeScheme scheme = CodeScheme::standard());
/// The history of a register entry, oldest first. Empty: no such entry.
core::Result<std::vector<Statement>> history(store::Db& db, Kind kind, std::string_view code);

}  // namespace zhili::sense::places
