// What people choose: whether a rule is armed, and its parameters where a place needs its own.

#include "organise/people/accounts.hpp"
#include "web/rules/rules.hpp"

namespace zhili::web {

namespace {

constexpr std::string_view lead_role = "dispatcher_lead";

core::Result<Response> arm(Call const& call, RuleParts const& parts) {
  ZHILI_CHECK(parts.keeper->arm(std::string(call.path.text("id")), call.body.flag("armed"), call.body.text("reason"), call.caller().ref()));
  return Response::no_content();
}

core::Result<rules::Subject> subject_in(std::string const& text) {
  if (auto found = rules::subject_from(text)) return std::move(*found);
  return core::fail(core::Errc::invalid, "rule.subject", {"写成 thing:编号 或 place:地点键。", "Write thing:NUMBER or place:KEY."}, "subject");
}

core::Result<Response> set_parameter(Call const& call, RuleParts const& parts) {
  ZHILI_TRY(auto const subject, subject_in(call.body.text("subject")));
  auto const value = call.body.has("value") ? std::optional(call.body.number("value").value_or(0)) : std::nullopt;
  ZHILI_CHECK(parts.keeper->set_parameter(std::string(call.path.text("id")), subject, call.body.text("parameter"), value, call.caller().ref()));
  return Response::no_content();
}

}  // namespace

Who rule_choosers() {
  Who out(Who::Kind::signed_in, {std::string(organise::administrator_role), std::string(lead_role)});
  out.everywhere = true;
  return out;
}

void mount_rule_choices(Operations& operations, RuleParts const& parts) {
  using namespace shape;
  auto const id = needed("id", text(rule_code_characters_max), {"规则编码", "The rule's code"});
  operations.add({.id = "armRule", .method = Method::post, .pattern = "/api/v1/rules/{id}/arm", .summary = {"启用或停用一条规则；停用即结束它的告警", "Arm or disarm a rule; disarming ends its alarms"}, .who = rule_choosers(), .path = {id},
                  .body = {needed("armed", flag(), {"启用", "Armed"}), needed("reason", text(rule_reason_characters_max), {"为什么", "Why"})}, .good = {{.status = 204}}},
                 [parts](Call const& call) { return arm(call, parts); });
  operations.add({.id = "setRuleParameter", .method = Method::post, .pattern = "/api/v1/rules/{id}/parameters", .summary = {"给一处另定参数；不写 value 就恢复标准值", "Set a parameter at one subject; without a value the standard holds again"},
                  .who = rule_choosers(), .path = {id},
                  .body = {needed("subject", text(rule_subject_characters_max), {"thing:编号 或 place:地点键", "thing:NUMBER or place:KEY"}), needed("parameter", text(rule_code_characters_max), {"参数编码", "The parameter's code"}),
                           optional("value", number(), {"按参数的单位", "In the parameter's unit"})},
                  .good = {{.status = 204}}},
                 [parts](Call const& call) { return set_parameter(call, parts); });
}

}  // namespace zhili::web
