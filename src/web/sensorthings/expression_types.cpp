// Names, operands and types of functions and operators: the tables of 18-088, 9.3.3.5.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "web/sensorthings/expression.hpp"
#include "web/utf8.hpp"

namespace zhili::web::sensorthings {

using things::Op;
using things::Type;

namespace {

std::vector<Function> const& functions() {
  static auto const& all = *new std::vector<Function>{
      {"substringof", Op::substringof, Type::boolean, {Type::text, Type::text}},
      {"endswith", Op::endswith, Type::boolean, {Type::text, Type::text}},
      {"startswith", Op::startswith, Type::boolean, {Type::text, Type::text}},
      {"length", Op::length, Type::number, {Type::text}},
      {"indexof", Op::indexof, Type::number, {Type::text, Type::text}},
      {"substring", Op::substring, Type::text, {Type::text, Type::number}},
      {"substring", Op::substring, Type::text, {Type::text, Type::number, Type::number}},
      {"tolower", Op::tolower, Type::text, {Type::text}},
      {"toupper", Op::toupper, Type::text, {Type::text}},
      {"trim", Op::trim, Type::text, {Type::text}},
      {"concat", Op::concat, Type::text, {Type::text, Type::text}},
      {"year", Op::year, Type::number, {Type::time}},
      {"month", Op::month, Type::number, {Type::time}},
      {"day", Op::day, Type::number, {Type::time}},
      {"hour", Op::hour, Type::number, {Type::time}},
      {"minute", Op::minute, Type::number, {Type::time}},
      {"second", Op::second, Type::number, {Type::time}},
      {"fractionalseconds", Op::fractionalseconds, Type::number, {Type::time}},
      {"date", Op::date, Type::date, {Type::time}},
      {"time", Op::time, Type::time_of_day, {Type::time}},
      {"totaloffsetminutes", Op::totaloffsetminutes, Type::number, {Type::time}},
      {"before", Op::before, Type::boolean, {Type::time, Type::time}},
      {"after", Op::after, Type::boolean, {Type::time, Type::time}},
      {"meets", Op::meets, Type::boolean, {Type::time, Type::time}},
      {"during", Op::during, Type::boolean, {Type::time, Type::time}},
      {"overlaps", Op::overlaps, Type::boolean, {Type::time, Type::time}},
      {"starts", Op::starts, Type::boolean, {Type::time, Type::time}},
      {"finishes", Op::finishes, Type::boolean, {Type::time, Type::time}},
      {"round", Op::round, Type::number, {Type::number}},
      {"floor", Op::floor, Type::number, {Type::number}},
      {"ceiling", Op::ceiling, Type::number, {Type::number}},
      {"geo.distance", Op::geo_distance, Type::number, {Type::geometry, Type::geometry}},
      {"geo.length", Op::geo_length, Type::number, {Type::geometry}},
      {"geo.intersects", Op::geo_intersects, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_equals", Op::st_equals, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_disjoint", Op::st_disjoint, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_touches", Op::st_touches, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_within", Op::st_within, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_overlaps", Op::st_overlaps, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_crosses", Op::st_crosses, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_intersects", Op::st_intersects, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_contains", Op::st_contains, Type::boolean, {Type::geometry, Type::geometry}},
      {"st_relate", Op::st_relate, Type::boolean, {Type::geometry, Type::geometry, Type::text}},
  };
  return all;
}

}  // namespace

std::vector<Function> functions_named(std::string_view name) {
  std::vector<Function> out;
  std::ranges::copy_if(functions(), std::back_inserter(out), [&](Function const& f) { return f.name == name; });
  return out;
}

bool suits(Type is, Type wanted) {
  if (is == wanted || is == Type::null) return true;
  if (is == Type::date && wanted == Type::time) return true;  // its midnight in UTC
  return is == Type::any && wanted != Type::geometry;
}

core::Text name_of(Type type) {
  switch (type) {
    case Type::null: return {"空值", "null"};
    case Type::boolean: return {"真假", "a condition"};
    case Type::number: return {"数", "a number"};
    case Type::text: return {"文本", "a text"};
    case Type::time: return {"时间", "a time"};
    case Type::duration: return {"时长", "a duration"};
    case Type::date: return {"日期", "a date"};
    case Type::time_of_day: return {"一天中的时刻", "a time of day"};
    case Type::geometry: return {"几何", "a geometry"};
    case Type::any: return {"任意值", "any value"};
  }
  return {};
}

tl::unexpected<core::Error> bad_option(std::string_view option, std::string_view text, std::size_t at, core::Text what) {
  auto const character = count_characters(text.substr(0, std::min(at, text.size()))) + 1;
  return core::fail(core::Errc::invalid, "sensorthings.query",
                    {fmt::format("{} 第 {} 个字符：{}", option, character, what.zh), fmt::format("{}, character {}: {}", option, character, what.en)},
                    std::string(option));
}

}  // namespace zhili::web::sensorthings
