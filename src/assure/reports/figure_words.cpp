#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assure/reports/figures.hpp"

namespace zhili::assure::reports {

namespace {

struct CountWord {
  std::string_view code;
  FigureWord word;
};
CountWord const counts[] = {
    {"opened", {{"立案", "Registered"}, Form::count, {"本期内立案的案卷", "cases registered in the period"}}},
    {"closed", {{"结案", "Closed"}, Form::count, {"本期内结案的案卷", "cases closed in the period"}}},
    {"in_hand", {{"在办", "In hand"}, Form::count, {"期末尚未结案的案卷", "cases not closed at the end of the period"}}},
    {"late", {{"在办超期", "Overdue"}, Form::count, {"期末尚未结案、已过时限的案卷", "cases not closed at the end of the period, past their time limit"}}},
};

Text without_full_stop(Text text) {
  constexpr std::string_view zh_stop = "。";
  if (text.zh.ends_with(zh_stop)) text.zh.resize(text.zh.size() - zh_stop.size());
  if (text.en.ends_with('.')) text.en.pop_back();
  return text;
}

std::string with_commas(std::int64_t number) {
  auto digits = std::to_string(std::abs(number));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

/// Rounded in whole numbers so that every machine writes the same.
std::string one_decimal(double number) {
  auto const tenths = std::llround(number * 10);
  return fmt::format("{}{}.{}", tenths < 0 ? "-" : "", std::abs(tenths) / 10, std::abs(tenths) % 10);
}
std::string two_decimals(double number) {
  auto const parts = std::llround(number * 100);
  return fmt::format("{}{}.{:02}", parts < 0 ? "-" : "", std::abs(parts) / 100, std::abs(parts) % 100);
}

}  // namespace

FigureWord const& count_word(std::string_view count) {
  auto const found = std::ranges::find(counts, count, &CountWord::code);
  return found == std::end(counts) ? counts[0].word : found->word;
}

FigureWord word_of(catalogue::Indicator const& indicator) {
  using catalogue::Unit;
  auto const form = indicator.unit == Unit::share ? Form::share : indicator.unit == Unit::hours ? Form::decimal : Form::times;
  return {indicator.name, form, without_full_stop(indicator.about)};
}

Form form_of(FigureWord const& word, FigurePart part) {
  if (part == FigurePart::value) return word.form;
  return word.form == Form::decimal && part == FigurePart::numerator ? Form::decimal : Form::count;
}

std::string shown(std::optional<double> number, Form form) {
  if (!number) return "–";
  switch (form) {
    case Form::count: return with_commas(std::llround(*number));
    case Form::share: return one_decimal(*number * 100) + "%";
    case Form::times: return two_decimals(*number);
    case Form::decimal: break;
  }
  return one_decimal(*number);
}

Text change_shown(std::optional<double> now, std::optional<double> before, Form form) {
  if (!now || !before) return {"无可比数据", "not comparable"};
  if (form == Form::share) {
    auto const points = (*now - *before) * 100;
    if (std::llround(points * 10) == 0) return {"持平", "unchanged"};
    auto const size = one_decimal(std::abs(points));
    return points > 0 ? Text{"提高 " + size + " 个百分点", "up " + size + " points"} : Text{"下降 " + size + " 个百分点", "down " + size + " points"};
  }
  if (shown(now, form) == shown(before, form)) return {"持平", "unchanged"};
  if (*before == 0) return {"由 0 增加", "up from 0"};
  auto const size = one_decimal(std::abs(*now - *before) / *before * 100) + "%";
  return *now > *before ? Text{"增加 " + size, "up " + size} : Text{"减少 " + size, "down " + size};
}

}  // namespace zhili::assure::reports
