#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// What a sound pack leaves open, and why it may.
core::Result<> note_promises(fs::path const& folder, core::Lang lang) {
  constexpr std::size_t shown_max = 5;
  auto const at = fs::canonical(folder);
  ZHILI_TRY(auto const packs, catalogue::read_packs(at.parent_path(), {at.filename().string()}));
  auto const open = catalogue::without_whole_promise(packs.back());
  if (open.empty()) return {};
  auto const names = fmt::format("{}{}", fmt::join(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(std::min(open.size(), shown_max)), ", "),
                                 open.size() > shown_max ? ", …" : "");
  fmt::print("  {}\n",
             lang == core::Lang::zh
                 ? fmt::format("提示：{} 条立案条件没有全流程时限（whole）：{}。这是允许的：不是每个来源都有这样的承诺。这些案卷未结时以下一个到期的时限为准，"
                               "结案后计为“无时限”。有承诺就在 clocks 里加上 whole。", open.size(), names)
                 : fmt::format("note: {} conditions have no limit for the whole: {}. That is allowed, because not every source promises one. While such "
                               "a case is open it is due when its next clock runs out; once closed it counts as \"no promise\". Where there is a "
                               "promise, add whole under clocks.", open.size(), names));
  return {};
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
    if (!found.empty()) {
      fmt::print("{}:\n{}", folder, catalogue::render(found, lang));
      continue;
    }
    fmt::print("{}: {}\n", folder, core::in(lang, {"没有问题", "sound"}));
    if (auto const noted = note_promises(folder, lang); !noted) return say_failure(noted.error(), lang);
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
