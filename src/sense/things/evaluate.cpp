#include "sense/things/evaluate.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <compare>

namespace zhili::sense::things {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

std::optional<double> as_number(Datum const& d) {
  if (auto const* const whole = std::get_if<std::int64_t>(&d)) return static_cast<double>(*whole);
  if (auto const* const real = std::get_if<double>(&d)) return *real;
  return std::nullopt;
}

std::optional<Span> as_time(Datum const& d) {
  if (auto const* const span = std::get_if<Span>(&d)) return *span;
  if (auto const* const day = std::get_if<Date>(&d)) return Span{core::Instant(std::chrono::days(day->days))};
  if (auto const* const text = std::get_if<std::string>(&d)) {  // a time inside of JSON
    if (auto const at = core::from_iso(*text)) return Span{*at};
  }
  return std::nullopt;
}

std::int64_t begin_ms(Span const& s) { return core::to_ms(s.begin); }
std::int64_t end_ms(Span const& s) { return core::to_ms(s.end.value_or(s.begin)); }

Datum number(double value) { return std::isfinite(value) ? Datum(value) : Datum(); }

bool is_null(Datum const& d) { return std::holds_alternative<std::monostate>(d); }

std::optional<std::partial_ordering> compare_plain(Datum const& a, Datum const& b) {
  auto const* const ia = std::get_if<std::int64_t>(&a);
  auto const* const ib = std::get_if<std::int64_t>(&b);
  if (ia != nullptr && ib != nullptr) return *ia <=> *ib;
  if (auto const x = as_number(a), y = as_number(b); x && y) return *x <=> *y;
  auto const same = [&]<class T>(T const*) -> std::optional<std::partial_ordering> {
    auto const* const x = std::get_if<T>(&a);
    auto const* const y = std::get_if<T>(&b);
    if (x == nullptr || y == nullptr) return std::nullopt;
    return std::partial_ordering(*x <=> *y);
  };
  if (auto out = same(static_cast<std::string const*>(nullptr))) return out;
  if (auto out = same(static_cast<bool const*>(nullptr))) return out;
  if (auto out = same(static_cast<core::Duration const*>(nullptr))) return out;
  if (auto out = same(static_cast<Date const*>(nullptr))) return out;
  return same(static_cast<TimeOfDay const*>(nullptr));
}

/// As 18-088 compares times: a point is one moment; a span has its begin and not its end.
bool compare_times(Op op, Span const& a, Span const& b) {
  auto const af = begin_ms(a), at = end_ms(a), bf = begin_ms(b), bt = end_ms(b);
  switch (op) {
    case Op::eq: return af == bf && at == bt;
    case Op::ne: return af != bf || at != bt;
    case Op::gt:
    case Op::after: return af > bt || (bf < bt && af == bt);
    case Op::lt:
    case Op::before: return at < bf || (af < at && at == bf);
    case Op::ge: return af >= bf && at >= bt;
    case Op::le: return af <= bf && at <= bt;
    case Op::meets: return at == bf || af == bt;
    case Op::during: return af >= bf && af < bt && at <= bt;
    case Op::overlaps: return af == bf || (af < bt && bf < at);
    case Op::starts: return af == bf;
    default: return at == bt;
  }
}

/// Nothing: neither true nor false, because there is no value or the kinds do not go together.
Datum compare(Op op, Datum const& a, Datum const& b) {
  if (std::holds_alternative<Span>(a) || std::holds_alternative<Span>(b)) {
    auto const x = as_time(a), y = as_time(b);
    return x && y ? Datum(compare_times(op, *x, *y)) : Datum();
  }
  auto const order = compare_plain(a, b);
  if (!order) return {};
  switch (op) {
    case Op::eq: return *order == 0;
    case Op::ne: return *order != 0;
    case Op::gt: return *order > 0;
    case Op::ge: return *order >= 0;
    case Op::lt: return *order < 0;
    default: return *order <= 0;
  }
}

Datum shifted(Span const& span, core::Duration by) { return Span{span.begin + by, span.end ? std::optional(*span.end + by) : std::nullopt}; }

Datum arithmetic(Op op, Datum const& a, Datum const& b) {
  auto const* const da = std::get_if<core::Duration>(&a);
  auto const* const db = std::get_if<core::Duration>(&b);
  if (da != nullptr && db != nullptr) return op == Op::add ? *da + *db : *da - *db;
  if (auto const* const t = std::get_if<Span>(&a)) {
    if (db != nullptr) return shifted(*t, op == Op::add ? *db : -*db);
    if (auto const* const u = std::get_if<Span>(&b)) return t->begin - u->begin;
    return {};
  }
  if (auto const* const t = std::get_if<Span>(&b)) return da != nullptr ? shifted(*t, *da) : Datum();
  auto const x = as_number(a), y = as_number(b);
  if (!x || !y) return {};
  switch (op) {
    case Op::add: return number(*x + *y);
    case Op::sub: return number(*x - *y);
    case Op::mul: return number(*x * *y);
    case Op::div: return *y == 0 ? Datum() : number(*x / *y);
    default: return *y == 0 ? Datum() : number(*x - *y * std::trunc(*x / *y));
  }
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return a - floor_div(a, b) * b; }

Datum part_of_time(Op op, Span const& span) {
  auto const ms = begin_ms(span);
  auto const days = floor_div(ms, day_ms);
  auto const of_day = floor_mod(ms, day_ms);
  std::chrono::year_month_day const day{std::chrono::sys_days(std::chrono::days(days))};
  switch (op) {
    case Op::year: return std::int64_t{static_cast<int>(day.year())};
    case Op::month: return std::int64_t{static_cast<unsigned>(day.month())};
    case Op::day: return std::int64_t{static_cast<unsigned>(day.day())};
    case Op::hour: return of_day / 3'600'000;
    case Op::minute: return of_day / 60'000 % 60;
    case Op::second: return of_day / 1'000 % 60;
    case Op::fractionalseconds: return static_cast<double>(of_day % 1'000) / 1'000;
    case Op::date: return Date{days};
    case Op::time: return TimeOfDay{of_day};
    default: return std::int64_t{0};  // times are kept in UTC
  }
}

// Texts are counted in characters, as SQL does.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
std::size_t byte_of_character(std::string_view text, std::size_t n) {
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (n-- == 0) break;
  }
  return i;
}
std::size_t bounded(double number) { return static_cast<std::size_t>(std::clamp(std::trunc(number), 0.0, 1e9)); }

std::string cased(std::string text, char from, char to, int by) {
  for (auto& c : text) c = c >= from && c <= to ? static_cast<char>(c + by) : c;
  return text;
}

Datum text_function(Op op, std::vector<Datum> const& args) {
  auto const* const a = std::get_if<std::string>(&args[0]);
  auto const* const b = args.size() > 1 ? std::get_if<std::string>(&args[1]) : nullptr;
  if (a == nullptr) return {};
  switch (op) {
    case Op::length: return static_cast<std::int64_t>(characters(*a));
    case Op::tolower: return cased(*a, 'A', 'Z', 32);
    case Op::toupper: return cased(*a, 'a', 'z', -32);
    case Op::trim: {
      auto const first = a->find_first_not_of(' ');
      return first == std::string::npos ? std::string() : a->substr(first, a->find_last_not_of(' ') - first + 1);
    }
    case Op::substring: {
      auto const from = as_number(args[1]);
      if (!from) return {};
      auto out = a->substr(byte_of_character(*a, bounded(*from)));
      if (args.size() == 3) {
        auto const many = as_number(args[2]);
        if (!many) return {};
        out.resize(byte_of_character(out, bounded(*many)));
      }
      return out;
    }
    default: break;
  }
  if (b == nullptr) return {};
  switch (op) {
    case Op::substringof: return b->find(*a) != std::string::npos;
    case Op::startswith: return a->starts_with(*b);
    case Op::endswith: return a->ends_with(*b);
    case Op::concat: return *a + *b;
    default: {
      auto const at = a->find(*b);
      return at == std::string::npos ? std::int64_t{-1} : static_cast<std::int64_t>(characters(std::string_view(*a).substr(0, at)));
    }
  }
}

Datum shape_function(Expr const& expr, std::vector<Datum> const& args) {
  auto const* const a = std::get_if<Geometry>(&args[0]);
  if (a == nullptr) return {};
  if (expr.op == Op::geo_length) return a->length();
  auto const* const b = std::get_if<Geometry>(&args[1]);
  if (b == nullptr) return {};
  switch (expr.op) {
    case Op::geo_distance: return a->distance(*b);
    case Op::geo_intersects:
    case Op::st_intersects: return a->intersects(*b);
    case Op::st_equals: return a->equals(*b);
    case Op::st_disjoint: return a->disjoint(*b);
    case Op::st_touches: return a->touches(*b);
    case Op::st_within: return a->within(*b);
    case Op::st_overlaps: return a->overlaps(*b);
    case Op::st_crosses: return a->crosses(*b);
    case Op::st_contains: return a->contains(*b);
    default: return fits(a->relation(*b), std::get<std::string>(args[2])).value_or(false);
  }
}

/// The logic of SQL: false and nothing is false, true and nothing is nothing.
Datum joined(Op op, std::vector<Datum> const& args) {
  auto const truth = [](Datum const& d) {
    auto const* const said = std::get_if<bool>(&d);
    return said != nullptr ? std::optional(*said) : std::nullopt;
  };
  auto const a = truth(args[0]);
  if (op == Op::not_) return a ? Datum(!*a) : Datum();
  auto const b = truth(args[1]);
  bool const decides = op == Op::or_;
  if (a == decides || b == decides) return decides;
  return a && b ? Datum(!decides) : Datum();
}

Datum function(Expr const& expr, std::vector<Datum> const& args) {
  if (expr.op >= Op::geo_distance) return shape_function(expr, args);
  if (expr.op >= Op::year && expr.op <= Op::totaloffsetminutes) {
    auto const time = as_time(args[0]);
    return time ? part_of_time(expr.op, *time) : Datum();
  }
  if (expr.op >= Op::round && expr.op <= Op::ceiling) {
    auto const x = as_number(args[0]);
    if (!x) return {};
    return expr.op == Op::round ? std::round(*x) : expr.op == Op::floor ? std::floor(*x) : std::ceil(*x);
  }
  return text_function(expr.op, args);
}

}  // namespace

bool is_leaf(Expr const& expr) { return expr.op != Op::and_ && expr.op != Op::or_ && expr.op != Op::not_; }

void each_path(Expr const& expr, std::function<void(Path const&)> const& visit) {
  if (expr.op == Op::path) visit(expr.path);
  for (auto const& arg : expr.args) each_path(arg, visit);
}

bool holds(Expr const& condition, Values const& values, Known const& known) {
  auto const out = evaluate(condition, values, known);
  auto const* const truth = std::get_if<bool>(&out);
  return truth != nullptr && *truth;
}

Datum evaluate(Expr const& expr, Values const& values, Known const& known) {
  if (expr.op == Op::literal) return expr.literal;
  if (expr.op == Op::path) return values(expr.path);
  if (known && expr.type == Type::boolean && is_leaf(expr))
    if (auto const said = known(expr)) return *said;
  std::vector<Datum> args;
  args.reserve(expr.args.size());
  for (auto const& arg : expr.args) args.push_back(evaluate(arg, values, known));
  if (expr.op == Op::and_ || expr.op == Op::or_ || expr.op == Op::not_) return joined(expr.op, args);
  if (expr.op >= Op::eq && expr.op <= Op::le) {
    // Asking for null is the one comparison that knows nothing as a value.
    for (std::size_t i = 0; i < 2; ++i)
      if (expr.args[i].type == Type::null) return is_null(args[1 - i]) == (expr.op == Op::eq);
    return compare(expr.op, args[0], args[1]);
  }
  if (expr.op >= Op::before && expr.op <= Op::finishes) {
    auto const a = as_time(args[0]), b = as_time(args[1]);
    return a && b ? Datum(compare_times(expr.op, *a, *b)) : Datum();
  }
  if (expr.op == Op::negate) {
    if (auto const* const duration = std::get_if<core::Duration>(&args[0])) return -*duration;
    auto const x = as_number(args[0]);
    return x ? Datum(-*x) : Datum();
  }
  if (expr.op >= Op::add && expr.op <= Op::mod) return arithmetic(expr.op, args[0], args[1]);
  return function(expr, args);
}

Datum json_at(std::string_view json, std::vector<std::string> const& keys) {
  boost::json::error_code failed;
  auto const whole = boost::json::parse(json, failed);
  if (failed) return {};
  auto const* at = &whole;
  for (auto const& key : keys) {
    if (auto const* const object = at->if_object()) {
      at = object->if_contains(key);
    } else if (auto const* const array = at->if_array()) {
      std::size_t position = 0;
      auto const [stop, error] = std::from_chars(key.data(), key.data() + key.size(), position);
      at = error == std::errc{} && stop == key.data() + key.size() && position < array->size() ? &(*array)[position] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return {};
  }
  if (auto const* const text = at->if_string()) return std::string(*text);
  if (auto const* const truth = at->if_bool()) return *truth;
  if (auto const* const whole_number = at->if_int64()) return *whole_number;
  if (at->is_number()) return at->to_number<double>();
  return {};
}

}  // namespace zhili::sense::things
