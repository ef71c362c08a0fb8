#include "catalogue/installation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "catalogue/outward_reader.hpp"
#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"
#include "core/time.hpp"

namespace zhili::catalogue {
namespace {

template <class T>
T const* by_code(std::vector<T> const& all, std::string_view code) {
  auto const found = std::find_if(all.begin(), all.end(), [&](T const& one) { return one.code == code; });
  return found == all.end() ? nullptr : &*found;
}

class InstallationReader {
 public:
  InstallationReader(Node const& root, Report& report) : root_(root), report_(report) {}

  Installation read() {
    only_known(root_,
               {"installation", "name", "prefix", "zone", "calendar", "centre", "address", "packs", "default_department",
                "departments", "posts", "functions", "outbound", "exchanges", "sign_on", "open_data"},
               report_);
    out_.name = read_text(root_.get("name"));
    out_.prefix = need_text(root_, "prefix", report_);
    out_.zone = need_text(root_, "zone", report_);
    out_.calendar = need_text(root_, "calendar", report_);
    out_.default_department = need_text(root_, "default_department", report_);
    if (!out_.zone.empty() && !core::Zone::find(out_.zone)) {
      report_.at(
          *root_.get("zone"), "installation.zone",
          {fmt::format("没有时区“{}”", out_.zone), fmt::format("there is no time zone “{}”", out_.zone)},
          {"写 IANA 名称，例如 Asia/Shanghai", "write an IANA name, for example Asia/Shanghai"});
    }
    centre();
    address();
    if (Node const* const packs = root_.get("packs"); packs != nullptr && packs->is_list()) {
      for (auto const& one : packs->children) out_.packs.push_back(one.text);
    }
    departments();
    posts();
    functions();
    exchanges();
    providers();
    open_data();
    if (!out_.default_department.empty() && out_.department(out_.default_department) == nullptr)
      no_department(*root_.get("default_department"));
    return std::move(out_);
  }

 private:
  void centre() {
    Node const* const pair = root_.get("centre");
    if (pair == nullptr) return;
    std::vector<double> degrees;
    if (pair->is_list())
      for (auto const& one : pair->children) {
        double value = 0;
        auto const [end, error] = std::from_chars(one.text.data(), one.text.data() + one.text.size(), value);
        if (error == std::errc{} && end == one.text.data() + one.text.size()) degrees.push_back(value);
      }
    if (degrees.size() == 2 && std::abs(degrees[0]) <= 90 && std::abs(degrees[1]) <= 180) {
      out_.centre = core::LatLon::of(degrees[0], degrees[1]);
      return;
    }
    report_.at(*pair, "installation.centre", {"centre 要写纬度和经度", "centre is a latitude and a longitude"},
               {"例如 centre: [34.86, 117.55]", "for example centre: [34.86, 117.55]"});
  }

  void address() {
    Node const* const node = root_.get("address");
    if (node == nullptr) return;
    auto const& text = node->text;
    std::size_t const host = text.starts_with("https://") ? 8 : text.starts_with("http://localhost") ? 7 : 0;
    if (host != 0 && host < text.size() && text.find_first_of("/?# ", host) == std::string::npos) {
      out_.address = text;
      return;
    }
    report_.at(*node, "installation.address",
               {"address 是人们打开这里的地址，https 开头，后面没有路径", "address is where people open this place: https, and no path behind it"},
               {"例如 address: https://city.example.org", "for example address: https://city.example.org"});
  }

  void providers() {
    each("sign_on", [&](Node const& key, Node const& node) {
      only_known(node, {"name", "issuer", "client_id", "secret_file", "login_claim", "scope"}, report_);
      out_.sign_on.push_back({key.text, name(key, node), need_text(node, "issuer", report_), need_text(node, "client_id", report_),
                              need_text(node, "secret_file", report_), std::string(node.str("login_claim")),
                              std::string(node.str("scope"))});
      if (key.text == "password" || key.text == "passkey")
        report_.at(key, "installation.sign_on", {fmt::format("“{}”是登录方式的名称，不能用", key.text), fmt::format("“{}” names another way to sign in", key.text)},
                   {"换一个名称", "choose another name"});
      if (out_.address.empty())
        report_.at(key, "installation.sign_on", {"有身份提供方，就要写明本系统的 address", "with a provider of sign-on, address must be there"},
                   {"加上 address: https://…", "add address: https://…"});
    });
  }

  void open_data() {
    Node const* const node = root_.get("open_data");
    if (node == nullptr) return;
    only_known(*node, {"licence", "licence_url"}, report_);
    out_.open_data = {need_text(*node, "licence", report_), std::string(node->str("licence_url"))};
    if (auto const& url = out_.open_data.licence_url; !url.empty() && !url.starts_with("https://"))
      report_.at(*node->get("licence_url"), "installation.licence", {"licence_url 要以 https:// 开头", "licence_url begins with https://"},
                 {"例如 licence_url: https://creativecommons.org/licenses/by/4.0/", "for example licence_url: https://creativecommons.org/licenses/by/4.0/"});
  }

  template <class Visit>
  void each(char const* section, Visit visit) {
    Node const* const map = root_.get(section);
    if (map == nullptr || !map->is_map()) return;
    for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i)
      visit(map->keys[i], map->children[i]);
  }

  void departments() {
    each("departments", [&](Node const& key, Node const& node) {
      only_known(node, {"name", "area"}, report_);
      out_.departments.push_back({key.text, name(key, node), std::string(node.str("area"))});
    });
  }

  void posts() {
    each("posts", [&](Node const& key, Node const& node) {
      only_known(node, {"name", "department", "role"}, report_);
      out_.posts.push_back(
          {key.text, name(key, node), std::string(node.str("department")), need_text(node, "role", report_)});
      Node const* const department = node.get("department");
      if (department != nullptr && out_.department(department->text) == nullptr) no_department(*department);
    });
  }

  void functions() {
    each("functions", [&](Node const& key, Node const& node) {
      if (node.is_list()) {
        for (auto const& one : node.children) holding(key, one);
      } else {
        holding(key, node);
      }
    });
  }

  void holding(Node const& function, Node const& node) {
    if (!node.is_map()) return;
    only_known(node, {"department", "post", "area"}, report_);
    Holding const holding{function.text, std::string(node.str("area")),
                          need_text(node, "department", report_), std::string(node.str("post"))};
    if (!holding.department.empty() && out_.department(holding.department) == nullptr)
      no_department(*node.get("department"));
    if (!holding.post.empty() && out_.post(holding.post) == nullptr) {
      report_.at(
          *node.get("post"), "installation.post",
          {fmt::format("没有岗位“{}”", holding.post), fmt::format("there is no post “{}”", holding.post)},
          {"在 posts 里写上它", "add it under posts"});
    }
    out_.holdings.push_back(holding);
  }

  void exchanges() {
    out_.outbound = read_outbound(root_, report_);
    out_.peers = read_peers(root_, report_);
    for (auto const& peer : out_.peers)
      if (!peer.department.empty() && out_.department(peer.department) == nullptr)
        no_department(*root_.get("exchanges")->get(peer.code)->get("department"));
  }

  Text name(Node const& key, Node const& node) {
    Text text = read_text(node.get("name"));
    if (text.zh.empty() || text.en.empty()) {
      report_.at(key, "installation.name",
                 {fmt::format("“{}”缺少中英文名称", key.text),
                  fmt::format("“{}” lacks a name in both languages", key.text)},
                 {"加上 name: {zh: …, en: …}", "add name: {zh: …, en: …}"});
    }
    return text;
  }

  void no_department(Node const& at) {
    report_.at(at, "installation.department",
               {fmt::format("没有部门“{}”", at.text), fmt::format("there is no department “{}”", at.text)},
               {"在 departments 里写上它", "add it under departments"});
  }

  Node const& root_;
  Report& report_;
  Installation out_;
};

}  // namespace

Department const* Installation::department(std::string_view code) const {
  return by_code(departments, code);
}
Post const* Installation::post(std::string_view code) const {
  return by_code(posts, code);
}

Holding const* Installation::holder(std::string_view function, std::string_view area_code) const {
  Holding const* best = nullptr;
  for (auto const& one : holdings) {
    if (one.function != function || !area_code.starts_with(one.area)) continue;
    if (best == nullptr || one.area.size() > best->area.size()) best = &one;
  }
  return best;
}

core::Result<Installation> read_installation(std::filesystem::path const& file) {
  ZHILI_TRY(auto read, read_plain(file));
  ZHILI_CHECK(as_error(file, read.findings));
  Report report(read.findings);
  Installation installation = InstallationReader(read.root, report).read();
  ZHILI_CHECK(as_error(file, read.findings));
  return installation;
}

core::Result<> check_installation(Installation const& installation, Catalogue const& catalogue) {
  std::set<std::string> wanted;
  for (Item const* item : catalogue.items()) {
    for (auto const& condition : item->conditions) {
      wanted.insert(condition.duty.function);
      wanted.insert(condition.duty.joint.begin(), condition.duty.joint.end());
    }
  }
  std::vector<std::string> missing;
  for (auto const& function : wanted) {
    if (installation.holder(function, "") == nullptr) missing.push_back(function);
  }
  std::vector<std::string> unknown;
  for (auto const& holding : installation.holdings) {
    if (catalogue.function(holding.function) == nullptr) unknown.push_back(holding.function);
  }
  for (auto const& post : installation.posts) {
    if (catalogue.role(post.role) == nullptr) unknown.push_back(post.role);
  }
  if (catalogue.calendar(installation.calendar) == nullptr) unknown.push_back(installation.calendar);
  if (missing.empty() && unknown.empty()) return {};
  auto const a = fmt::format("{}", fmt::join(missing, ", "));
  auto const b = fmt::format("{}", fmt::join(unknown, ", "));
  return core::fail(
      core::Errc::invalid, "installation.incomplete",
      {fmt::format("没有人承担的职能：[{}]；目录里没有的职能、角色或日历：[{}]。在安装文件的 functions "
                   "里补上，或改正名称",
                   a, b),
       fmt::format(
           "functions that nobody holds: [{}]; functions, roles or calendars that the catalogue lacks: [{}]. "
           "Add them under functions of the installation file, or mend the names",
           a, b)},
      "functions");
}

}  // namespace zhili::catalogue
