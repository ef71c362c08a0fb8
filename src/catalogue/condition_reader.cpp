#include "catalogue/condition_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {
namespace {

constexpr std::array phases{Phase::check,  Phase::dispatch, Phase::handle,
                            Phase::rework, Phase::verify,   Phase::whole};

Occasion occasion(Node const* map, char const* key, Occasion otherwise) {
  if (map == nullptr) return otherwise;
  auto const text = map->str(key);
  for (auto const one : {Occasion::never, Occasion::citizen_reports, Occasion::always}) {
    if (name(one) == text) return one;
  }
  return otherwise;
}

std::vector<std::string> photos(Node const* evidence, char const* key) {
  std::vector<std::string> found;
  Node const* const list = evidence != nullptr ? evidence->get(key) : nullptr;
  if (list == nullptr || !list->is_list()) return found;
  for (auto const& one : list->children) {
    if (one.is_scalar()) found.push_back(one.text);
  }
  return found;
}

class ConditionReader {
 public:
  ConditionReader(Node const& place, Node const& node, Vocabulary const& words, Report& report)
      : place_(place), node_(node), vocabulary_(words), report_(report) {}

  Condition read(Kind kind) {
    out_.code = place_.text;
    out_.when = read_text(need("when", {"什么情况下立案", "when a case is opened"}));
    out_.closed_when = read_text(need("closed_when", {"什么情况下结案", "when it may be closed"}));
    out_.basis = node_.str("basis");
    duty(kind);
    if (Node const* const all = need("clocks", {"时限；确实没有时限就写 clocks: {}",
                                                "time limits; write clocks: {} where nothing is promised"});
        all != nullptr && all->is_map()) {
      clocks(*all);
    }
    check();
    Node const* const evidence = node_.get("evidence");
    out_.evidence = {photos(evidence, "report"), photos(evidence, "handle"), photos(evidence, "verify")};
    return std::move(out_);
  }

 private:
  Node const* need(char const* key, core::Text const& hint) {
    Node const* const found = node_.get(key);
    if (found == nullptr) {
      report_.also(place_, "pack.condition.missing",
                   {fmt::format("立案条件 {} 缺少“{}”", place_.text, key),
                    fmt::format("the condition {} has no “{}”", place_.text, key)},
                   {fmt::format("加上 {}：{}", key, hint.zh), fmt::format("add {}: {}", key, hint.en)});
    }
    return found;
  }

  void duty(Kind kind) {
    out_.duty.by = kind == Kind::component ? DutyBy::owner : DutyBy::place;
    Node const* const duty = need("duty", {"{function: 职能}", "{function: …}"});
    if (duty != nullptr && duty->is_map()) {
      if (Node const* const function = duty->get("function")) out_.duty.function = known_function(*function);
      if (duty->str("by") == "owner") out_.duty.by = DutyBy::owner;
      if (duty->str("by") == "place") out_.duty.by = DutyBy::place;
    }
    Node const* const joint = node_.get("joint");
    if (joint == nullptr || !joint->is_list()) return;
    for (auto const& one : joint->children) out_.duty.joint.push_back(known_function(one));
  }

  std::string known_function(Node const& function) {
    if (!function.is_scalar()) return {};
    auto const& all = vocabulary_.functions;
    if (std::none_of(all.begin(), all.end(),
                     [&](Function const& one) { return one.code == function.text; })) {
      std::vector<std::string> known;
      for (auto const& one : all) known.push_back(one.code);
      std::string const meant = nearest(function.text, known);
      report_.at(function, "pack.function.none",
                 {fmt::format("没有职能“{}”", function.text),
                  fmt::format("there is no function “{}”", function.text)},
                 {meant.empty() ? "在 functions 里写上它，或在 needs 里写上有它的包"
                                : fmt::format("是不是“{}”？", meant),
                  meant.empty() ? "add it under functions, or name the pack that has it under needs"
                                : fmt::format("did you mean “{}”?", meant)});
    }
    return function.text;
  }

  void clocks(Node const& all) {
    for (Phase const phase : phases) {
      Node const* const clock = all.get(name(phase));
      if (clock == nullptr) continue;
      if (clock->is_scalar()) {
        if (auto const budget = read_limit(*clock, report_)) {
          out_.clocks.push_back({phase, std::string(name(phase)), title(phase), *budget});
        }
        continue;
      }
      if (!clock->is_map()) continue;
      for (std::size_t i = 0; i < clock->keys.size() && i < clock->children.size(); ++i) {
        Node const& part = clock->children[i];
        Node const* const limit = part.get("limit");
        auto const budget = limit != nullptr ? read_limit(*limit, report_) : std::nullopt;
        if (!budget) continue;
        out_.clocks.push_back({phase, fmt::format("{}/{}", name(phase), clock->keys[i].text),
                               read_text(part.get("name")), *budget});
      }
    }
  }

  void check() {
    Node const* const check = node_.get("check");
    out_.check.before = occasion(check, "before", Occasion::never);
    out_.check.after = occasion(check, "after", Occasion::always);
    Node const* const by = check != nullptr ? check->get("by") : nullptr;
    if (by == nullptr || !by->is_scalar()) return;
    out_.check.by = by->text;
    auto const& roles = vocabulary_.roles;
    if (std::any_of(roles.begin(), roles.end(), [&](Role const& role) { return role.code == by->text; }))
      return;
    report_.at(*by, "pack.role.none",
               {fmt::format("没有角色“{}”", by->text), fmt::format("there is no role “{}”", by->text)},
               {"在 roles 里写上它，或在 needs 里写上 base", "add it under roles, or name base under needs"});
  }

  Node const& place_;
  Node const& node_;
  Vocabulary const& vocabulary_;
  Report& report_;
  Condition out_;
};

}  // namespace

Condition read_condition(Node const& place, Node const& condition, Kind kind, Vocabulary const& words,
                         Report& report) {
  return ConditionReader(place, condition, words, report).read(kind);
}

}  // namespace zhili::catalogue
