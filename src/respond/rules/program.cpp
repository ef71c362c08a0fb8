#include "respond/rules/program.hpp"

#include <algorithm>
#include <cmath>

namespace zhili::respond::rules {

using catalogue::rules::Expr;
using catalogue::rules::Op;
using catalogue::rules::Rule;
using catalogue::rules::Type;
using catalogue::rules::Window;

namespace {

using Index = std::uint16_t;

Code comparison_code(Op op) {
  switch (op) {
    case Op::not_equal: return Code::not_equal;
    case Op::less: return Code::less;
    case Op::less_equal: return Code::less_equal;
    case Op::greater: return Code::greater;
    case Op::greater_equal: return Code::greater_equal;
    default: return Code::equal;
  }
}
Code with_last(Code code) { return static_cast<Code>(static_cast<int>(code) - static_cast<int>(Code::equal) + static_cast<int>(Code::last_equal)); }
/// The comparison that says the same with its sides changed.
Op turned(Op op) {
  switch (op) {
    case Op::less: return Op::greater;
    case Op::less_equal: return Op::greater_equal;
    case Op::greater: return Op::less;
    case Op::greater_equal: return Op::less_equal;
    default: return op;
  }
}
bool is_constant(Expr const& expr) { return expr.op == Op::number || expr.op == Op::truth || expr.op == Op::text; }
double constant_of(Expr const& expr) { return expr.op == Op::text ? text_number(expr.text) : expr.number; }

WindowKind kind_of_window(Window window) {
  switch (window) {
    case Window::least: return WindowKind::least;
    case Window::most: return WindowKind::most;
    case Window::rise:
    case Window::rate: return WindowKind::rise;
    default: return WindowKind::sums;
  }
}
Code code_of_window(Window window) {
  switch (window) {
    case Window::least: return Code::window_least;
    case Window::most: return Code::window_most;
    case Window::mean: return Code::window_mean;
    case Window::sum: return Code::window_sum;
    case Window::count: return Code::window_count;
    case Window::rise: return Code::window_rise;
    case Window::rate: return Code::window_rate;
  }
  return Code::window_sum;
}

class Compiler {
 public:
  explicit Compiler(Rule const& rule) : rule_(rule) {}

  Program all() {
    head();
    out_.during = rule_.during ? part(*rule_.during) : Part{};
    out_.fault = rule_.fault ? part(*rule_.fault) : Part{};
    out_.judged_first = out_.hours_first = words_;
    out_.raise = part(rule_.raise);
    for (auto const& step : rule_.escalations) out_.escalations.push_back({step.to, part(step.when)});
    out_.hours_end = out_.clear_first = words_;
    clear();
    out_.clear_end = out_.judged_end = words_;
    if (rule_.shows) out_.shows = shown_part(*rule_.shows);
    out_.own_words = words_;
    return std::move(out_);
  }

 private:
  void head() {
    out_.properties = static_cast<Index>(rule_.watch.size());
    words_ = static_cast<Index>(2 * rule_.watch.size());
    for (auto const& watched : rule_.watch) {
      out_.types.push_back(watched.kind == catalogue::ValueKind::boolean ? ValueType::truth : watched.kind == catalogue::ValueKind::text ? ValueType::text : ValueType::number);
      out_.kinds.push_back(watched.kind);
    }
    out_.severity = rule_.severity;
    out_.flap = rule_.flap;
    out_.ignores = rule_.ignores;
    out_.lateness_ms = rule_.lateness.count();
  }

  /// An alarm is not cleared while it would be raised anew.
  void clear() {
    out_.clear.first = next();
    auto const clear = emit(rule_.clear);
    auto const over = add({.code = Code::not_yes, .a = out_.raise.result});
    auto both = add({.code = Code::all_of, .a = clear, .b = over});
    if (rule_.keep_firing.count() > 0) both = lasting(both, rule_.keep_firing);
    out_.clear.end = next();
    out_.clear.result = both;
    out_.clear.shown = std::move(shown_);
    shown_ = {};
    if (rule_.flap.times == 0) return;
    out_.calm.first = next();
    out_.calm.result = lasting(both, rule_.flap.calm);
    out_.calm.end = next();
  }
  Index lasting(Index body, core::Duration span) { return add({.code = Code::lasting, .a = body, .state = word(), .span_ms = span.count()}); }

  Part part(Expr const& expr) {
    Part made;
    made.first = next();
    made.result = emit(expr);
    made.end = next();
    made.shown = std::move(shown_);
    shown_ = {};
    return made;
  }

  Part shown_part(Expr const& expr) {
    auto made = part(expr);
    made.shown = {Shown{.left = made.result, .property = expr.property, .kind = kind_of(expr), .unit = unit(expr)}};
    return made;
  }

  Index next() const { return static_cast<Index>(out_.steps.size()); }
  Index word(Index words = 1) {
    auto const first = words_;
    words_ = static_cast<Index>(words_ + words);
    return first;
  }
  Index add(Step step) {
    step.of_sensor = step.of_sensor || in_sensors_;
    out_.steps.push_back(step);
    return static_cast<Index>(out_.steps.size() - 1);
  }
  Index unit(Expr const& expr) {
    std::string const code = expr.unit.code() == "1" ? "" : expr.unit.code();
    auto const found = std::ranges::find(out_.units, code);
    if (found != out_.units.end()) return static_cast<Index>(found - out_.units.begin());
    out_.units.push_back(code);
    return static_cast<Index>(out_.units.size() - 1);
  }
  catalogue::ValueKind kind_of(Expr const& expr) const {
    if (expr.op == Op::last) return rule_.watch[expr.property].kind;
    return expr.type == Type::truth ? catalogue::ValueKind::boolean : expr.type == Type::text ? catalogue::ValueKind::text : catalogue::ValueKind::number;
  }

  Index emit(Expr const& expr) {
    switch (expr.op) {
      case Op::number:
      case Op::text: return add({.code = Code::number, .value = constant_of(expr)});
      case Op::truth: return add({.code = Code::truth, .value = expr.number});
      case Op::last: return add({.code = expr.type == Type::truth ? Code::last_truth : Code::last, .property = expr.property});
      case Op::window: return add({.code = code_of_window(expr.window), .property = expr.property, .index = window(expr), .span_ms = expr.span.count()});
      case Op::usual: return usual(expr);
      case Op::parameter: return add({.code = Code::parameter, .index = expr.index});
      case Op::convert: {
        auto const body = emit(expr.parts[0]);
        return add({.code = Code::convert, .a = body, .value = expr.number, .offset = expr.offset});
      }
      case Op::add: return two(Code::add, expr);
      case Op::subtract: return two(Code::subtract, expr);
      case Op::multiply: return two(Code::multiply, expr);
      case Op::divide: return two(Code::divide, expr);
      case Op::negate: return one(Code::negate, expr);
      case Op::absolute: return one(Code::absolute, expr);
      default: return condition(expr);
    }
  }

  Index condition(Expr const& expr) {
    switch (expr.op) {
      case Op::all_of: return two(Code::all_of, expr);
      case Op::any_of: return two(Code::any_of, expr);
      case Op::negation: return one(Code::negation, expr);
      case Op::lasting: return lasting(emit(expr.parts[0]), expr.span);
      case Op::consecutive: {
        auto const body = emit(expr.parts[0]);
        return add({.code = Code::consecutive, .a = body, .state = word(), .properties = properties_of(expr), .value = static_cast<double>(expr.times)});
      }
      case Op::then:
      case Op::without: {
        auto const first = emit(expr.parts[0]);
        auto const second = emit(expr.parts[1]);
        return add({.code = expr.op == Op::then ? Code::then : Code::without, .a = first, .b = second, .state = word(2), .span_ms = expr.span.count()});
      }
      case Op::no_data: return silence(Code::no_data, expr);
      case Op::no_change: return silence(Code::no_change, expr);
      case Op::no_sign: return silence(Code::no_sign, expr);
      case Op::any_sensor: return sensors(Code::any_sensor, expr);
      case Op::all_sensors: return sensors(Code::all_sensors, expr);
      case Op::count_sensors: return sensors(Code::count_sensors, expr);
      case Op::between:
      case Op::on_days:
        out_.clocks.push_back({expr});
        return add({.code = Code::clock, .index = static_cast<Index>(out_.clocks.size() - 1)});
      default: return comparison(expr);
    }
  }

  Index one(Code code, Expr const& expr) {
    auto const body = emit(expr.parts[0]);
    return add({.code = code, .a = body});
  }
  Index two(Code code, Expr const& expr) {
    auto const left = emit(expr.parts[0]);
    auto const right = emit(expr.parts[1]);
    return add({.code = code, .a = left, .b = right});
  }
  Index silence(Code code, Expr const& expr) { return add({.code = code, .property = expr.property, .state = word(), .span_ms = expr.span.count()}); }

  /// What is done for each sensor stands behind the step that goes over them.
  Index sensors(Code code, Expr const& expr) {
    auto const at = add({.code = code, .property = expr.property});
    in_sensors_ = true;
    auto const first = next();
    emit(expr.parts[0]);
    in_sensors_ = false;
    out_.steps[at].a = first;
    out_.steps[at].b = next();
    return at;
  }

  Index comparison(Expr const& expr) {
    auto const& left = expr.parts[0];
    auto const& right = expr.parts[1];
    if (left.op == Op::last && is_constant(right)) return last_with(left, right, expr.op);
    if (right.op == Op::last && is_constant(left)) return last_with(right, left, turned(expr.op));
    if (left.type == Type::truth) return same_truth(expr);
    auto const a = emit(left);
    auto const b = emit(right);
    auto const at = add({.code = comparison_code(expr.op), .a = a, .b = b});
    if (!in_sensors_) shown_.push_back({.step = at, .left = is_constant(left) ? b : a, .property = left.property, .kind = kind_of(is_constant(left) ? right : left), .unit = unit(is_constant(left) ? right : left)});
    return at;
  }

  Index last_with(Expr const& last, Expr const& constant, Op op) {
    auto const at = add({.code = with_last(comparison_code(op)), .property = last.property, .value = constant_of(constant)});
    if (!in_sensors_) shown_.push_back({.step = at, .from_last = true, .property = last.property, .kind = kind_of(last), .unit = unit(last)});
    return at;
  }

  /// Of two conditions: both or neither.
  Index same_truth(Expr const& expr) {
    auto const a = emit(expr.parts[0]);
    auto const b = emit(expr.parts[1]);
    auto const both = add({.code = Code::all_of, .a = a, .b = b});
    auto const not_a = add({.code = Code::negation, .a = a});
    auto const not_b = add({.code = Code::negation, .a = b});
    auto const neither = add({.code = Code::all_of, .a = not_a, .b = not_b});
    auto const same = add({.code = Code::any_of, .a = both, .b = neither});
    return expr.op == Op::not_equal ? add({.code = Code::negation, .a = same}) : same;
  }

  Index window(Expr const& expr) {
    WindowPlan plan{.kind = kind_of_window(expr.window), .property = expr.property, .each_sensor = in_sensors_, .span_ms = expr.span.count()};
    plan.pane_ms = std::max<std::int64_t>(1, plan.span_ms / catalogue::rules::window_panes);
    auto const same = [&](WindowPlan const& known) {
      return known.kind == plan.kind && known.property == plan.property && known.each_sensor == plan.each_sensor && known.span_ms == plan.span_ms;
    };
    auto const found = std::ranges::find_if(out_.windows, same);
    if (found != out_.windows.end()) return static_cast<Index>(found - out_.windows.begin());
    out_.windows.push_back(plan);
    return static_cast<Index>(out_.windows.size() - 1);
  }

  Index usual(Expr const& expr) {
    auto const same = [&](UsualPlan const& known) { return known.property == expr.property && known.quantile == expr.number; };
    auto const found = std::ranges::find_if(out_.usuals, same);
    auto const index = found - out_.usuals.begin();
    if (found == out_.usuals.end()) out_.usuals.push_back({expr.property, expr.number});
    return add({.code = Code::usual, .property = expr.property, .index = static_cast<Index>(index)});
  }

  static Index properties_of(Expr const& expr) {
    Index out = 0;
    if (expr.op == Op::last || expr.op == Op::window || expr.op == Op::no_change || expr.op == Op::no_sign) out = static_cast<Index>(1U << expr.property);
    for (auto const& part : expr.parts) out = static_cast<Index>(out | properties_of(part));
    return out;
  }

  Rule const& rule_;
  Program out_;
  Index words_ = 0;
  bool in_sensors_ = false;
  std::vector<Shown> shown_;
};

}  // namespace

Program compile(Rule const& rule) { return Compiler(rule).all(); }

double text_number(std::string_view text) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;  // FNV-1a, 64 bits
  for (char const c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211ULL;
  }
  hash ^= hash >> 32;
  return static_cast<double>(hash & ((std::uint64_t{1} << 52) - 1));
}

}  // namespace zhili::respond::rules
