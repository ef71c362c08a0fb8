// What a command may be told.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "sense/devices/commands.hpp"

namespace zhili::sense::devices {

using boost::json::object;
using boost::json::value;
using catalogue::CommandParameter;
using catalogue::ValueKind;
using core::Errc;
using core::fail;

namespace {

tl::unexpected<core::Error> bad_parameter(CommandParameter const& parameter, std::string const& zh, std::string const& en) {
  return fail(Errc::invalid, "device.command.parameter", {fmt::format("“{}”（{}）{}。", parameter.name.zh, parameter.id, zh), fmt::format("\"{}\" ({}) {}.", parameter.name.en, parameter.id, en)},
              "parameters." + parameter.id);
}

core::Result<> check_range(CommandParameter const& parameter, double number) {
  if (!std::isfinite(number)) return bad_parameter(parameter, "应是一个数", "is a number");
  if (!parameter.range || parameter.range->holds(number)) return {};
  auto const unit = core::unit_symbol(parameter.unit);
  return bad_parameter(parameter, fmt::format("应在 {} 到 {}{} 之间", parameter.range->low, parameter.range->high, unit.empty() ? "" : " " + unit),
                       fmt::format("is between {} and {}{}", parameter.range->low, parameter.range->high, unit.empty() ? "" : " " + unit));
}

core::Result<> check_text(CommandParameter const& parameter, std::string_view text) {
  if (text.size() > command_text_bytes_max || text.find('\0') != std::string_view::npos)
    return bad_parameter(parameter, fmt::format("最多 {} 字节", command_text_bytes_max), fmt::format("has at most {} bytes", command_text_bytes_max));
  if (parameter.choices.empty() || std::ranges::find(parameter.choices, text, &catalogue::Word::code) != parameter.choices.end()) return {};
  std::string codes;
  for (auto const& choice : parameter.choices) codes += (codes.empty() ? "" : ", ") + choice.code;
  return bad_parameter(parameter, "只能是 " + codes, "is one of " + codes);
}

core::Result<value> checked_value(CommandParameter const& parameter, value const& given) {
  switch (parameter.kind) {
    case ValueKind::number: {
      if (!given.is_number()) return bad_parameter(parameter, "应是一个数", "is a number");
      ZHILI_CHECK(check_range(parameter, given.to_number<double>()));
      return given;
    }
    case ValueKind::count: {
      bool const whole = given.is_int64() || given.is_uint64() || (given.is_double() && std::floor(given.get_double()) == given.get_double() && std::abs(given.get_double()) < 1e15);
      if (!whole || given.to_number<double>() < 0) return bad_parameter(parameter, "应是不小于 0 的整数", "is a whole number, not below 0");
      ZHILI_CHECK(check_range(parameter, given.to_number<double>()));
      return value(static_cast<std::int64_t>(given.to_number<double>()));
    }
    case ValueKind::boolean:
      if (!given.is_bool()) return bad_parameter(parameter, "应是 true 或 false", "is true or false");
      return given;
    case ValueKind::text:
      if (!given.is_string()) return bad_parameter(parameter, "应是文字", "is a text");
      ZHILI_CHECK(check_text(parameter, given.get_string()));
      return given;
  }
  return given;
}

}  // namespace

std::string_view name(CommandState state) {
  switch (state) {
    case CommandState::waiting: return "waiting";
    case CommandState::sent: return "sent";
    case CommandState::acknowledged: return "acknowledged";
    case CommandState::failed: return "failed";
    case CommandState::expired: return "expired";
  }
  return {};
}

core::Result<std::string> checked_parameters(catalogue::CommandType const& type, std::string_view json) {
  boost::system::error_code error;
  auto const parsed = boost::json::parse(json.empty() ? "{}" : json, error);
  if (error || !parsed.is_object())
    return fail(Errc::invalid, "device.command.parameters", {"参数应是一个 JSON 对象。", "The parameters are a JSON object."}, "parameters");
  auto const& given = parsed.get_object();
  for (auto const& [key, ignored] : given)
    if (std::ranges::find(type.parameters, std::string_view(key), &CommandParameter::id) == type.parameters.end())
      return fail(Errc::invalid, "device.command.parameter", {fmt::format("命令“{}”没有参数 {}。", type.name.zh, std::string_view(key)), fmt::format("The command \"{}\" has no parameter {}.", type.name.en, std::string_view(key))},
                  "parameters." + std::string(key));
  object out;
  for (auto const& parameter : type.parameters) {
    auto const* found = given.if_contains(parameter.id);
    if (!found || found->is_null()) {
      if (parameter.required) return bad_parameter(parameter, "不能缺", "is needed");
      continue;
    }
    ZHILI_TRY(out[parameter.id], checked_value(parameter, *found));
  }
  return boost::json::serialize(out);
}

}  // namespace zhili::sense::devices
