#include <fmt/format.h>

#include <filesystem>

#include "app/cli/progress.hpp"
#include "app/cli/verbs.hpp"
#include "app/import/importer.hpp"
#include "app/runtime.hpp"
#include "catalogue/pack.hpp"
#include "catalogue/profile.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;

/// A profile by name is looked for in every pack.
core::Result<fs::path> profile_file(fs::path const& packs, std::string const& name) {
  if (fs::is_regular_file(name)) return fs::canonical(name);
  for (auto const& pack : fs::directory_iterator(packs))
    if (auto const file = pack.path() / "profiles" / (name + ".yaml"); fs::is_regular_file(file)) return file;
  return core::fail(core::Errc::not_found, "profile.unknown",
                    {fmt::format("{} 里没有名为“{}”的对照表。", packs.string(), name),
                     fmt::format("No pack in {} has a profile \"{}\".", packs.string(), name)}, "--profile");
}

core::Result<ImportOutcome> run(ImportOptions const& options) {
  static core::SystemTime const time;
  ZHILI_TRY(auto const packs, packs_folder(options.common));
  ZHILI_TRY(auto const file, profile_file(packs, options.profile));
  auto const pack = file.parent_path().parent_path().filename().string();  // packs/PACK/profiles/NAME.yaml
  ZHILI_TRY(auto const db, store::Db::open({.url = database_url(options.common), .readers = 1, .bulk = true}, time));
  ZHILI_TRY(auto const catalogue, catalogue::load_packs(*db, packs, {pack}));
  ZHILI_TRY(auto const profile, catalogue::load_profile(file, *catalogue));
  auto const rejects = options.rejects.empty()
                           ? fs::path(options.common.data) / (fs::path(options.file).filename().string() + ".rejected.csv")
                           : fs::path(options.rejects);
  Progress progress(options.common.lang, {"导入", "importing"}, options.quiet);
  ZHILI_TRY(auto outcome, import_file(*db, {options.file, rejects, &profile, catalogue.get()},
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
