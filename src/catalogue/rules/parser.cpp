#include "catalogue/rules/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace zhili::catalogue::rules {

namespace {

struct WindowWord {
  std::string_view word;
  Window window;
};
constexpr std::array window_words{WindowWord{"min", Window::least},  WindowWord{"max", Window::most},   WindowWord{"mean", Window::mean}, WindowWord{"sum", Window::sum},
                                  WindowWord{"count", Window::count}, WindowWord{"rise", Window::rise}, WindowWord{"delta", Window::rise}, WindowWord{"rate", Window::rate}};

struct DayWord {
  std::string_view word;
  Days days;
};
constexpr std::array day_words{DayWord{"monday", 1},    DayWord{"tuesday", 2},   DayWord{"wednesday", 4}, DayWord{"thursday", 8},       DayWord{"friday", 16},
                               DayWord{"saturday", 32}, DayWord{"sunday", 64},   DayWord{"weekdays", 31}, DayWord{"weekends", 96},      DayWord{"workdays", workdays},
                               DayWord{"days-off", free_days}};

struct CompareWord {
  std::string_view word;
  Op op;
};
constexpr std::array compare_words{CompareWord{"=", Op::equal},       CompareWord{"==", Op::equal},     CompareWord{"!=", Op::not_equal},      CompareWord{"<", Op::less},
                                   CompareWord{"<=", Op::less_equal}, CompareWord{"≤", Op::less_equal}, CompareWord{">", Op::greater},         CompareWord{">=", Op::greater_equal},
                                   CompareWord{"≥", Op::greater_equal}};

Expr node(Op op, Type type, Spot at) {
  Expr out;
  out.op = op;
  out.type = type;
  out.at = at;
  return out;
}

Expr with_parts(Op op, Type type, Spot at, Expr one, std::optional<Expr> other = {}) {
  Expr out = node(op, type, at);
  out.parts.push_back(std::move(one));
  if (other) out.parts.push_back(std::move(*other));
  return out;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Checked<Expr> whole() {
    auto out = condition();
    if (!out) return out;
    if (here().type != Token::Type::end) return wanted({"这里应当结束，或用 and、or 接上", "the condition ends here, or goes on with and or or"});
    return out;
  }

  Checked<Escalation> escalation() {
    Escalation out;
    if (take("to")) {
      auto const to = here().type == Token::Type::name ? severity_from(here().text) : std::nullopt;
      if (!to) return wanted<Escalation>({"这里写级别：info、warning、minor、major 或 critical", "a severity comes here: info, warning, minor, major or critical"});
      out.to = *to;
      ++pos_;
      if (take("when")) {
        auto when = whole();
        if (!when) return tl::unexpected(std::move(when).error());
        out.when = std::move(*when);
        return out;
      }
    }
    return wanted<Escalation>({"写成：to critical when value > 27 cm", "write: to critical when value > 27 cm"});
  }

 private:
  Token const& here() const { return tokens_[pos_]; }
  Token const& after() const { return tokens_[std::min(pos_ + 1, tokens_.size() - 1)]; }
  bool take(std::string_view word) {
    if (!here().is(word)) return false;
    ++pos_;
    return true;
  }
  template <class T = Expr>
  Checked<T> wanted(core::Text mend) const {
    auto const& token = here();
    if (token.type == Token::Type::end) return mistaken(token.at, "rule.syntax", {"条件没有写完", "the condition is not complete"}, std::move(mend));
    auto const shown = token.type == Token::Type::number ? fmt::format("{}", token.number) : token.type == Token::Type::time ? std::string("22:00") : std::string(token.text);
    return mistaken(token.at, "rule.syntax", {fmt::format("“{}”不该出现在这里", shown), fmt::format("“{}” cannot stand here", shown)}, std::move(mend));
  }

  /// Counts how deep we are as long as it lives.
  struct Deeper {
    explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
    ~Deeper() { --depth_; }
    Deeper(Deeper const&) = delete;
    int& depth_;
  };
  Checked<Expr> too_deep() const {
    return mistaken(here().at, "rule.condition.deep", {fmt::format("括号和 not 超过 {} 层", condition_depth_max), fmt::format("more than {} levels of parentheses and not", condition_depth_max)},
                    {"拆成几条规则", "make several rules of it"});
  }

  // condition = lasting { "or" lasting }
  Checked<Expr> condition() {
    Deeper const deeper(depth_);
    if (depth_ > condition_depth_max) return too_deep();
    auto left = lasting();
    while (left && here().is("or")) {
      auto const at = here().at;
      ++pos_;
      auto right = lasting();
      if (!right) return right;
      left = with_parts(Op::any_of, Type::truth, at, std::move(*left), std::move(*right));
    }
    return left;
  }

  // lasting = sequence [ "for" duration | number "times" ]
  Checked<Expr> lasting() {
    auto body = sequence();
    if (!body) return body;
    auto const at = here().at;
    if (take("for")) {
      auto span = duration();
      if (!span) return tl::unexpected(std::move(span).error());
      auto out = with_parts(Op::lasting, Type::truth, at, std::move(*body));
      out.span = *span;
      return out;
    }
    if (here().type == Token::Type::number && after().is("times")) {
      double const times = here().number;
      if (times < 1 || times > consecutive_times_max || times != std::floor(times)) {
        return mistaken(at, "rule.times", {fmt::format("次数应当是 1 到 {} 的整数", consecutive_times_max), fmt::format("times is a whole number from 1 to {}", consecutive_times_max)},
                        {"例如：value > 90 % 3 times", "for example: value > 90 % 3 times"});
      }
      pos_ += 2;
      auto out = with_parts(Op::consecutive, Type::truth, at, std::move(*body));
      out.times = static_cast<int>(times);
      return out;
    }
    return body;
  }

  // sequence = together { "then" together "within" duration }
  Checked<Expr> sequence() {
    auto left = together();
    while (left && here().is("then")) {
      auto const at = here().at;
      ++pos_;
      auto right = together();
      if (!right) return right;
      auto span = within({"then 后面写期限：door-open = true then motion = true within 5 min", "then needs a limit: door-open = true then motion = true within 5 min"});
      if (!span) return tl::unexpected(std::move(span).error());
      left = with_parts(Op::then, Type::truth, at, std::move(*left), std::move(*right));
      left->span = *span;
    }
    return left;
  }

  // together = single { "and" single } [ "and" "not" single "within" duration ]
  Checked<Expr> together() {
    auto left = single();
    while (left && here().is("and")) {
      auto const at = here().at;
      ++pos_;
      bool const denied = here().is("not");
      auto right = single();
      if (!right) return right;
      if (denied && here().is("within")) {
        auto span = within({});
        if (!span) return tl::unexpected(std::move(span).error());
        Expr awaited = std::move(right->parts[0]);
        left = with_parts(Op::without, Type::truth, at, std::move(*left), std::move(awaited));
        left->span = *span;
        return left;
      }
      left = with_parts(Op::all_of, Type::truth, at, std::move(*left), std::move(*right));
    }
    return left;
  }

  Checked<core::Duration> within(core::Text mend) {
    if (!take("within")) return wanted<core::Duration>(std::move(mend));
    return duration();
  }

  // single = "not" single | silence | sensors | hours | days | comparison
  Checked<Expr> single() {
    Deeper const deeper(depth_);
    if (depth_ > condition_depth_max) return too_deep();
    auto const at = here().at;
    if (take("not")) {
      auto body = single();
      if (!body) return body;
      return with_parts(Op::negation, Type::truth, at, std::move(*body));
    }
    if (here().is("no")) return silence();
    if ((here().is("any") || here().is("all")) && after().is("of")) return sensors();
    if (here().is("between")) return hours();
    if (here().is("on")) return days();
    return comparison();
  }

  // silence = "no" ( "data" | "change" ) [ ("from" | "of") property ] "for" duration | "no" property "for" duration
  Checked<Expr> silence() {
    auto const at = here().at;
    ++pos_;
    Expr out = node(Op::no_sign, Type::truth, at);
    if (here().type != Token::Type::name || is_reserved(here().text)) {
      return wanted({"no 后面写 data、change 或一个属性：no data for 30 min、no motion for 12 h", "after no comes data, change or a property: no data for 30 min, no motion for 12 h"});
    }
    if (take("data")) out.op = Op::no_data;
    else if (take("change")) out.op = Op::no_change;
    else {
      out.text = here().text;
      ++pos_;
    }
    if (out.op != Op::no_sign && (take("from") || take("of"))) {
      if (here().type != Token::Type::name || is_reserved(here().text)) return wanted({"这里写属性", "a property comes here"});
      out.text = here().text;
      ++pos_;
    }
    if (!take("for")) return wanted({"这里写 for 和时长：no data for 30 min", "for and a length of time come here: no data for 30 min"});
    auto span = duration();
    if (!span) return tl::unexpected(std::move(span).error());
    out.span = *span;
    return out;
  }

  // sensors = ("any" | "all") "of" single
  Checked<Expr> sensors() {
    auto const at = here().at;
    auto const op = here().is("any") ? Op::any_sensor : Op::all_sensors;
    pos_ += 2;
    auto body = single();
    if (!body) return body;
    return with_parts(op, Type::truth, at, std::move(*body));
  }

  // hours = "between" time "and" time
  Checked<Expr> hours() {
    Expr out = node(Op::between, Type::truth, here().at);
    ++pos_;
    static core::Text const how{"写成：between 22:00 and 06:00", "write: between 22:00 and 06:00"};
    if (here().type != Token::Type::time) return wanted(how);
    out.from_s = static_cast<int>(here().number);
    ++pos_;
    if (!take("and") || here().type != Token::Type::time) return wanted(how);
    out.to_s = static_cast<int>(here().number);
    ++pos_;
    if (out.from_s == out.to_s) return mistaken(out.at, "rule.hours", {"从几点到几点是同一时刻", "the hours begin and end at the same time"}, how);
    return out;
  }

  // days = "on" day { "," day }
  Checked<Expr> days() {
    Expr out = node(Op::on_days, Type::truth, here().at);
    do {
      ++pos_;
      auto const found = std::ranges::find(day_words, here().text, &DayWord::word);
      if (here().type != Token::Type::name || found == day_words.end()) {
        return wanted({"on 后面写 workdays、days-off、weekdays、weekends 或 monday … sunday，用逗号分开", "after on come workdays, days-off, weekdays, weekends or monday … sunday, with commas between"});
      }
      out.days = static_cast<Days>(out.days | found->days);
      ++pos_;
    } while (here().is(","));
    return out;
  }

  // comparison = sum [ compare sum ]
  Checked<Expr> comparison() {
    auto left = sum();
    if (!left) return left;
    auto const found = std::ranges::find(compare_words, here().text, &CompareWord::word);
    if (here().type != Token::Type::symbol || found == compare_words.end()) return left;
    auto const at = here().at;
    ++pos_;
    auto right = sum();
    if (!right) return right;
    return with_parts(found->op, Type::truth, at, std::move(*left), std::move(*right));
  }

  // sum = product { ("+" | "-") product }
  Checked<Expr> sum() {
    auto left = product();
    while (left && (here().is("+") || here().is("-"))) {
      auto const at = here().at;
      auto const op = here().is("+") ? Op::add : Op::subtract;
      ++pos_;
      auto right = product();
      if (!right) return right;
      left = with_parts(op, Type::number, at, std::move(*left), std::move(*right));
    }
    return left;
  }

  // product = factor { ("*" | "/") factor }
  Checked<Expr> product() {
    auto left = factor();
    while (left && (here().is("*") || here().is("/"))) {
      auto const at = here().at;
      auto const op = here().is("*") ? Op::multiply : Op::divide;
      ++pos_;
      auto right = factor();
      if (!right) return right;
      left = with_parts(op, Type::number, at, std::move(*left), std::move(*right));
    }
    return left;
  }

  // factor = "-" factor | "(" condition ")" | number | text | "true" | "false" | name | call
  Checked<Expr> factor() {
    Deeper const deeper(depth_);
    if (depth_ > condition_depth_max) return too_deep();
    auto const& token = here();
    if (take("-")) return negative(token.at);
    if (take("(")) {
      auto inner = condition();
      if (!inner) return inner;
      if (!take(")")) return wanted({"少一个“)”", "a “)” is missing"});
      return inner;
    }
    if (token.type == Token::Type::number || token.type == Token::Type::text || token.is("true") || token.is("false")) {
      ++pos_;
      Expr out = node(token.type == Token::Type::number ? Op::number : token.type == Token::Type::text ? Op::text : Op::truth,
                      token.type == Token::Type::number ? Type::number : token.type == Token::Type::text ? Type::text : Type::truth, token.at);
      out.number = token.type == Token::Type::number ? token.number : token.is("true") ? 1 : 0;
      if (token.type != Token::Type::name) out.text = token.text;
      return out;
    }
    if (token.is("count") && after().is("of")) return count_of();
    if (token.type == Token::Type::name && after().is("(")) return call();
    if (token.type == Token::Type::name && (token.text == "value" || !is_reserved(token.text))) {
      ++pos_;
      Expr out = node(Op::last, Type::number, token.at);
      out.text = token.text;
      return out;
    }
    return wanted({"这里写属性、value、数、文字或函数，例如 value > 15 cm", "a property, value, a number, a text or a function comes here, as in value > 15 cm"});
  }

  Checked<Expr> negative(Spot at) {
    auto body = factor();
    if (!body) return body;
    if (body->op == Op::number) {
      body->number = -body->number;
      body->at = at;
      return body;
    }
    return with_parts(Op::negate, Type::number, at, std::move(*body));
  }

  // "count" "of" "(" condition ")"
  Checked<Expr> count_of() {
    auto const at = here().at;
    pos_ += 2;
    if (!here().is("(")) return wanted({"写成：count of (smoke-alarm = true) >= 2", "write: count of (smoke-alarm = true) >= 2"});
    auto body = factor();
    if (!body) return body;
    return with_parts(Op::count_sensors, Type::number, at, std::move(*body));
  }

  // call = word "(" … ")"
  Checked<Expr> call() {
    Token const word = here();
    pos_ += 2;
    if (word.text == "abs") {
      auto inner = sum();
      if (!inner) return inner;
      return closed(with_parts(Op::absolute, Type::number, word.at, std::move(*inner)), "abs(…)");
    }
    auto const window = std::ranges::find(window_words, word.text, &WindowWord::word);
    Expr out = node(Op::last, Type::number, word.at);
    if (window != window_words.end()) {
      out.op = Op::window;
      out.window = window->window;
    } else if (word.text == "usual") out.op = Op::usual;
    else if (word.text == "param") out.op = Op::parameter;
    else if (word.text != "last") {
      return mistaken(word.at, "rule.function.unknown", {fmt::format("没有叫“{}”的函数", word.text), fmt::format("there is no function “{}”", word.text)},
                      {"有：last、min、max、mean、sum、count、rise、delta、rate、usual、param、abs", "there are: last, min, max, mean, sum, count, rise, delta, rate, usual, param, abs"});
    }
    if (here().type != Token::Type::name || (is_reserved(here().text) && here().text != "value")) return wanted({"括号里先写属性（param 里写参数名）", "a property comes first (in param the parameter's name)"});
    out.text = here().text;
    ++pos_;
    if (out.op == Op::window) {
      if (!take(",")) return wanted({"属性后面写逗号和时长：mean(pm10, 15 min)", "a comma and a length of time follow: mean(pm10, 15 min)"});
      auto span = duration();
      if (!span) return tl::unexpected(std::move(span).error());
      out.span = *span;
    }
    if (out.op == Op::usual) {
      if (!take(",") || here().type != Token::Type::number) return wanted({"属性后面写逗号和比例：usual(queue-length, 95 %)", "a comma and a share follow: usual(queue-length, 95 %)"});
      auto const share = here();
      out.number = share.text == "%" ? share.number / 100 : share.number;
      if ((!share.text.empty() && share.text != "%") || out.number <= 0 || out.number >= 1) {
        return mistaken(share.at, "rule.usual.share", {"比例应当大于 0、小于 1", "the share lies between 0 and 1"}, {"写成 0.95 或 95 %", "write 0.95 or 95 %"});
      }
      ++pos_;
    }
    return closed(std::move(out), "last(water-level)");
  }

  Checked<Expr> closed(Expr out, std::string_view example) {
    if (!take(")")) return wanted({fmt::format("少一个“)”，例如 {}", example), fmt::format("a “)” is missing, as in {}", example)});
    return out;
  }

  Checked<core::Duration> duration() {
    if (here().type != Token::Type::number) return wanted<core::Duration>({"这里写时长：30 s、5 min、2 h、1 d", "a length of time comes here: 30 s, 5 min, 2 h, 1 d"});
    auto out = duration_of(here());
    if (out) ++pos_;
    return out;
  }

  std::vector<Token> tokens_;
  std::size_t pos_ = 0;
  int depth_ = 0;
};

std::size_t nodes_of(Expr const& expr) {
  std::size_t out = 1;
  for (auto const& part : expr.parts) out += nodes_of(part);
  return out;
}

}  // namespace

Checked<core::Duration> duration_of(Token const& token) {
  auto const unit = core::UcumUnit::parse(token.text);
  auto const second = core::UcumUnit::parse("s");
  if (token.text.empty() || !unit || !second || !unit->convertible(*second)) {
    return mistaken(token.at, "rule.duration.unit",
                    {fmt::format("“{} {}”不是时长", token.number, token.text), fmt::format("“{} {}” is no length of time", token.number, token.text)},
                    token.text == "m" ? core::Text{"m 是米；分钟写 min", "m is a metre; minutes are min"} : core::Text{"用 ms、s、min、h、d、wk：10 min", "use ms, s, min, h, d, wk: 10 min"});
  }
  double const ms = std::round(token.number * unit->scale() * 1000);
  if (!(ms >= static_cast<double>(condition_span_min.count())) || ms > static_cast<double>(condition_span_max.count())) {
    return mistaken(token.at, "rule.duration.range", {"时长应当大于 0，最多 31 天", "a length of time is above 0 and at most 31 days"}, {"例如 10 min", "for example 10 min"});
  }
  return core::Duration(static_cast<std::int64_t>(ms));
}

Checked<Expr> parse_condition(std::string_view text, Spot begin) {
  auto tokens = cut(text, begin);
  if (!tokens) return tl::unexpected(std::move(tokens).error());
  auto out = Parser(std::move(*tokens)).whole();
  if (out && nodes_of(*out) > rule_nodes_max) {
    return mistaken(begin, "rule.condition.long", {fmt::format("条件超过 {} 项", rule_nodes_max), fmt::format("the condition has more than {} parts", rule_nodes_max)}, {"拆成几条规则", "make several rules of it"});
  }
  return out;
}

Checked<Escalation> parse_escalation(std::string_view text, Spot begin) {
  auto tokens = cut(text, begin);
  if (!tokens) return tl::unexpected(std::move(tokens).error());
  return Parser(std::move(*tokens)).escalation();
}

Checked<Expr> parse_hours(std::string_view text, Spot begin) {
  auto tokens = cut(text, begin);
  if (!tokens) return tl::unexpected(std::move(tokens).error());
  auto const& t = *tokens;
  if (t.size() == 4 && t[0].type == Token::Type::time && t[1].is("-") && t[2].type == Token::Type::time && t[0].number != t[2].number) {
    Expr out = node(Op::between, Type::truth, t[0].at);
    out.from_s = static_cast<int>(t[0].number);
    out.to_s = static_cast<int>(t[2].number);
    return out;
  }
  return Parser(std::move(*tokens)).whole();
}

}  // namespace zhili::catalogue::rules
