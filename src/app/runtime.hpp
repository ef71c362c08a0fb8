#pragma once
// One data directory, opened: the database, the catalogue, the places and the calendar, wired together.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/verbs.hpp"
#include "catalogue/catalogue.hpp"
#include "catalogue/installation.hpp"
#include "core/calendar.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/places/places.hpp"
#include "store/db.hpp"

namespace zhili::app {

/// The folder of packs: what was asked for, else `packs` beside the program's sources, else the installed one.
/// Errors: not_found.
core::Result<std::filesystem::path> packs_folder(CommonOptions const& options);

/// "postgresql://…" as given, else "sqlite:DATA".
std::string database_url(CommonOptions const& options);

/// DATA/photos.
std::filesystem::path photos_folder(std::filesystem::path const& data);

/// DATA/installation.yaml, or where there is none the one that comes with the packs.
/// Errors: those of read_installation.
core::Result<catalogue::Installation> installation_of(CommonOptions const& options, std::filesystem::path const& packs);

/// DATA/NAME, or where there is none the rules that come with the packs. Errors: not_found (the folder of packs).
core::Result<std::filesystem::path> rules_file(CommonOptions const& options, std::string_view name);

/// How codes of places are cut here, as the packs in force say. Without their word: 4, 6, 9, 12 and 15 digits.
sense::places::CodeScheme code_scheme(catalogue::Catalogue const& catalogue);

/// What serving needs, in the order of its making. Everything that it hands out lives as long as it does.
class Runtime {
 public:
  /// Opens the database, keeps the installation's packs in it, checks that every function has a holder, loads the places.
  /// Errors: those of the parts; the text says which file to mend.
  static core::Result<std::unique_ptr<Runtime>> open(CommonOptions const& options, core::TimeSource const& time);

  store::Db& db() { return *db_; }
  core::TimeSource const& time() const { return time_; }
  std::shared_ptr<catalogue::Catalogue const> const& catalogue() const { return catalogue_; }
  catalogue::Installation const& installation() const { return installation_; }
  core::Calendar const& calendar() const { return *calendar_; }
  core::Zone const& zone() const { return zone_; }
  sense::places::LivePlaces& places() { return *places_; }
  /// Reads the places anew, after an import.
  core::Result<> reload_places();
  std::filesystem::path const& data() const { return data_; }

 private:
  explicit Runtime(core::TimeSource const& time) : time_(time) {}

  core::TimeSource const& time_;
  std::filesystem::path data_;
  catalogue::Installation installation_;
  std::unique_ptr<store::Db> db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  std::optional<core::Calendar> calendar_;
  core::Zone zone_ = core::Zone::utc();
  std::unique_ptr<sense::places::LivePlaces> places_;
};

}  // namespace zhili::app
