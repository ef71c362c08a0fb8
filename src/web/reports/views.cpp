#include <algorithm>
#include <boost/json.hpp>

#include "assure/reports/desk.hpp"
#include "web/api/view.hpp"
#include "web/reports/reports.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using boost::json::array;
using boost::json::object;

std::string of_department(std::string const& code) { return "department:" + code; }

/// Oneself, and the departments for which one acts.
std::vector<std::string> owners(Caller const& caller) {
  std::vector<std::string> out{caller.ref()};
  for (auto const& grant : caller.grants) {
    auto owner = of_department(grant.department);
    if (!grant.department.empty() && std::ranges::find(out, owner) == out.end()) out.push_back(std::move(owner));
  }
  return out;
}

core::Result<Response> list_views(Call const& call, PeopleParts const& parts) {
  array out;
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& r) {
    for (auto const& view : reports::views_of(r, owners(call.caller())))
      out.push_back(object{{"id", view.id}, {"name", view.name}, {"query", view.query}, {"own", view.owner == call.caller().ref()}, {"made_at", time_json(view.made_at, parts.api.zone)}});
  }));
  return Response::json(boost::json::serialize(object{{"views", std::move(out)}}));
}

core::Result<Response> save(Call const& call, PeopleParts const& parts) {
  reports::View view{.owner = call.caller().ref(), .name = call.body.text("name"), .query = call.body.text("query")};
  if (auto const department = call.body.text("department"); !department.empty()) {
    view.owner = of_department(department);
    auto const mine = owners(call.caller());
    if (std::ranges::find(mine, view.owner) == mine.end())
      return core::fail(core::Errc::forbidden, "view.department", {"您不在这个部门任岗。", "You have no post in this department."}, "department");
  }
  return call.once.write(*parts.api.db, [&](store::Writer& w) -> core::Result<Response> {
    ZHILI_TRY(auto const id, reports::save_view(w, view, call.caller().ref()));
    return Response::json(boost::json::serialize(object{{"id", id}}), 201);
  });
}

core::Result<Response> remove(Call const& call, PeopleParts const& parts) {
  ZHILI_CHECK(reports::remove_view(*parts.api.db, call.path.integer("id").value_or(0), owners(call.caller()), call.caller().ref()));
  return Response::no_content();
}

}  // namespace

void mount_views(Operations& operations, PeopleParts const& parts) {
  using namespace shape;
  operations.add({.id = "listViews", .method = Method::get, .pattern = "/api/v1/views", .summary = {"我和我部门保存的视图", "Saved views, mine and my departments'"}, .who = signed_in(),
                  .good = {{.shape = record("Views", {{"views", list(record("View", {{"id", integer()}, {"name", text()}, {"query", text()}, {"own", flag()}, {"made_at", time()}}))}})}}},
                 [parts](Call const& call) { return list_views(call, parts); });
  operations.add({.id = "saveView", .method = Method::post, .pattern = "/api/v1/views", .summary = {"把案卷列表的筛选条件存成视图", "Give filters of the list of cases a name"}, .who = signed_in(),
                  .body = {needed("name", text(reports::view_name_bytes_max), {"名称", "Its name"}), optional("query", text(reports::view_query_bytes_max), {"筛选条件", "The filters"}),
                           optional("department", text(100), {"部门代码；不写是自己的", "Code of a department; one's own if left out"})},
                  .once = true, .good = {{.status = 201, .shape = record("ViewSaved", {{"id", integer()}})}}},
                 [parts](Call const& call) { return save(call, parts); });
  operations.add({.id = "removeView", .method = Method::del, .pattern = "/api/v1/views/{id}", .summary = {"删去一个视图", "Remove a view"}, .who = signed_in(),
                  .path = {needed("id", integer(), {"视图编号", "Id of the view"})}, .good = {{.status = 204}}},
                 [parts](Call const& call) { return remove(call, parts); });
}

}  // namespace zhili::web
