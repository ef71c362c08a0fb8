#include "catalogue/rules/scales.hpp"

#include <fmt/format.h>

namespace zhili::catalogue::rules {

Checked<Expr> difference(Expr expr) {
  double factor = 1;
  if (expr.unit.has_offset()) {
    auto kelvin = core::UcumUnit::parse("K");
    auto const steps = expr.unit.conversion_of_difference(*kelvin);
    if (!steps) return mistaken(expr.at, "rule.unit", steps.error().text, {"", ""});
    factor = steps->factor / steps->divisor;
    expr.unit = std::move(*kelvin);
  }
  auto at = expr.at;
  if (expr.window == Window::rate) {
    auto per_second = core::UcumUnit::parse(fmt::format("({})/s", expr.unit.code()));
    if (!per_second) return mistaken(at, "rule.rate.unit", {"这个单位没有变化率", "this unit has no rate"}, {"用 rise", "use rise"});
    expr.unit = std::move(*per_second);
  }
  if (factor == 1) return expr;
  Expr out;
  out.op = Op::convert;
  out.type = Type::number;
  out.unit = expr.unit;
  out.number = factor;
  out.at = at;
  out.parts.push_back(std::move(expr));
  return out;
}

bool is_on_a_scale(Expr const& expr) {
  if (expr.op == Op::convert) return is_on_a_scale(expr.parts[0]);
  bool const window = expr.op == Op::window && (expr.window == Window::least || expr.window == Window::most || expr.window == Window::mean);
  return window || expr.op == Op::number || expr.op == Op::last || expr.op == Op::usual || expr.op == Op::parameter;
}

}  // namespace zhili::catalogue::rules
