#include "app/runtime.hpp"

#include <fmt/format.h>

#include "catalogue/pack.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::fail;

fs::path program_folder() {
  std::error_code error;
  auto const self = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path{} : self.parent_path();
}

}  // namespace

core::Result<fs::path> packs_folder(CommonOptions const& options) {
  if (!options.packs.empty()) {
    if (fs::is_directory(options.packs)) return fs::path(options.packs);
    return fail(Errc::not_found, "packs.folder",
                {fmt::format("没有 packs 文件夹 {}。请检查 --packs。", options.packs),
                 fmt::format("There is no folder of packs {}. Check --packs.", options.packs)}, "--packs");
  }
  auto const here = program_folder();
  for (auto const& folder : {here / "../share/zhili/packs", here / "../../packs", here / "packs", fs::path("packs")})
    if (fs::is_directory(folder / "base")) return fs::weakly_canonical(folder);
  return fail(Errc::not_found, "packs.folder",
              {"找不到随程序来的 packs 文件夹。请用 --packs 指明。", "The folder of packs that came with the program is not found. Name it with --packs."},
              "--packs");
}

std::string database_url(CommonOptions const& options) {
  return options.database.empty() ? "sqlite:" + options.data : options.database;
}

fs::path photos_folder(fs::path const& data) { return data / "photos"; }

core::Result<catalogue::Installation> installation_of(CommonOptions const& options, fs::path const& packs) {
  auto const own = fs::path(options.data) / "installation.yaml";
  return catalogue::read_installation(fs::exists(own) ? own : packs / "installations" / "liucheng.yaml");
}

core::Result<fs::path> rules_file(CommonOptions const& options, std::string_view name) {
  if (auto own = fs::path(options.data) / name; fs::exists(own)) return own;
  ZHILI_TRY(auto const packs, packs_folder(options));
  return packs / "base" / "rules" / name;
}

sense::places::CodeScheme code_scheme(catalogue::Catalogue const& catalogue) {
  auto out = sense::places::CodeScheme::standard();
  auto const& levels = catalogue.area_levels();
  if (levels.size() < 2) return out;
  out.areas.clear();
  std::size_t digits = 0;
  for (auto const& level : levels) {
    digits += static_cast<std::size_t>(level.digits);
    out.areas.push_back({level.code, level.name, digits});
  }
  out.areas.pop_back();  // the last level is the unit grid
  out.grid_digits = digits;
  return out;
}

core::Result<std::unique_ptr<Runtime>> Runtime::open(CommonOptions const& options, core::TimeSource const& time) {
  std::unique_ptr<Runtime> out(new Runtime(time));
  out->data_ = options.data;
  std::error_code ignored;  // keys and photos are kept here, wherever the records are: whoever writes them says what is wrong
  std::filesystem::create_directories(out->data_, ignored);
  ZHILI_TRY(auto const packs, packs_folder(options));
  ZHILI_TRY(out->installation_, installation_of(options, packs));
  ZHILI_TRY(out->db_, store::Db::open({.url = database_url(options)}, time));
  ZHILI_TRY(out->catalogue_, catalogue::load_packs(*out->db_, packs, out->installation_.packs));
  ZHILI_CHECK(catalogue::check_installation(out->installation_, *out->catalogue_));
  ZHILI_TRY(out->zone_, core::Zone::find(out->installation_.zone));
  auto const* calendar = out->catalogue_->calendar(out->installation_.calendar);
  if (!calendar)
    return fail(Errc::not_found, "installation.calendar",
                {fmt::format("没有名为“{}”的工作日历。请改 installation.yaml 的 calendar。", out->installation_.calendar),
                 fmt::format("There is no calendar \"{}\". Mend `calendar` in installation.yaml.", out->installation_.calendar)},
                "calendar");
  out->calendar_ = calendar->calendar;
  ZHILI_CHECK(out->reload_places());
  return out;
}

core::Result<> Runtime::reload_places() {
  ZHILI_TRY(auto city, sense::places::load(*db_, time_.now(), code_scheme(*catalogue_)));
  auto index = sense::places::PlaceIndex::build(std::move(city));
  if (places_) places_->put(std::move(index));
  else places_ = std::make_unique<sense::places::LivePlaces>(std::move(index));
  return {};
}

}  // namespace zhili::app
