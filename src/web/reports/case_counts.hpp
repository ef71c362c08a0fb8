#pragma once
// Inside of CaseFigures: counting lists, naming what was counted, and linking to it.

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "assure/reports/figures.hpp"
#include "respond/cases/case_index.hpp"
#include "web/api/api.hpp"

namespace zhili::web {

/// By what a case is counted, and what that is called. The place index and the catalogue stay as they are meanwhile.
class CaseKeys {
 public:
  CaseKeys(sense::places::PlaceIndex const& places, ApiParts const& parts, std::string_view own_area);

  /// The key of a case; empty: not known.
  std::string const& key(respond::CaseFact const& fact, assure::reports::ReportBy by, std::string_view level) const;
  /// The area of that level that holds one of the lowest, or itself where there is none above it; empty: not known.
  std::string const& area_at(std::int64_t area, std::string_view level) const;
  /// The group of an item; empty: not known.
  std::string const& group_of(std::string_view item) const;
  core::Text name(assure::reports::ReportBy by, std::string const& key) const;
  std::string area_id(std::string const& code) const;
  /// The codes of a group's items, with commas.
  std::string items_of(std::string const& group) const;
  /// An item's code with the old ones that are counted as it, as far as cases were seen under them.
  std::string codes_of(std::string const& item) const;
  /// Every area of the level, below the report's own.
  std::vector<assure::reports::Figures::Shape> shapes(std::string_view level) const;

 private:
  std::string const& counted_code(std::string_view item) const;

  sense::places::PlaceIndex const& places_;
  ApiParts const& parts_;
  std::string own_area_;
  mutable std::map<std::pair<std::int64_t, std::string>, std::string> areas_;
  std::map<std::string, std::string, std::less<>> groups_;  ///< item → group
  mutable std::map<std::string, std::string, std::less<>> counted_;  ///< code → the code that it is counted under
};

/// What happened to the cases of one key, or how they stood.
struct CaseTally {
  std::int64_t count = 0;
  std::int64_t late = 0;  ///< of those in hand
};

/// The lengths of lists of cases (catalogue::report_counts) over one state of the index, each kind once for each span.
class CaseCounts {
 public:
  CaseCounts(respond::CaseIndex const& index, respond::CaseFilter const& base, CaseKeys const& keys) : index_(index), base_(base), keys_(keys) {}

  using Tallies = std::map<std::string, CaseTally>;
  /// The tallies that a figure is made of, by key. `until`: the moment at which cases in hand are counted.
  Tallies const& of(std::string_view figure, assure::reports::Span span, core::Instant until, assure::reports::ReportBy by, std::string_view level);
  static std::int64_t number(CaseTally const& tally, std::string_view figure);

 private:
  enum class What : std::uint8_t { opened, closed, standing };

  respond::CaseIndex const& index_;
  respond::CaseFilter const& base_;
  CaseKeys const& keys_;
  std::map<std::tuple<What, std::int64_t, std::int64_t, assure::reports::ReportBy, std::string>, Tallies> known_;
};

/// The address of a list of cases, or of what stands behind an indicator.
class CaseLink {
 public:
  explicit CaseLink(Fields const& base, std::string page = "/cases");
  void set(std::string_view name, std::string value);
  /// Opened, or closed, in a span of whole days.
  std::string during(assure::reports::Span span, core::Zone const& zone);
  /// In hand at a moment, or overdue then.
  std::string standing(core::Instant at, bool late, core::Zone const& zone);
  std::string done() const;

 private:
  std::string page_;
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace zhili::web
