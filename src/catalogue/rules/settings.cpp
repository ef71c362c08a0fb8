#include "catalogue/rules/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "catalogue/rules/parser.hpp"
#include "catalogue/rules/token.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue::rules {

namespace {

struct IgnoredWord {
  std::string_view word;
  Ignored bit;
};
constexpr std::array ignored_words{IgnoredWord{"out_of_range", ignore_out_of_range}, IgnoredWord{"stuck", ignore_stuck}, IgnoredWord{"spike", ignore_spike}};
constexpr std::array placeholders{"{place}", "{thing}", "{value}"};

/// One number with a unit, and nothing else.
std::optional<Token> one_number(Node const& node) {
  if (!node.is_scalar()) return std::nullopt;
  auto const tokens = cut(node.text, {node.line, node.column});
  if (!tokens) return std::nullopt;
  bool const negative = tokens->size() == 3 && (*tokens)[0].is("-");
  if (tokens->size() != (negative ? 3U : 2U) || (*tokens)[negative ? 1 : 0].type != Token::Type::number) return std::nullopt;
  auto out = (*tokens)[negative ? 1 : 0];
  if (negative) out.number = -out.number;
  return out;
}

/// A word in braces that is no placeholder; empty: none.
std::string_view stranger_in(std::string_view text) {
  for (auto at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    auto const end = text.find('}', at);
    auto const word = text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
    if (std::ranges::find(placeholders, word) == placeholders.end()) return word;
  }
  return {};
}

}  // namespace

std::optional<core::Duration> read_duration(Node const& node, Report& report) {
  auto const token = one_number(node);
  if (token) {
    auto span = duration_of(*token);
    if (span) return *span;
    report.at(node, span.error().key, span.error().what, span.error().mend);
    return std::nullopt;
  }
  report.at(node, "rule.duration", {"这里写时长", "a length of time belongs here"}, {"30 s、5 min、2 h、1 d", "30 s, 5 min, 2 h, 1 d"});
  return std::nullopt;
}

Flap read_flap(Node const& node, Report& report) {
  Flap out;
  if (node.is_scalar() && node.text == "none") {
    out.times = 0;
    return out;
  }
  auto const times = node.is_map() && node.get("times") != nullptr ? read_count(*node.get("times")) : std::nullopt;
  if (!times || *times < 2 || *times > flap_times_max || node.get("within") == nullptr) {
    report.at(node, "rule.flap", {fmt::format("flap 写 times（2 到 {}）、within、calm", flap_times_max), fmt::format("flap has times (2 to {}), within and calm", flap_times_max)},
              {"flap: {times: 5, within: 1 h, calm: 15 min}，或 flap: none", "flap: {times: 5, within: 1 h, calm: 15 min}, or flap: none"});
    return out;
  }
  out.times = *times;
  out.within = read_duration(*node.get("within"), report).value_or(out.within);
  if (Node const* const calm = node.get("calm")) out.calm = read_duration(*calm, report).value_or(out.calm);
  return out;
}

Ignored read_ignored(Node const& node, Report& report) {
  Ignored out = 0;
  for (auto const& one : node.children) {
    auto const found = std::ranges::find(ignored_words, one.text, &IgnoredWord::word);
    if (found != ignored_words.end()) out = static_cast<Ignored>(out | found->bit);
    else report.at(one, "rule.ignores", {fmt::format("没有“{}”这种标记", one.text), fmt::format("there is no flag “{}”", one.text)}, {"out_of_range、stuck、spike", "out_of_range, stuck, spike"});
  }
  if (!node.is_list()) report.at(node, "rule.ignores", {"ignores 是一组标记", "ignores is a list of flags"}, {"ignores: [out_of_range, spike]", "ignores: [out_of_range, spike]"});
  return out;
}

std::optional<Parameter> read_parameter(Node const& key, Node const& node, Report& report) {
  Node const* const standard = node.get("standard");
  auto const number = standard ? one_number(*standard) : std::nullopt;
  auto const unit = number ? core::UcumUnit::parse(number->text) : core::Result<core::UcumUnit>{};
  if (!number || !unit) {
    report.at(standard ? *standard : key, "rule.params.standard", {"参数要有 standard：数和单位", "a parameter has a standard: a number and its unit"}, {"limit: {name: {zh: 水深上限, en: Depth}, standard: 15 cm}", "limit: {name: {zh: 水深上限, en: Depth}, standard: 15 cm}"});
    return std::nullopt;
  }
  return Parameter{.id = key.text, .name = node.get("name") ? read_text(node.get("name")) : core::Text{key.text, key.text}, .standard = number->number, .unit = std::string(number->text)};
}

core::Text read_says(RuleSource const& source, Node const* node, Report& report) {
  auto out = read_text(node);
  if (out.zh.empty() || out.en.empty()) {
    report.at(node ? *node : source.key, "rule.says", {"规则没有用两种语言说明告警", "the rule does not say in both languages what it tells"}, {"says: {zh: \"{place}水深 {value} 厘米\", en: \"{place}: water {value} cm deep\"}", "says: {zh: \"{place}水深 {value} 厘米\", en: \"{place}: water {value} cm deep\"}"});
    return out;
  }
  for (auto const* text : {&out.zh, &out.en})
    if (auto const word = stranger_in(*text); !word.empty())
      report.at(*node, "rule.says.word", {fmt::format("says 里不认识“{}”", word), fmt::format("says does not know “{}”", word)}, {"可以用 {place}、{thing}、{value}", "it knows {place}, {thing} and {value}"});
  return out;
}

}  // namespace zhili::catalogue::rules
