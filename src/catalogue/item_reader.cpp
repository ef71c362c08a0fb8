#include "catalogue/item_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/condition_reader.hpp"
#include "catalogue/same_thing_reader.hpp"
#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {
namespace {

bool is_true(Node const* node, bool otherwise) {
  if (node == nullptr || !node->is_scalar() || node->quoted) return otherwise;
  return node->text == "true";
}

AskType ask_type(std::string_view text) {
  for (auto const type : {AskType::text, AskType::long_text, AskType::number, AskType::datetime,
                          AskType::list, AskType::multi_list}) {
    if (name(type) == text) return type;
  }
  return AskType::text;
}

class ItemReader {
 public:
  ItemReader(Node const& place, Node const& item, Vocabulary const& words, Report& report)
      : place_(place), node_(item), vocabulary_(words), report_(report) {}

  Item read() {
    item_.code = place_.text;
    item_.kind = kind();
    item_.name = read_text(need("name", {"名称", "its name in both languages"}));
    item_.about = read_text(node_.get("about"));
    item_.source = node_.str("source");
    need("source", {"出处，例如 zhili", "where the class comes from, for example zhili"});
    item_.open = is_true(node_.get("public"), true);
    item_.self_handle = is_true(node_.get("self_handle"), false);
    group();
    words();
    asks();
    nearness();
    conditions();
    return std::move(item_);
  }

 private:
  Node const* need(char const* key, core::Text const& hint) {
    Node const* const found = node_.get(key);
    if (found == nullptr) {
      report_.also(place_, "pack.item.missing",
                   {fmt::format("事项 {} 缺少“{}”", place_.text, key),
                    fmt::format("the item {} has no “{}”", place_.text, key)},
                   {fmt::format("加上 {}：{}", key, hint.zh), fmt::format("add {}: {}", key, hint.en)});
    }
    return found;
  }

  Kind kind() {
    Node const* const found = need("kind", {"event、component 或 service", "event, component or service"});
    if (found == nullptr || !found->is_scalar()) return Kind::event;
    return found->text == "component" ? Kind::component
           : found->text == "service" ? Kind::service
                                      : Kind::event;
  }

  void group() {
    Node const* const found = need("group", {"groups 里的代码", "a code of groups"});
    if (found == nullptr || !found->is_scalar()) return;
    auto const group = std::find_if(vocabulary_.groups.begin(), vocabulary_.groups.end(),
                                    [&](Named const& one) { return one.code == found->text; });
    if (group != vocabulary_.groups.end()) {
      item_.group = *group;
      return;
    }
    report_.at(*found, "pack.group.none",
               {fmt::format("没有大类“{}”", found->text), fmt::format("there is no group “{}”", found->text)},
               {"在 groups 里写上它，或改用已有的", "add it under groups, or use one that is there"});
  }

  void words() {
    Node const* const list = need("words", {"百姓怎么叫它", "what people call it"});
    if (list == nullptr || !list->is_list()) return;
    bool zh = false;
    bool en = false;
    for (auto const& word : list->children) {
      if (!word.is_scalar()) continue;
      if (is_blank(word.text)) {
        report_.at(word, "pack.words.blank", {"这个词是空的", "this word is blank"},
                   {"写上词，或删去这一行", "write a word, or remove it"});
        continue;
      }
      zh = zh || has_han(word.text);
      en = en || has_latin(word.text);
      item_.words.push_back(word.text);
    }
    if (item_.words.empty() || (zh && en)) return;
    report_.at(*list, "pack.words.language",
               {fmt::format("words 里没有{}词", zh ? "英文" : "中文"),
                fmt::format("words has no {} word", zh ? "English" : "Chinese")},
               {"两种语言至少各写一个，居民才搜得到",
                "write at least one in each language, so that people find the item"});
  }

  void asks() {
    Node const* const all = node_.get("asks");
    if (all == nullptr || !all->is_map()) return;
    for (std::size_t i = 0; i < all->keys.size() && i < all->children.size(); ++i) {
      Node const& node = all->children[i];
      Ask ask{all->keys[i].text,
              ask_type(node.str("type")),
              read_text(node.get("label")),
              is_true(node.get("required"), false),
              {}};
      Node const* const options = node.get("options");
      if (options != nullptr && options->is_map()) {
        for (std::size_t k = 0; k < options->keys.size() && k < options->children.size(); ++k) {
          ask.options.push_back({options->keys[k].text, read_text(&options->children[k])});
        }
      }
      bool const list = ask.type == AskType::list || ask.type == AskType::multi_list;
      if (list && ask.options.size() < 2) {
        report_.at(all->keys[i], "pack.ask.options",
                   {fmt::format("列表问题 {} 少于两个可选项", ask.code),
                    fmt::format("the list {} has fewer than two choices", ask.code)},
                   {"写上 options，或把 type 改为 text", "write its options, or make the type text"});
      } else if (!list && options != nullptr) {
        report_.at(all->keys[i], "pack.ask.type",
                   {fmt::format("问题 {} 有可选项，却不是列表", ask.code),
                    fmt::format("the question {} has choices but is no list", ask.code)},
                   {"把 type 改为 list，或删去 options", "make the type list, or remove the options"});
      }
      item_.asks.push_back(std::move(ask));
    }
  }

  void nearness() {
    item_.same_thing = same_thing_of(node_.get("same_thing"), item_.kind, vocabulary_.same_thing, report_);
    if (Node const* const alert = node_.get("group_alert"); alert != nullptr && alert->is_map()) {
      auto const within = metres(*alert);
      auto const time = span(*alert);
      auto const people = count(*alert, "people");
      if (within && time && people) item_.group_alert = GroupAlert{*people, *within, *time};
    }
    if (Node const* const repeated = node_.get("repeated"); repeated != nullptr && repeated->is_map()) {
      auto const within = metres(*repeated);
      auto const times = count(*repeated, "times");
      Node const* const days = repeated->get("for");
      auto const budget = days != nullptr ? read_limit(*days, report_) : std::nullopt;
      if (within && times && budget) {
        item_.repeated = Repeated{
            *times, *within, static_cast<std::int32_t>(budget->amount / core::parts_of_one(budget->unit))};
      }
    }
  }

  std::optional<std::int32_t> metres(Node const& map) {
    Node const* const found = map.get("within");
    return found != nullptr ? read_metres(*found, report_) : std::nullopt;
  }
  std::optional<core::Duration> span(Node const& map) {
    Node const* const found = map.get("for");
    return found != nullptr ? read_span(*found, report_) : std::nullopt;
  }
  std::optional<std::int32_t> count(Node const& map, char const* key) {
    Node const* const found = map.get(key);
    return found != nullptr ? read_count(*found) : std::nullopt;
  }

  void conditions() {
    Node const* const all = need("conditions", {"至少一条立案条件", "at least one condition"});
    if (all == nullptr || !all->is_map()) return;
    for (std::size_t i = 0; i < all->keys.size() && i < all->children.size(); ++i) {
      if (!all->children[i].is_map()) continue;
      item_.conditions.push_back(
          read_condition(all->keys[i], all->children[i], item_.kind, vocabulary_, report_));
    }
  }

  Node const& place_;
  Node const& node_;
  Vocabulary const& vocabulary_;
  Report& report_;
  Item item_;
};

}  // namespace

void Vocabulary::add(Pack const& pack) {
  roles.insert(roles.end(), pack.roles.begin(), pack.roles.end());
  functions.insert(functions.end(), pack.functions.begin(), pack.functions.end());
  groups.insert(groups.end(), pack.groups.begin(), pack.groups.end());
  if (pack.same_thing) same_thing = pack.same_thing;  // the nearest that says so
}

Item read_item(Node const& place, Node const& item, Vocabulary const& words, Report& report) {
  return ItemReader(place, item, words, report).read();
}

}  // namespace zhili::catalogue
