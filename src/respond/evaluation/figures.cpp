#include "respond/evaluation/figures.hpp"

#include <algorithm>

namespace zhili::respond::evaluation {

namespace {

using catalogue::Indicator;
using catalogue::Quantity;

constexpr double per_cent = 100;
constexpr double minutes_per_hour = 60;

std::int64_t amount(Quantity quantity, Sums const& sums) {
  switch (quantity) {
    case Quantity::number: return sums.number;
    case Quantity::dispatches: return sums.dispatches;
    case Quantity::accurate_dispatches: return sums.dispatches - sums.returns;
    case Quantity::returns: return sums.returns;
    case Quantity::reworks: return sums.reworks;
    case Quantity::hours: return sums.minutes;
  }
  return 0;
}

double points_of(catalogue::ScorePart const& part, Indicator const& indicator, double value) {
  auto const reached = value * per_cent;
  auto const worse = indicator.more_is_better ? part.reach - reached : reached - part.reach;
  return std::max(0.0, part.points - std::max(0.0, worse) * part.less_per_point);
}

double deduction_of(catalogue::ScorePart const& part, std::int64_t number) {
  if (part.then_each == 0) return part.each * static_cast<double>(number);
  auto const first = std::min(number, part.after);
  return part.each * static_cast<double>(first) + part.then_each * static_cast<double>(number - first);
}

}  // namespace

Figure figure(Indicator const& indicator, FactSums const& sums) {
  Figure out;
  for (auto const& [facts, of] : sums) {
    if (!indicator.among.fit(facts)) continue;
    if ((facts & indicator.without) != 0) {
      out.excluded += of.number;
      continue;
    }
    out.denominator += amount(indicator.per, of);
    if (indicator.count.fit(facts)) out.numerator += amount(indicator.sum, of);
  }
  return out;
}

std::optional<double> value(Indicator const& indicator, Figure const& figure) {
  if (figure.denominator == 0) return std::nullopt;
  auto const out = static_cast<double>(figure.numerator) / static_cast<double>(figure.denominator);
  return indicator.sum == Quantity::hours ? out / minutes_per_hour : out;
}

std::map<catalogue::Fact, std::int64_t> reasons(Indicator const& indicator, FactSums const& sums) {
  std::map<catalogue::Fact, std::int64_t> out;
  for (auto const& [facts, of] : sums) {
    auto const left_out = facts & indicator.without;
    if (left_out == 0 || !indicator.among.fit(facts)) continue;
    for (auto const& words : catalogue::fact_words())
      if ((left_out & catalogue::bit(words.fact)) != 0) {
        out[words.fact] += of.number;
        break;
      }
  }
  return out;
}

std::optional<Part> part_from(std::string_view name) {
  if (name == "numerator") return Part::numerator;
  if (name == "denominator") return Part::denominator;
  if (name == "excluded") return Part::excluded;
  return std::nullopt;
}

Wanted behind(Indicator const& indicator, Part part) {
  Wanted out{.terms = indicator.among};
  if (part == Part::excluded) {
    out.any = indicator.without;
    out.nobody = indicator.without == 0;
    return out;
  }
  out.none = indicator.without;
  if (part == Part::denominator) return out;
  out.terms.all |= indicator.count.all;
  out.terms.none |= indicator.count.none;
  using catalogue::bit;
  using catalogue::Fact;
  if (indicator.sum == Quantity::reworks) out.terms.all |= bit(Fact::reworked);
  if (indicator.sum == Quantity::returns) out.terms.all |= bit(Fact::returned);
  return out;
}

FactSums together(Tally const& tally) {
  FactSums out;
  for (auto const& [key, sums] : tally) out.add(sums);
  return out;
}

std::optional<ScoreFigure> score(std::vector<catalogue::ScorePart> const& parts,
                                 std::map<std::string, std::pair<Indicator const*, Figure>> const& figures) {
  ScoreFigure out;
  for (auto const& part : parts) {
    auto const& [indicator, of] = figures.at(part.indicator);
    if (part.points > 0) {
      auto const reached = value(*indicator, of);
      if (!reached) return std::nullopt;
      out.parts.push_back({part.indicator, points_of(part, *indicator, *reached)});
    } else {
      out.parts.push_back({part.indicator, -deduction_of(part, of.numerator)});
    }
    out.total += out.parts.back().points;
  }
  out.total = std::max(0.0, out.total);
  return out;
}

}  // namespace zhili::respond::evaluation
