#include "respond/evaluation/keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "respond/evaluation/cell_table.hpp"
#include "respond/evaluation/subjects.hpp"
#include "store/digest.hpp"
#include "store/ledger.hpp"

namespace zhili::respond::evaluation {

namespace {

using store::Reader;
using store::Seq;
using store::Writer;

constexpr std::int64_t first_signal_kind = 200;
constexpr std::int64_t last_signal_kind = 249;
constexpr std::int64_t first_case_kind = 300;
constexpr std::int64_t last_case_kind = 399;

struct Kept {
  Seq seq = 0;
  std::string counted_by;
};
std::optional<Kept> kept(Reader& reader) {
  auto const row = reader.row<std::int64_t, std::string>("SELECT seq, counted_by FROM evaluation_position WHERE one = 1");
  if (!row) return std::nullopt;
  return Kept{std::get<0>(*row), std::get<1>(*row)};
}

/// Subjects of entries of these kinds in a stretch of the ledger.
std::vector<std::int64_t> subjects_between(Reader& reader, Seq from, Seq to, std::int64_t first_kind, std::int64_t last_kind) {
  std::vector<std::int64_t> out;
  for (auto const& [subject] : reader.rows<std::int64_t>(
           "SELECT DISTINCT subject FROM ledger WHERE seq > ? AND seq <= ? AND kind >= ? AND kind <= ? ORDER BY subject", from, to, first_kind, last_kind))
    out.push_back(subject);
  return out;
}

/// The next ids of a table, up to an entry.
std::vector<std::int64_t> ids_after(Reader& reader, std::string_view table, std::int64_t after, Seq until) {
  std::vector<std::int64_t> out;
  reader.each<std::int64_t>(fmt::format("SELECT id FROM {} WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", table),
                            [&](std::int64_t id) { out.push_back(id); }, after, until, subjects_per_look);
  return out;
}

/// Rows as they are kept, with codes for their keys.
SumsAt::Some with_codes(Reader& reader, std::vector<std::pair<std::int64_t, Counted>> const& rows) {
  Tally keys;
  for (auto const& [id, counted] : rows)
    for (auto const key : counted.keys) keys.try_emplace(key);
  auto const codes = codes_of(reader, keys);
  SumsAt::Some out;
  for (auto const& [id, counted] : rows) {
    auto& subject = out.emplace_back(id, Subject{.counted = counted}).second;
    for (std::size_t i = 0; i < dimension_slots; ++i) subject.codes[i] = codes.at(counted.keys[i]);
  }
  return out;
}

}  // namespace

struct Keeper::Change {
  std::int64_t subject = 0;
  std::optional<Counted> before = {};
  std::optional<Subject> after = {};
};

struct Keeper::Piece {
  std::optional<Kept> begins_at = {};
  std::string counted_by = {};
  bool anew = false;  ///< counted by other rules or never
  Position now = {};
  std::vector<Change> changes = {};
};

std::string counted_by(core::Zone const& zone, catalogue::Catalogue const& catalogue) {
  std::string maps;
  for (auto const* pack : catalogue.packs())
    for (auto const& map : pack->maps)
      maps += fmt::format("{}@{} {} {}\n", map.from.pack, map.from.version, map.from.code, map.to_code);
  constexpr std::size_t enough = 16;  // to tell one set of maps from another
  return fmt::format("{} {} {}", facts_version, zone.name(), maps.empty() ? "-" : store::to_hex(store::sha256(maps)).substr(0, enough));
}

Position position(Reader& reader) {
  auto const now = kept(reader);
  return {now ? now->seq : 0, store::last_seq(reader)};
}

Keeper::Keeper(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue, core::Calendar calendar, core::Zone zone)
    : db_(db),
      catalogue_(std::move(catalogue)),
      calendar_(std::move(calendar)),
      zone_(zone),
      counted_by_(counted_by(zone_, *catalogue_)) {}

core::Result<Keeper::Piece> Keeper::read_piece(Reader& reader) const {
  Piece out{.begins_at = kept(reader), .counted_by = counted_by_};
  out.anew = !out.begins_at || out.begins_at->counted_by != counted_by_;
  auto const from = out.anew ? 0 : out.begins_at->seq;
  out.now.last = store::last_seq(reader);
  out.now.seq = std::min(out.now.last, from + entries_per_piece);
  SubjectReader const subjects{*catalogue_, calendar_, zone_};
  auto const take = [&](std::vector<std::int64_t> const& ids, Cohort cohort) -> core::Result<> {
    for (std::size_t at = 0; at < ids.size(); at += subjects_per_look) {
      std::vector const some(ids.begin() + static_cast<std::ptrdiff_t>(at),
                             ids.begin() + static_cast<std::ptrdiff_t>(std::min(at + subjects_per_look, ids.size())));
      ZHILI_TRY(auto found, subjects.read(reader, cohort, some));
      auto before = out.anew ? std::map<std::int64_t, Counted>{} : counted_rows(reader, some);
      for (auto const id : some) {
        Change change{.subject = id};
        if (auto const it = before.find(id); it != before.end()) change.before = it->second;
        if (auto const it = found.find(id); it != found.end()) change.after = std::move(it->second);
        if (change.before || change.after) out.changes.push_back(std::move(change));
      }
    }
    return {};
  };
  ZHILI_CHECK(take(subjects_between(reader, from, out.now.seq, first_signal_kind, last_signal_kind), Cohort::signals));
  ZHILI_CHECK(take(subjects_between(reader, from, out.now.seq, first_case_kind, last_case_kind), Cohort::cases));
  return out;
}

core::Result<SumsAt> Keeper::sums(Reader& reader) const {
  ZHILI_TRY(auto piece, read_piece(reader));
  if (piece.anew || piece.now.seq < piece.now.last)
    return core::fail(core::Errc::unavailable, "evaluation.behind",
                      {fmt::format("评价还在统计，差 {} 条。请过几分钟再试。", piece.now.last - (piece.anew ? 0 : piece.begins_at->seq)),
                       fmt::format("Evaluation is still counting, {} entries behind. Try again in some minutes.", piece.now.last - (piece.anew ? 0 : piece.begins_at->seq))});
  SumsAt::Some come;
  std::vector<std::pair<std::int64_t, Counted>> before;
  for (auto& change : piece.changes) {
    if (change.before) before.emplace_back(change.subject, *change.before);
    if (change.after) come.emplace_back(change.subject, std::move(*change.after));
  }
  return SumsAt(reader, std::move(come), with_codes(reader, before));
}

core::Result<SumsAt> Keeper::sums_as_of(Reader& reader, Seq seq) const {
  SumsAt::Some all;
  SubjectReader const subjects{*catalogue_, calendar_, zone_, seq};
  for (auto const cohort : {Cohort::signals, Cohort::cases}) {
    auto const table = cohort == Cohort::cases ? "casefile" : "signal";
    for (std::int64_t after = 0;;) {
      auto const ids = ids_after(reader, table, after, seq);
      if (ids.empty()) break;
      ZHILI_TRY(auto some, subjects.read(reader, cohort, ids));
      for (auto& one : some) all.emplace_back(one.first, std::move(one.second));
      after = ids.back();
    }
  }
  return SumsAt(std::move(all));
}

core::Result<> Keeper::write_piece(Writer& writer, Piece const& piece) {
  auto const now = kept(writer);
  auto const same = now.has_value() == piece.begins_at.has_value() &&
                    (!now || (now->seq == piece.begins_at->seq && now->counted_by == piece.begins_at->counted_by));
  if (!same) return {};  // somebody else has counted it
  if (piece.anew) forget_all(writer);
  KeyBook keys(writer);
  CellSums moved;
  constexpr std::size_t cells_of_a_change = 8;  // most are shared; growing in steps would move them all each time
  moved.reserve(piece.changes.size() * cells_of_a_change);
  for (auto const& change : piece.changes) {
    std::optional<Counted> after;
    if (change.after) after = keys.counted(*change.after);
    if (after == change.before) continue;
    if (change.before) add_to_cells(moved, *change.before, -1);
    if (after) add_to_cells(moved, *after, 1);
    put_row(writer, change.subject, after);
  }
  put_cells(writer, moved);
  writer.exec("INSERT INTO evaluation_position (one, seq, counted_by) VALUES (1, ?, ?) "
              "ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, counted_by = excluded.counted_by",
              piece.now.seq, piece.counted_by);
  return {};
}

core::Result<Position> Keeper::follow() {
  ZHILI_TRY(auto const piece, db_.read([&](Reader& reader) { return read_piece(reader); }));
  if (piece.anew || piece.begins_at->seq < piece.now.seq)
    ZHILI_CHECK(db_.write([&](Writer& writer) { return write_piece(writer, piece); }));
  return piece.now;
}

core::Result<> Keeper::catch_up() {
  for (;;) {
    ZHILI_TRY(auto const now, follow());
    if (now.complete()) return {};
  }
}

}  // namespace zhili::respond::evaluation
