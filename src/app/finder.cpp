#include "app/finder.hpp"

#include <fmt/format.h>

namespace zhili::app {

namespace {

using core::Text;
using respond::DutyAnswer;
using respond::DutyQuestion;
using respond::DutyReason;

constexpr double own_component_within_m = 30;
/// A report of a component farther from the registered one may tell of another.
constexpr double same_component_within_m = 15;

Text name_of_department(catalogue::Installation const& installation, std::string const& code) {
  auto const* department = installation.department(code);
  return department ? department->name : Text{code, code};
}

Text area_words(sense::places::Found const& found) {
  Text out;
  for (auto area = found.areas.rbegin(); area != found.areas.rend(); ++area) {
    if ((*area)->parent.empty()) continue;  // the city itself says nothing
    out.zh += (*area)->name.zh;
    out.en = (*area)->name.en + (out.en.empty() ? "" : ", " + out.en);
  }
  return out;
}

/// The class of a component as its register has it: the digits of its item's code, without the letter that keeps events
/// and components apart (C0115 → 0115).
std::string_view class_of(std::string_view item) {
  auto const digit = item.find_first_of("0123456789");
  return digit == std::string_view::npos ? item : item.substr(digit);
}

/// The department that keeps the component itself, if it is one of ours.
catalogue::Department const* keeper(DutyQuestion const& question, sense::places::PlaceIndex const& places,
                                    catalogue::Installation const& installation, std::vector<DutyReason>& because) {
  if (question.by != catalogue::DutyBy::owner || !question.place) return nullptr;
  auto const near = places.nearest_component(*question.place, class_of(question.item), own_component_within_m);
  if (!near) return nullptr;
  auto const* department = installation.department(std::string(near->thing->field("keeper")));
  if (department) because.push_back({{"部件", "Component"}, {near->thing->name.zh + " " + near->thing->code, near->thing->name.en + " " + near->thing->code}});
  return department;
}

}  // namespace

respond::Located Finder::locate(core::LatLon at) const {
  auto const places = runtime_.places().now();
  auto const found = places->find(at);
  respond::Located out;
  if (found.grid) out.grid = found.grid->code;
  if (!found.areas.empty()) out.area_id = found.areas.front()->id;
  return out;
}

std::string Finder::asset(core::LatLon at, std::string_view item) const {
  auto const* found = runtime_.catalogue()->find(item);
  if (!found || found->kind != catalogue::Kind::component) return {};
  auto const near = runtime_.places().now()->nearest_component(at, class_of(item), same_component_within_m);
  return near ? near->thing->code : std::string();
}

core::Result<DutyAnswer> Finder::find(DutyQuestion const& question) const {
  auto const places = runtime_.places().now();
  auto const& installation = runtime_.installation();
  auto const found = question.place ? places->find(*question.place) : sense::places::Found{};
  DutyAnswer out;
  if (auto const where = area_words(found); !where.zh.empty()) out.because.push_back({{"地点", "Place"}, where});
  if (!question.grid.empty()) out.because.push_back({{"单元网格", "Unit grid"}, {question.grid, question.grid}});
  auto const* item = runtime_.catalogue()->find(question.item);
  bool const component = item && item->kind == catalogue::Kind::component;
  if (auto const* own = component ? keeper(question, *places, installation, out.because) : nullptr) {
    out.department = own->code;
    out.because.push_back({{"养护部门", "Keeper"}, own->name});
    return out;
  }
  if (auto const* duty = places->duty(found, question.function)) {
    out.duty_grid = duty->code;
    out.because.push_back({{"责任网格", "Duty grid"}, duty->name.zh.empty() ? Text{duty->code, duty->code} : duty->name});
  }
  auto const* function = runtime_.catalogue()->function(question.function);
  out.because.push_back({{"职能", "Function"}, function ? function->name : Text{question.function, question.function}});
  auto const* holder = installation.holder(question.function, found.areas.empty() ? std::string() : found.areas.front()->code);
  if (!holder)
    return core::fail(core::Errc::not_found, "duty.nobody",
                      {fmt::format("没有部门承担“{}”这项职能。请在 installation.yaml 里指定。", question.function),
                       fmt::format("No department holds the function \"{}\". Name one in installation.yaml.", question.function)},
                      "function");
  out.department = holder->department;
  out.post = holder->post;
  out.because.push_back({{"承办部门", "Department"}, name_of_department(installation, holder->department)});
  return out;
}

DutyAnswer Finder::default_duty(DutyQuestion const&) const {
  auto const& installation = runtime_.installation();
  return {.department = installation.default_department,
          .because = {{{"兜底", "Default duty"}, name_of_department(installation, installation.default_department)}}};
}

}  // namespace zhili::app
