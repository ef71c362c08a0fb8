// Literals of expressions: texts, numbers, times, shapes.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "web/sensorthings/expression.hpp"

namespace zhili::web::sensorthings {

using things::Expr;
using things::Op;
using things::Type;

namespace {

bool is_a_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

core::Result<std::string> ExpressionReader::quoted() {
  auto const at = at_++;
  std::string out;
  while (at_ < text_.size()) {
    if (text_[at_] == '\'') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '\'') {
        ++at_;
        return out;
      }
      ++at_;  // two stand for one
    }
    out += text_[at_++];
  }
  return bad(at, {"这个引号没有合上。", "this quote is not closed."});
}

ExpressionReader::Made ExpressionReader::quoted_text(std::size_t at) {
  ZHILI_TRY(auto text, quoted());
  return counted({.op = Op::literal, .type = Type::text, .at = at, .literal = std::move(text)});
}

ExpressionReader::Made ExpressionReader::geography(std::size_t at) {
  ZHILI_TRY(auto const text, quoted());
  auto geometry = things::Geometry::from_wkt(text);
  if (!geometry) return bad(at, geometry.error().text);
  return counted({.op = Op::literal, .type = Type::geometry, .at = at, .literal = std::move(*geometry)});
}

ExpressionReader::Made ExpressionReader::number_or_time() {
  auto const at = at_;
  auto end = at_ + (peek() == '-' ? 1 : 0);
  auto const fits = [](char c) { return is_a_digit(c) || c == '.' || c == ':' || c == '-' || c == '+' || c == '/' || c == 'T' || c == 'Z' || c == 'P' || c == 'e' || c == 'E' || c == 'D' || c == 'H' || c == 'M' || c == 'S'; };
  while (end < text_.size() && fits(text_[end])) ++end;
  // A plus sign that was not escaped in the URL has become a blank: "T08:00:00 08:00".
  auto const digits_at = [&](std::size_t i, std::string_view like) {
    if (i + like.size() > text_.size()) return false;
    for (std::size_t k = 0; k < like.size(); ++k)
      if (like[k] == '0' ? !is_a_digit(text_[i + k]) : text_[i + k] != like[k]) return false;
    return true;
  };
  std::string chars(text_.substr(at, end - at));
  if (chars.find('T') != std::string::npos && digits_at(end, " 00:00")) {
    chars += '+';
    chars += text_.substr(end + 1, 5);
    end += 6;
  }
  at_ = end;
  bool const time = chars.find(':') != std::string::npos || chars.find('-', 1) != std::string::npos;
  bool const exponent = chars.find_first_of("eE") != std::string::npos;
  return time && !exponent ? time_literal(at, chars) : number(at, chars);
}

ExpressionReader::Made ExpressionReader::number(std::size_t at, std::string_view chars) {
  auto const* const end = chars.data() + chars.size();
  std::int64_t whole = 0;
  if (auto const [stop, error] = std::from_chars(chars.data(), end, whole); error == std::errc{} && stop == end)
    return counted({.op = Op::literal, .type = Type::number, .at = at, .literal = whole});
  double real = 0;
  if (auto const [stop, error] = std::from_chars(chars.data(), end, real); error == std::errc{} && stop == end && std::isfinite(real))
    return counted({.op = Op::literal, .type = Type::number, .at = at, .literal = real});
  return bad(at, {fmt::format("“{}”不是数。", chars), fmt::format("\"{}\" is no number.", chars)});
}

ExpressionReader::Made ExpressionReader::time_literal(std::size_t at, std::string_view chars) {
  int parts[4] = {};
  auto const read = [&](std::string_view like) {  // digits where `like` has 0
    if (chars.size() < like.size()) return false;
    int part = 0;
    for (auto& p : parts) p = 0;
    for (std::size_t i = 0; i < like.size(); ++i) {
      if (like[i] == '0') {
        if (!is_a_digit(chars[i])) return false;
        parts[part] = parts[part] * 10 + (chars[i] - '0');
      } else if (chars[i] == like[i]) {
        ++part;
      } else {
        return false;
      }
    }
    return true;
  };
  if (chars.size() == 10 && read("0000-00-00")) {
    std::chrono::year_month_day const day{std::chrono::year(parts[0]), std::chrono::month(static_cast<unsigned>(parts[1])),
                                          std::chrono::day(static_cast<unsigned>(parts[2]))};
    if (day.ok())
      return counted({.op = Op::literal, .type = Type::date, .at = at, .literal = things::Date{std::chrono::sys_days(day).time_since_epoch().count()}});
  } else if (read("00:00:00") && parts[0] < 24 && parts[1] < 60 && parts[2] < 60) {
    std::int64_t ms = ((parts[0] * 60LL + parts[1]) * 60 + parts[2]) * 1'000;
    double fraction = 0;
    auto const rest = chars.substr(8);
    auto const [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), fraction);
    bool const good = rest.empty() || (rest.front() == '.' && error == std::errc{} && stop == rest.data() + rest.size() && fraction < 1);
    if (good) return counted({.op = Op::literal, .type = Type::time_of_day, .at = at, .literal = things::TimeOfDay{ms + std::llround(fraction * 1'000)}});
  } else if (auto const span = read_span(chars)) {
    return counted({.op = Op::literal, .type = Type::time, .at = at, .literal = *span});
  }
  return bad(at, {fmt::format("“{}”不是时间。请写成 2026-11-21T08:00:00Z，须带时区（+ 在网址里写作 %2B）。", chars),
                  fmt::format("\"{}\" is no time. Write 2026-11-21T08:00:00Z, with its zone (a + is %2B in an address).", chars)});
}

}  // namespace zhili::web::sensorthings
