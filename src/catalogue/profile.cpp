#include "catalogue/profile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <initializer_list>

#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"
#include "core/time.hpp"

namespace zhili::catalogue {
namespace {

class ProfileReader {
 public:
  ProfileReader(Node const& root, Catalogue const& catalogue, Report& report)
      : root_(root), catalogue_(catalogue), report_(report) {}

  Profile read() {
    only_known(root_,
               {"profile", "name", "pack", "installation", "actor", "encoding", "delimiter", "zone", "time_format", "columns",
                "channels", "states", "outcomes", "default_geocode", "items"},
               report_);
    out_.name = need_text(root_, "profile", report_);
    out_.title = read_text(root_.get("name"));
    out_.pack = need_text(root_, "pack", report_);
    out_.installation = root_.str("installation");
    out_.actor = need_text(root_, "actor", report_);
    out_.time_format = need_text(root_, "time_format", report_);
    form();
    columns();
    out_.channels =
        words("channels", {"phone", "app", "web", "staff", "system", "social", "sensor", "other"});
    out_.states = words("states", {"open", "closed"});
    outcomes();
    geocode();
    items();
    return std::move(out_);
  }

 private:
  void form() {
    out_.encoding = need_text(root_, "encoding", report_);
    if (out_.encoding != "utf-8" && !out_.encoding.empty()) {
      report_.at(*root_.get("encoding"), "profile.encoding", {"只认 utf-8 编码", "only utf-8 can be read"},
                 {"先把文件转成 UTF-8", "convert the file to UTF-8 first"});
    }
    std::string const delimiter = need_text(root_, "delimiter", report_);
    if (delimiter.size() == 1)
      out_.delimiter = delimiter[0];
    else if (delimiter == "tab")
      out_.delimiter = '\t';
    else if (!delimiter.empty()) {
      report_.at(*root_.get("delimiter"), "profile.delimiter",
                 {"分隔符要写一个字符，或 tab", "the delimiter is one character, or tab"},
                 {"例如 \",\"", "for example \",\""});
    }
    out_.zone = need_text(root_, "zone", report_);
    if (!out_.zone.empty() && !core::Zone::find(out_.zone)) {
      report_.at(
          *root_.get("zone"), "profile.zone",
          {fmt::format("没有时区“{}”", out_.zone), fmt::format("there is no time zone “{}”", out_.zone)},
          {"写 IANA 名称，例如 America/New_York", "write an IANA name, for example America/New_York"});
    }
  }

  void columns() {
    Node const* const map = root_.get("columns");
    if (map == nullptr || !map->is_map()) {
      report_.also(root_, "profile.columns", {"缺少 columns", "columns is missing"},
                   {"写明每个字段在哪一列", "say for each field which column has it"});
      return;
    }
    auto& c = out_.columns;
    std::array<std::pair<char const*, std::string*>, 14> const fields{{{"id", &c.id},
                                                                       {"type", &c.type},
                                                                       {"source", &c.source},
                                                                       {"opened", &c.opened},
                                                                       {"target", &c.target},
                                                                       {"closed", &c.closed},
                                                                       {"status", &c.status},
                                                                       {"reason", &c.reason},
                                                                       {"address", &c.address},
                                                                       {"lat", &c.lat},
                                                                       {"lon", &c.lon},
                                                                       {"department", &c.department},
                                                                       {"area", &c.area},
                                                                       {"photo", &c.photo}}};
    std::vector<std::string> known;
    for (auto const& [name, target] : fields) {
      known.emplace_back(name);
      *target = map->str(name);
    }
    only_known(*map, known, report_);
    for (auto const* key : {"id", "type", "opened"}) need_text(*map, key, report_);
  }

  std::map<std::string, std::string, std::less<>> words(char const* section,
                                                        std::vector<std::string> const& allowed) {
    auto const map = word_map(root_.get(section), report_);
    for (auto const& [from, to] : map) {
      if (std::find(allowed.begin(), allowed.end(), to) != allowed.end()) continue;
      report_.at(
          *root_.get(section)->get(from), "profile.word",
          {fmt::format("“{}”不能是“{}”", section, to), fmt::format("“{}” cannot be “{}”", section, to)},
          {fmt::format("可用的有：{}", fmt::join(allowed, ", ")),
           fmt::format("what may stand here: {}", fmt::join(allowed, ", "))});
    }
    return map;
  }

  void outcomes() {
    Node const* const map = root_.get("outcomes");
    (void)word_map(map, report_);  // says what is no word
    if (map == nullptr || !map->is_map()) return;
    for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i) {
      out_.outcomes.emplace_back(map->keys[i].text, map->children[i].text);
    }
  }

  void geocode() {
    Node const* const map = root_.get("default_geocode");
    if (map == nullptr || !map->is_map()) return;
    only_known(*map, {"share", "types"}, report_);
    double const share = std::strtod(std::string(map->str("share")).c_str(), nullptr);
    if (share > 0 && share < 1) {
      out_.default_geocode_share = share;
    } else {
      report_.at(*map, "profile.share", {"share 要在 0 和 1 之间", "share must be between 0 and 1"},
                 {"例如 0.01", "for example 0.01"});
    }
    if (Node const* const types = map->get("types"))
      out_.default_geocode_types = read_count(*types).value_or(out_.default_geocode_types);
  }

  void items() {
    Node const* const map = root_.get("items");
    out_.items = word_map(map, report_);
    for (auto const& [type, code] : out_.items) {
      if (catalogue_.find(code) != nullptr) continue;
      report_.at(
          *map->get(type), "profile.item",
          {fmt::format("目录里没有事项“{}”", code), fmt::format("the catalogue has no item “{}”", code)},
          {fmt::format("改正编码，或装入包 {}", out_.pack),
           fmt::format("mend the code, or load the pack {}", out_.pack)});
    }
  }

  Node const& root_;
  Catalogue const& catalogue_;
  Report& report_;
  Profile out_;
};

}  // namespace

core::Result<std::string> pack_of_profile(std::filesystem::path const& file) {
  ZHILI_TRY(auto read, read_plain(file));
  ZHILI_CHECK(as_error(file, read.findings));
  Report report(read.findings);
  auto pack = need_text(read.root, "pack", report);
  ZHILI_CHECK(as_error(file, read.findings));
  return pack;
}

core::Result<Profile> load_profile(std::filesystem::path const& file, Catalogue const& catalogue) {
  ZHILI_TRY(auto read, read_plain(file));
  ZHILI_CHECK(as_error(file, read.findings));
  Report report(read.findings);
  Profile profile = ProfileReader(read.root, catalogue, report).read();
  ZHILI_CHECK(as_error(file, read.findings));
  return profile;
}

}  // namespace zhili::catalogue
