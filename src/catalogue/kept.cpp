// Packs in the database.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <tuple>

#include "catalogue/pack.hpp"
#include "catalogue/shelf.hpp"

namespace zhili::catalogue {
namespace {

struct Row {
  std::string pack, version, digest;
  Source source;
  bool in_force = false;
  std::unique_ptr<Draft> draft = nullptr;
  bool reading = false;
};

/// Kept versions, each read once. They were checked when they were loaded, by the rules of that day; what
/// later rules find is not held against them.
class Kept {
 public:
  explicit Kept(std::vector<Row> rows) : rows_(std::move(rows)) {}

  Draft const* read(std::string const& pack, std::string const& version) {
    Row* const row = find(pack, version);
    if (row == nullptr || row->reading) return nullptr;
    if (row->draft == nullptr) {
      row->reading = true;
      std::vector<Finding> ignored;
      row->draft = std::make_unique<Draft>(
          read_draft(row->source, "", [this](auto const& p, auto const& v) { return read(p, v); }, ignored, FormCheck::none));
      row->reading = false;
      order_.push_back(row);
    }
    return row->draft.get();
  }

  /// Packs in force and older ones, each after what it needs.
  std::pair<std::vector<Pack>, std::vector<Pack>> split() {
    for (std::size_t i = 0; i < rows_.size(); ++i) read(rows_[i].pack, rows_[i].version);
    std::pair<std::vector<Pack>, std::vector<Pack>> packs;
    for (Row const* row : order_) (row->in_force ? packs.first : packs.second).push_back(row->draft->pack);
    return packs;
  }

 private:
  /// Without a version: the one in force, else the newest kept.
  Row* find(std::string const& pack, std::string const& version) {
    Row* found = nullptr;
    for (auto& row : rows_) {
      if (row.pack != pack || (!version.empty() && row.version != version)) continue;
      if (found == nullptr || !found->in_force) found = &row;
    }
    return found;
  }

  std::vector<Row> rows_;  // by the order of loading
  std::vector<Row const*> order_;
};

std::vector<Row> kept_rows(store::Reader& reader) {
  std::vector<Row> rows;
  reader.each<std::string, std::string, std::string, std::string, std::int64_t>(
      "SELECT pack, version, digest, content, in_force FROM pack_version ORDER BY id",
      [&](std::string pack, std::string version, std::string digest, std::string content,
          std::int64_t in_force) {
        rows.push_back({std::move(pack), std::move(version), std::move(digest), Source::from_json(content),
                        in_force != 0});
      });
  return rows;
}

core::Result<> keep(store::Writer& writer, ReadPack const& read) {
  Pack const& pack = read.pack;
  auto const kept = writer.value<std::string>(
      "SELECT digest FROM pack_version WHERE pack = ? AND version = ?", pack.pack, pack.version);
  if (kept && *kept != pack.digest) {
    return core::fail(
        core::Errc::conflict, "pack.version.changed",
        {fmt::format("包 {} 的内容变了，版本还是 {}：正在办理的案卷按这一版执行，请改用新的版本号", pack.pack,
                     pack.version),
         fmt::format(
             "the pack {} has changed but its version is still {}: running cases follow that version; "
             "give the changed pack a new one",
             pack.pack, pack.version)},
        pack.pack);
  }
  if (kept) {
    writer.exec("UPDATE pack_version SET in_force = 1 WHERE pack = ? AND version = ?", pack.pack,
                pack.version);
    return {};
  }
  boost::json::object const payload{
      {"pack", pack.pack}, {"version", pack.version}, {"digest", pack.digest}, {"items", pack.items.size()}};
  auto const id =
      writer.append({core::EventKind::pack_loaded, 0, "system", boost::json::serialize(payload), {}});
  writer.exec(
      "INSERT INTO pack_version (id, pack, version, digest, content, loaded_at, in_force) VALUES (?, ?, ?, "
      "?, ?, ?, 1)",
      id, pack.pack, pack.version, pack.digest, read.source.to_json(), writer.now());
  return {};
}

}  // namespace

core::Result<std::shared_ptr<Catalogue const>> load_packs(store::Db& db, std::filesystem::path const& root,
                                                          std::vector<std::string> const& names) {
  ZHILI_TRY(auto const read, read_sources(root, names));
  std::vector<Pack> in_force;
  for (auto const& one : read) in_force.push_back(one.pack);
  ZHILI_CHECK(Catalogue::make(in_force));  // nothing is kept that does not fit together
  ZHILI_CHECK(db.write([&](store::Writer& writer) -> core::Result<> {
    writer.exec("UPDATE pack_version SET in_force = 0 WHERE in_force = 1");
    for (auto const& one : read) ZHILI_CHECK(keep(writer, one));
    return {};
  }));
  return kept_packs(db);
}

core::Result<std::shared_ptr<Catalogue const>> kept_packs(store::Db& db) {
  ZHILI_TRY(auto rows, db.read([](store::Reader& reader) { return kept_rows(reader); }));
  auto [in_force, older] = Kept(std::move(rows)).split();
  return Catalogue::make(std::move(in_force), std::move(older));
}

}  // namespace zhili::catalogue
