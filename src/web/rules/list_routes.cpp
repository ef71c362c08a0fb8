// Rules as they are and as they stand.

#include <algorithm>
#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/rules/rules.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

array texts_json(std::vector<std::string> const& texts) {
  array out;
  for (auto const& one : texts) out.emplace_back(one);
  return out;
}

array watched_json(rules::Rule const& rule, catalogue::Catalogue const& catalogue) {
  array out;
  for (auto const& one : rule.watch) {
    auto const* property = catalogue.property(one.property);
    out.push_back(object{{"property", one.property}, {"name", to_json(property ? property->name : core::Text{one.property, one.property})}, {"unit", one.unit}});
  }
  return out;
}

array parameters_json(rules::Rule const& rule) {
  array out;
  for (auto const& one : rule.parameters) out.push_back(object{{"id", one.id}, {"name", to_json(one.name)}, {"standard", one.standard}, {"unit", one.unit}});
  return out;
}

object rule_json(rules::RuleStatus const& status, catalogue::Catalogue const& catalogue) {
  auto const& rule = status.rule;
  return {{"id", rule.id},
          {"name", to_json(rule.name)},
          {"about", to_json(rule.about)},
          {"text", rule.text},
          {"severity", catalogue::rules::name(rule.severity)},
          {"scope", catalogue::rules::name(rule.scope)},
          {"watch", watched_json(rule, catalogue)},
          {"types", texts_json(rule.of)},
          {"opens", rule.opens},
          {"says", to_json(rule.says)},
          {"basis", rule.basis},
          {"pack", rule.pack},
          {"parameters", parameters_json(rule)},
          {"armed", status.armed},
          {"chosen_by", status.chosen_by},
          {"reason", status.reason},
          {"subjects", status.subjects},
          {"raised", status.raised},
          {"at_fault", status.at_fault},
          {"broken", status.broken},
          {"broken_why", status.broken_why ? value(to_json(*status.broken_why)) : value(nullptr)},
          {"fired_30d", status.fired_30d}};
}

std::vector<Field> rule_fields() {
  using namespace shape;
  auto const watched = record("WatchedProperty", {{"property", text()}, {"name", both_languages()}, {"unit", text(), {"UCUM", "UCUM"}}});
  auto const parameter = record("RuleParameter", {{"id", text()}, {"name", both_languages()}, {"standard", number(), {"没有另定时", "Where nothing else is set"}}, {"unit", text()}});
  return {{"id", text()},
          {"name", both_languages()},
          {"about", both_languages()},
          {"text", text(), {"规则原文，一行一条", "The rule as written, a line for each condition"}},
          {"severity", choice({"info", "warning", "minor", "major", "critical"})},
          {"scope", choice({"thing", "place"}), {"逐件判断，还是整个地点一起", "Each thing by itself, or a place as a whole"}},
          {"watch", list(watched)},
          {"types", list(text()), {"哪些设备类型；空：凡是观测这些属性的", "Which types of devices; none: whatever observes these"}},
          {"opens", text(), {"立哪个事项/条件；空：不立案", "item/condition of the case; empty: none"}},
          {"says", both_languages()},
          {"basis", text()},
          {"pack", text()},
          {"parameters", list(parameter)},
          {"armed", flag()},
          {"chosen_by", text(), {"谁启用或停用的", "Who armed or disarmed it"}},
          {"reason", text()},
          {"subjects", integer(), {"在几处运行", "At how many subjects it runs"}},
          {"raised", integer(), {"正在告警的", "Alarms that stand"}},
          {"at_fault", integer(), {"设备静默或卡住的", "Where the device is silent or stuck"}},
          {"broken", integer(), {"出错停下的", "Where it has stopped"}},
          {"broken_why", nullable(both_languages())},
          {"fired_30d", integer(), {"三十天内告警次数", "Alarms in thirty days"}}};
}

core::Result<Response> list_rules(Call const&, RuleParts const& parts) {
  ZHILI_TRY(auto const all, parts.keeper->status());
  array out;
  for (auto const& one : all) out.push_back(rule_json(one, *parts.people.api.catalogue));
  return private_json(boost::json::serialize(object{{"rules", std::move(out)}, {"running", parts.keeper->is_running()}}));
}

core::Result<Response> get_rule(Call const& call, RuleParts const& parts) {
  auto const id = call.path.text("id");
  ZHILI_TRY(auto const all, parts.keeper->status());
  auto const found = std::ranges::find_if(all, [&](auto const& one) { return one.rule.id == id; });
  if (found == all.end()) return core::fail(core::Errc::not_found, "rule.unknown", {"没有这条规则。全部规则见 /api/v1/rules。", "There is no such rule; /api/v1/rules has them all."}, "id");
  auto out = rule_json(*found, *parts.people.api.catalogue);
  ZHILI_TRY(auto const own, parts.keeper->own_values(std::string(id)));
  array values;
  for (auto const& one : own) {
    auto const where = parts.subject(one.subject, one.subject.scope == catalogue::rules::Scope::thing ? std::atoll(one.subject.id.c_str()) : 0);
    values.push_back(object{{"subject", rules::text_of(one.subject)}, {"place", to_json(where.place)}, {"parameter", one.parameter}, {"value", one.value}});
  }
  out["own"] = std::move(values);
  return private_json(boost::json::serialize(out));
}

}  // namespace

void mount_rule_lists(Operations& operations, RuleParts const& parts) {
  using namespace shape;
  operations.add({.id = "listRules", .method = Method::get, .pattern = "/api/v1/rules", .summary = {"全部规则：原文、是否启用、运行情况", "All rules: as written, whether armed, how they stand"}, .who = signed_in(),
                  .good = {{.shape = record("Rules", {{"rules", list(record("Rule", rule_fields()))}, {"running", flag(), {"由这个进程运行", "This process runs them"}}})}}},
                 [parts](Call const& call) { return list_rules(call, parts); });
  auto fields = rule_fields();
  auto const own = record("OwnRuleValue", {{"subject", text(), {"thing:12 或 place:…", "thing:12 or place:…"}}, {"place", both_languages()}, {"parameter", text()}, {"value", number()}});
  fields.push_back({"own", list(own), {"另有取值的地方", "Where another value is set"}});
  operations.add({.id = "getRule", .method = Method::get, .pattern = "/api/v1/rules/{id}", .summary = {"一条规则", "One rule"}, .who = signed_in(),
                  .path = {needed("id", text(rule_code_characters_max), {"规则编码", "The rule's code"})}, .good = {{.shape = record("OneRule", std::move(fields))}}},
                 [parts](Call const& call) { return get_rule(call, parts); });
}

void mount_rules(Operations& operations, RuleParts const& parts) {
  mount_rule_lists(operations, parts);
  mount_rule_choices(operations, parts);
  mount_replays(operations, parts);
}

}  // namespace zhili::web
