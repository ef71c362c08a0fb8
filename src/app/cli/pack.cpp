#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "app/cli/verbs.hpp"
#include "app/runtime.hpp"
#include "catalogue/finding.hpp"
#include "catalogue/pack.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;
using boost::json::array;
using boost::json::object;

/// Every pack of the folder, in one catalogue.
core::Result<std::shared_ptr<catalogue::Catalogue const>> all_packs(CommonOptions const& options) {
  ZHILI_TRY(auto const folder, packs_folder(options));
  std::vector<std::string> names;
  for (auto const& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "pack.yaml")) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return catalogue::read_catalogue(folder, names);
}

std::string_view kind_name(catalogue::Likeness::Kind kind) {
  switch (kind) {
    case catalogue::Likeness::Kind::same: return "same";
    case catalogue::Likeness::Kind::similar: return "similar";
    case catalogue::Likeness::Kind::repeated: return "repeated";
  }
  return "similar";
}

}  // namespace

Exit pack_check(PackOptions const& options) {
  auto const lang = options.common.lang;
  std::size_t findings = 0;
  for (auto const& folder : options.folders) {
    auto const found = catalogue::check_pack(folder);
    findings += found.size();
    if (found.empty()) fmt::print("{}: {}\n", folder, core::in(lang, {"没有问题", "sound"}));
    else fmt::print("{}:\n{}", folder, catalogue::render(found, lang));
  }
  return findings == 0 ? Exit::done : Exit::findings;
}

Exit pack_list(PackOptions const& options) {
  auto const catalogue = all_packs(options.common);
  if (!catalogue) return say_failure(catalogue.error(), options.common.lang);
  array out;
  for (auto const& line : catalogue::list(**catalogue)) {
    if (options.json)
      out.push_back(object{{"pack", line.pack}, {"version", line.version}, {"events", line.events}, {"components", line.components},
                           {"services", line.services}});
    else
      fmt::print("{:<18} {:<8} {:>4} {:>4} {:>4}  {}\n", line.pack, line.version, line.events, line.components, line.services,
                 core::in(options.common.lang, line.name));
  }
  if (options.json) fmt::print("{}\n", boost::json::serialize(out));
  return Exit::done;
}

Exit pack_similar(PackOptions const& options) {
  auto const catalogue = all_packs(options.common);
  if (!catalogue) return say_failure(catalogue.error(), options.common.lang);
  auto const lang = options.common.lang;
  array out;
  for (auto const& pair : catalogue::similar(**catalogue)) {
    if (options.json)
      out.push_back(object{{"kind", kind_name(pair.kind)}, {"a", pair.a->pack + "/" + pair.a->code}, {"b", pair.b->pack + "/" + pair.b->code},
                           {"score", pair.score}, {"why", object{{"zh", pair.why.zh}, {"en", pair.why.en}}}});
    else
      fmt::print("{:<8} {:.2f}  {}/{} {}  ~  {}/{} {}  {}\n", kind_name(pair.kind), pair.score, pair.a->pack, pair.a->code,
                 core::in(lang, pair.a->name), pair.b->pack, pair.b->code, core::in(lang, pair.b->name), core::in(lang, pair.why));
  }
  if (options.json) fmt::print("{}\n", boost::json::serialize(out));
  return Exit::done;
}

}  // namespace zhili::app
