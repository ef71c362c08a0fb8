// Who sees which alarms, and who may do what with them.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "web/alarms/alarms.hpp"
#include "web/devices/devices.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;
using respond::Role;

namespace {

constexpr respond::Roles alarm_hands{Role::handler, Role::handler_lead};
constexpr respond::Roles alarm_looks_after{Role::acceptor, Role::dispatcher, Role::dispatcher_lead, Role::handler, Role::handler_lead};
constexpr respond::Roles alarm_suppressors{Role::dispatcher, Role::dispatcher_lead, Role::handler_lead};
constexpr std::array<std::string_view, 5> window_roles{"dispatcher", "dispatcher_lead", "handler_lead", device_keeper_role, organise::administrator_role};

bool keeps_devices_by(organise::Grant const& grant) { return grant.role == device_keeper_role || grant.role == organise::administrator_role; }

/// What one post lets somebody see.
std::vector<alarms::Sight> sights_by(organise::Grant const& grant) {
  if (keeps_devices_by(grant)) return {{.area = grant.area, .faults_only = true}};
  auto const role = respond::role_from(grant.role);
  if (!role) return {};
  if (alarm_hands.has(*role)) return {{.area = grant.area, .department = grant.department}};
  if (grant.items.empty()) return {{.area = grant.area}};
  std::vector<alarms::Sight> out;
  for (auto const& item : grant.items) out.push_back({.area = grant.area, .item = item});
  if (!grant.department.empty()) out.push_back({.area = grant.area, .department = grant.department});
  return out;
}

bool sees_by(organise::Grant const& grant, alarms::AlarmState const& alarm) {
  return std::ranges::any_of(sights_by(grant), [&](alarms::Sight const& sight) { return sight.sees(alarm); });
}

std::string alarm_role_titles(respond::Roles roles, core::Lang lang) {
  std::string out;
  for (auto const role : respond::all_roles)
    if (roles.has(role)) out += (out.empty() ? "" : lang == core::Lang::zh ? "、" : ", ") + core::in(lang, respond::title(role));
  return out;
}

}  // namespace

std::vector<alarms::Sight> sights_of(Caller const& caller) {
  std::vector<alarms::Sight> out;
  for (auto const& grant : caller.grants)
    for (auto& sight : sights_by(grant))
      if (std::ranges::find(out, sight) == out.end()) out.push_back(std::move(sight));
  return out;
}

bool may_see(Caller const& caller, alarms::AlarmState const& alarm) {
  return std::ranges::any_of(caller.grants, [&](organise::Grant const& grant) { return sees_by(grant, alarm); });
}

bool acts_on(Caller const& caller, alarms::AlarmState const& alarm) {
  return std::ranges::any_of(caller.grants, [&](organise::Grant const& grant) { return !keeps_devices_by(grant) && sees_by(grant, alarm); });
}

core::Result<alarms::By> may_do(Caller const& caller, alarms::AlarmState const& alarm, alarms::Verb verb) {
  bool const quiet = verb == alarms::Verb::suppress;
  auto const roles = quiet ? alarm_suppressors : alarm_looks_after;
  for (auto const& grant : caller.grants) {
    if (!sees_by(grant, alarm)) continue;
    auto const role = respond::role_from(grant.role);
    bool const may = verb == alarms::Verb::comment || keeps_devices_by(grant) || (role && roles.has(*role));
    if (may) return alarms::By{.actor = caller.ref(), .department = grant.department};
  }
  return fail(Errc::forbidden, "alarm.not_yours",
              {fmt::format("您在这里的岗位不能做这一步。可以做的角色：{}；设备故障还有设备管理员。", alarm_role_titles(roles, core::Lang::zh)),
               fmt::format("None of your posts here may take this step. The roles that may: {}; of a device's fault also its keepers.", alarm_role_titles(roles, core::Lang::en))});
}

core::Result<> may_maintain(Caller const& caller, std::string const& area) {
  bool const may = std::ranges::any_of(caller.grants, [&](organise::Grant const& grant) {
    return std::ranges::find(window_roles, grant.role) != window_roles.end() && area.starts_with(grant.area);
  });
  if (may) return {};
  return fail(Errc::forbidden, "maintenance.not_yours",
              {"您的岗位不管这个区域。请写明您管的区域（area）。", "None of your posts is for this area. Name an area that is yours (area)."}, "area");
}

Who window_setters() { return Who(Who::Kind::signed_in, {window_roles.begin(), window_roles.end()}); }

}  // namespace zhili::web
