#pragma once
// From a row of another system's file to a remembered case, by a profile that is data.

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sheet/csv_reader.hpp"
#include "catalogue/profile.hpp"
#include "respond/history/remembered.hpp"

namespace zhili::app {

/// Reads the civil times of one file: a fixed form, a zone, no offset in the text. Keeps the offset of the last day that
/// it saw, so that a year in order costs a few zone look-ups. Not thread-safe.
class CivilReader {
 public:
  CivilReader(std::string form, core::Zone zone);
  /// Errors: invalid (`field` names the column).
  core::Result<core::Instant> read(std::string_view text, std::string_view column);

 private:
  std::string form_;
  core::Zone zone_;
  std::int64_t day_ = -1;
  std::int64_t offset_ms_ = 0;
  bool change_day_ = true;
};

/// What people call an area → its id.
using AreaNames = std::map<std::string, std::int64_t, std::less<>>;

/// One file's mapping: the profile with the columns found in the header. Not thread-safe.
class Mapping {
 public:
  /// Errors: invalid (a column that the profile names is not in the header: names all of them), not_found (the zone).
  static core::Result<Mapping> make(catalogue::Profile const& profile, catalogue::Catalogue const& catalogue,
                                    AreaNames const& areas, std::vector<std::string_view> const& header);

  /// Errors: invalid; `field` names the column, the text says what is wrong with it.
  core::Result<respond::history::Remembered> row(sheet::CsvRecord const& record);

  /// Only what recognising a default geocode needs; nothing where the row has no readable place.
  struct PlaceAndType {
    core::LatLon place;
    std::string_view type;
  };
  std::optional<PlaceAndType> place_and_type(sheet::CsvRecord const& record) const;

 private:
  enum Column : std::size_t { id, type, source, opened, target, closed, status, reason, address, lat, lon, department, area, count };
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  Mapping(catalogue::Profile const& profile, AreaNames const& areas, CivilReader times)
      : profile_(&profile), areas_(&areas), times_(std::move(times)) {}
  std::string_view at(sheet::CsvRecord const& record, Column column) const;
  std::string_view name(Column column) const;
  core::Result<> times(sheet::CsvRecord const& record, respond::history::Remembered& out);
  core::Result<> state(sheet::CsvRecord const& record, respond::history::Remembered& out) const;
  core::Result<> place(sheet::CsvRecord const& record, respond::history::Remembered& out) const;

  catalogue::Profile const* profile_;
  AreaNames const* areas_;
  std::map<std::string_view, catalogue::Item const*> items_;  // by the source's type
  CivilReader times_;
  std::size_t fields_ = 0;
  std::size_t columns_[count] = {};
};

}  // namespace zhili::app
