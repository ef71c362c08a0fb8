#include "catalogue/rules/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "catalogue/report.hpp"
#include "catalogue/rules/checker.hpp"
#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/settings.hpp"
#include "catalogue/rules/soundness.hpp"
#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue::rules {

namespace {

constexpr std::array known_keys{"name",  "about",    "of",     "scope",     "watch", "raise", "clear",   "escalate", "fault",  "during",
                                "shows", "severity", "params", "keep_firing", "flap", "lateness", "ignores", "opens",  "alert", "says", "basis", "armed"};

/// The scalars of a list, or the one scalar that stands instead.
std::vector<Node const*> one_or_list(Node const* node) {
  if (node == nullptr) return {};
  if (node->is_scalar()) return {node};
  std::vector<Node const*> out;
  for (auto const& one : node->children)
    if (node->is_list() && one.is_scalar()) out.push_back(&one);
  return out;
}

class RuleReader {
 public:
  RuleReader(RuleSource const& source, Vocabulary const& vocabulary, std::vector<Finding>& findings)
      : source_(source), vocabulary_(vocabulary), findings_(findings), report_(findings), before_(findings.size()) {}

  std::optional<Rule> read() {
    if (!source_.body.is_map()) {
      report_.at(source_.key, "rule.shape", {"规则是一组键和值", "a rule is a map"}, {"至少写 watch、raise、severity、says", "write at least watch, raise, severity and says"});
      return std::nullopt;
    }
    keys();
    head();
    watch();
    if (rule_.watch.empty() || rule_.watch.size() != properties_.size() || failed()) return std::nullopt;
    types();
    parameters();
    conditions();
    rest();
    if (failed()) return std::nullopt;
    check_rule(rule_, source_, report_);
    if (failed()) return std::nullopt;
    rule_.meaning = meaning_of(rule_);
    return std::move(rule_);
  }

 private:
  bool failed() const { return findings_.size() > before_; }
  Node const* get(char const* key) const { return source_.body.get(key); }

  void keys() {
    std::vector<std::string> const known(known_keys.begin(), known_keys.end());
    for (auto const& key : source_.body.keys) {
      if (std::ranges::find(known, key.text) != known.end()) continue;
      auto const near = nearest(key.text, known);
      report_.at(key, "rule.key", {fmt::format("规则没有“{}”这一项", key.text), fmt::format("a rule has no “{}”", key.text)},
                 near.empty() ? core::Text{"docs/reference/rules.md 里有全部的键", "docs/reference/rules.md has all keys"} : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
    }
  }

  void head() {
    rule_.id = source_.id;
    rule_.name = read_text(get("name"));
    if (rule_.name.zh.empty()) rule_.name = {source_.id, source_.id};
    rule_.about = read_text(get("about"));
    rule_.basis = source_.body.str("basis");
    rule_.pack = source_.pack;
    rule_.pack_version = source_.pack_version;
    rule_.alert = source_.body.str("alert");
    auto const severity = severity_from(source_.body.str("severity"));
    if (severity) rule_.severity = *severity;
    else
      report_.at(get("severity") ? *get("severity") : source_.key, "rule.severity", {"没有这样的级别，或没有写", "there is no such severity, or none is given"},
                 {"severity 写 info、warning、minor、major 或 critical", "severity is info, warning, minor, major or critical"});
  }

  void watch() {
    auto const named = one_or_list(get("watch"));
    if (named.empty() || named.size() > rule_properties_max) {
      report_.at(get("watch") ? *get("watch") : source_.key, "rule.watch", {fmt::format("watch 写 1 到 {} 个属性", rule_properties_max), fmt::format("watch names 1 to {} properties", rule_properties_max)},
                 {"watch: water-level，或 watch: [water-level, pump-running]", "watch: water-level, or watch: [water-level, pump-running]"});
      return;
    }
    for (auto const* one : named) {
      auto const* const found = vocabulary_.property(one->text);
      if (found == nullptr) {
        std::vector<std::string> known;
        for (auto const* each : vocabulary_.properties) known.push_back(each->id);
        auto const near = nearest(one->text, known);
        report_.at(*one, "rule.property.none", {fmt::format("没有观测属性“{}”", one->text), fmt::format("there is no observed property “{}”", one->text)},
                   near.empty() ? core::Text{"写本包或所依赖的包里有的", "name one of this pack or of a pack that it needs"} : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
        continue;
      }
      if (std::ranges::find(rule_.watch, one->text, &Watched::property) != rule_.watch.end()) {
        report_.at(*one, "rule.property.twice", {fmt::format("“{}”写了两次", one->text), fmt::format("“{}” is named twice", one->text)}, {"删去一个", "remove one"});
        continue;
      }
      rule_.watch.push_back({found->id, found->kind, found->unit});
      // A number without a unit was told of where the property stands: nothing that compares it can be checked.
      if (found->kind != ValueKind::number || !found->unit.empty()) properties_.push_back(found);
    }
  }

  /// Types of devices, and whether the rule is about a thing or a place.
  void types() {
    std::vector<DeviceType const*> of;
    for (auto const* one : one_or_list(get("of"))) {
      auto const* const type = vocabulary_.type(one->text);
      if (type == nullptr) {
        std::vector<std::string> known;
        for (auto const* each : vocabulary_.types) known.push_back(each->id);
        auto const near = nearest(one->text, known);
        report_.at(*one, "rule.type.none", {fmt::format("没有设备类型“{}”", one->text), fmt::format("there is no type of device “{}”", one->text)},
                   near.empty() ? core::Text{"写本包或所依赖的包里有的", "name one of this pack or of a pack that it needs"} : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
        continue;
      }
      if (std::ranges::none_of(rule_.watch, [&](Watched const& watched) { return observes(*type, watched.property); })) {
        report_.at(*one, "rule.type.useless", {fmt::format("“{}”不观测规则看的任何属性", one->text), fmt::format("“{}” observes none of the properties that the rule watches", one->text)}, {"删去它，或改 watch", "remove it, or change watch"});
      }
      rule_.of.push_back(type->id);
      of.push_back(type);
    }
    auto const all = [&](DeviceType const* type) { return std::ranges::all_of(rule_.watch, [&](Watched const& watched) { return observes(*type, watched.property); }); };
    for (auto const& watched : rule_.watch)
      if (!of.empty() && std::ranges::none_of(of, [&](DeviceType const* type) { return observes(*type, watched.property); }))
        report_.at(*get("of"), "rule.type.missing", {fmt::format("这些设备都不观测“{}”", watched.property), fmt::format("none of these types observes “{}”", watched.property)}, {"在 of 里加上观测它的设备", "add a type that does to of"});
    auto const said = source_.body.str("scope");
    if (!said.empty() && said != name(Scope::thing) && said != name(Scope::place)) report_.at(*get("scope"), "rule.scope", {"scope 是 thing 或 place", "scope is thing or place"}, {"一个设备写 thing，整个地点写 place", "thing for a single device, place for all that stands at one place"});
    bool const together = rule_.watch.size() == 1 || (of.empty() ? std::ranges::any_of(vocabulary_.types, all) : std::ranges::all_of(of, all));
    rule_.scope = said == name(Scope::place) || (said.empty() && !together) ? Scope::place : Scope::thing;
    for (auto const* property : properties_)
      if (property->of_device && rule_.scope == Scope::place)
        report_.at(*get("watch"), "rule.property.device", {fmt::format("“{}”说的是设备，不能成为地点的告警", property->id), fmt::format("“{}” tells of the device and raises no alarm of a place", property->id)}, {"用 scope: thing，或换属性", "use scope: thing, or another property"});
  }

  static bool observes(DeviceType const& type, std::string_view property) { return std::ranges::find(type.streams, property, &StreamType::property) != type.streams.end(); }

  void parameters() {
    Node const* const map = get("params");
    if (map == nullptr) return;
    for (std::size_t i = 0; map->is_map() && i < map->keys.size(); ++i) {
      if (auto one = read_parameter(map->keys[i], map->children[i], report_)) rule_.parameters.push_back(std::move(*one));
    }
    if (!map->is_map() || rule_.parameters.size() > rule_parameters_max)
      report_.at(*map, "rule.params", {fmt::format("params 写最多 {} 个参数", rule_parameters_max), fmt::format("params has at most {} parameters", rule_parameters_max)}, {"params: {limit: {name: …, standard: 15 cm}}", "params: {limit: {name: …, standard: 15 cm}}"});
  }

  Spot spot_of(Node const& node) const { return {node.line, node.column + (node.quoted ? 1 : 0)}; }
  void mistake(Node const& node, Mistake mistake) {
    if (findings_.size() >= max_findings) return;
    findings_.push_back({node.file, mistake.at.line, mistake.at.column, mistake.key, std::move(mistake.what), std::move(mistake.mend)});
  }

  /// Reads and checks one condition; its text is kept as written.
  std::optional<Expr> condition(char const* key, Section section) {
    Node const* const node = get(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is_scalar()) {
      report_.at(*node, "rule.condition", {fmt::format("{} 是一个条件", key), fmt::format("{} is a condition", key)}, {"写在一行里：value > 15 cm for 3 min", "write it in one line: value > 15 cm for 3 min"});
      return std::nullopt;
    }
    auto read = section == Section::during ? parse_hours(node->text, spot_of(*node)) : parse_condition(node->text, spot_of(*node));
    if (read) read = check_condition(std::move(*read), section, {rule_, properties_});
    if (!read) {
      mistake(*node, std::move(read).error());
      return std::nullopt;
    }
    written(key, node->text);
    return std::move(*read);
  }
  void written(std::string_view key, std::string_view text) { rule_.text += fmt::format("{}{}: {}", rule_.text.empty() ? "" : "\n", key, text); }

  void conditions() {
    if (get("raise") == nullptr) report_.at(source_.key, "rule.raise", {"规则没有 raise", "the rule has no raise"}, {"写明何时告警：raise: value > 15 cm for 3 min", "say when it raises an alarm: raise: value > 15 cm for 3 min"});
    auto raise = condition("raise", Section::raise);
    if (raise) rule_.raise = std::move(*raise);
    for (auto const* one : one_or_list(get("escalate"))) {
      auto step = parse_escalation(one->text, spot_of(*one));
      if (step) {
        auto when = check_condition(std::move(step->when), Section::escalate, {rule_, properties_});
        if (when) {
          step->when = std::move(*when);
          rule_.escalations.push_back(std::move(*step));
          written("escalate", one->text);
          continue;
        }
        step = tl::unexpected(std::move(when).error());
      }
      mistake(*one, std::move(step).error());
    }
    if (auto clear = condition("clear", Section::clear)) rule_.clear = std::move(*clear);
    else if (raise && get("clear") == nullptr) rule_.clear = opposite(rule_.raise);
    rule_.fault = condition("fault", Section::fault);
    rule_.during = condition("during", Section::during);
    rule_.shows = condition("shows", Section::shows);
  }

  static Expr opposite(Expr raise) {
    Expr out;
    out.op = Op::negation;
    out.at = raise.at;
    out.parts.push_back(without_waiting(std::move(raise)));
    return out;
  }

  void rest() {
    if (Node const* const node = get("keep_firing")) rule_.keep_firing = read_duration(*node, report_).value_or(rule_.keep_firing);
    if (Node const* const node = get("lateness")) rule_.lateness = read_duration(*node, report_).value_or(rule_.lateness);
    if (Node const* const node = get("flap")) rule_.flap = read_flap(*node, report_);
    if (Node const* const node = get("ignores")) rule_.ignores = read_ignored(*node, report_);
    armed();
    rule_.says = read_says(source_, get("says"), report_);
    opens();
  }

  void armed() {
    Node const* const node = get("armed");
    if (node == nullptr) return;
    rule_.armed = node->text != "false";
    if (node->text == "true" || node->text == "false") return;
    report_.at(*node, "rule.armed", {"armed 写 true 或 false", "armed is true or false"}, {"armed: false：先用历史试过，再由人启用", "armed: false: tried over history first, then armed by somebody"});
  }

  void opens() {
    Node const* const node = get("opens");
    if (node == nullptr) return;
    rule_.opens = node->text;
    auto const slash = node->text.find('/');
    auto const item = std::string_view(node->text).substr(0, slash);
    auto const condition = slash == std::string::npos ? std::string_view{} : std::string_view(node->text).substr(slash + 1);
    if (!vocabulary_.opens || (node->is_scalar() && vocabulary_.opens(item, condition))) return;
    report_.at(*node, "rule.opens", {fmt::format("没有事项和立案条件“{}”", node->text), fmt::format("there is no item and condition “{}”", node->text)}, {"写成 \"0415/deep\"，事项在本包或所依赖的包里", "write \"0415/deep\": an item of this pack or of one that it needs, and its condition"});
  }

  RuleSource const& source_;
  Vocabulary const& vocabulary_;
  std::vector<Finding>& findings_;
  Report report_;
  std::size_t before_;
  Rule rule_;
  std::vector<ObservedPropertyDef const*> properties_;
};

}  // namespace

ObservedPropertyDef const* Vocabulary::property(std::string_view id) const {
  auto const found = std::ranges::find_if(properties, [&](auto const* one) { return one->id == id; });
  return found == properties.end() ? nullptr : *found;
}
DeviceType const* Vocabulary::type(std::string_view id) const {
  auto const found = std::ranges::find_if(types, [&](auto const* one) { return one->id == id; });
  return found == types.end() ? nullptr : *found;
}

std::optional<Rule> read_rule(RuleSource const& source, Vocabulary const& vocabulary, std::vector<Finding>& findings) {
  return RuleReader(source, vocabulary, findings).read();
}

std::vector<Rule> read_rules(Catalogue const& catalogue, std::vector<Finding>& findings) {
  Vocabulary const vocabulary{.properties = catalogue.properties(), .types = catalogue.device_types()};
  std::vector<Rule> out;
  for (auto const* source : catalogue.rule_sources())
    if (auto rule = read_rule(*source, vocabulary, findings)) out.push_back(std::move(*rule));
  return out;
}

}  // namespace zhili::catalogue::rules
