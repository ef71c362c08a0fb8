// Dashboards of the packs, and the newest readings of one stream wherever it is measured: what their panels show.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "web/api/filters.hpp"
#include "web/api/view.hpp"
#include "web/devices/view.hpp"

namespace zhili::web {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;

namespace {

/// Whether one of the caller's departments holds a function whose page this is.
bool dashboard_is_theirs(catalogue::Dashboard const& dashboard, Caller const& caller, catalogue::Installation const& installation) {
  return std::ranges::any_of(installation.holdings, [&](catalogue::Holding const& holding) {
    return std::ranges::find(dashboard.functions, holding.function) != dashboard.functions.end() &&
           std::ranges::any_of(caller.grants, [&](organise::Grant const& grant) { return !grant.department.empty() && grant.department == holding.department; });
  });
}

array panel_words(std::vector<std::string> const& codes) {
  array out;
  for (auto const& code : codes) out.emplace_back(code);
  return out;
}

array panel_streams_json(catalogue::Panel const& panel, catalogue::Catalogue const& catalogue) {
  array out;
  for (auto const& [type_id, stream_id] : panel.streams) {
    auto const* type = catalogue.device_type(type_id);
    auto const* stream = type ? type->stream(stream_id) : nullptr;
    if (!stream || type->is_private) continue;
    auto one = stream_json(*stream, catalogue);
    one["type"] = type_id;
    one["type_name"] = to_json(type->name);
    out.push_back(std::move(one));
  }
  return out;
}

array panel_types_json(catalogue::Panel const& panel, catalogue::Catalogue const& catalogue) {
  array out;
  for (auto const& id : panel.types)
    if (auto const* type = catalogue.device_type(id)) out.push_back(object{{"id", id}, {"name", to_json(type->name)}});
  return out;
}

/// The rules that a panel names, or all of its pack.
array panel_rules_json(catalogue::Panel const& panel, catalogue::Dashboard const& dashboard, catalogue::Catalogue const& catalogue) {
  if (panel.show != catalogue::PanelShow::alarms || !panel.rules.empty()) return panel_words(panel.rules);
  array out;
  for (auto const* rule : catalogue.rule_sources())
    if (rule->pack == dashboard.pack) out.emplace_back(rule->id);
  return out;
}

object dashboard_json(catalogue::Dashboard const& dashboard, bool theirs, catalogue::Catalogue const& catalogue) {
  array panels;
  for (auto const& panel : dashboard.panels)
    panels.push_back(object{{"show", catalogue::name(panel.show)},
                            {"title", to_json(panel.title)},
                            {"types", panel_types_json(panel, catalogue)},
                            {"streams", panel_streams_json(panel, catalogue)},
                            {"rules", panel_rules_json(panel, dashboard, catalogue)}});
  return {{"id", dashboard.id}, {"name", to_json(dashboard.name)}, {"pack", dashboard.pack}, {"functions", panel_words(dashboard.functions)}, {"mine", theirs}, {"panels", std::move(panels)}};
}

core::Result<Response> list_dashboards(Call const& call, DeviceParts const& parts) {
  auto const& api = parts.people.api;
  auto const caller = call.caller();
  array mine, others;
  for (auto const* dashboard : api.catalogue->dashboards()) {
    bool const theirs = dashboard_is_theirs(*dashboard, caller, *api.installation);
    (theirs ? mine : others).push_back(dashboard_json(*dashboard, theirs, *api.catalogue));
  }
  for (auto& one : others) mine.push_back(std::move(one));
  return private_json(boost::json::serialize(object{{"dashboards", std::move(mine)}}));
}

core::Result<value> newest_reading_json(store::Reader& r, devices::Id id, std::string const& stream, DeviceParts const& parts) {
  auto const streams = devices::DeviceDesk::streams(r, id);
  auto const found = std::ranges::find(streams, stream, &devices::DeviceStream::stream);
  auto const device = devices::DeviceDesk::find(r, id);
  if (found == streams.end() || !device || device->is_private) return value(nullptr);
  value last = nullptr;
  ZHILI_TRY(auto const newest, parts.readings->last(found->datastream));
  if (newest) {
    array quality;
    for (auto const& word : newest->quality) quality.emplace_back(word);
    last = object{{"at", time_json(newest->at, parts.people.api.zone)}, {"value", json_or_null(newest->value)}, {"quality", std::move(quality)}};
  }
  auto const places = parts.people.api.places->now();
  auto const* area = places->area(std::string_view(device->area));
  return value(object{{"device", std::to_string(id)},
                      {"name", device->name},
                      {"area_name", area ? value(to_json(area->name)) : value(nullptr)},
                      {"state", devices::name(parts.watch->sight(id).value_or(devices::Sight{}).state)},
                      {"datastream", found->datastream},
                      {"last", std::move(last)}});
}

core::Result<Response> newest_readings(Call const& call, DeviceParts const& parts) {
  auto const& catalogue = *parts.people.api.catalogue;
  auto const type_id = call.query.text("type"), stream_id = call.query.text("stream");
  auto const* type = catalogue.device_type(type_id);
  auto const* stream = type ? type->stream(stream_id) : nullptr;
  if (!stream)
    return fail(Errc::invalid, "query.stream", {"没有这类设备，或它没有这个数据流。见 /api/v1/devices/types。", "There is no such type, or it has no such stream; see /api/v1/devices/types."}, type ? "stream" : "type");
  if (type->is_private)
    return fail(Errc::forbidden, "device.private", {"这类设备装在家里：读数只能一台一台、写明用途地看。", "This type stands in homes: its readings are seen one device at a time, saying what for."}, "type");
  auto const limit = static_cast<std::size_t>(call.query.integer("limit").value_or(devices_page_default));
  auto ids = parts.watch->find({.type = type_id}, call.query.integer("cursor").value_or(0), limit + 1);
  devices::Id next = 0;
  if (ids.size() > limit) {
    ids.pop_back();
    next = ids.back();
  }
  array out;
  ZHILI_CHECK(parts.people.api.db->read([&](store::Reader& r) -> core::Result<> {
    for (auto const id : ids) {
      ZHILI_TRY(auto one, newest_reading_json(r, id, stream_id, parts));
      if (!one.is_null()) out.push_back(std::move(one));
    }
    return {};
  }));
  object body{{"stream", stream_json(*stream, catalogue)}, {"readings", std::move(out)}, {"next", next == 0 ? value(nullptr) : value(std::to_string(next))}};
  auto response = private_json(boost::json::serialize(body));
  if (next != 0) add_next_link(response, call.request, std::to_string(next));
  return response;
}

}  // namespace

void mount_dashboards(Operations& operations, DeviceParts const& parts) {
  using namespace shape;
  auto streams = stream_fields();
  streams.insert(streams.end(), {{"type", text()}, {"type_name", both_languages()}});
  auto const type = record("PanelType", {{"id", text()}, {"name", both_languages()}});
  auto const panel = record("DashboardPanel", {{"show", choice({"map", "latest", "chart", "alarms", "devices"})}, {"title", both_languages()}, {"types", list(type)},
                                               {"streams", list(record("PanelStream", std::move(streams)))}, {"rules", list(text())}});
  auto const dashboard = record("Dashboard", {{"id", text()}, {"name", both_languages()}, {"pack", text()}, {"functions", list(text())},
                                              {"mine", flag(), {"您所在的部门承担其中的职能", "One of your departments holds one of its functions"}}, {"panels", list(panel)}});
  operations.add({.id = "listDashboards", .method = Method::get, .pattern = "/api/v1/dashboards", .summary = {"场景包里的看板，自己部门的在前", "Dashboards of the packs, those of one's own departments first"}, .who = signed_in(),
                  .good = {{.shape = record("Dashboards", {{"dashboards", list(dashboard)}})}}},
                 [parts](Call const& call) { return list_dashboards(call, parts); });
  auto const last = record("LastReading", {{"at", time()}, {"value", anything()}, {"quality", list(text())}});
  auto const reading = record("NewestReading", {{"device", text()}, {"name", text()}, {"area_name", nullable(both_languages())}, {"state", text()}, {"datastream", integer()}, {"last", nullable(last)}});
  operations.add({.id = "listNewestReadings", .method = Method::get, .pattern = "/api/v1/readings", .summary = {"一种数据流在各处的最新读数", "The newest readings of one kind of stream, wherever it is measured"}, .who = signed_in(),
                  .query = {needed("type", text(devices::device_code_characters_max), {"设备类型", "The type of device"}), needed("stream", text(devices::device_code_characters_max), {"它的哪个数据流", "Which of its streams"}),
                            optional("cursor", integer(), {"上一页的 next", "`next` of the page before"}), optional("limit", integer(1, devices_page_max), {"一页几台", "How many devices on a page"})},
                  .good = {{.shape = record("NewestReadings", {{"stream", record("StreamType", stream_fields())}, {"readings", list(reading)}, {"next", nullable(text())}})}}},
                 [parts](Call const& call) { return newest_readings(call, parts); });
}

}  // namespace zhili::web
