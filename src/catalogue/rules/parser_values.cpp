// Values: comparisons, arithmetic, calls.

#include <array>
#include <cmath>

#include "catalogue/rules/parser_inside.hpp"

namespace zhili::catalogue::rules {

namespace {

struct WindowWord {
  std::string_view word;
  Window window;
};
constexpr std::array window_words{WindowWord{"min", Window::least},  WindowWord{"max", Window::most},   WindowWord{"mean", Window::mean}, WindowWord{"sum", Window::sum},
                                  WindowWord{"count", Window::count}, WindowWord{"rise", Window::rise}, WindowWord{"delta", Window::rise}, WindowWord{"rate", Window::rate}};

struct CompareWord {
  std::string_view word;
  Op op;
};
constexpr std::array compare_words{CompareWord{"=", Op::equal},       CompareWord{"==", Op::equal},     CompareWord{"!=", Op::not_equal},      CompareWord{"<", Op::less},
                                   CompareWord{"<=", Op::less_equal}, CompareWord{"≤", Op::less_equal}, CompareWord{">", Op::greater},         CompareWord{">=", Op::greater_equal},
                                   CompareWord{"≥", Op::greater_equal}};

}  // namespace

// comparison = sum [ compare sum ]
Checked<Expr> Parser::comparison() {
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
Checked<Expr> Parser::sum() {
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
Checked<Expr> Parser::product() {
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
Checked<Expr> Parser::factor() {
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

Checked<Expr> Parser::negative(Spot at) {
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
Checked<Expr> Parser::count_of() {
  auto const at = here().at;
  pos_ += 2;
  if (!here().is("(")) return wanted({"写成：count of (smoke-alarm = true) >= 2", "write: count of (smoke-alarm = true) >= 2"});
  auto body = factor();
  if (!body) return body;
  return with_parts(Op::count_sensors, Type::number, at, std::move(*body));
}

// call = word "(" … ")"
Checked<Expr> Parser::call() {
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

Checked<Expr> Parser::closed(Expr out, std::string_view example) {
  if (!take(")")) return wanted({fmt::format("少一个“)”，例如 {}", example), fmt::format("a “)” is missing, as in {}", example)});
  return out;
}

Checked<core::Duration> Parser::duration() {
  if (here().type != Token::Type::number) return wanted<core::Duration>({"这里写时长：30 s、5 min、2 h、1 d", "a length of time comes here: 30 s, 5 min, 2 h, 1 d"});
  auto out = duration_of(here());
  if (out) ++pos_;
  return out;
}

}  // namespace zhili::catalogue::rules
