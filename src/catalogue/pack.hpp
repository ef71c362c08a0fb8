#pragma once
// Packs on the disk and in the database: check, load, keep, publish, compare.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/finding.hpp"
#include "core/result.hpp"
#include "store/db.hpp"

namespace zhili::catalogue {

/// Everything that is wrong with the pack in `folder`, ordered by place; empty when it may be loaded. What it
/// needs is looked for beside it (`folder/../<name>`). Reads files; never throws; time and memory are bounded
/// by the limits of yaml.hpp.
std::vector<Finding> check_pack(std::filesystem::path const& folder);

/// Reads packs by name from `root` (the folder that holds them), with everything that they need, needs first.
/// Errors: not_found (no such pack), invalid (`field` is the place of the first finding, `detail` has all of
/// them).
core::Result<std::vector<Pack>> read_packs(std::filesystem::path const& root,
                                           std::vector<std::string> const& names);

/// Reads packs as above and makes the catalogue of them alone: for tests and tools.
core::Result<std::shared_ptr<Catalogue const>> read_catalogue(std::filesystem::path const& root,
                                                              std::vector<std::string> const& names);

/// The same, and keeps each version in the database with a ledger entry `pack_loaded`, so that running cases
/// find the version that they began with; older kept versions are part of the catalogue. A version that is
/// already kept must not have changed. Errors: as above; conflict (same version, other content).
core::Result<std::shared_ptr<Catalogue const>> load_packs(store::Db& db, std::filesystem::path const& root,
                                                          std::vector<std::string> const& names);

/// The catalogue from what the database keeps, without files.
core::Result<std::shared_ptr<Catalogue const>> kept_packs(store::Db& db);

/// Conditions without a limit for the whole, as "0102/small". That is allowed, because not every source promises one:
/// while it is open, a case of theirs is due when its next clock runs out; once closed it counts as "no promise".
std::vector<std::string> without_whole_promise(Pack const& pack);

/// One line of `zhili pack list`.
struct PackLine {
  std::string pack, version;
  Text name;
  std::size_t events = 0, components = 0, services = 0;
};
std::vector<PackLine> list(Catalogue const& catalogue);

/// Two items that may be one.
struct Likeness {
  enum class Kind { same, similar, repeated };  ///< repeated: one name in two packs
  Kind kind = Kind::similar;
  Item const* a = nullptr;
  Item const* b = nullptr;
  double score = 0;  ///< 0…1
  Text why;
};
/// Pairs above the threshold, best first; deterministic. Cost: all pairs, about 0.3 µs each.
std::vector<Likeness> similar(Catalogue const& catalogue);

/// The items as JSON in the form of `GET /api/v1/items`; an empty query gives all.
std::string items_json(Catalogue const& catalogue, std::string_view query = {},
                       SearchOptions const& options = {});
/// The catalogue as one page for people, both languages, without scripts.
std::string page_html(Catalogue const& catalogue);

/// Facts, indicators and scores as the page docs/reference/evaluation.md.
std::string indicators_page(Catalogue const& catalogue);

}  // namespace zhili::catalogue
