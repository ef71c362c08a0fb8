#include "catalogue/pack_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/device_reader.hpp"
#include "catalogue/item_reader.hpp"
#include "catalogue/layers.hpp"
#include "catalogue/report.hpp"
#include "catalogue/schema.hpp"
#include "catalogue/section_reader.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {
namespace {

std::pair<std::string, std::string> split_at(std::string_view text) {
  auto const at = text.find('@');
  if (at == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

class PackReader {
 public:
  PackReader(Source const& source, FindDraft const& find, std::vector<Finding>& findings)
      : find_(find), findings_(findings), report_(findings) {
    for (auto const& [file, text] : source.files) {
      trees_.push_back(read_yaml(text, file, findings_));
      if (file == pack_file) std::rotate(trees_.begin(), trees_.end() - 1, trees_.end());  // the head first
      // else in the order of their names
    }
    draft_.pack.digest = source.digest();
  }

  Draft read(std::string const& folder, FormCheck form) {
    for (std::size_t i = 0; i < trees_.size() && form == FormCheck::against_schema; ++i) {
      if (trees_[i].file.empty()) continue;  // could not be read at all
      check_schema(trees_[i], i == 0, findings_);
      languages(trees_[i]);
    }
    head(folder);
    needs();
    SectionReader sections(draft_.pack, report_);
    for (auto const& tree : trees_) sections.read(tree);
    for (auto const& tree : trees_) sections.check_indicators(tree, indicators_below());
    DeviceReader devices(draft_.pack, packs_below(), sections, report_);
    devices.read(trees_);
    for (Draft const* below : draft_.below) vocabulary_.add(below->pack);
    vocabulary_.add(draft_.pack);
    for (auto const& tree : trees_) sections.check_algorithms(tree, vocabulary_.roles);
    for (auto const& tree : trees_) items(tree, sections);
    for (auto const& item : draft_.pack.items) kin(item);
    devices.check(trees_);
    for (auto const& tree : trees_) maps(tree);
    return std::move(draft_);
  }

 private:
  void head(std::string const& folder) {
    if (trees_.empty()) return;
    Node const& head = trees_.front();
    draft_.pack.pack = head.str("pack");
    draft_.pack.version = head.str("version");
    draft_.pack.name = read_text(head.get("name"));
    draft_.pack.level = head.str("level");
    Node const* const name = head.get("pack");
    if (name == nullptr || folder.empty() || draft_.pack.pack.empty() || draft_.pack.pack == folder) return;
    report_.at(*name, "pack.folder",
               {fmt::format("包名“{}”与目录名“{}”不同", draft_.pack.pack, folder),
                fmt::format("the pack is called “{}” but its folder “{}”", draft_.pack.pack, folder)},
               {"改成一样", "make them the same"});
  }

  /// Each text says it in its own language.
  void languages(Node const& node) {
    Node const* const zh = node.get("zh");
    Node const* const en = node.get("en");
    if (zh != nullptr && zh->is_scalar() && !zh->text.empty() &&
        (is_blank(zh->text) || (has_latin(zh->text) && !has_han(zh->text)))) {
      report_.at(*zh, "pack.text.chinese",
                 {fmt::format("“{}”里没有中文", zh->text), fmt::format("“{}” has no Chinese", zh->text)},
                 {"zh 写中文", "write Chinese under zh"});
    }
    if (en != nullptr && en->is_scalar() && !en->text.empty() &&
        (is_blank(en->text) || (has_han(en->text) && !has_latin(en->text)))) {
      report_.at(*en, "pack.text.english",
                 {fmt::format("“{}”里没有英文", en->text), fmt::format("“{}” has no English", en->text)},
                 {"en 写英文", "write English under en"});
    }
    for (auto const& child : node.children) languages(child);
  }

  void needs() {
    Node const* const list = trees_.empty() ? nullptr : trees_.front().get("needs");
    if (list == nullptr || !list->is_list()) return;
    for (auto const& one : list->children) {
      if (!one.is_scalar()) continue;
      auto const [pack, version] = split_at(one.text);
      draft_.pack.needs.emplace_back(pack, version);
      Draft const* const found = find_(pack, version);
      if (found == nullptr) {
        report_.at(
            one, "pack.needs.none",
            {fmt::format("找不到依赖的包 {}，或它依赖本包", one.text),
             fmt::format("the needed pack {} is not there, or it needs this one", one.text)},
            {"改正名称和版本，或把它放在本包旁边", "mend name and version, or put it beside this pack"});
        continue;
      }
      for (Draft const* below : found->below) add_below(below);
      add_below(found);
    }
  }

  void add_below(Draft const* draft) {
    if (std::find(draft_.below.begin(), draft_.below.end(), draft) == draft_.below.end())
      draft_.below.push_back(draft);
  }

  std::vector<Pack const*> packs_below() const {
    std::vector<Pack const*> out;
    for (Draft const* below : draft_.below) out.push_back(&below->pack);
    return out;
  }

  std::vector<Indicator const*> indicators_below() const {
    std::vector<Indicator const*> out;
    for (Draft const* below : draft_.below)
      for (auto const& one : below->pack.indicators) out.push_back(&one);
    return out;
  }

  void items(Node const& tree, SectionReader& sections) {
    Node const* const all = tree.get("items");
    if (all == nullptr || !all->is_map()) return;
    for (std::size_t i = 0; i < all->keys.size() && i < all->children.size(); ++i) {
      if (!all->children[i].is_map() || !sections.is_first("items", all->keys[i])) continue;
      item(all->keys[i], all->children[i], tree.get("defaults"));
    }
  }

  void item(Node const& key, Node const& written, Node const* defaults) {
    Node full = written;
    Locks locks;
    std::string extends;
    if (Node const* const upper = written.get("extends_item"); upper != nullptr && upper->is_scalar()) {
      Draft const* const draft = upper_draft(key, *upper);
      if (draft == nullptr) return;
      extends = upper->text;
      auto const at = std::find_if(draft->pack.items.begin(), draft->pack.items.end(),
                                   [&](Item const& one) { return one.code == key.text; });
      locks = at->locks;
      full = layered(draft->items.at(key.text), written, locks, report_);
      defaults = nullptr;  // the upper level's own are already in
    } else if (auto const* const other = owner(key.text)) {
      report_.at(
          key, "pack.item.taken",
          {fmt::format("编码 {} 已由包 {} 使用", key.text, other->pack.pack),
           fmt::format("the code {} is already used by the pack {}", key.text, other->pack.pack)},
          {fmt::format("换一个编码；若要补充那一项，写 extends_item: {}/{}", other->pack.pack, key.text),
           fmt::format("use another code; to fill in that item, write extends_item: {}/{}", other->pack.pack,
                       key.text)});
      return;
    }
    fill_conditions(full, defaults, report_);
    Item item = read_item(key, full, vocabulary_, report_);
    item.pack = draft_.pack.pack;
    item.pack_version = draft_.pack.version;
    item.extends_item = extends;
    item.locks = std::move(locks);
    add_locks(item, written);
    draft_.pack.items.push_back(std::move(item));
    draft_.items.emplace(key.text, std::move(full));
  }

  void add_locks(Item& item, Node const& written) const {
    Node const* const list = written.get("locks");
    if (list == nullptr || !list->is_list()) return;
    for (auto const& one : list->children) {
      if (one.is_scalar()) item.locks.emplace_back(one.text, draft_.pack.pack);
    }
  }

  Draft const* owner(std::string const& code) const {
    for (Draft const* below : draft_.below) {
      if (below->items.contains(code)) return below;
    }
    return nullptr;
  }

  /// The draft that holds the upper item, or a finding and null.
  Draft const* upper_draft(Node const& key, Node const& upper) {
    auto const slash = upper.text.find('/');
    std::string const pack = upper.text.substr(0, slash);
    std::string const code = slash == std::string::npos ? "" : upper.text.substr(slash + 1);
    if (code != key.text) {
      report_.at(upper, "pack.extends_item.code",
                 {fmt::format("事项 {} 要补充的是 {}：编码必须相同", key.text, code),
                  fmt::format("the item {} fills in {}: the codes must be the same", key.text, code)},
                 {fmt::format("把键改成 \"{}\"", code), fmt::format("make the key \"{}\"", code)});
      return nullptr;
    }
    auto const& needs = draft_.pack.needs;
    auto const need =
        std::find_if(needs.begin(), needs.end(), [&](auto const& one) { return one.first == pack; });
    if (need == needs.end() || need->second.empty()) {
      report_.at(
          upper, "pack.extends_item.version",
          {fmt::format("needs 里没有写明 {} 的版本", pack),
           fmt::format("needs does not name the version of {}", pack)},
          {fmt::format("在 needs 里写 {}@版本：上级改版后要重新核对", pack),
           fmt::format("write {}@version under needs: a new upper version must be looked at again", pack)});
      return nullptr;
    }
    Draft const* const draft = find_(pack, need->second);
    if (draft != nullptr && draft->items.contains(code)) return draft;
    report_.at(upper, "pack.extends_item.none",
               {fmt::format("包 {} 里没有事项 {}", pack, code),
                fmt::format("the pack {} has no item {}", pack, code)},
               {"改正包名和编码", "mend the pack's name and the code"});
    return nullptr;
  }

  /// Items that may tell of the same thing are items that there are.
  void kin(Item const& item) {
    if (!item.same_thing) return;
    Node const* const same = draft_.items.at(item.code).get("same_thing");
    Node const* const list = same != nullptr ? same->get("kin") : nullptr;
    if (list == nullptr || !list->is_list()) return;
    for (auto const& one : list->children) {
      bool const known = item_of(draft_.pack, one.text) != nullptr || owner(one.text) != nullptr;
      if (!one.is_scalar() || (known && one.text != item.code)) continue;
      report_.at(one, "pack.same_thing.kin",
                 {fmt::format("事项 {} 的 kin 里没有另一个事项“{}”", item.code, one.text),
                  fmt::format("kin of the item {}: there is no other item “{}”", item.code, one.text)},
                 {"写本包或所依赖的包里别的事项的编码", "name other items of this pack or of one that it needs"});
    }
  }

  void maps(Node const& tree) {
    Node const* const all = tree.get("maps_from");
    if (all == nullptr || !all->is_map()) return;
    for (std::size_t i = 0; i < all->keys.size() && i < all->children.size(); ++i) {
      auto const [pack, version] = split_at(all->keys[i].text);
      Node const& codes = all->children[i];
      for (std::size_t k = 0; k < codes.keys.size() && k < codes.children.size(); ++k) {
        Node const& to = codes.children[k];
        if (!to.is_scalar()) continue;
        auto const slash = to.text.find('/');
        CodeMap map{{codes.keys[k].text, pack, version},
                    to.text.substr(0, slash),
                    slash == std::string::npos ? "" : to.text.substr(slash + 1)};
        target(map, to);
        draft_.pack.maps.push_back(std::move(map));
      }
    }
  }

  void target(CodeMap const& map, Node const& to) {
    Item const* found = item_of(draft_.pack, map.to_code);
    for (Draft const* below : draft_.below)
      found = found != nullptr ? found : item_of(below->pack, map.to_code);
    if (found == nullptr) {
      report_.at(
          to, "pack.map.item",
          {fmt::format("没有事项“{}”", map.to_code), fmt::format("there is no item “{}”", map.to_code)},
          {"写本包或所依赖的包里的编码", "name a code of this pack or of one that it needs"});
    } else if (!map.to_condition.empty() && found->condition(map.to_condition) == nullptr) {
      report_.at(to, "pack.map.condition",
                 {fmt::format("事项 {} 没有立案条件“{}”", map.to_code, map.to_condition),
                  fmt::format("the item {} has no condition “{}”", map.to_code, map.to_condition)},
                 {"改正立案条件，或只写编码", "mend the condition, or write the code alone"});
    }
  }

  static Item const* item_of(Pack const& pack, std::string const& code) {
    auto const found =
        std::find_if(pack.items.begin(), pack.items.end(), [&](Item const& one) { return one.code == code; });
    return found == pack.items.end() ? nullptr : &*found;
  }

  FindDraft const& find_;
  std::vector<Finding>& findings_;
  Report report_;
  std::vector<Node> trees_;
  Vocabulary vocabulary_;
  Draft draft_;
};

}  // namespace

Draft read_draft(Source const& source, std::string const& folder, FindDraft const& find,
                 std::vector<Finding>& findings, FormCheck form) {
  return PackReader(source, find, findings).read(folder, form);
}

std::vector<std::pair<std::string, std::string>> needs_of(Source const& source) {
  std::vector<std::pair<std::string, std::string>> needs;
  auto const head = source.files.find(std::string(pack_file));
  if (head == source.files.end()) return needs;
  std::vector<Finding> ignored;  // said when the pack itself is read
  Node const tree = read_yaml(head->second, head->first, ignored);
  Node const* const list = tree.get("needs");
  if (list == nullptr || !list->is_list()) return needs;
  for (auto const& one : list->children) {
    if (one.is_scalar()) needs.push_back(split_at(one.text));
  }
  return needs;
}

}  // namespace zhili::catalogue
