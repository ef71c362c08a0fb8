#pragma once
// The catalogue: what a city cares about, as data. An immutable snapshot; a reload makes a new one.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/types.hpp"
#include "core/result.hpp"

namespace zhili::catalogue {

/// What a search found.
struct Hit {
  Item const* item = nullptr;
  double score = 0;  ///< only for ordering within one answer
};

/// What a code of another version is counted as today.
struct Current {
  Item const* item = nullptr;
  Condition const* condition = nullptr;  ///< null: not decided by the map
};

struct SearchOptions {
  std::size_t limit = 20;  ///< 1…max_hits
  bool open_only = false;  ///< only what residents may report
  bool typing = true;      ///< the last word may be unfinished
};

/// All packs of an installation, newest versions in force and older ones for the cases that began with them.
/// Immutable, so every member is thread-safe; pointers live as long as the catalogue. Hold it by shared_ptr.
class Catalogue {
 public:
  static constexpr std::size_t max_hits = 100;

  /// `in_force` are checked packs in the order of their needs; `older` are versions that running cases may
  /// still name. Errors: conflict (two packs in force with one item, one name twice), not_found (a need that
  /// is not there).
  static core::Result<std::shared_ptr<Catalogue const>> make(std::vector<Pack> in_force,
                                                             std::vector<Pack> older = {});
  ~Catalogue();
  Catalogue(Catalogue const&) = delete;

  /// The item in force with that code, or null. O(1).
  Item const* find(std::string_view code) const;
  /// The definition of that version, in force or older, or null. O(1).
  Item const* find(ItemRef const& ref) const;
  /// All in force: by kind, group, code.
  std::vector<Item const*> const& items() const;
  /// What an old code is counted as now: itself where it is still in force unchanged, else along the maps
  /// (chains included); nothing where no map leads to an item in force.
  std::optional<Current> current(ItemRef const& ref, std::string_view condition = {}) const;
  /// The code that statistics count an item under now: that of current(), or its own where no map leads on. Without `pack` and
  /// `version`, as of a report that names only a code: a code in force is itself.
  std::string counted_code(ItemRef const& ref) const;

  /// Items for what somebody says, in Chinese or English, best first; deterministic. An empty query gives
  /// nothing. Cost: below a millisecond for a few hundred items; serialised by a lock.
  std::vector<Hit> search(std::string_view query, SearchOptions const& options = {}) const;

  /// Packs in force, in the order of their needs.
  std::vector<Pack const*> const& packs() const;
  Role const* role(std::string_view code) const;
  Function const* function(std::string_view code) const;
  std::vector<Function const*> const& functions() const;
  /// A working calendar of a pack in force ("cn"), or null.
  CalendarEntry const* calendar(std::string_view code) const;
  std::vector<AreaLevel> const& area_levels() const;
  /// Templates of all packs in force, in the order of the packs.
  std::vector<ReportTemplate const*> const& reports() const;
  ReportTemplate const* report(std::string_view code) const;
  /// Of all packs in force, in the order of the packs and their files.
  std::vector<Indicator const*> const& indicators() const;
  Indicator const* indicator(std::string_view code) const;  ///< or null
  std::vector<Score const*> const& scores() const;
  Score const* score(std::string_view code) const;  ///< or null
  /// Of all packs in force, in the order of the packs and their files.
  std::vector<ObservedPropertyDef const*> const& properties() const;
  ObservedPropertyDef const* property(std::string_view id) const;  ///< or null. O(1)
  std::vector<DeviceType const*> const& device_types() const;
  DeviceType const* device_type(std::string_view id) const;  ///< or null. O(1)
  std::vector<Dashboard const*> const& dashboards() const;
  /// The rules as written, for the reader of the rule language.
  std::vector<RuleSource const*> const& rule_sources() const;

 private:
  struct Inside;
  explicit Catalogue(std::unique_ptr<Inside const> inside);
  std::unique_ptr<Inside const> inside_;
};

/// The name to show for a code that may not be known any more: the code itself in both languages then.
Text name_of(Item const* item, std::string_view code);

}  // namespace zhili::catalogue
