#include "catalogue/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "catalogue/yaml_json.hpp"

namespace zhili::catalogue {
namespace {

namespace json = boost::json;
using Adapter = valijson::adapters::BoostJsonAdapter;

json::value const& law() {
  static json::value const value = json::parse(pack_schema());
  return value;
}

/// The rule of included files: the same, without the head of the pack.
json::value const& part_law() {
  static json::value const value = [] {
    json::value part = law();
    auto& top = part.as_object();
    top.erase("required");
    for (auto const* key : {"pack", "version", "name", "about", "level", "needs", "include", "maps_from"}) {
      top["properties"].as_object().erase(key);
    }
    return part;
  }();
  return value;
}

std::unique_ptr<valijson::Schema const> compile(json::value const& rule) {
  auto schema = std::make_unique<valijson::Schema>();
  valijson::SchemaParser parser;
  parser.populateSchema(Adapter(rule), *schema);
  return schema;
}

/// Follows `$ref` inside the schema.
json::object const* resolve(json::value const* rule) {
  for (int hops = 0; rule != nullptr && rule->is_object() && hops < 8; ++hops) {
    auto const* const ref = rule->as_object().if_contains("$ref");
    if (ref == nullptr) return &rule->as_object();
    std::string_view const path = ref->as_string();
    rule = law().at("definitions").as_object().if_contains(path.substr(path.rfind('/') + 1));
  }
  return nullptr;
}

json::object const* rule_of_key(json::object const* rule, std::string_view key) {
  if (rule == nullptr) return nullptr;
  if (auto const* const known = rule->if_contains("properties")) {
    if (auto const* const found = known->as_object().if_contains(key)) return resolve(found);
  }
  auto const* const more = rule->if_contains("additionalProperties");
  return more != nullptr && more->is_object() ? resolve(more) : nullptr;
}

std::string word(json::object const* rule, char const* key) {
  if (rule == nullptr) return {};
  auto const* const found = rule->if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

/// "Write here: …" from the rule's own description.
core::Text should_be(json::object const* rule) {
  if (word(rule, "x-zh").empty()) return {"按格式说明书写", "see the description of the format"};
  return {"这里写：" + word(rule, "x-zh"), "write here: " + word(rule, "description")};
}

std::vector<std::string> known_keys(json::object const* rule) {
  std::vector<std::string> keys;
  if (rule == nullptr) return keys;
  if (auto const* const known = rule->if_contains("properties")) {
    for (auto const& member : known->as_object()) keys.emplace_back(member.key());
  }
  return keys;
}

struct Place {
  Node const* node = nullptr;
  Node const* key = nullptr;  ///< the key that the value stands under, if any
  json::object const* rule = nullptr;
  std::string name;  ///< the last word of the path
};

/// Follows valijson's path ("<root>", "[items]", "[0102]", …) in the file and in the schema.
Place follow(Node const& root, json::value const& law, std::vector<std::string> const& path) {
  Place place{&root, nullptr, resolve(&law), ""};
  for (std::size_t i = 1; i < path.size(); ++i) {
    std::string const step = path[i].size() >= 2 ? path[i].substr(1, path[i].size() - 2) : path[i];
    if (place.node->is_list()) {
      auto const index = static_cast<std::size_t>(std::strtoul(step.c_str(), nullptr, 10));
      if (index >= place.node->children.size()) return place;
      place.node = &place.node->children[index];
      auto const* const items = place.rule != nullptr ? place.rule->if_contains("items") : nullptr;
      place.rule = items != nullptr ? resolve(items) : nullptr;
      continue;
    }
    for (std::size_t k = 0; k < place.node->keys.size(); ++k) {
      if (place.node->keys[k].text != step || k >= place.node->children.size()) continue;
      Node const* const parent = place.node;
      place = {&parent->children[k], &parent->keys[k], rule_of_key(place.rule, step), step};
      break;
    }
  }
  return place;
}

class Translator {
 public:
  Translator(Node const& root, json::value const& law, std::vector<Finding>& findings)
      : root_(root), law_(law), findings_(findings) {}

  void take(valijson::ValidationResults::Error const& error) {
    Place const place = follow(root_, law_, error.context);
    std::string_view const said = error.description;
    auto const starts = [&](std::string_view text) { return said.starts_with(text); };
    // What only repeats, one level up, that something below is wrong:
    if (starts("Failed to validate against schema associated") || starts("Failed to validate item") ||
        starts("Failed to validate against additional properties") ||
        starts("Failed to validate against child"))
      return;
    if (starts("Missing required property '"))
      missing(place, std::string(said.substr(27, said.size() - 29)));
    else if (starts("Object contains a property"))
      unknown(place);
    else if (starts("Value type not permitted"))
      wrong_type(place);
    else if (starts("Failed to match regex"))
      shape(place);
    else if (starts("Failed to match against any enum"))
      choice(place);
    else if (starts("Elements at indexes"))
      twice(place);
    else
      bounds(place, said);
  }

  void bad_name(Node const& key, json::object const* rule) {
    add(key, "pack.name.shape",
        {fmt::format("“{}”不是合格的名称", key.text), fmt::format("“{}” is not a good name", key.text)},
        should_be(rule));
  }

 private:
  void add(Node const& at, char const* key, core::Text what, core::Text mend) {
    if (findings_.size() >= max_findings) return;
    for (auto const& finding : findings_) {
      if (finding.file == at.file && finding.line == at.line && finding.column == at.column &&
          finding.key == key && finding.what == what)
        return;
    }
    findings_.push_back({at.file, at.line, at.column, key, std::move(what), std::move(mend)});
  }

  void missing(Place const& place, std::string const& name) {
    add(place.key != nullptr ? *place.key : *place.node, "pack.missing",
        {fmt::format("缺少“{}”", name), fmt::format("“{}” is missing", name)},
        {fmt::format("加上 {}：{}", name, word(rule_of_key(place.rule, name), "x-zh")),
         fmt::format("add {}: {}", name, word(rule_of_key(place.rule, name), "description"))});
  }

  void unknown(Place const& place) {
    auto const known = known_keys(place.rule);
    for (auto const& key : place.node->keys) {
      if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
      std::string const meant = nearest(key.text, known);
      std::string const list = fmt::format("{}", fmt::join(known, ", "));
      add(key, "pack.unknown",
          {fmt::format("这里没有“{}”这一项", key.text), fmt::format("there is no “{}” here", key.text)},
          meant.empty() ? core::Text{"可用的有：" + list, "what may stand here: " + list}
                        : core::Text{fmt::format("是不是“{}”？可用的有：{}", meant, list),
                                     fmt::format("did you mean “{}”? What may stand here: {}", meant, list)});
    }
  }

  void wrong_type(Place const& place) {
    Node const& node = *place.node;
    if (node.type == Node::Type::null) {
      add(place.key != nullptr ? *place.key : node, "pack.empty",
          {fmt::format("“{}”是空的", place.name), fmt::format("“{}” is empty", place.name)},
          should_be(place.rule));
    } else if (node.is_scalar() && !node.quoted && word(place.rule, "type") == "string") {
      add(node, "pack.text.quotes",
          {fmt::format("{} 没有引号，成了{}，这里要文字", node.text,
                       looks_like_number(node.text) ? "数字" : "是或否"),
           fmt::format("{} has no quotes and reads as {}; a text belongs here", node.text,
                       looks_like_number(node.text) ? "a number" : "a yes or no")},
          {fmt::format("写成 \"{}\"", node.text), fmt::format("write \"{}\"", node.text)});
    } else {
      add(node, "pack.type",
          {fmt::format("“{}”的写法不对", place.name), fmt::format("“{}” has the wrong form", place.name)},
          should_be(place.rule));
    }
  }

  void shape(Place const& place) {
    add(*place.node, "pack.shape",
        {fmt::format("“{}”不合格式", place.node->text),
         fmt::format("“{}” does not have the right form", place.node->text)},
        should_be(place.rule));
  }

  void choice(Place const& place) {
    std::vector<std::string> known;
    if (auto const* const all = place.rule != nullptr ? place.rule->if_contains("enum") : nullptr) {
      for (auto const& one : all->as_array()) known.emplace_back(one.as_string());
    }
    std::string const meant = nearest(place.node->text, known);
    core::Text mend = should_be(place.rule);
    if (!meant.empty()) {
      mend = {fmt::format("是不是“{}”？{}", meant, mend.zh),
              fmt::format("did you mean “{}”? {}", meant, mend.en)};
    }
    add(*place.node, "pack.choice",
        {fmt::format("“{}”不在可选的值里", place.node->text),
         fmt::format("“{}” is not one of the choices", place.node->text)},
        std::move(mend));
  }

  void twice(Place const& place) {
    for (std::size_t i = 0; i < place.node->children.size(); ++i) {
      for (std::size_t before = 0; before < i; ++before) {
        auto const& one = place.node->children[i];
        if (one.text != place.node->children[before].text) continue;
        add(one, "pack.list.twice",
            {fmt::format("列表里“{}”出现两次", one.text), fmt::format("“{}” is in the list twice", one.text)},
            {"留下一个", "keep one of them"});
        break;
      }
    }
  }

  void bounds(Place const& place, std::string_view said) {
    auto const has = [&](std::string_view part) { return said.find(part) != std::string_view::npos; };
    bool const few = has("fewer") || has("greater than");
    bool const empty = few && place.node->is_scalar() && place.node->text.empty();
    if (empty) {
      add(*place.node, "pack.empty",
          {fmt::format("“{}”是空的", place.name), fmt::format("“{}” is empty", place.name)},
          should_be(place.rule));
      return;
    }
    add(*place.node, few ? "pack.few" : "pack.many",
        {fmt::format("“{}”{}", place.name, few ? "太少、太短或太小" : "太多、太长或太大"),
         fmt::format("“{}” is too {}", place.name, few ? "few, short or small" : "many, long or large")},
        should_be(place.rule));
  }

  Node const& root_;
  json::value const& law_;
  std::vector<Finding>& findings_;
};

/// valijson says nothing where a name breaks `propertyNames`, so names are checked here, with the schema's
/// pattern.
class Names {
 public:
  explicit Names(Translator& translator) : translator_(translator) {}

  void check(Node const& node, json::object const* rule) {
    if (rule == nullptr) return;
    if (node.is_list()) {
      auto const* const items = rule->if_contains("items");
      for (auto const& child : node.children) check(child, items != nullptr ? resolve(items) : nullptr);
      return;
    }
    if (!node.is_map()) return;
    auto const* const names = rule->if_contains("propertyNames");
    for (std::size_t i = 0; i < node.keys.size() && i < node.children.size(); ++i) {
      if (names != nullptr && !fits(node.keys[i].text, *names)) translator_.bad_name(node.keys[i], rule);
      check(node.children[i], rule_of_key(rule, node.keys[i].text));
    }
  }

 private:
  bool fits(std::string const& name, json::value const& rule) {
    auto [at, is_new] = compiled_.try_emplace(json::serialize(rule));
    if (is_new) at->second = compile(rule);
    json::value const text = json::string(name);
    return validator_.validate(*at->second, Adapter(text), nullptr);
  }

  Translator& translator_;
  valijson::Validator validator_;
  std::map<std::string, std::unique_ptr<valijson::Schema const>> compiled_;
};

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const up = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      corner = up;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::vector<std::string> const& known) {
  std::string best;
  std::size_t best_distance = word.size() <= 4 ? 2 : 3;  // one slip in a short word, two in a longer one
  for (auto const& candidate : known) {
    std::size_t const d = distance(word, candidate);
    if (d < best_distance) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

void check_schema(Node const& root, bool whole, std::vector<Finding>& findings) {
  static auto const whole_schema = compile(law());
  static auto const part_schema = compile(part_law());
  json::value const& rule = whole ? law() : part_law();
  json::value const document = to_json(root);
  valijson::ValidationResults results;
  valijson::Validator validator;
  bool const good = validator.validate(whole ? *whole_schema : *part_schema, Adapter(document), &results);
  std::size_t const before = findings.size();
  Translator translator(root, rule, findings);
  for (auto const& error : results) translator.take(error);
  Names(translator).check(root, resolve(&rule));
  if (!good && findings.size() == before && findings.size() < max_findings) {
    findings.push_back(
        {root.file,
         root.line,
         root.column,
         "pack.schema",
         {"文件不合格式", "the file does not have the right form"},
         {"对照 packs/schema/pack.schema.json", "compare it with packs/schema/pack.schema.json"}});
  }
}

}  // namespace zhili::catalogue
