// Rules in words: for messages, and for telling whether two do the same.

#include <fmt/format.h>

#include <array>

#include "catalogue/rules/rule.hpp"

namespace zhili::catalogue::rules {

namespace {

constexpr std::array<std::string_view, severities> severity_names{"info", "warning", "minor", "major", "critical"};
constexpr std::array<std::string_view, 7> weekday_names{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

std::string_view sign_of(Op op) {
  switch (op) {
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::equal: return "=";
    case Op::not_equal: return "!=";
    case Op::less: return "<";
    case Op::less_equal: return "<=";
    case Op::greater: return ">";
    case Op::greater_equal: return ">=";
    case Op::all_of: return "and";
    case Op::any_of: return "or";
    default: return "";
  }
}

std::string_view window_name(Window window) {
  switch (window) {
    case Window::least: return "min";
    case Window::most: return "max";
    case Window::mean: return "mean";
    case Window::sum: return "sum";
    case Window::count: return "count";
    case Window::rise: return "rise";
    case Window::rate: return "rate";
  }
  return "";
}

std::string span_words(core::Duration span) {
  auto const ms = span.count();
  if (ms % 86'400'000 == 0) return fmt::format("{} d", ms / 86'400'000);
  if (ms % 3'600'000 == 0) return fmt::format("{} h", ms / 3'600'000);
  if (ms % 60'000 == 0) return fmt::format("{} min", ms / 60'000);
  if (ms % 1'000 == 0) return fmt::format("{} s", ms / 1'000);
  return fmt::format("{} ms", ms);
}

std::string days_words(Days days) {
  std::string out;
  auto const add = [&](std::string_view word) { out += (out.empty() ? "" : ", ") + std::string(word); };
  for (std::size_t i = 0; i < weekday_names.size(); ++i)
    if ((days >> i) & 1) add(weekday_names[i]);
  if (days & workdays) add("workdays");
  if (days & free_days) add("days-off");
  return out;
}

std::string clock_words(int second) { return fmt::format("{:02}:{:02}", second / 3600, second / 60 % 60); }

std::string number_words(Expr const& expr) { return expr.unit.code() == "1" ? fmt::format("{}", expr.number) : fmt::format("{} {}", expr.number, expr.unit.code()); }

}  // namespace

std::string_view name(Severity severity) { return severity_names[static_cast<std::size_t>(severity)]; }

std::optional<Severity> severity_from(std::string_view name) {
  for (std::size_t i = 0; i < severities; ++i)
    if (severity_names[i] == name) return static_cast<Severity>(i);
  return std::nullopt;
}

std::string_view name(Scope scope) { return scope == Scope::thing ? "thing" : "place"; }

std::string words_of(Expr const& expr, Rule const& rule) {
  auto const part = [&](std::size_t i) { return words_of(expr.parts[i], rule); };
  auto const property = [&] { return expr.property < rule.watch.size() ? std::string_view(rule.watch[expr.property].property) : std::string_view("?"); };
  switch (expr.op) {
    case Op::number: return number_words(expr);
    case Op::truth: return expr.number != 0 ? "true" : "false";
    case Op::text: return fmt::format("\"{}\"", expr.text);
    case Op::last: return fmt::format("last({})", property());
    case Op::window: return fmt::format("{}({}, {})", window_name(expr.window), property(), span_words(expr.span));
    case Op::usual: return fmt::format("usual({}, {})", property(), expr.number);
    case Op::parameter: return fmt::format("param({})", expr.index < rule.parameters.size() ? rule.parameters[expr.index].id : "?");
    case Op::negate: return fmt::format("-{}", part(0));
    case Op::absolute: return fmt::format("abs({})", part(0));
    case Op::convert: return fmt::format("({} in {})", part(0), expr.unit.code());
    case Op::negation: return fmt::format("not {}", part(0));
    case Op::lasting: return fmt::format("({} for {})", part(0), span_words(expr.span));
    case Op::consecutive: return fmt::format("({} {} times)", part(0), expr.times);
    case Op::then: return fmt::format("({} then {} within {})", part(0), part(1), span_words(expr.span));
    case Op::without: return fmt::format("({} and not {} within {})", part(0), part(1), span_words(expr.span));
    case Op::no_data: return fmt::format("no data from {} for {}", property(), span_words(expr.span));
    case Op::no_change: return fmt::format("no change of {} for {}", property(), span_words(expr.span));
    case Op::no_sign: return fmt::format("no {} for {}", property(), span_words(expr.span));
    case Op::any_sensor: return fmt::format("any of {}", part(0));
    case Op::all_sensors: return fmt::format("all of {}", part(0));
    case Op::count_sensors: return fmt::format("count of {}", part(0));
    case Op::between: return fmt::format("between {} and {}", clock_words(expr.from_s), clock_words(expr.to_s));
    case Op::on_days: return fmt::format("on {}", days_words(expr.days));
    default: return fmt::format("({} {} {})", part(0), sign_of(expr.op), part(1));
  }
}

}  // namespace zhili::catalogue::rules
