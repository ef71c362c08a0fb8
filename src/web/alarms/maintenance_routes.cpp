// Maintenance windows.

#include <boost/json.hpp>

#include "web/alarms/view.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

core::Result<Response> list_maintenance(Call const& call, AlarmParts const& parts) {
  auto const& api = parts.people.api;
  auto const limit = static_cast<std::size_t>(call.query.integer("limit").value_or(maintenance_page_default));
  ZHILI_TRY(auto windows, api.db->read([&](store::Reader& r) { return alarms::list_windows(r, call.query.integer("cursor").value_or(0), call.query.flag("past"), limit + 1); }));
  std::string next;
  if (windows.size() > limit) {
    windows.pop_back();
    next = std::to_string(windows.back().id);
  }
  array out;
  for (auto const& window : windows) out.push_back(maintenance_json(window, api.time->now(), parts));
  auto response = private_json(boost::json::serialize(object{{"windows", std::move(out)}, {"next", next.empty() ? value(nullptr) : value(next)}}));
  if (!next.empty()) add_next_link(response, call.request, next);
  return response;
}

core::Result<alarms::Window> maintenance_in(Call const& call, AlarmParts const& parts) {
  auto const& body = call.body;
  auto const& api = parts.people.api;
  alarms::Window out{.scope = {.thing = body.integer("thing").value_or(0), .place = body.text("place"), .rule = body.text("rule"), .device_type = body.text("type"), .area = body.text("area")},
                     .begins = body.time("begins").value_or(api.time->now()), .ends = body.time("ends").value_or(core::Instant{}), .reason = body.text("reason"), .by = call.caller().ref()};
  if (!out.scope.area.empty() && !api.places->now()->area(std::string_view(out.scope.area)))
    return fail(Errc::invalid, "maintenance.area", {"没有这个区域编码。", "There is no area with this code."}, "area");
  if (!out.scope.device_type.empty() && !api.catalogue->device_type(out.scope.device_type))
    return fail(Errc::invalid, "maintenance.type", {"没有这类设备。类型见 /api/v1/devices/types。", "There is no such type of device; see /api/v1/devices/types."}, "type");
  if (!out.scope.rule.empty() && out.scope.rule != alarms::fault_rule && parts.rule_name && !parts.rule_name(out.scope.rule))
    return fail(Errc::invalid, "maintenance.rule", {"没有这条规则。规则见 /api/v1/rules；设备故障是 device-fault。", "There is no such rule; see /api/v1/rules. Faults of devices are device-fault."}, "rule");
  ZHILI_CHECK(may_maintain(call.caller(), out.scope.area));
  return out;
}

core::Result<Response> set_maintenance(Call const& call, AlarmParts const& parts) {
  ZHILI_TRY(auto const wanted, maintenance_in(call, parts));
  auto done = call.once.write(*parts.people.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const id, parts.desk->set_window(w, wanted));
    return Response::json(boost::json::serialize(object{{"id", std::to_string(id)}}), 201);
  });
  if (done) parts.desk->committed({});
  return done;
}

core::Result<Response> end_maintenance(Call const& call, AlarmParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  ZHILI_CHECK(parts.people.api.db->write([&](store::Writer& w) -> core::Result<> {
    auto const window = alarms::find_window(w, id);
    if (window) ZHILI_CHECK(may_maintain(call.caller(), window->scope.area));
    return parts.desk->end_window(w, id, call.query.text("reason"), call.caller().ref());
  }));
  parts.desk->committed({});
  return Response{.status = 204};
}

}  // namespace

void mount_alarm_maintenance(Operations& operations, AlarmParts const& parts) {
  using namespace shape;
  auto const code = [](char const* name, core::Text meaning) { return optional(name, text(alarms::alarm_ref_chars_max), std::move(meaning)); };
  operations.add({.id = "listMaintenance", .method = Method::get, .pattern = "/api/v1/maintenance", .summary = {"维护时段：其中的告警照记，不立案、不打扰人", "Maintenance windows: alarms inside are kept, open no case and bother nobody"}, .who = signed_in(),
                  .query = {optional("past", flag(), {"1：已结束的也要", "1: those that are over, too"}), optional("cursor", integer(), {"上一页的 next", "`next` of the page before"}),
                            optional("limit", integer(1, static_cast<std::int64_t>(alarms::windows_page_max)), {"一页几条", "How many on a page"})},
                  .good = {{.shape = record("MaintenancePage", {{"windows", shape::list(maintenance_shape())}, {"next", nullable(text())}})}}},
                 [parts](Call const& call) { return list_maintenance(call, parts); });
  operations.add({.id = "setMaintenance", .method = Method::post, .pattern = "/api/v1/maintenance", .summary = {"设一个维护时段", "Set a maintenance window"}, .who = window_setters(),
                  .body = {optional("thing", integer(), {"哪件物", "Which thing"}), code("place", {"哪个地点（place.key）", "Which place (place.key)"}), code("rule", {"哪条规则；device-fault：设备故障", "Which rule; device-fault: faults of devices"}),
                           code("type", {"哪类设备", "Which type of device"}), code("area", {"只在这个区域（编码）", "In this area only (its code)"}), optional("begins", time(), {"何时开始；不写是现在", "When it begins; now if left out"}),
                           needed("ends", time(), {"何时结束", "When it ends"}), needed("reason", text(alarms::alarm_reason_chars_max), {"为什么", "What for"})},
                  .once = true, .good = {{.status = 201, .shape = record("MaintenanceSet", {{"id", text()}})}}},
                 [parts](Call const& call) { return set_maintenance(call, parts); });
  operations.add({.id = "endMaintenance", .method = Method::del, .pattern = "/api/v1/maintenance/{id}", .summary = {"提前结束一个维护时段", "End a maintenance window before its time"}, .who = window_setters(),
                  .path = {needed("id", integer(), {"维护时段编号", "id of the window"})}, .query = {optional("reason", text(alarms::alarm_reason_chars_max), {"为什么", "Why"})}, .good = {{.status = 204}}},
                 [parts](Call const& call) { return end_maintenance(call, parts); });
}

}  // namespace zhili::web
