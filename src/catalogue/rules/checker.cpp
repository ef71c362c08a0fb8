#include "catalogue/rules/checker.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>

#include "catalogue/rules/scales.hpp"

namespace zhili::catalogue::rules {

namespace {

using core::Text;
using core::UcumUnit;

constexpr std::size_t words_shown_max = 12;

UcumUnit plain() { return UcumUnit{}; }
bool is_plain(UcumUnit const& unit) { return unit.is_dimensionless() && unit.scale() == 1; }
bool is_logical(Op op) { return op == Op::all_of || op == Op::any_of || op == Op::negation; }
bool is_waiting(Op op) {
  return op == Op::lasting || op == Op::consecutive || op == Op::then || op == Op::without || op == Op::no_data || op == Op::no_change || op == Op::no_sign;
}
bool is_over_sensors(Op op) { return op == Op::any_sensor || op == Op::all_sensors || op == Op::count_sensors; }
bool is_ordered(Op op) { return op == Op::less || op == Op::less_equal || op == Op::greater || op == Op::greater_equal; }
bool is_comparison(Op op) { return is_ordered(op) || op == Op::equal || op == Op::not_equal; }

Text kind_words(Type type) {
  switch (type) {
    case Type::number: return {"一个数", "a number"};
    case Type::truth: return {"是或否", "true or false"};
    case Type::text: return {"一个词", "a text"};
  }
  return {};
}

/// Of `value` in words: its unit as people know it.
std::string unit_words(UcumUnit const& unit) { return unit.code() == "1" ? "1" : unit.code(); }

class Checker {
 public:
  Checker(Section section, Names const& names) : section_(section), names_(names) {}

  Checked<Expr> whole(Expr expr) {
    auto out = check(std::move(expr));
    if (!out || section_ == Section::shows) return out;
    return truth(std::move(*out));
  }

 private:
  Checked<Expr> check(Expr expr) {
    if (auto const allowed = may(expr); !allowed) return tl::unexpected(allowed.error());
    switch (expr.op) {
      case Op::number: return number(std::move(expr));
      case Op::truth:
      case Op::text:
      case Op::between:
      case Op::on_days: return expr;
      case Op::last: return last(std::move(expr));
      case Op::window: return window(std::move(expr));
      case Op::usual: return usual(std::move(expr));
      case Op::parameter: return parameter(std::move(expr));
      case Op::no_data:
      case Op::no_change:
      case Op::no_sign: return silence(std::move(expr));
      case Op::any_sensor:
      case Op::all_sensors:
      case Op::count_sensors: return sensors(std::move(expr));
      default: return parts(std::move(expr));
    }
  }

  Checked<Expr> parts(Expr expr) {
    for (auto& part : expr.parts) {
      auto checked = check(std::move(part));
      if (!checked) return checked;
      if (is_logical(expr.op) || is_waiting(expr.op)) checked = truth(std::move(*checked));
      if (!checked) return checked;
      part = std::move(*checked);
    }
    if (is_comparison(expr.op)) return comparison(std::move(expr));
    if (expr.op == Op::add || expr.op == Op::subtract) return sum(std::move(expr));
    if (expr.op == Op::multiply || expr.op == Op::divide) return product(std::move(expr));
    if (expr.op == Op::negate || expr.op == Op::absolute) {
      if (auto const ok = numeric(expr.parts[0]); !ok) return tl::unexpected(ok.error());
      expr.type = Type::number;
      expr.unit = expr.parts[0].unit;
    }
    return expr;
  }

  /// What may not stand in this section, or inside of "any of".
  Checked<void> may(Expr const& expr) const {
    bool const clockwork = expr.op == Op::between || expr.op == Op::on_days || is_logical(expr.op);
    if (section_ == Section::during && !clockwork) {
      return mistaken(expr.at, "rule.during", {"during 只说时间", "during speaks of time only"}, {"写成 22:00-06:00，或 between 22:00 and 06:00 on workdays 一类的时间条件", "write 22:00-06:00, or hours and days: between 22:00 and 06:00 and on workdays"});
    }
    bool const of_device = expr.op == Op::no_data || expr.op == Op::no_change || expr.op == Op::any_of;
    if (section_ == Section::fault && !of_device) {
      return mistaken(expr.at, "rule.fault", {"fault 说的是设备故障，只能写没有数据或数值不变", "fault is about the device: silence, or a value that never changes"},
                      {"写成 no data for 30 min，或 no data for 30 min or no change for 1 d", "write no data for 30 min, or no data for 30 min or no change for 1 d"});
    }
    if (section_ != Section::fault && expr.op == Op::no_data) {
      return mistaken(expr.at, "rule.silence", {"没有数据是设备的故障，不是这个地点的告警", "silence is a fault of the device and no alarm of the place"},
                      {"写到 fault 里：fault: no data for 30 min", "write it under fault: fault: no data for 30 min"});
    }
    if (section_ == Section::shows && (is_waiting(expr.op) || is_over_sensors(expr.op))) {
      return mistaken(expr.at, "rule.shows", {"shows 是要显示的一个值", "shows is one value to be shown"}, {"例如 last(water-level)", "for example last(water-level)"});
    }
    if (over_sensors_ && (is_waiting(expr.op) || is_over_sensors(expr.op) || expr.op == Op::between || expr.op == Op::on_days)) {
      return mistaken(expr.at, "rule.sensors.inside", {"any of、all of、count of 里面只能比较读数", "inside of any of, all of and count of readings are compared and nothing else"},
                      {"把 for、times、时间写到外面：any of (water-level > 15 cm) for 3 min", "put for, times and hours outside: any of (water-level > 15 cm) for 3 min"});
    }
    return {};
  }

  Checked<Expr> truth(Expr expr) const {
    if (expr.type == Type::truth) return expr;
    auto const words = kind_words(expr.type);
    return mistaken(expr.at, "rule.kind", {fmt::format("这里要条件，这是{}", words.zh), fmt::format("a condition belongs here, this is {}", words.en)}, {"和什么比较：value > 15 cm", "compare it: value > 15 cm"});
  }
  Checked<void> numeric(Expr const& expr) const {
    if (expr.type == Type::number) return {};
    auto const words = kind_words(expr.type);
    return mistaken(expr.at, "rule.kind", {fmt::format("这里要数，这是{}", words.zh), fmt::format("a number belongs here, this is {}", words.en)}, {"计算只能用数", "only numbers can be reckoned with"});
  }

  Checked<Expr> number(Expr expr) const {
    auto unit = UcumUnit::parse(expr.text);
    if (!unit) return mistaken(expr.at, "rule.unit", unit.error().text, {"单位写 UCUM 代码：cm、ug/m3、Cel、%", "units are UCUM codes: cm, ug/m3, Cel, %"});
    expr.unit = std::move(*unit);
    return expr;
  }

  /// The place of a property in rule.watch.
  Checked<std::uint8_t> property(Expr const& expr) {
    auto const& watch = names_.rule.watch;
    if (expr.text == "value" || expr.text.empty()) {
      if (watch.size() == 1) return over(expr, 0);
      return mistaken(expr.at, "rule.value.several", {"规则看几个属性，value 不知道是哪个", "the rule watches several properties, and value could be any of them"},
                      {fmt::format("写出属性：last({})", watch.front().property), fmt::format("name the property: last({})", watch.front().property)});
    }
    auto const found = std::ranges::find(watch, expr.text, &Watched::property);
    if (found == watch.end()) {
      return mistaken(expr.at, "rule.property.unwatched", {fmt::format("规则没有看“{}”", expr.text), fmt::format("the rule does not watch “{}”", expr.text)},
                      {fmt::format("加到 watch 里；现在有：{}", fmt::join(watch | std::views::transform(&Watched::property), "、")),
                       fmt::format("add it to watch, which has: {}", fmt::join(watch | std::views::transform(&Watched::property), ", "))});
    }
    return over(expr, static_cast<std::uint8_t>(found - watch.begin()));
  }
  /// Inside of "any of" all is about the sensors of one property.
  Checked<std::uint8_t> over(Expr const& expr, std::uint8_t property) {
    if (over_sensors_ && sensors_of_ && *sensors_of_ != property) {
      return mistaken(expr.at, "rule.sensors.two", {"any of、all of、count of 里面只能有一个属性", "any of, all of and count of are about one property"}, {"每个属性写一个：any of (…) and any of (…)", "write one for each: any of (…) and any of (…)"});
    }
    if (over_sensors_) sensors_of_ = property;
    return property;
  }
  Watched const& watched(std::uint8_t property) const { return names_.rule.watch[property]; }

  UcumUnit unit_of(std::uint8_t property) const { return names_.properties[property]->ucum; }

  Checked<Expr> last(Expr expr) {
    auto const found = property(expr);
    if (!found) return tl::unexpected(found.error());
    expr.property = *found;
    auto const kind = watched(*found).kind;
    expr.type = kind == ValueKind::boolean ? Type::truth : kind == ValueKind::text ? Type::text : Type::number;
    if (kind == ValueKind::number) expr.unit = unit_of(*found);
    return expr;
  }

  Checked<Expr> window(Expr expr) {
    auto const found = property(expr);
    if (!found) return tl::unexpected(found.error());
    expr.property = *found;
    expr.type = Type::number;
    auto const kind = watched(*found).kind;
    if (expr.window == Window::count) {
      expr.unit = plain();
      return expr;
    }
    if (kind != ValueKind::number && kind != ValueKind::count) {
      return mistaken(expr.at, "rule.window.kind", {fmt::format("“{}”不是数，只能数次数：count({}, 10 min)", watched(*found).property, watched(*found).property),
                                                     fmt::format("“{}” is no number", watched(*found).property)},
                      {"用 count，或 no … for", fmt::format("only count({}, 10 min) and no … for are possible", watched(*found).property)});
    }
    if (expr.span.count() < window_panes) {
      return mistaken(expr.at, "rule.window.short", {"窗口太短", "the window is too short"}, {"至少 60 ms", "at least 60 ms"});
    }
    expr.unit = kind == ValueKind::number ? unit_of(*found) : plain();
    if (expr.window == Window::sum && expr.unit.has_offset()) {
      return mistaken(expr.at, "rule.window.sum", {"温度不能相加", "temperatures cannot be added up"}, {"用 mean 或 max", "use mean or max"});
    }
    if (expr.window == Window::rise || expr.window == Window::rate) return difference(std::move(expr));
    return expr;
  }

  Checked<Expr> usual(Expr expr) {
    auto const found = property(expr);
    if (!found) return tl::unexpected(found.error());
    expr.property = *found;
    expr.type = Type::number;
    auto const kind = watched(*found).kind;
    if (kind != ValueKind::number && kind != ValueKind::count) {
      return mistaken(expr.at, "rule.usual.kind", {"usual 只用于数", "usual is for numbers"}, {"选一个数值属性", "choose a property that is a number"});
    }
    expr.unit = kind == ValueKind::number ? unit_of(*found) : plain();
    return expr;
  }

  Checked<Expr> parameter(Expr expr) const {
    auto const& known = names_.rule.parameters;
    auto const found = std::ranges::find(known, expr.text, &Parameter::id);
    if (found == known.end()) {
      return mistaken(expr.at, "rule.parameter.unknown", {fmt::format("没有叫“{}”的参数", expr.text), fmt::format("there is no parameter “{}”", expr.text)},
                      {"写到 params 里：params: {limit: {name: …, standard: 15 cm}}", "declare it under params: params: {limit: {name: …, standard: 15 cm}}"});
    }
    expr.index = static_cast<std::uint8_t>(found - known.begin());
    auto unit = UcumUnit::parse(found->unit);
    expr.unit = unit ? std::move(*unit) : plain();
    return expr;
  }

  Checked<Expr> silence(Expr expr) {
    if (expr.op == Op::no_data && expr.text.empty() && names_.rule.watch.size() > 1) {
      Expr out;
      for (std::size_t i = 0; i < names_.rule.watch.size(); ++i) {
        Expr one = expr;
        one.property = static_cast<std::uint8_t>(i);
        if (i == 0) out = std::move(one);
        else {
          Expr both;
          both.op = Op::any_of;
          both.at = expr.at;
          both.parts = {std::move(out), std::move(one)};
          out = std::move(both);
        }
      }
      return out;
    }
    auto const found = property(expr);
    if (!found) return tl::unexpected(found.error());
    expr.property = *found;
    if (expr.op == Op::no_sign && watched(*found).kind == ValueKind::text) {
      return mistaken(expr.at, "rule.silence.text", {"文字属性不能写 no … for", "no … for is for what is true or counts"}, {"写成 not (value = \"…\") for …", "write not (value = \"…\") for …"});
    }
    return expr;
  }

  Checked<Expr> sensors(Expr expr) {
    if (names_.rule.scope == Scope::thing) {
      return mistaken(expr.at, "rule.sensors.scope", {"一个设备只有一个这样的传感器", "a single thing has one sensor of it"}, {"写 scope: place，规则就看整个地点", "write scope: place, and the rule looks at the whole place"});
    }
    over_sensors_ = true;
    sensors_of_.reset();
    auto body = check(std::move(expr.parts[0]));
    if (body) body = truth(std::move(*body));
    over_sensors_ = false;
    if (!body) return body;
    if (!sensors_of_) return mistaken(expr.at, "rule.sensors.none", {"any of、all of、count of 里面要有一个属性", "any of, all of and count of need a property"}, {"例如 any of (water-level > 15 cm)", "for example any of (water-level > 15 cm)"});
    expr.property = *sensors_of_;
    expr.parts[0] = std::move(*body);
    expr.unit = plain();
    return expr;
  }

  Checked<Expr> comparison(Expr expr) {
    auto& left = expr.parts[0];
    auto& right = expr.parts[1];
    expr.type = Type::truth;
    if (left.type != right.type) {
      auto const one = kind_words(left.type), other = kind_words(right.type);
      return mistaken(expr.at, "rule.compare.kind", {fmt::format("左边是{}，右边是{}", one.zh, other.zh), fmt::format("{} is compared with {}", one.en, other.en)}, {"两边要一样", "both sides must be of one kind"});
    }
    if (left.type == Type::number) return same_unit(std::move(expr));
    if (is_ordered(expr.op)) {
      auto const words = kind_words(left.type);
      return mistaken(expr.at, "rule.compare.order", {fmt::format("{}没有大小", words.zh), fmt::format("{} is neither more nor less", words.en)}, {"用 = 或 !=", "use = or !="});
    }
    if (left.type == Type::text) {
      if (auto const ok = word_of(left, right); !ok) return tl::unexpected(ok.error());
      if (auto const ok = word_of(right, left); !ok) return tl::unexpected(ok.error());
    }
    return expr;
  }

  /// A text that a property is compared with is one of its words.
  Checked<void> word_of(Expr const& property, Expr const& text) const {
    if (property.op != Op::last || text.op != Op::text) return {};
    auto const& words = names_.properties[property.property]->words;
    if (words.empty() || std::ranges::find(words, text.text, &Word::code) != words.end()) return {};
    auto const codes = words | std::views::transform(&Word::code) | std::views::take(words_shown_max);
    return mistaken(text.at, "rule.word.unknown", {fmt::format("“{}”没有“{}”这个词", names_.properties[property.property]->id, text.text), fmt::format("“{}” never says “{}”", names_.properties[property.property]->id, text.text)},
                    {fmt::format("有：{}", fmt::join(codes, "、")), fmt::format("it says: {}", fmt::join(codes, ", "))});
  }

  /// A number without a unit only beside what has none: 90 beside per cent could mean 90 or 9,000 of them.
  static Checked<void> has_unit(Expr const& number, Expr const& other) {
    if (number.op != Op::number || !number.text.empty() || is_plain(other.unit)) return {};
    return mistaken(number.at, "rule.unit.missing", {fmt::format("{} 没有单位", number.number), fmt::format("{} has no unit", number.number)},
                    {fmt::format("写成 {} {}", number.number, unit_words(other.unit)), fmt::format("write {} {}", number.number, unit_words(other.unit))});
  }

  /// Both sides in one unit: a constant is converted here, anything else by a node.
  Checked<Expr> same_unit(Expr expr) const {
    auto& left = expr.parts[0];
    auto& right = expr.parts[1];
    for (auto const& [one, other] : {std::pair(&left, &right), std::pair(&right, &left)}) {
      if (auto const ok = numeric(*one); !ok) return tl::unexpected(ok.error());
      if (auto const ok = has_unit(*one, *other); !ok) return tl::unexpected(ok.error());
    }
    bool const left_constant = left.op == Op::number;
    auto& moved = left_constant ? left : right;
    auto const& kept = left_constant ? right : left;
    auto const conversion = moved.unit.conversion(kept.unit);
    bool const scale_and_change = left.unit.has_offset() != right.unit.has_offset() && !is_on_a_scale(left.unit.has_offset() ? right : left);
    if (!conversion || scale_and_change) {
      return mistaken(expr.at, "rule.unit.kind",
                      {fmt::format("左边的单位是 {}，右边是 {}，不是同一种量", unit_words(left.unit), unit_words(right.unit)), fmt::format("the left side is in {}, the right side in {}: they do not measure the same", unit_words(left.unit), unit_words(right.unit))},
                      {"换成同一种量的单位；温度的变化用 K", "use units of the same kind; a change of temperature is in K"});
    }
    if (conversion->is_identity()) return expr;
    if (moved.op == Op::number) {
      moved.number = (*conversion)(moved.number);
      moved.unit = kept.unit;
      moved.text = kept.unit.code();
      return expr;
    }
    Expr converted;
    converted.op = Op::convert;
    converted.type = Type::number;
    converted.unit = kept.unit;
    converted.number = conversion->factor / conversion->divisor;
    converted.offset = conversion->offset;
    converted.at = moved.at;
    converted.parts.push_back(std::move(moved));
    moved = std::move(converted);
    return expr;
  }

  Checked<Expr> sum(Expr expr) const {
    auto const at = expr.at;
    bool const subtract = expr.op == Op::subtract;
    auto out = same_unit(std::move(expr));
    if (!out) return out;
    out->type = Type::number;
    out->unit = out->parts[0].unit;
    if (!out->unit.has_offset()) return out;
    if (!subtract) return mistaken(at, "rule.unit.offset", {"温度不能相加", "temperatures cannot be added up"}, {"相减得到温差，单位 K", "subtract them: the difference is in K"});
    out->window = Window::rise;
    return difference(std::move(*out));
  }

  Checked<Expr> product(Expr expr) const {
    for (auto const& part : expr.parts)
      if (auto const ok = numeric(part); !ok) return tl::unexpected(ok.error());
    expr.type = Type::number;
    auto const& left = expr.parts[0].unit;
    auto const& right = expr.parts[1].unit;
    if (expr.op == Op::divide && expr.parts[1].op == Op::number && expr.parts[1].number == 0) return mistaken(expr.at, "rule.zero", {"不能除以零", "nothing can be divided by zero"}, {"改掉除数", "change the divisor"});
    if (is_plain(right)) expr.unit = left;
    else if (is_plain(left) && expr.op == Op::multiply) expr.unit = right;
    else {
      auto unit = UcumUnit::parse(fmt::format("({}){}({})", left.code(), expr.op == Op::multiply ? "." : "/", right.code()));
      if (!unit) return mistaken(expr.at, "rule.unit.product", {fmt::format("{} 和 {} 不能相乘除", left.code(), right.code()), fmt::format("{} and {} cannot be multiplied or divided", left.code(), right.code())}, {"换成普通单位再算", "use ordinary units"});
      expr.unit = std::move(*unit);
    }
    if (expr.unit.has_offset() && (left.has_offset() || right.has_offset())) return mistaken(expr.at, "rule.unit.offset", {"温度不能相乘除", "temperatures cannot be multiplied or divided"}, {"用温差，单位 K", "use a difference, in K"});
    return expr;
  }

  Section section_;
  Names const& names_;
  bool over_sensors_ = false;
  std::optional<std::uint8_t> sensors_of_ = {};
};

}  // namespace

Checked<Expr> check_condition(Expr expr, Section section, Names const& names) { return Checker(section, names).whole(std::move(expr)); }

Expr without_waiting(Expr expr) {
  while (expr.op == Op::lasting || expr.op == Op::consecutive) expr = Expr(std::move(expr.parts[0]));
  if (is_logical(expr.op))
    for (auto& part : expr.parts) part = without_waiting(std::move(part));
  return expr;
}

}  // namespace zhili::catalogue::rules
