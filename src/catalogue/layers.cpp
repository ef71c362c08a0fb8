#include "catalogue/layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace zhili::catalogue {
namespace {

constexpr int depth_of_condition = 2;  // condition → clocks → phase; a phase is replaced as a whole

Node* find(Node& map, std::string_view key) {
  for (std::size_t i = 0; i < map.keys.size() && i < map.children.size(); ++i) {
    if (map.keys[i].text == key) return &map.children[i];
  }
  return nullptr;
}

void erase(Node& map, std::string_view key) {
  for (std::size_t i = 0; i < map.keys.size() && i < map.children.size(); ++i) {
    if (map.keys[i].text != key) continue;
    map.keys.erase(map.keys.begin() + static_cast<std::ptrdiff_t>(i));
    map.children.erase(map.children.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

/// Follows `extends` from one condition to the end, nearest first; a finding where the way is a circle or
/// leads nowhere.
std::vector<Node const*> chain(Node const& conditions, Node const& start, std::string const& name,
                               Report& report) {
  std::vector<Node const*> way{&start};
  std::set<std::string, std::less<>> seen{name};
  Node const* extends = start.get("extends");
  while (extends != nullptr && extends->is_scalar()) {
    Node const* const next = conditions.get(extends->text);
    if (next == nullptr || !next->is_map()) {
      report.at(*extends, "pack.extends.none",
                {fmt::format("没有名为“{}”的立案条件", extends->text),
                 fmt::format("there is no condition “{}” in this item", extends->text)},
                {"写本事项里另一条立案条件的名字", "name another condition of this item"});
      break;
    }
    if (!seen.insert(extends->text).second) {
      report.at(*extends, "pack.extends.circle",
                {fmt::format("立案条件 {} 经 extends 绕回自己", name),
                 fmt::format("the condition {} extends itself in a circle", name)},
                {"让其中一条写全，不用 extends", "write one of them out, without extends"});
      break;
    }
    way.push_back(next);
    extends = next->get("extends");
  }
  return way;
}

class Layer {
 public:
  Layer(Locks const& locks, Report& report) : locks_(locks), report_(report) {}

  Node item(Node upper, Node const& lower) {
    for (std::size_t i = 0; i < lower.keys.size() && i < lower.children.size(); ++i) {
      Node const& key = lower.keys[i];
      if (key.text == "extends_item" || key.text == "locks" || key.text == "conditions" ||
          is_locked(key, key.text))
        continue;
      set(upper, key, lower.children[i]);
    }
    Node const* const conditions = lower.get("conditions");
    Node* const into = find(upper, "conditions");
    if (conditions != nullptr && conditions->is_map() && into != nullptr) {
      for (std::size_t i = 0; i < conditions->keys.size() && i < conditions->children.size(); ++i) {
        condition(*into, conditions->keys[i], conditions->children[i]);
      }
    }
    return upper;
  }

 private:
  void condition(Node& conditions, Node const& key, Node const& lower) {
    Node* const upper = find(conditions, key.text);
    if (upper == nullptr) {
      if (is_locked(key, "conditions")) return;
      conditions.keys.push_back(key);
      conditions.children.push_back(lower);
      return;
    }
    if (!lower.is_map()) return;
    for (std::size_t i = 0; i < lower.keys.size() && i < lower.children.size(); ++i) {
      Node const& element = lower.keys[i];
      if (is_locked(element, element.text == "duty" ? "function" : element.text)) continue;
      set(*upper, element, lower.children[i]);
    }
  }

  void set(Node& map, Node const& key, Node const& value) {
    Node* const old = find(map, key.text);
    if (old == nullptr) {
      map.keys.push_back(key);
      map.children.push_back(value);
    } else if (key.text == "words" && old->is_list() && value.is_list()) {
      for (auto const& word : value.children) {  // words are only ever added
        auto const same = [&](Node const& one) { return one.text == word.text; };
        if (std::none_of(old->children.begin(), old->children.end(), same)) old->children.push_back(word);
      }
    } else {
      *old = merged(std::move(*old), value, depth_of_condition - 1);
    }
  }

  bool is_locked(Node const& key, std::string_view element) {
    auto const lock =
        std::find_if(locks_.begin(), locks_.end(), [&](auto const& one) { return one.first == element; });
    if (lock == locks_.end()) return false;
    report_.at(key, "pack.locked",
               {fmt::format("“{}”已由包 {} 锁定", element, lock->second),
                fmt::format("“{}” is locked by the pack {}", element, lock->second)},
               {"删去这一项，或请上级放开", "remove it, or ask the upper level to open it"});
    return true;
  }

  Locks const& locks_;
  Report& report_;
};

}  // namespace

Node merged(Node base, Node const& over, int depth) {
  if (depth <= 0 || !base.is_map() || !over.is_map()) return over;
  for (std::size_t i = 0; i < over.keys.size() && i < over.children.size(); ++i) {
    if (Node* const old = find(base, over.keys[i].text)) {
      *old = merged(std::move(*old), over.children[i], depth - 1);
    } else {
      base.keys.push_back(over.keys[i]);
      base.children.push_back(over.children[i]);
    }
  }
  return base;
}

void fill_conditions(Node& item, Node const* defaults, Report& report) {
  Node* const conditions = find(item, "conditions");
  if (conditions == nullptr || !conditions->is_map()) return;
  Node const written = *conditions;
  for (std::size_t i = 0; i < written.keys.size() && i < written.children.size(); ++i) {
    if (!written.children[i].is_map()) continue;
    auto const way = chain(written, written.children[i], written.keys[i].text, report);
    Node full = *way.back();
    for (auto step = way.rbegin() + 1; step != way.rend(); ++step)
      full = merged(std::move(full), **step, depth_of_condition);
    erase(full, "extends");
    if (defaults != nullptr && defaults->is_map()) full = merged(*defaults, full, depth_of_condition);
    full.file = written.children[i].file;
    full.line = written.children[i].line;
    full.column = written.children[i].column;
    conditions->children[i] = std::move(full);
  }
}

Node layered(Node const& upper, Node const& lower, Locks const& locks, Report& report) {
  Node item = Layer(locks, report).item(upper, lower);
  item.file = lower.file;
  item.line = lower.line;
  item.column = lower.column;
  return item;
}

}  // namespace zhili::catalogue
