// Prints indicators and scores as the page of the documentation.
#include <fmt/format.h>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {

namespace {

constexpr std::string_view head = R"md(# Evaluation

What is counted on the evaluation page, in `GET /api/v1/evaluation` and in reports. This page is printed from `packs/base`; a pack may add indicators and scores of its own
([packs](packs.md)), and `GET /api/v1/indicators` says what an installation publishes.

- **Cohort.** A period's cohort of cases is those **due** in it (应结案): the day, in the city's zone, on which the promise for the whole case runs out, as granted extensions have moved it. A
  suspended case is counted on the day when it would have run out, and left out by the indicators that say so. A case whose condition promises nothing as a whole is in no cohort. The cohort
  of signals is those that **came** in the period.
- **Not due yet.** A case that is still open counts from the day after it was due; until then it is left out, and shown as left out. A case that is closed before it is due counts at once.
- **Formula.** `count` among `among`, divided by `among`; what has a fact of `without` is left out of both and counted as excluded. All facts of a list must hold. A sum
  (返工次数) adds up instead of counting.
- **Appeals.** A department appeals against the counting of a closed case (`appeal`), an evaluator of another post decides. An upheld appeal is the fact `appeal_upheld`; figures
  change at once, and the case's story is the trail.
- **Comparison.** 环比 is the period before, 同比 the same period of the year before, by the same rules and as the ledger stands today.
- **Never persons.** There is no dimension of persons, and no row about one.
- **For everybody**: figures whose denominator is below `smallest_public_cell` are hidden, and the next smallest with them where a total would give the hidden one away.

Figures are read from kept sums ([how](../../src/respond/evaluation/README.md)); each opens the list of what it counts, `GET /api/v1/evaluation/cases`, as long as the figure.

## Facts

| fact | of a | 中文 | meaning |
|---|---|---|---|
)md";

std::string terms(Terms const& terms) {
  std::string out;
  for (auto const& words : fact_words()) {
    if ((terms.all & bit(words.fact)) != 0) out += fmt::format("{}`{}`", out.empty() ? "" : " ", words.name);
    if ((terms.none & bit(words.fact)) != 0) out += fmt::format("{}not `{}`", out.empty() ? "" : " ", words.name);
  }
  return out.empty() ? "all" : out;
}

std::string side(Quantity quantity, std::string const& of) {
  return quantity == Quantity::number ? of : fmt::format("{} of {}", name(quantity), of);
}

constexpr std::string_view not_counted = R"(
## Not counted, and why

- **漏报率** (missed by patrol, of what should have been found): needs inspections that say what was there and had not been reported. The ledger has none. `found_by_others` is what it does have: how much others reported first;
  among it is what no patrol could have seen.
- **区域覆盖率** (area covered by patrol): needs to know where collectors were. zhili keeps no tracks of persons, and that nothing was reported from a grid does not say that nobody was there.
)";

}  // namespace

std::string indicators_page(Catalogue const& catalogue) {
  std::string out(head);
  for (auto const& words : fact_words())
    out += fmt::format("| `{}` | {} | {} | {} |\n", words.name, words.of == Cohort::cases ? "case" : "signal", words.zh, words.en);
  out += "\n## Indicators\n\n| code | 指标 | indicator | count | among | without | unit | better | source |\n|---|---|---|---|---|---|---|---|---|\n";
  for (auto const* one : catalogue.indicators())
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} | {} | {} |\n", one->code, one->name.zh, one->name.en, side(one->sum, terms(one->count)),
                       side(one->per, one->of == Cohort::cases ? terms(one->among) : terms(one->among) + " signals"),
                       one->without == 0 ? "–" : terms({.all = one->without}), name(one->unit), one->more_is_better ? "more" : "less", one->source);
  out += not_counted;
  out += "\n## Scores\n";
  for (auto const* score : catalogue.scores()) {
    out += fmt::format("\n`{}` {} · {}: {} Source: {}.\n\n| indicator | points | in full from | off for each per cent worse | off for each | beyond | off for each then |\n|---|---|---|---|---|---|---|\n",
                       score->code, score->name.zh, score->name.en, score->about.en, score->source);
    for (auto const& part : score->parts)
      out += part.points > 0 ? fmt::format("| `{}` | {} | {} % | {} | | | |\n", part.indicator, part.points, part.reach, part.less_per_point)
                             : fmt::format("| `{}` | | | | {} | {} | {} |\n", part.indicator, part.each, part.after, part.then_each);
  }
  return out;
}

}  // namespace zhili::catalogue
