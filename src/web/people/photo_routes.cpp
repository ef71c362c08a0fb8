#include <boost/json.hpp>

#include "web/form.hpp"
#include "web/people/acting.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web {

namespace {

using boost::json::object;
using core::Errc;
using core::fail;

constexpr std::size_t upload_bytes_max = 16 * 1024 * 1024;

/// Keeps one photo. It belongs to nothing until a command names it, and is swept after a day if none does.
core::Result<object> keep(Request const& request, PeopleParts const& parts) {
  ZHILI_TRY(auto const caller, parts.gate->caller(request));
  ZHILI_TRY(auto const form, read_form(request));
  if (form.files.size() != 1)
    return fail(Errc::invalid, "photo.one", {"一次上传一张照片，字段名 photo。", "Upload one photo at a time, in the field photo."}, "photo");
  auto kept = parts.api.photos->keep(form.files.front().content);
  if (!kept) {
    kept.error().field = "photo";
    return fail(std::move(kept).error());
  }
  return object{{"name", kept->name}};
}

std::vector<organise::Target> subjects_of(store::Reader& reader, std::string_view name, sense::places::PlaceIndex const& places) {
  using Number = std::optional<std::int64_t>;
  using Text = std::optional<std::string>;
  std::vector<organise::Target> out;
  reader.each<Number, Text, Text>(
      "SELECT COALESCE(c.area_id, s.area_id), COALESCE(c.item, s.item), c.department FROM photo p "
      "LEFT JOIN casefile c ON c.id = p.subject LEFT JOIN signal s ON s.id = p.subject WHERE p.name = ?",
      [&](Number area, Text item, Text department) { out.push_back(target_of(places, area, item.value_or(""), department.value_or(""))); },
      std::string(name));
  return out;
}

}  // namespace

bool staff_may_see_photo(Request const& request, std::string_view name, PeopleParts const& parts) {
  if (session_token(request).empty()) return false;
  auto const caller = parts.gate->caller(request);
  if (!caller) return false;
  auto const places = parts.api.places->now();
  auto const subjects = parts.api.db->read([&](store::Reader& reader) { return subjects_of(reader, name, *places); });
  return subjects && std::ranges::any_of(*subjects, [&](auto const& target) { return !actors(*caller, target).empty(); });
}

void mount_staff_photos(Router& router, PeopleParts const& parts) {
  router.on(Method::post, "/api/v1/photos",
            [parts](Request const& request) {
              auto const kept = keep(request, parts);
              return kept ? private_json(boost::json::serialize(*kept), 201) : Response::problem(kept.error());
            },
            {.body_bytes_max = upload_bytes_max});
}

}  // namespace zhili::web
