#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "assure/reports/desk.hpp"

namespace zhili::assure::reports {

namespace {

using core::Errc;
using core::fail;

core::Result<> check(View const& view) {
  if (view.name.empty() || view.name.size() > view_name_bytes_max)
    return fail(Errc::invalid, "view.name", {fmt::format("名称须有 1 到 {} 字节。", view_name_bytes_max), fmt::format("A name has 1 to {} bytes.", view_name_bytes_max)}, "name");
  if (view.query.size() > view_query_bytes_max)
    return fail(Errc::limit, "view.query", {fmt::format("筛选条件最多 {} 字节。", view_query_bytes_max), fmt::format("Filters have {} bytes at most.", view_query_bytes_max)}, "query");
  return {};
}

}  // namespace

core::Result<std::int64_t> save_view(store::Writer& w, View const& view, std::string const& actor) {
  ZHILI_CHECK(check(view));
  auto const mine = views_of(w, {view.owner});
  if (mine.size() >= views_of_owner_max)
    return fail(Errc::limit, "view.many", {fmt::format("最多保存 {} 个视图。请先删去一个。", views_of_owner_max), fmt::format("At most {} views are kept. Remove one first.", views_of_owner_max)}, "name");
  if (std::ranges::find(mine, view.name, &View::name) != mine.end())
    return fail(Errc::conflict, "view.taken", {"已有同名的视图。请换一个名称。", "There is a view of that name. Choose another."}, "name");
  boost::json::object const held{{"owner", view.owner}, {"name", view.name}, {"query", view.query}};
  auto const id = w.append({core::EventKind::view_saved, 0, actor, boost::json::serialize(held)});
  w.exec("INSERT INTO saved_view (id, owner, name, query, made_at) VALUES (?,?,?,?,?)", id, view.owner, view.name, view.query, w.now());
  return id;
}

core::Result<> remove_view(store::Db& db, std::int64_t id, std::vector<std::string> const& owners, std::string const& actor) {
  return db.write([&](store::Writer& w) -> core::Result<> {
    auto const owner = w.value<std::string>("SELECT owner FROM saved_view WHERE id = ?", id);
    if (!owner) return fail(Errc::not_found, "view.unknown", {"没有这个视图。", "There is no such view."}, "id");
    if (std::ranges::find(owners, *owner) == owners.end())
      return fail(Errc::forbidden, "view.other", {"这是别人的视图。", "This view is somebody else's."}, "id");
    w.append({core::EventKind::view_removed, id, actor, "{}"});
    w.exec("DELETE FROM saved_view WHERE id = ?", id);
    return {};
  });
}

std::vector<View> views_of(store::Reader& reader, std::vector<std::string> const& owners) {
  std::vector<View> out;
  for (auto const& owner : owners)
    reader.each<std::int64_t, std::string, std::string, std::string, std::int64_t>(
        "SELECT id, owner, name, query, made_at FROM saved_view WHERE owner = ? ORDER BY name",
        [&](std::int64_t id, std::string of, std::string name, std::string query, std::int64_t at) {
          out.push_back({id, std::move(of), std::move(name), std::move(query), core::from_ms(at)});
        },
        owner);
  return out;
}

}  // namespace zhili::assure::reports
