#include "sense/places/code_check.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace zhili::sense::places {
namespace {

constexpr std::size_t code_length_max = 64;

bool digits(std::string_view code) {
  return std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

/// Codes of things and duty grids are words: they stand in lists with spaces between them.
bool word(std::string_view code) {
  return !code.empty() && code.size() <= code_length_max &&
         std::ranges::all_of(code, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
}

Text word_fault(std::string_view code) {
  return {fmt::format("编码“{}”不对：1 到 {} 个字节，不能有空格和换行。请改编码。", code, code_length_max),
          fmt::format("Code “{}” is not right: 1 to {} bytes, no spaces or line ends. Change the code.", code,
                      code_length_max)};
}

}  // namespace

std::optional<Text> code_fault(CodeScheme const& scheme, Area const& area) {
  auto const* level = scheme.level(area.level);
  if (!level) {
    std::string known;
    for (auto const& l : scheme.areas) known += (known.empty() ? "" : ", ") + l.code;
    return Text{
        fmt::format("区域 {} 的层级“{}”不认识。请写：{}。", area.code, area.level, known),
        fmt::format("Area {}: level “{}” is not known. Write one of: {}.", area.code, area.level, known)};
  }
  if (area.code.size() != level->digits || !digits(area.code))
    return Text{
        fmt::format("{}编码“{}”应是 {} 位数字。请改编码，或改配置里的编码分段。", level->name.zh, area.code,
                    level->digits),
        fmt::format(
            "The code of a {} has {} digits; “{}” does not. Change the code, or the code segments in the "
            "configuration.",
            level->code, level->digits, area.code)};
  if (!area.parent.empty() && area.parent != scheme.parent(area.code))
    return Text{fmt::format("区域 {} 的上级写的是 {}，按编码应是 {}。请改其中一个。", area.code, area.parent,
                            scheme.parent(area.code)),
                fmt::format("Area {} names {} as its parent, but its code says {}. Change one of them.",
                            area.code, area.parent, scheme.parent(area.code))};
  return std::nullopt;
}

std::optional<Text> code_fault(CodeScheme const& scheme, UnitGrid const& grid) {
  if (grid.code.size() == scheme.grid_digits && digits(grid.code)) return std::nullopt;
  return Text{
      fmt::format("单元网格编码“{}”应是 {} 位数字。请改编码，或改配置里的编码分段。", grid.code,
                  scheme.grid_digits),
      fmt::format(
          "The code of a unit grid has {} digits; “{}” does not. Change the code, or the code segments "
          "in the configuration.",
          scheme.grid_digits, grid.code)};
}

std::optional<Text> code_fault(CodeScheme const& scheme, DutyGrid const& duty) {
  if (!word(duty.code)) return word_fault(duty.code);
  for (auto const& grid : duty.grids)
    if (grid.size() != scheme.grid_digits || !digits(grid))
      return Text{
          fmt::format("责任网格 {} 里的单元网格“{}”应是 {} 位数字。", duty.code, grid, scheme.grid_digits),
          fmt::format("Duty grid {}: unit grid “{}” must have {} digits.", duty.code, grid,
                      scheme.grid_digits)};
  return std::nullopt;
}

std::optional<Text> code_fault(CodeScheme const& scheme, Thing const& thing) {
  if (thing.kind != Kind::component) {
    if (word(thing.code)) return std::nullopt;
    return word_fault(thing.code);
  }
  if (thing.code.size() != scheme.component_digits() || !digits(thing.code))
    return Text{
        fmt::format("部件编码“{}”应是 {} 位数字。请改编码，或改配置里的编码分段。", thing.code,
                    scheme.component_digits()),
        fmt::format(
            "The code of a component has {} digits; “{}” does not. Change the code, or the code segments "
            "in the configuration.",
            scheme.component_digits(), thing.code)};
  auto const klass =
      std::string_view(thing.code).substr(scheme.component_district_digits, scheme.component_class_digits);
  if (!thing.klass.empty() && thing.klass != klass)
    return Text{
        fmt::format("部件 {} 的类别写的是 {}，按编码应是 {}。请改其中一个。", thing.code, thing.klass, klass),
        fmt::format("Component {} names class {}, but its code says {}. Change one of them.", thing.code,
                    thing.klass, klass)};
  return std::nullopt;
}

core::Result<> check_codes(City const& city) {
  auto const all_good = [&](auto const& parts, char const* field) -> core::Result<> {
    for (auto const& part : parts)
      if (auto fault = code_fault(city.scheme, part))
        return core::fail(core::Errc::invalid, "places.code", std::move(*fault), field);
    return {};
  };
  ZHILI_CHECK(all_good(city.areas, "areas"));
  ZHILI_CHECK(all_good(city.grids, "grids"));
  ZHILI_CHECK(all_good(city.duties, "duties"));
  return all_good(city.things, "things");
}

}  // namespace zhili::sense::places
