#pragma once
// How another hotline writes its work orders and wants its replies: columns to fields, as data.

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/result.hpp"

namespace zhili::app {

struct HotlineProfile {
  enum class Format : std::uint8_t { csv, json };

  std::string name;  ///< "liucheng-12345"
  core::Text title;
  Format format = Format::csv;
  char delimiter = ',';
  /// Columns (CSV) or keys (JSON) of an order; empty: the hotline has none.
  struct Columns {
    std::string number, type, caller, phone, secret, address, lat, lon, words;
  } columns;
  std::vector<std::string> secret_words;
  std::map<std::string, std::string, std::less<>> types;  ///< the hotline's type → item
  std::vector<std::pair<std::string, std::string>> replies;  ///< column → field, in order: number, state, at, department, words, our_number
  std::string time_format;  ///< letters YYYY MM DD hh mm ss, else literal
  std::map<std::string, std::string, std::less<>> states;  ///< taken, registered, rejected, closed, reopened → the hotline's word
};

/// Errors: not_found, invalid (place and all findings in `detail`): items that the catalogue lacks, unknown fields.
core::Result<HotlineProfile> load_hotline(std::filesystem::path const& file, catalogue::Catalogue const& catalogue);

/// Those of DATA/hotlines and of the packs in force, by name; DATA's go first. Errors: as load_hotline.
core::Result<std::vector<HotlineProfile>> load_hotlines(std::filesystem::path const& data, std::filesystem::path const& packs,
                                                        catalogue::Catalogue const& catalogue);

}  // namespace zhili::app
