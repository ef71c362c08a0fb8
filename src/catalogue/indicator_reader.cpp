#include "catalogue/indicator_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "catalogue/schema.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {

namespace {

constexpr std::array quantities{Quantity::number,  Quantity::dispatches, Quantity::accurate_dispatches,
                                Quantity::returns, Quantity::reworks,    Quantity::hours};
constexpr std::array units{Unit::share, Unit::times, Unit::hours};

std::vector<std::string> facts_of(Cohort of) {
  std::vector<std::string> out;
  for (auto const& words : fact_words())
    if (words.of == of) out.emplace_back(words.name);
  return out;
}

/// The fact of a word, or a finding and nothing.
std::optional<Fact> read_fact(Node const& node, std::string_view word, Cohort of, Report& report) {
  for (auto const& words : fact_words())
    if (words.of == of && words.name == word) return words.fact;
  auto const near = nearest(word, facts_of(of));
  report.at(node, "pack.indicator.fact",
            {fmt::format("“{}”不是{}的事实", word, of == Cohort::cases ? "案卷" : "信号"),
             fmt::format("“{}” is no fact of a {}", word, of == Cohort::cases ? "case" : "signal")},
            near.empty() ? core::Text{"见 docs/reference/evaluation.md 的事实表", "see the facts in docs/reference/evaluation.md"}
                         : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
  return std::nullopt;
}

constexpr std::string_view negation = "not ";

Terms read_terms(Node const* list, Cohort of, Report& report) {
  Terms out;
  if (list == nullptr || !list->is_list()) return out;
  for (auto const& one : list->children) {
    if (!one.is_scalar()) continue;
    std::string_view word = one.text;
    bool const negated = word.starts_with(negation);
    if (negated) word.remove_prefix(negation.size());
    if (auto const fact = read_fact(one, word, of, report)) (negated ? out.none : out.all) |= bit(*fact);
  }
  return out;
}

template <class Word, std::size_t count>
Word read_word(Node const* node, std::array<Word, count> const& known, Word otherwise) {
  if (node == nullptr) return otherwise;
  auto const found = std::ranges::find_if(known, [&](Word word) { return name(word) == node->text; });
  return found == known.end() ? otherwise : *found;  // the schema names what is allowed
}

bool is_true(Node const& node, std::string_view key, bool otherwise) {
  auto const word = node.str(key);
  return word.empty() ? otherwise : word == "true";
}

double number(Node const& node, std::string_view key) {
  auto const word = node.str(key);
  double out = 0;
  std::from_chars(word.data(), word.data() + word.size(), out);
  return out;
}

}  // namespace

Indicator read_indicator(Node const& key, Node const& node, Report& report) {
  Indicator out{.code = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about"))};
  out.of = node.str("of") == "signals" ? Cohort::signals : Cohort::cases;
  out.count = read_terms(node.get("count"), out.of, report);
  out.among = read_terms(node.get("among"), out.of, report);
  out.without = read_terms(node.get("without"), out.of, report).all;
  out.sum = read_word(node.get("sum"), quantities, Quantity::number);
  out.per = read_word(node.get("per"), quantities, Quantity::number);
  out.unit = read_word(node.get("unit"), units, Unit::share);
  out.more_is_better = node.str("better") != "less";
  out.open = is_true(node, "public", true);
  out.source = node.str("source");
  if (out.of == Cohort::signals && (out.sum != Quantity::number || out.per != Quantity::number))
    report.at(key, "pack.indicator.quantity",
              {fmt::format("指标 {} 数的是信号，只能按件数", key.text), fmt::format("the indicator {} counts signals, of which there is only the number", key.text)},
              {"去掉 sum 和 per，或写 of: cases", "leave out sum and per, or write of: cases"});
  if (is_report_count(key.text))
    report.at(key, "pack.indicator.taken", {fmt::format("“{}”是报告里案卷清单的件数", key.text), fmt::format("“{}” is the length of a list of cases in reports", key.text)},
              {"换一个编码", "use another code"});
  auto const wanted = out.count.all | out.among.all;
  if ((wanted & (out.without | out.count.none | out.among.none)) != 0)
    report.at(key, "pack.indicator.empty",
              {fmt::format("指标 {} 既要又不要同一事实，永远是 0", key.text), fmt::format("the indicator {} asks for a fact and leaves it out: it is always 0", key.text)},
              {"从 count、among 或 without 里去掉一处", "take it out of count, among or without"});
  return out;
}

Score read_score(Node const& key, Node const& node, Report& report) {
  Score out{.code = key.text, .name = read_text(node.get("name")), .about = read_text(node.get("about")), .source = std::string(node.str("source"))};
  Node const* const parts = node.get("parts");
  if (parts == nullptr || !parts->is_map()) return out;
  for (std::size_t i = 0; i < parts->keys.size() && i < parts->children.size(); ++i) {
    auto const& part = parts->children[i];
    out.parts.push_back({.indicator = parts->keys[i].text,
                         .points = number(part, "points"),
                         .reach = number(part, "reach"),
                         .less_per_point = number(part, "less_per_point"),
                         .each = number(part, "each"),
                         .after = static_cast<std::int64_t>(number(part, "after")),
                         .then_each = number(part, "then_each")});
    if (out.parts.back().points == 0 && out.parts.back().each == 0)
      report.at(parts->keys[i], "pack.score.nothing",
                {fmt::format("“{}”既不给分也不扣分", parts->keys[i].text), fmt::format("“{}” gives no points and takes none", parts->keys[i].text)},
                {"写 points 与 reach，或写 each", "write points and reach, or each"});
  }
  return out;
}

void check_score(Node const& node, Score const& score, std::vector<Indicator const*> const& known, Report& report) {
  Node const* const parts = node.get("parts");
  if (parts == nullptr) return;
  std::vector<std::string> codes;
  for (auto const* one : known) codes.push_back(one->code);
  for (std::size_t i = 0; i < score.parts.size() && i < parts->keys.size(); ++i) {
    if (std::ranges::find(codes, score.parts[i].indicator) != codes.end()) continue;
    auto const near = nearest(score.parts[i].indicator, codes);
    report.at(parts->keys[i], "pack.score.indicator",
              {fmt::format("没有指标“{}”", score.parts[i].indicator), fmt::format("there is no indicator “{}”", score.parts[i].indicator)},
              near.empty() ? core::Text{"写本包或所依赖的包里的指标", "name an indicator of this pack or of one that it needs"}
                           : core::Text{fmt::format("是不是 {}？", near), fmt::format("did you mean {}?", near)});
  }
}

}  // namespace zhili::catalogue
