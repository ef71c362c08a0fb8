#include "web/photo/keeping.hpp"

#include <algorithm>

#include "store/among.hpp"

namespace zhili::web {

namespace {

constexpr std::size_t names_per_read = 500;
constexpr std::size_t removed_per_write = 50;  // unlinking stands in the writer's way

bool is_cited(store::Reader& reader, std::string const& name) {
  return reader.value<std::int64_t>("SELECT entry FROM photo WHERE name = ? LIMIT 1", name).has_value();
}

}  // namespace

bool may_see_photo(store::Reader& reader, std::string_view name) {
  return reader
      .value<std::int64_t>(
          "SELECT p.entry FROM photo p LEFT JOIN casefile c ON c.id = p.subject "
          "JOIN signal s ON s.id = CASE WHEN c.id IS NULL THEN p.subject ELSE c.signal_id END "
          "WHERE p.name = ? AND p.everybody = 1 AND s.released = 1 AND s.private = 0 AND (c.id IS NULL OR c.private = 0) LIMIT 1",
          name)
      .has_value();
}

std::map<store::Seq, Pictures> pictures_of(store::Reader& reader, std::vector<store::Seq> const& subjects, PicturesFor whom) {
  std::map<store::Seq, Pictures> out;
  if (subjects.empty()) return out;
  std::vector<store::Value> args;
  auto const wanted = store::among(subjects, args);
  reader.each<std::int64_t, std::optional<std::string>, std::optional<std::string>>(
      "SELECT subject, name, url FROM photo WHERE subject" + wanted + (whom == PicturesFor::everybody ? " AND everybody = 1" : "") + " ORDER BY entry, position",
      [&](std::int64_t subject, std::optional<std::string> name, std::optional<std::string> url) {
        if (name) out[subject].photos.push_back(std::move(*name));
        if (url) out[subject].links.push_back(std::move(*url));
      },
      args);
  return out;
}

std::string photo_path(std::string_view name) {
  return "/photos/" + std::string(name);
}

core::Result<std::int64_t> sweep_photos(store::Db& db, PhotoStore& photos, std::filesystem::file_time_type kept_before) {
  std::vector<std::string> old;
  photos.each([&](std::filesystem::directory_entry const& file) {
    std::error_code gone;
    auto const kept = file.last_write_time(gone);
    if (!gone && kept < kept_before) old.push_back(file.path().filename().string());
  });
  std::vector<std::string> loose;
  for (std::size_t at = 0; at < old.size(); at += names_per_read)
    ZHILI_CHECK(db.read([&](store::Reader& reader) {
      for (auto i = at; i < std::min(at + names_per_read, old.size()); ++i)
        if (!is_cited(reader, old[i])) loose.push_back(std::move(old[i]));
    }));
  std::int64_t removed = 0;
  for (std::size_t at = 0; at < loose.size(); at += removed_per_write)
    // On the writer's thread, so that nobody can cite a photo between the question and its removal.
    ZHILI_CHECK(db.write([&](store::Writer& writer) -> core::Result<> {
      for (auto i = at; i < std::min(at + removed_per_write, loose.size()); ++i) {
        if (is_cited(writer, loose[i])) continue;
        ZHILI_CHECK(photos.remove(loose[i]));
        ++removed;
      }
      return {};
    }));
  photos.count();
  return removed;
}

}  // namespace zhili::web
