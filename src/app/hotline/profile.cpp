#include "app/hotline/profile.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"

namespace zhili::app {

namespace {

namespace fs = std::filesystem;
using catalogue::Node;

class ProfileReader {
 public:
  ProfileReader(Node const& root, catalogue::Catalogue const& catalogue, catalogue::Report& report)
      : root_(root), catalogue_(catalogue), report_(report) {}

  HotlineProfile read() {
    catalogue::only_known(root_, {"hotline", "name", "format", "delimiter", "orders", "secret_words", "types", "replies", "time_format", "states"}, report_);
    out_.name = catalogue::need_text(root_, "hotline", report_);
    out_.title = catalogue::read_text(root_.get("name"));
    out_.time_format = catalogue::need_text(root_, "time_format", report_);
    form();
    columns();
    types();
    replies();
    return std::move(out_);
  }

 private:
  void wrong(Node const& place, char const* key, core::Text what, core::Text mend) { report_.at(place, key, std::move(what), std::move(mend)); }

  void form() {
    auto const format = catalogue::need_text(root_, "format", report_);
    if (format == "json") out_.format = HotlineProfile::Format::json;
    else if (format != "csv" && !format.empty())
      wrong(*root_.get("format"), "hotline.format", {"格式是 csv 或 json", "the format is csv or json"}, {"写 csv", "write csv"});
    auto const delimiter = root_.str("delimiter");
    if (delimiter == "tab") out_.delimiter = '\t';
    else if (delimiter.size() == 1) out_.delimiter = delimiter[0];
    else if (!delimiter.empty())
      wrong(*root_.get("delimiter"), "hotline.delimiter", {"分隔符要写一个字符，或 tab", "the delimiter is one character, or tab"}, {"例如 \",\"", "for example \",\""});
  }

  void columns() {
    auto const* map = root_.get("orders");
    if (!map || !map->is_map()) {
      report_.also(root_, "hotline.orders", {"缺少 orders", "orders is missing"}, {"写明每个字段在哪一列", "say for each field which column has it"});
      return;
    }
    auto& c = out_.columns;
    std::pair<char const*, std::string*> const fields[] = {{"number", &c.number}, {"type", &c.type},       {"caller", &c.caller}, {"phone", &c.phone},
                                                           {"secret", &c.secret}, {"address", &c.address}, {"lat", &c.lat},       {"lon", &c.lon},
                                                           {"words", &c.words}};
    std::vector<std::string> known;
    for (auto const& [name, target] : fields) {
      known.emplace_back(name);
      *target = map->str(name);
    }
    catalogue::only_known(*map, known, report_);
    for (auto const* key : {"number", "type", "words"}) catalogue::need_text(*map, key, report_);
    if (auto const* words = root_.get("secret_words"); words && words->is_list())
      for (auto const& word : words->children) out_.secret_words.push_back(word.text);
  }

  void types() {
    auto const* map = root_.get("types");
    out_.types = catalogue::word_map(map, report_);
    for (auto const& [type, code] : out_.types)
      if (!catalogue_.find(code))
        wrong(*map->get(type), "hotline.item", {fmt::format("目录里没有事项“{}”", code), fmt::format("the catalogue has no item “{}”", code)},
              {"改正编码", "mend the code"});
  }

  void replies() {
    auto const words = [&](char const* section, std::vector<std::string_view> const& allowed, bool keys, auto&& take) {
      auto const* map = root_.get(section);
      if (!map || !map->is_map()) {
        report_.also(root_, "hotline.replies", {fmt::format("缺少 {}", section), fmt::format("{} is missing", section)}, {"见随程序来的例子", "see the example that comes with the program"});
        return;
      }
      for (std::size_t i = 0; i < map->keys.size(); ++i) {
        auto const& ours = keys ? map->keys[i] : map->children[i];
        if (std::ranges::find(allowed, ours.text) == allowed.end())
          wrong(ours, "hotline.field", {fmt::format("没有“{}”", ours.text), fmt::format("there is no “{}”", ours.text)},
                {fmt::format("可用的有：{}", fmt::join(allowed, ", ")), fmt::format("what may stand here: {}", fmt::join(allowed, ", "))});
        take(map->keys[i].text, map->children[i].text);
      }
    };
    words("replies", {"number", "state", "at", "department", "words", "our_number"}, false,
          [&](std::string const& column, std::string const& field) { out_.replies.emplace_back(column, field); });
    words("states", {"taken", "registered", "rejected", "closed", "reopened"}, true,
          [&](std::string const& state, std::string const& word) { out_.states.emplace(state, word); });
  }

  Node const& root_;
  catalogue::Catalogue const& catalogue_;
  catalogue::Report& report_;
  HotlineProfile out_;
};

core::Result<> load_folder(fs::path const& folder, catalogue::Catalogue const& catalogue, std::vector<HotlineProfile>& out) {
  std::error_code none;
  std::vector<fs::path> files;
  for (auto const& file : fs::directory_iterator(folder, none))
    if (file.path().extension() == ".yaml") files.push_back(file.path());
  std::ranges::sort(files);
  for (auto const& file : files) {
    ZHILI_TRY(auto profile, load_hotline(file, catalogue));
    if (std::ranges::find(out, profile.name, &HotlineProfile::name) == out.end()) out.push_back(std::move(profile));
  }
  return {};
}

}  // namespace

core::Result<HotlineProfile> load_hotline(fs::path const& file, catalogue::Catalogue const& catalogue) {
  ZHILI_TRY(auto read, catalogue::read_plain(file));
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  catalogue::Report report(read.findings);
  auto out = ProfileReader(read.root, catalogue, report).read();
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  return out;
}

core::Result<std::vector<HotlineProfile>> load_hotlines(fs::path const& data, fs::path const& packs, catalogue::Catalogue const& catalogue) {
  std::vector<HotlineProfile> out;
  ZHILI_CHECK(load_folder(data / "hotlines", catalogue, out));
  for (auto const* pack : catalogue.packs()) ZHILI_CHECK(load_folder(packs / pack->pack / "hotlines", catalogue, out));
  return out;
}

}  // namespace zhili::app
