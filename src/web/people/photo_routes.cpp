#include <boost/json.hpp>

#include "web/people/acting.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web {

namespace {

constexpr std::size_t upload_bytes_max = 16 * 1024 * 1024;

/// Keeps one photo. It belongs to nothing until a command names it, and is swept after a day if none does.
core::Result<Response> keep(Call const& call, PeopleParts const& parts) {
  auto kept = parts.api.photos->keep(call.body.files("photo").front());
  if (!kept) {
    kept.error().field = "photo";
    return core::fail(std::move(kept).error());
  }
  return Response::json(boost::json::serialize(boost::json::object{{"name", kept->name}}), 201);
}

/// Of a report or a case that cites the photo.
struct Subject {
  std::optional<std::int64_t> area;
  std::string item;
  respond::Id case_id = 0;
};

std::vector<Subject> subjects_of(store::Reader& reader, std::string_view name) {
  using Number = std::optional<std::int64_t>;
  using Text = std::optional<std::string>;
  std::vector<Subject> out;
  reader.each<Number, Text, Number>(
      "SELECT COALESCE(c.area_id, s.area_id), COALESCE(c.item, s.item), COALESCE(c.id, s.case_id) FROM photo p "
      "LEFT JOIN casefile c ON c.id = p.subject LEFT JOIN signal s ON s.id = p.subject WHERE p.name = ?",
      [&](Number area, Text item, Number case_id) { out.push_back({area, item.value_or(""), case_id.value_or(0)}); }, std::string(name));
  return out;
}

}  // namespace

bool staff_may_see_photo(Request const& request, std::string_view name, PeopleParts const& parts) {
  if (session_token(request).empty()) return false;
  auto const caller = parts.gate->admit(request);
  if (!caller) return false;
  auto const places = parts.api.places->now();
  auto const may = parts.api.db->read([&](store::Reader& reader) -> core::Result<bool> {
    for (auto const& subject : subjects_of(reader, name)) {
      ZHILI_TRY(auto const departments, departments_of(reader, subject.case_id));
      if (!readers(*caller, target_of(*places, subject.area, subject.item, ""), departments).empty()) return true;
    }
    return false;
  });
  return may.value_or(false);
}

void mount_staff_photos(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "uploadPhoto", .method = Method::post, .pattern = "/api/v1/photos", .summary = {"上传一张照片，给之后的命令用", "Upload a photo for a command to come"},
                  .who = signed_in(), .body = {needed("photo", shape::list(shape::file(PhotoLimits{}.bytes_max), 1), {"一张照片", "one photo"})},
                  .body_format = BodyFormat::form, .good = {{.status = 201, .shape = shape::record("", {{"name", shape::text()}})}},
                  .options = {.body_bytes_max = upload_bytes_max}},
                 [parts](Call const& call) { return keep(call, parts); });
}

}  // namespace zhili::web
