#include "catalogue/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "catalogue/schema.hpp"
#include "catalogue/text_check.hpp"

namespace zhili::catalogue {
namespace {

constexpr int max_days_of_a_span = 400;

/// "0.5" → 500; at most three decimals.
std::optional<std::int64_t> take_thousandths(std::string_view& text) {
  auto const whole = take_number(text);
  if (!whole) return std::nullopt;
  std::int64_t thousandths = *whole * 1000;
  if (!text.starts_with('.')) return thousandths;
  text.remove_prefix(1);
  std::int64_t worth = 100;
  std::size_t digits = 0;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
    if (worth == 0) return std::nullopt;
    thousandths += (text[0] - '0') * worth;
    worth /= 10;
  }
  return digits == 0 ? std::nullopt : std::optional(thousandths);
}

void bad_unit(Node const& node, std::string_view unit, Report& report) {
  std::vector<std::string> known;
  for (auto const one : core::all_units) known.emplace_back(core::name(one));
  std::string const meant = nearest(unit, known);
  std::string const list = fmt::format("{}", fmt::join(known, ", "));
  report.at(node, "pack.unit",
            {fmt::format("没有“{}”这个时限单位", unit), fmt::format("there is no unit “{}”", unit)},
            meant.empty() ? core::Text{"单位只有：" + list, "the units are: " + list}
                          : core::Text{fmt::format("是不是 {}？单位只有：{}", meant, list),
                                       fmt::format("did you mean {}? The units are: {}", meant, list)});
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  auto const year = take_number(text);
  if (!year || !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  auto const month = take_number(text);
  if (!month || !text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  auto const day = take_number(text);
  if (!day) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970 || *year > 2199) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<int> take_time(std::string_view& text) {
  auto const hour = take_number(text);
  if (!hour || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  auto const minute = take_number(text);
  if (!minute || *minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) return std::nullopt;
  return static_cast<int>(*hour * 3600 + *minute * 60);
}

template <class Test>
bool any_char(std::string_view text, Test test) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t const length = utf8_length(text, at);
    if (length == 0) return false;
    if (test(utf8_code(text, at, length))) return true;
    at += length;
  }
  return false;
}

}  // namespace

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits == 9) return std::nullopt;
    number = number * 10 + (text[digits] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool has_han(std::string_view text) {
  return any_char(text, [](char32_t c) {
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) ||
           c == 0x3007;
  });
}

bool has_latin(std::string_view text) {
  return any_char(text, [](char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool is_blank(std::string_view text) {
  return !any_char(text, [](char32_t c) { return c > 0x20 && c != 0x3000 && c != 0xA0; });
}

core::Text read_text(Node const* node) {
  if (node == nullptr || !node->is_map()) return {};
  return {std::string(node->str("zh")), std::string(node->str("en"))};
}

std::optional<core::Budget> read_limit(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const thousandths = take_thousandths(text);
  if (!thousandths || !text.starts_with(' ')) {
    report.at(node, "pack.limit",
              {fmt::format("时限“{}”看不懂", node.text),
               fmt::format("the limit “{}” cannot be understood", node.text)},
              {"写数量、空格、单位：4 work_hours，0.5 urgent_hours",
               "write an amount, a space and a unit: 4 work_hours, 0.5 urgent_hours"});
    return std::nullopt;
  }
  text.remove_prefix(1);
  auto const unit = core::unit_from(text);
  if (!unit) {
    bad_unit(node, text, report);
    return std::nullopt;
  }
  if (*thousandths <= 0 || *thousandths > core::max_budget_units * 1000) {
    report.at(node, "pack.limit.amount",
              {fmt::format("时限“{}”不在 0 到 {} 之间", node.text, core::max_budget_units),
               fmt::format("the limit “{}” is not between 0 and {}", node.text, core::max_budget_units)},
              {"没有时限就不写这一环节", "where nothing is promised, leave the phase out"});
    return std::nullopt;
  }
  return core::Budget::of(*unit, *thousandths);
}

std::optional<core::Duration> read_span(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const number = take_number(text);
  if (number && *number > 0) {
    if (text == " min") return std::chrono::minutes(*number);
    if (text == " h") return std::chrono::hours(*number);
    if (text == " d") return std::chrono::hours(24 * *number);
  }
  report.at(node, "pack.span",
            {fmt::format("时长“{}”看不懂", node.text),
             fmt::format("the length of time “{}” cannot be understood", node.text)},
            {"写成 30 min、6 h 或 2 d", "write 30 min, 6 h or 2 d"});
  return std::nullopt;
}

std::optional<core::Duration> read_period(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const number = take_number(text);
  if (number && *number > 0) {
    if (text == " s") return std::chrono::seconds(*number);
    if (text == " min") return std::chrono::minutes(*number);
    if (text == " h") return std::chrono::hours(*number);
    if (text == " d") return std::chrono::hours(24 * *number);
    if (text == " a") return std::chrono::hours(24 * 365 * *number);
  }
  report.at(node, "pack.period",
            {fmt::format("时长“{}”看不懂", node.text), fmt::format("the length of time “{}” cannot be understood", node.text)},
            {"写成 30 s、5 min、6 h、90 d 或 2 a", "write 30 s, 5 min, 6 h, 90 d or 2 a"});
  return std::nullopt;
}

std::optional<std::int32_t> read_metres(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const number = take_number(text);
  if (number && *number > 0 && *number < 100'000 && text == " m") return static_cast<std::int32_t>(*number);
  report.at(node, "pack.metres",
            {fmt::format("距离“{}”看不懂", node.text),
             fmt::format("the distance “{}” cannot be understood", node.text)},
            {"写成 150 m", "write 150 m"});
  return std::nullopt;
}

std::optional<std::int32_t> read_count(Node const& node) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const number = take_number(text);
  return number ? std::optional(static_cast<std::int32_t>(*number)) : std::nullopt;
}

std::vector<core::DateRule> read_dates(Node const& node, core::DateRule::Kind kind, Report& report) {
  std::vector<core::DateRule> dates;
  if (!node.is_scalar()) return dates;
  std::string_view text = node.text;
  auto const first = take_date(text);
  auto last = first;
  if (first && text.starts_with("..")) {
    text.remove_prefix(2);
    last = take_date(text);
  }
  if (!first || !last || !text.empty() || *last < *first ||
      *last - *first > std::chrono::days(max_days_of_a_span)) {
    report.at(node, "pack.date",
              {fmt::format("日期“{}”不存在或前后颠倒", node.text),
               fmt::format("the date “{}” does not exist, or ends before it begins", node.text)},
              {"写成 2026-05-09 或 2026-10-01..2026-10-07", "write 2026-05-09 or 2026-10-01..2026-10-07"});
    return dates;
  }
  for (auto day = *first; day <= *last; day += std::chrono::days(1)) {
    std::chrono::year_month_day const date(day);
    dates.push_back({static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()),
                     kind,
                     {}});
  }
  return dates;
}

std::optional<core::HourSpan> read_hours(Node const& node, Report& report) {
  if (!node.is_scalar()) return std::nullopt;
  std::string_view text = node.text;
  auto const from = take_time(text);
  if (from && text.starts_with('-')) {
    text.remove_prefix(1);
    auto const to = take_time(text);
    if (to && text.empty() && *from < *to) return core::HourSpan{*from, *to};
  }
  report.at(node, "pack.hours",
            {fmt::format("时段“{}”看不懂，或前后颠倒", node.text),
             fmt::format("the hours “{}” cannot be understood, or end before they begin", node.text)},
            {"写成 \"08:30-12:00\"", "write \"08:30-12:00\""});
  return std::nullopt;
}

}  // namespace zhili::catalogue
