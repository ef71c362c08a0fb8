#include "catalogue/rules/soundness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace zhili::catalogue::rules {

namespace {

void each_node(Expr const& expr, std::function<void(Expr const&)> const& visit) {
  visit(expr);
  for (auto const& part : expr.parts) each_node(part, visit);
}

void each_condition(Rule const& rule, std::function<void(Expr const&)> const& visit) {
  each_node(rule.raise, visit);
  each_node(rule.clear, visit);
  for (auto const& step : rule.escalations) each_node(step.when, visit);
  if (rule.fault) each_node(*rule.fault, visit);
  if (rule.during) each_node(*rule.during, visit);
  if (rule.shows) each_node(*rule.shows, visit);
}

/// After how long without a reading of a property the device is at fault; nothing: never.
std::optional<core::Duration> silence_of(Rule const& rule, std::uint8_t property) {
  std::optional<core::Duration> out;
  if (!rule.fault) return out;
  each_node(*rule.fault, [&](Expr const& expr) {
    if (expr.op == Op::no_data && expr.property == property && (!out || expr.span < *out)) out = expr.span;
  });
  return out;
}

Node const& node_of(RuleSource const& source, char const* key) {
  Node const* const found = source.body.get(key);
  return found ? *found : source.key;
}

}  // namespace

void check_rule(Rule const& rule, RuleSource const& source, Report& report) {
  std::size_t nodes = 0;
  std::set<std::tuple<std::uint8_t, std::int64_t, int>> windows;
  each_condition(rule, [&](Expr const& expr) {
    ++nodes;
    if (expr.op == Op::window) windows.emplace(expr.property, expr.span.count(), static_cast<int>(expr.window));
  });
  bool silent = false;
  auto const look = [&](Expr const& expr) {
    if (expr.op != Op::no_sign && expr.op != Op::no_change) return;
    auto const silence = silence_of(rule, expr.property);
    if (!silence || *silence >= expr.span) silent = true;
  };
  each_node(rule.raise, look);
  each_node(rule.clear, look);
  for (auto const& step : rule.escalations) each_node(step.when, look);
  if (silent) {
    report.at(node_of(source, "raise"), "rule.silence.fault", {"设备没有声音时，“no … for”不能当作发生了什么", "where the device itself may be silent, “no … for” proves nothing"},
              {"加上更短的 fault: no data for …，设备不说话就先报设备故障", "add a shorter fault: no data for …, so that silence is told as a fault of the device"});
  }
  if (nodes > rule_nodes_max || windows.size() > rule_windows_max)
    report.at(source.key, "rule.size", {fmt::format("规则太大：最多 {} 项、{} 个窗口", rule_nodes_max, rule_windows_max), fmt::format("the rule is too large: at most {} parts and {} windows", rule_nodes_max, rule_windows_max)}, {"拆成几条规则", "make several rules of it"});
  if (rule.escalations.size() > rule_escalations_max)
    report.at(node_of(source, "escalate"), "rule.escalate.many", {fmt::format("最多 {} 级升级", rule_escalations_max), fmt::format("at most {} escalations", rule_escalations_max)}, {"去掉几级", "remove some"});
  for (auto const& step : rule.escalations)
    if (step.to <= rule.severity)
      report.at(node_of(source, "escalate"), "rule.escalate.lower", {fmt::format("升级到 {} 并不比 {} 高", name(step.to), name(rule.severity)), fmt::format("{} is not graver than {}", name(step.to), name(rule.severity))}, {"升级要写更高的级别", "escalate to a graver one"});
  if (rule.lateness > lateness_max) report.at(node_of(source, "lateness"), "rule.lateness", {"lateness 最多 1 小时", "lateness is at most an hour"}, {"写短一些", "write less"});
}

std::uint64_t meaning_of(Rule const& rule) {
  std::string text = fmt::format("1 {} {} {} {} {} {} {} {}\n", name(rule.scope), rule.keep_firing.count(), rule.flap.times, rule.flap.within.count(), rule.flap.calm.count(), rule.lateness.count(), rule.ignores, rule.escalations.size());
  for (auto const& type : rule.of) text += type + " ";
  for (auto const& watched : rule.watch) text += fmt::format("\n{} {} {}", watched.property, static_cast<int>(watched.kind), watched.unit);
  for (auto const& parameter : rule.parameters) text += fmt::format("\n{} {} {}", parameter.id, parameter.standard, parameter.unit);
  auto const add = [&](Expr const& expr) { text += "\n" + words_of(expr, rule); };
  add(rule.raise);
  add(rule.clear);
  for (auto const& step : rule.escalations) add(step.when);
  text += "\nfault";
  if (rule.fault) add(*rule.fault);
  text += "\nduring";
  if (rule.during) add(*rule.during);
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;  // FNV-1a, 64 bits
  for (char const c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211ULL;
  }
  return hash;
}

}  // namespace zhili::catalogue::rules
