#include "respond/photos.hpp"

#include <fmt/format.h>

namespace zhili::respond {

namespace {

constexpr std::int64_t forgotten_per_write = 200;  // requests go in between

struct Expired {
  std::int64_t entry, position, subject;
  std::optional<std::string> name;
};

std::vector<Expired> expired(store::Reader& reader, core::Instant before) {
  std::vector<Expired> out;
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::optional<std::string>>(
      "SELECT p.entry, p.position, p.subject, p.name FROM photo p WHERE p.kept_at <= ? AND NOT EXISTS (SELECT 1 FROM casefile c "
      "WHERE c.closed_at IS NULL AND (c.id = p.subject OR c.id = (SELECT s.case_id FROM signal s WHERE s.id = p.subject))) "
      "ORDER BY p.kept_at LIMIT ?",
      [&](std::int64_t entry, std::int64_t position, std::int64_t subject, std::optional<std::string> name) {
        out.push_back({entry, position, subject, std::move(name)});
      },
      before, forgotten_per_write);
  return out;
}

}  // namespace

core::Result<> keep_photos(store::Writer& writer, PhotoShelf const& shelf, Brought const& brought) {
  for (auto const& name : brought.names)
    if (!shelf.has(name))
      return core::fail(core::Errc::not_found, "photo.unknown",
                        {fmt::format("没有名为“{}”的照片，或保存期已过。请重新上传照片。", name),
                         fmt::format("There is no photo \"{}\", or its time is over. Send the photo again.", name)},
                        "photos");
  std::int64_t position = 0;
  auto const insert = [&](std::optional<std::string_view> name, std::optional<std::string_view> url) {
    writer.exec("INSERT INTO photo (entry, position, subject, name, url, everybody, kept_at) VALUES (?,?,?,?,?,?,?)", brought.entry,
                position++, brought.subject, name, url, brought.sight, writer.now());
  };
  for (auto const& name : brought.names) insert(name, std::nullopt);
  for (auto const& url : brought.urls) insert(std::nullopt, url);
  return {};
}

core::Result<std::int64_t> forget_expired_photos(store::Db& db, std::string_view actor) {
  for (std::int64_t total = 0;;) {
    ZHILI_TRY(auto const some, db.write([&](store::Writer& writer) {
      auto const all = expired(writer, writer.now() - photo_kept_days);
      for (auto const& one : all) {
        writer.exec("DELETE FROM photo WHERE entry = ? AND position = ?", one.entry, one.position);
        auto const payload = one.name ? fmt::format(R"({{"entry":{},"photo":"{}"}})", one.entry, *one.name)
                                      : fmt::format(R"({{"entry":{},"link":{}}})", one.entry, one.position);
        writer.append({core::EventKind::photo_forgotten, one.subject, std::string(actor), payload});
      }
      return static_cast<std::int64_t>(all.size());
    }));
    total += some;
    if (some < forgotten_per_write) return total;
  }
}

}  // namespace zhili::respond
