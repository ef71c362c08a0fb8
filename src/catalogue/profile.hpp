#pragma once
// How a file of another system's requests is read: columns to fields, as data.

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/result.hpp"

namespace zhili::catalogue {

/// A mapping of a delimited file with a header line. A column name that is empty is a field that the source
/// lacks.
struct Profile {
  std::string name;  ///< "boston311"
  Text title;
  std::string pack;      ///< where its items are
  std::string installation;  ///< of packs/installations, for a data directory that has none; may be empty
  std::string encoding;  ///< "utf-8"
  char delimiter = ',';
  std::string zone;         ///< IANA name; the file's times have none
  std::string time_format;  ///< letters YYYY MM DD hh HH mm ss AM, else literal: "MM/DD/YYYY hh:mm:ss AM"
  std::string actor;        ///< "import:boston311"

  struct Columns {
    std::string id, type, source, opened, target, closed, status, reason, address, lat, lon, department, area,
        photo;
  } columns;

  /// Source's type (exactly as written) → item code. Types that are not here are quarantined.
  std::map<std::string, std::string, std::less<>> items;
  /// Source's words for how it came → channel: "phone", "app", "web", "staff", "system", "social".
  std::map<std::string, std::string, std::less<>> channels;
  /// Source's words for the state → "open" or "closed".
  std::map<std::string, std::string, std::less<>> states;
  /// Words in a closing reason that say how it ended, and the outcome ("duplicate"). The first that is there
  /// counts.
  std::vector<std::pair<std::string, std::string>> outcomes;
  /// Share of all rows (0…1), over at least `default_geocode_types` types, above which one coordinate is a
  /// default.
  double default_geocode_share = 0.01;
  int default_geocode_types = 10;
};

/// The pack that a profile is for: what must be in the catalogue before load_profile. Errors: as load_profile.
core::Result<std::string> pack_of_profile(std::filesystem::path const& file);

/// Reads a profile and checks it against the catalogue: every item must be there.
/// Errors: not_found, invalid (place and all findings in `detail`).
core::Result<Profile> load_profile(std::filesystem::path const& file, Catalogue const& catalogue);

}  // namespace zhili::catalogue
