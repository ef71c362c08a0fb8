#include "web/sensorthings/expression.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace zhili::web::sensorthings {

using things::Expr;
using things::Op;
using things::Type;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

constexpr std::array comparisons{Operator{"eq", Op::eq}, Operator{"ne", Op::ne}, Operator{"gt", Op::gt},
                                 Operator{"ge", Op::ge}, Operator{"lt", Op::lt}, Operator{"le", Op::le}};
constexpr std::array sums{Operator{"add", Op::add}, Operator{"sub", Op::sub}};
constexpr std::array products{Operator{"mul", Op::mul}, Operator{"div", Op::div}, Operator{"mod", Op::mod}};

Type type_of(things::Path const& path) {
  if (path.property == nullptr) return Type::number;
  if (!path.keys.empty()) return Type::any;
  switch (path.property->kind) {
    case things::Kind::text: return Type::text;
    case things::Kind::instant:
    case things::Kind::interval: return Type::time;
    case things::Kind::geometry: return Type::geometry;
    case things::Kind::json:
    case things::Kind::object: return Type::any;
  }
  return Type::any;
}

bool is_comparison(Op op) { return op >= Op::eq && op <= Op::le; }
bool is_arithmetic(Op op) { return op >= Op::add && op <= Op::negate; }

/// What arithmetic gives; nothing: these do not go together.
std::optional<Type> arithmetic_type(Op op, Type a, Type b) {
  auto const number = [](Type t) { return t == Type::number || t == Type::any; };
  if (number(a) && number(b)) return Type::number;
  if (op != Op::add && op != Op::sub) return std::nullopt;
  if (a == Type::time && b == Type::duration) return Type::time;
  if (op == Op::add && a == Type::duration && b == Type::time) return Type::time;
  if (a == Type::duration && b == Type::duration) return Type::duration;
  if (op == Op::sub && a == Type::time && b == Type::time) return Type::duration;
  return std::nullopt;
}

bool comparable(Op op, Type a, Type b) {
  if (a == Type::null || b == Type::null) return op == Op::eq || op == Op::ne;
  if (a == Type::geometry || b == Type::geometry) return false;
  if (a == Type::boolean || b == Type::boolean)
    return (op == Op::eq || op == Op::ne) && (a == b || a == Type::any || b == Type::any);
  if (a == Type::any || b == Type::any) return true;
  return suits(a, b) || suits(b, a);
}

/// A date stands for its midnight where a time is wanted.
void as_time(Expr& expr) {
  if (expr.type != Type::date || expr.op != Op::literal) return;
  auto const days = std::get<things::Date>(expr.literal).days;
  expr.literal = things::Span{core::Instant(std::chrono::days(days))};
  expr.type = Type::time;
}

}  // namespace

void ExpressionReader::blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
}

bool ExpressionReader::take(char c) {
  blanks();
  if (peek() != c) return false;
  ++at_;
  return true;
}

std::string_view ExpressionReader::take_word(bool key) {
  auto const begin = at_;
  auto const fits = [&](char c, bool first) {
    if (is_letter(c) || c == '@') return true;
    if (is_digit(c)) return !first || key;
    return !first && (c == '.' || (key && c == '-'));
  };
  while (at_ < text_.size() && fits(text_[at_], at_ == begin)) ++at_;
  return text_.substr(begin, at_ - begin);
}

/// An operator is a word that ends where it ends: `ord` is no `or`.
bool ExpressionReader::take_operator(std::string_view wanted) {
  blanks();
  if (!text_.substr(at_).starts_with(wanted)) return false;
  auto const after = at_ + wanted.size();
  if (after < text_.size() && (is_letter(text_[after]) || is_digit(text_[after]) || text_[after] == '/' || text_[after] == '.')) return false;
  at_ = after;
  return true;
}

tl::unexpected<core::Error> ExpressionReader::unexpected_here() {
  blanks();
  if (at_ >= text_.size()) return bad(at_, {"表达式在这里断了。", "the expression breaks off here."});
  auto end = at_;
  while (end < text_.size() && text_[end] != ' ' && end - at_ < 20) ++end;
  while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
  auto const what = text_.substr(at_, end - at_);
  return bad(at_, {fmt::format("没有料到“{}”。", what), fmt::format("\"{}\" was not expected here.", what)});
}

core::Result<Expr> ExpressionReader::counted(Expr made) {
  if (++nodes_ > things::filter_nodes_max)
    return bad(made.at, {fmt::format("表达式太长：最多 {} 个部分。", things::filter_nodes_max),
                         fmt::format("the expression is too long: it may have {} parts.", things::filter_nodes_max)});
  return made;
}

ExpressionReader::Made ExpressionReader::boolean(Made made) {
  if (!made || made->type == Type::boolean) return made;
  auto const is = name_of(made->type);
  return bad(made->at, {fmt::format("这里须是条件，而这是{}。", is.zh), fmt::format("a condition is needed here, and this is {}.", is.en)});
}

ExpressionReader::Made ExpressionReader::condition() {
  ZHILI_TRY(auto out, boolean(disjunction()));
  blanks();
  if (at_ != text_.size()) return unexpected_here();
  return out;
}

ExpressionReader::Made ExpressionReader::disjunction() {
  ZHILI_TRY(auto left, conjunction());
  while (take_operator("or")) {
    auto const at = at_;
    ZHILI_TRY(auto right, conjunction());
    ZHILI_TRY(left, typed(Op::or_, at, {std::move(left), std::move(right)}));
  }
  return left;
}

ExpressionReader::Made ExpressionReader::conjunction() {
  ZHILI_TRY(auto left, negation());
  while (take_operator("and")) {
    auto const at = at_;
    ZHILI_TRY(auto right, negation());
    ZHILI_TRY(left, typed(Op::and_, at, {std::move(left), std::move(right)}));
  }
  return left;
}

ExpressionReader::Made ExpressionReader::negation() {
  blanks();
  auto const at = at_;
  if (!take_operator("not")) return comparison();
  if (++depth_ > things::filter_depth_max) return bad(at, {"嵌套过深。", "nested too deep."});
  ZHILI_TRY(auto of, negation());
  --depth_;
  return typed(Op::not_, at, {std::move(of)});
}

ExpressionReader::Made ExpressionReader::chained(std::span<Operator const> operators, Made (ExpressionReader::*next)()) {
  ZHILI_TRY(auto left, (this->*next)());
  for (bool more = true; more;) {
    more = false;
    for (auto const& [word, op] : operators) {
      blanks();
      auto const at = at_;
      if (!take_operator(word)) continue;
      ZHILI_TRY(auto right, (this->*next)());
      ZHILI_TRY(left, typed(op, at, {std::move(left), std::move(right)}));
      more = true;
      break;
    }
  }
  return left;
}

ExpressionReader::Made ExpressionReader::comparison() { return chained(comparisons, &ExpressionReader::sum); }
ExpressionReader::Made ExpressionReader::sum() { return chained(sums, &ExpressionReader::product); }
ExpressionReader::Made ExpressionReader::product() { return chained(products, &ExpressionReader::unary); }

ExpressionReader::Made ExpressionReader::unary() {
  blanks();
  auto const at = at_;
  if (peek() != '-' || (at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return primary();
  ++at_;
  if (++depth_ > things::filter_depth_max) return bad(at, {"嵌套过深。", "nested too deep."});
  ZHILI_TRY(auto of, unary());
  --depth_;
  return typed(Op::negate, at, {std::move(of)});
}

ExpressionReader::Made ExpressionReader::primary() {
  blanks();
  auto const at = at_;
  char const c = peek();
  if (c == '(') {
    ++at_;
    if (++depth_ > things::filter_depth_max) return bad(at, {"嵌套过深。", "nested too deep."});
    ZHILI_TRY(auto inside, disjunction());
    --depth_;
    if (!take(')')) return bad(at, {"这个括号没有合上。", "this bracket is not closed."});
    return inside;
  }
  if (c == '\'') return quoted_text(at);
  if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number_or_time();
  if (is_letter(c) || c == '@') return word();
  return unexpected_here();
}

ExpressionReader::Made ExpressionReader::word() {
  auto const at = at_;
  auto const name = take_word(false);
  if (peek() == '\'' && (name == "geography" || name == "geometry")) return geography(at);
  if (peek() == '\'' && name == "duration") {
    ZHILI_TRY(auto const text, quoted());
    auto const duration = read_duration(text);
    if (!duration)
      return bad(at, {fmt::format("“{}”不是时长；例如 duration'P1DT2H30M'。", text), fmt::format("\"{}\" is no duration; write for instance duration'P1DT2H30M'.", text)});
    return counted({.op = Op::literal, .type = Type::duration, .at = at, .literal = *duration});
  }
  auto const after_word = at_;
  if (take('(')) return call(name, at);
  at_ = after_word;
  if (name == "true" || name == "false") return counted({.op = Op::literal, .type = Type::boolean, .at = at, .literal = name == "true"});
  if (name == "null") return counted({.op = Op::literal, .type = Type::null, .at = at});
  at_ = at;
  return path(at);
}

ExpressionReader::Made ExpressionReader::call(std::string_view name, std::size_t at) {
  std::vector<Expr> args;
  if (++depth_ > things::filter_depth_max) return bad(at, {"嵌套过深。", "nested too deep."});
  if (!take(')')) {
    do {
      ZHILI_TRY(auto arg, disjunction());
      args.push_back(std::move(arg));
    } while (take(','));
    if (!take(')')) return unexpected_here();
  }
  --depth_;
  // What has no argument is known here.
  if (args.empty() && name == "now") return counted({.op = Op::literal, .type = Type::time, .at = at, .literal = things::Span{now_}});
  if (args.empty() && (name == "mindatetime" || name == "maxdatetime")) {
    auto const edge = read_time(name == "mindatetime" ? "0001-01-01T00:00:00Z" : "9999-12-31T23:59:59.999Z").value();
    return counted({.op = Op::literal, .type = Type::time, .at = at, .literal = things::Span{edge}});
  }
  if (name == "contains" && args.size() == 2) {  // OData 4 has it the other way round
    std::swap(args[0], args[1]);
    name = "substringof";
  }
  auto const known = functions_named(name);
  if (known.empty()) return bad(at, {fmt::format("没有函数“{}”。", name), fmt::format("there is no function \"{}\".", name)});
  Function const* fit = nullptr;
  for (auto const& function : known)
    if (function.takes.size() == args.size()) fit = &function;
  if (fit == nullptr)
    return bad(at, {fmt::format("{} 须有 {} 个参数。", name, known.front().takes.size()), fmt::format("{} takes {} arguments.", name, known.front().takes.size())});
  for (std::size_t i = 0; i < args.size(); ++i) {
    auto const wanted = fit->takes[i];
    if (!suits(args[i].type, wanted)) {
      auto const is = name_of(args[i].type), needs = name_of(wanted);
      return bad(args[i].at, {fmt::format("{} 的这个参数须是{}，而这是{}。", name, needs.zh, is.zh), fmt::format("{} needs {} here, and this is {}.", name, needs.en, is.en)});
    }
    if (wanted == Type::time) as_time(args[i]);
  }
  if (fit->op == Op::st_relate) {
    auto const* const pattern = std::get_if<std::string>(&args[2].literal);
    if (pattern == nullptr) return bad(args[2].at, {"关系模式须直接写出，例如 'T*T***T**'。", "the pattern must be written out, such as 'T*T***T**'."});
    if (auto const good = things::fits("FFFFFFFFF", *pattern); !good) return bad(args[2].at, good.error().text);
  }
  return counted({.op = fit->op, .type = fit->gives, .at = at, .args = std::move(args)});
}

ExpressionReader::Made ExpressionReader::typed(Op op, std::size_t at, std::vector<Expr> args) {
  auto const wrong = [&](std::string_view word) {
    auto const a = name_of(args[0].type), b = name_of(args.back().type);
    return bad(at, {fmt::format("{} 的两边不相配：{}与{}。", word, a.zh, b.zh), fmt::format("{} and {} do not go together here.", a.en, b.en)});
  };
  if (op == Op::and_ || op == Op::or_ || op == Op::not_) {
    for (auto& arg : args) {
      ZHILI_TRY(arg, boolean(std::move(arg)));
    }
    return counted({.op = op, .type = Type::boolean, .at = at, .args = std::move(args)});
  }
  if (is_comparison(op)) {
    if (!comparable(op, args[0].type, args[1].type)) return wrong("比较");
    if (args[0].type == Type::time) as_time(args[1]);
    if (args[1].type == Type::time) as_time(args[0]);
    return counted({.op = op, .type = Type::boolean, .at = at, .args = std::move(args)});
  }
  if (is_arithmetic(op)) {
    auto const gives = op == Op::negate ? (args[0].type == Type::duration ? std::optional(Type::duration) : arithmetic_type(Op::mul, args[0].type, Type::number))
                                        : arithmetic_type(op, args[0].type, args[1].type);
    if (!gives) return wrong("运算");
    return counted({.op = op, .type = *gives, .at = at, .args = std::move(args)});
  }
  return unexpected_here();
}

ExpressionReader::Made ExpressionReader::path(std::size_t at) {
  things::Path out;
  auto const* here = &entity_;
  while (true) {
    auto const begin = at_;
    auto const name = take_word(out.property != nullptr);
    if (name.empty()) return unexpected_here();
    if (out.property != nullptr) {
      out.keys.emplace_back(name);
      if (out.keys.size() > things::path_keys_max) return bad(begin, {"路径太深。", "the path is too deep."});
    } else if (auto const* const link = here->link(name)) {
      out.links.push_back(link);
      if (out.links.size() > things::path_links_max) return bad(begin, {"路径太深。", "the path is too deep."});
      here = &things::entity(link->to);
      if (peek() != '/')
        return bad(begin, {fmt::format("“{}”是联系，后面须接属性，例如 {}/name。", name, name), fmt::format("\"{}\" is a link: name a property of it, such as {}/id.", name, name)});
    } else if (name == "id" || name == "@iot.id") {
      if (peek() == '/') return bad(at_, {"id 没有下级。", "an id has no parts."});
      return counted({.op = Op::path, .type = Type::number, .at = at, .path = std::move(out)});
    } else if (auto const* const property = here->property(name)) {
      out.property = property;
      bool const deep = property->kind == things::Kind::object || property->kind == things::Kind::json || property->kind == things::Kind::geometry;
      if (peek() == '/' && !deep) return bad(at_, {fmt::format("{} 没有下级。", name), fmt::format("{} has no parts.", name)});
    } else {
      return bad(begin, {fmt::format("{} 没有属性或联系“{}”。", here->name, name), fmt::format("a {} has no property or link \"{}\".", here->name, name)});
    }
    if (peek() != '/') break;
    ++at_;
  }
  auto const type = type_of(out);
  return counted({.op = Op::path, .type = type, .at = at, .path = std::move(out)});
}

core::Result<Expr> ExpressionReader::order_key() {
  ZHILI_TRY(auto out, sum());
  ZHILI_CHECK(check_order(out));
  auto const type = out.type;
  if (type != Type::geometry && type != Type::boolean && type != Type::null) return out;
  auto const is = name_of(type);
  return bad(out.at, {fmt::format("不能按{}排序。", is.zh), fmt::format("no order by {}.", is.en)});
}

core::Result<> ExpressionReader::check_order(Expr const& expr) const {
  for (auto const* link : expr.path.links)
    if (link->many)
      return bad(expr.at, {fmt::format("不能按“{}”排序：它通向多个实体。", link->name), fmt::format("no order by \"{}\": it leads to several entities.", link->name)});
  for (auto const& arg : expr.args) ZHILI_CHECK(check_order(arg));
  return {};
}

core::Result<bool> ExpressionReader::direction() {
  if (take_operator("desc")) return true;
  take_operator("asc");
  return false;
}

core::Result<bool> ExpressionReader::comma() {
  if (take(',')) return true;
  blanks();
  if (at_ != text_.size()) return unexpected_here();
  return false;
}

}  // namespace zhili::web::sensorthings
