#include "catalogue/rules/parser.hpp"

#include <array>
#include <cmath>

#include "catalogue/rules/parser_inside.hpp"

namespace zhili::catalogue::rules {

namespace {

struct DayWord {
  std::string_view word;
  Days days;
};
constexpr std::array day_words{DayWord{"monday", 1},    DayWord{"tuesday", 2},   DayWord{"wednesday", 4}, DayWord{"thursday", 8},       DayWord{"friday", 16},
                               DayWord{"saturday", 32}, DayWord{"sunday", 64},   DayWord{"weekdays", 31}, DayWord{"weekends", 96},      DayWord{"workdays", workdays},
                               DayWord{"days-off", free_days}};

}  // namespace

// condition = lasting { "or" lasting }
Checked<Expr> Parser::condition() {
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
Checked<Expr> Parser::lasting() {
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
Checked<Expr> Parser::sequence() {
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
Checked<Expr> Parser::together() {
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

Checked<core::Duration> Parser::within(core::Text mend) {
  if (!take("within")) return wanted<core::Duration>(std::move(mend));
  return duration();
}

// single = "not" single | silence | sensors | hours | days | comparison
Checked<Expr> Parser::single() {
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
Checked<Expr> Parser::silence() {
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
Checked<Expr> Parser::sensors() {
  auto const at = here().at;
  auto const op = here().is("any") ? Op::any_sensor : Op::all_sensors;
  pos_ += 2;
  auto body = single();
  if (!body) return body;
  return with_parts(op, Type::truth, at, std::move(*body));
}

// hours = "between" time "and" time
Checked<Expr> Parser::hours() {
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
Checked<Expr> Parser::days() {
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

namespace {

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
