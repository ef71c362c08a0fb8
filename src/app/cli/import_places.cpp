#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "app/cli/progress.hpp"
#include "app/cli/verbs.hpp"
#include "app/import/geojson_file.hpp"
#include "app/runtime.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;
namespace places = sense::places;
using core::Errc;
using core::fail;

constexpr std::size_t map_findings_max = 10;  // of overlaps and gaps, told after an import

/// Bad features as they stood, each with a member "fault" that says why: mended in a map editor, the file is imported
/// again. Made when the first one comes.
class BadFeatures {
 public:
  BadFeatures(fs::path path, std::optional<core::Datum> datum) : path_(std::move(path)), datum_(datum) {
    std::error_code error;
    fs::remove(path_, error);  // of an earlier run
  }

  void add(places::GeoJsonFault const& fault) {
    if (!file_.is_open()) open();
    boost::json::object feature{{"type", "Feature"}, {"properties", boost::json::object{}}, {"geometry", nullptr}};
    boost::system::error_code error;
    if (auto value = boost::json::parse(fault.source, error); !error && value.is_object()) feature = std::move(value.get_object());
    feature["fault"] = {{"feature", fault.feature}, {"property", fault.property}, {"zh", fault.text.zh}, {"en", fault.text.en}};
    file_ << (count_++ == 0 ? "\n" : ",\n") << boost::json::serialize(feature);
  }
  core::Result<> finish() {
    if (!file_.is_open()) return {};
    file_ << "\n]}\n";
    file_.close();
    if (file_) return {};
    return fail(Errc::unavailable, "import.rejects",
                {fmt::format("写不了 {}。请检查目录和磁盘空间。", path_.string()),
                 fmt::format("Cannot write {}. Check the folder and the space on the disk.", path_.string())}, "--rejects");
  }

 private:
  void open() {
    file_.open(path_, std::ios::binary | std::ios::trunc);
    file_ << R"({"type":"FeatureCollection",)";
    if (datum_) file_ << R"("datum":")" << core::name(*datum_) << R"(",)";
    file_ << R"("features":[)";
  }

  fs::path path_;
  std::optional<core::Datum> datum_;
  std::ofstream file_;
  std::size_t count_ = 0;
};

/// Says what is wrong with the map as it is now; the import stands all the same.
void tell_map_findings(Runtime& runtime, core::Lang lang) {
  for (auto const& finding : places::check(runtime.places().now()->city(), 1.0, map_findings_max))
    fmt::print(stderr, "{}: {}\n", finding.code, core::in(lang, finding.text));
}

core::Result<places::GeoJsonImport> run(ImportPlacesOptions const& options) {
  static core::SystemTime const time;
  auto const lang = options.common.lang;
  places::GeoJsonOptions how{.kind = options.kind};
  if (!options.datum.empty()) {
    ZHILI_TRY(how.datum, core::datum_of(options.datum));
  }
  ZHILI_TRY(auto const runtime, Runtime::open(options.common, time));
  how.scheme = code_scheme(*runtime->catalogue());
  auto const name = fs::path(options.file).filename().string();
  auto const rejects = options.rejects.empty() ? runtime->data() / (name + ".rejected.geojson") : fs::path(options.rejects);
  BadFeatures bad(rejects, how.datum);
  Progress progress(lang, {"导入", "importing"}, options.quiet);
  places::GeoJsonImport done;
  auto const file = geojson_file(options.file, [&](double share) { progress.show(share, static_cast<std::uint64_t>(done.features)); });
  places::Provenance const from{"import:places", options.source.empty() ? "import:" + name : options.source, time.now()};
  auto const tell = [&](places::GeoJsonFault&& fault) {
    if (fault.feature == 0) fmt::print(stderr, "{}: {}\n", options.file, core::in(lang, fault.text));
    else bad.add(fault);
  };
  ZHILI_CHECK(places::import_geojson(runtime->db(), file, how, from, tell, done));
  progress.done(static_cast<std::uint64_t>(done.features));
  ZHILI_CHECK(bad.finish());
  if (!done.broken && done.faults > 0)
    fmt::print(stderr, "{}\n", lang == core::Lang::zh ? fmt::format("{} 个要素没有收下，原样连同原因写在 {}", done.faults, rejects.string())
                                                      : fmt::format("{} features were not taken; they are in {}, each with the reason",
                                                                    done.faults, rejects.string()));
  ZHILI_CHECK(runtime->reload_places());
  if (!done.broken) tell_map_findings(*runtime, lang);
  return done;
}

}  // namespace

Exit import_places(ImportPlacesOptions const& options) {
  auto const done = run(options);
  if (!done) return say_failure(done.error(), options.common.lang);
  if (done->broken) return Exit::failed;
  auto const& saved = done->saved;
  fmt::print("{}\n", options.common.lang == core::Lang::zh
                         ? fmt::format("新增 {}，改动 {}，不变 {}，退回 {}。", saved.added, saved.changed, saved.unchanged, done->faults)
                         : fmt::format("added {}, changed {}, unchanged {}, rejected {}.", saved.added, saved.changed, saved.unchanged,
                                       done->faults));
  return done->faults == 0 ? Exit::done : Exit::findings;
}

}  // namespace zhili::app
