#include <fmt/format.h>

#include <filesystem>

#include "app/cli/progress.hpp"
#include "app/cli/verbs.hpp"
#include "app/import/geojson_file.hpp"
#include "app/import/importer.hpp"
#include "app/runtime.hpp"
#include "catalogue/installation.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/profile.hpp"
#include "store/backup.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;

/// The path of a file, or a name that is looked for in every pack.
core::Result<fs::path> profile_file(fs::path const& packs, std::string const& name) {
  if (fs::is_regular_file(name)) return fs::canonical(name);
  for (auto const& pack : fs::directory_iterator(packs))
    if (auto const file = pack.path() / "profiles" / (name + ".yaml"); fs::is_regular_file(file)) return file;
  return core::fail(core::Errc::not_found, "profile.unknown",
                    {fmt::format("{} 里没有名为“{}”的对照表。", packs.string(), name),
                     fmt::format("No pack in {} has a profile \"{}\".", packs.string(), name)}, "--profile");
}

/// A data directory that has no installation of its own is given the one of the profile, with the areas that come with it,
/// so that serving it shows the names and the times of that city.
core::Result<> remember_installation(store::Db& db, CommonOptions const& common, fs::path const& packs, catalogue::Profile const& profile,
                                     core::Instant now) {
  auto const own = fs::path(common.data) / "installation.yaml";
  if (profile.installation.empty() || fs::exists(own)) return {};
  auto const given = packs / "installations" / (profile.installation + ".yaml");
  ZHILI_CHECK(catalogue::read_installation(given));
  if (auto const areas = fs::path(given).replace_extension(".geojson"); fs::exists(areas)) {
    sense::places::GeoJsonImport done;
    ZHILI_CHECK(sense::places::import_geojson(db, geojson_file(areas), {.kind = "area"}, {profile.actor, profile.actor, now},
                                              [](sense::places::GeoJsonFault&&) {}, done));
  }
  std::error_code error;
  fs::create_directories(common.data, error);
  return store::copy_synced(given, own);
}

core::Result<AreaNames> area_names(store::Db& db, core::Instant now) {
  ZHILI_TRY(auto const city, sense::places::load(db, now));
  AreaNames out;
  for (auto const& area : city.areas) {
    out.emplace(area.name.zh, area.id);
    out.emplace(area.name.en, area.id);
  }
  out.erase("");
  return out;
}

core::Result<ImportOutcome> run(ImportOptions const& options) {
  static core::SystemTime const time;
  ZHILI_TRY(auto const packs, packs_folder(options.common));
  ZHILI_TRY(auto const file, profile_file(packs, options.profile));
  ZHILI_TRY(auto const pack, catalogue::pack_of_profile(file));
  ZHILI_TRY(auto const db, store::Db::open({.url = database_url(options.common), .readers = 1, .bulk = true}, time));
  ZHILI_TRY(auto const catalogue, catalogue::load_packs(*db, packs, {pack}));
  ZHILI_TRY(auto const profile, catalogue::load_profile(file, *catalogue));
  ZHILI_CHECK(remember_installation(*db, options.common, packs, profile, time.now()));
  ZHILI_TRY(auto areas, area_names(*db, time.now()));
  auto const rejects = options.rejects.empty()
                           ? fs::path(options.common.data) / (fs::path(options.file).filename().string() + ".rejected.csv")
                           : fs::path(options.rejects);
  Progress progress(options.common.lang, {"导入", "importing"}, options.quiet);
  ZHILI_TRY(auto outcome, import_file(*db, {options.file, rejects, &profile, catalogue.get(), std::move(areas)},
                                      [&](double share, std::uint64_t rows) { progress.show(share, rows); }));
  progress.done(outcome.rows);
  if (outcome.rejected > 0)
    fmt::print(stderr, "{}\n",
               options.common.lang == core::Lang::zh ? fmt::format("{} 行没有收下，原因见 {}", outcome.rejected, rejects.string())
                                                     : fmt::format("{} rows were not taken; see {}", outcome.rejected, rejects.string()));
  return outcome;
}

}  // namespace

Exit import_requests(ImportOptions const& options) {
  auto const outcome = run(options);
  if (!outcome) return say_failure(outcome.error(), options.common.lang);
  auto const zh = options.common.lang == core::Lang::zh;
  fmt::print("{}\n", zh ? fmt::format("收下 {} 条，已有 {} 条，退回 {} 条；地点不明 {} 条，来源自相矛盾 {} 条。", outcome->taken, outcome->known,
                                      outcome->rejected, outcome->unknown_location, outcome->contradictions)
                        : fmt::format("taken {}, known {}, rejected {}; location unknown {}, contradicted by their source {}.",
                                      outcome->taken, outcome->known, outcome->rejected, outcome->unknown_location,
                                      outcome->contradictions));
  return outcome->rejected == 0 ? Exit::done : Exit::findings;
}

}  // namespace zhili::app
