// Cases as the ledger knew them at an earlier moment.
#include "respond/cases/case_table.hpp"
#include "respond/cases/codec.hpp"
#include "respond/cases/desk.hpp"
#include "respond/cases/projection.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

constexpr std::int64_t cases_per_step = 1'000;

core::Result<CaseState> fold_until(store::Reader& reader, Id id, store::Seq seq) {
  CaseState state;
  state.id = id;
  for (auto const& entry : store::entries_of(reader, id)) {
    if (entry.seq > seq) break;
    auto const kind = core::name(entry.kind);
    if (!kind.starts_with("case.") && !kind.starts_with("clock.")) continue;
    ZHILI_TRY(auto const event, decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload));
    state = apply(std::move(state), event);
  }
  return state;
}

std::optional<std::int64_t> ms(std::optional<core::Instant> at) { return at ? std::optional(core::to_ms(*at)) : std::nullopt; }

/// What a case keeps from its beginning.
struct Kept {
  std::int64_t id = 0;
  std::optional<std::int64_t> lat_e7, lon_e7, area;
  bool unknown = false;
  bool is_private = false;
};

std::vector<Kept> kept_after(store::Reader& reader, std::int64_t after, store::Seq seq) {
  using Number = std::optional<std::int64_t>;
  std::vector<Kept> out;
  reader.each<std::int64_t, Number, Number, Number, std::int64_t, std::int64_t>(
      "SELECT id, lat_e7, lon_e7, area_id, location_unknown, private FROM casefile WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
      [&](std::int64_t id, Number lat, Number lon, Number area, std::int64_t unknown, std::int64_t hidden) {
        out.push_back({id, lat, lon, area, unknown != 0, hidden != 0});
      },
      after, seq, cases_per_step);
  return out;
}

}  // namespace

core::Result<std::shared_ptr<CaseIndex const>> CaseDesk::index_as_of(store::Reader& reader, store::Seq seq) const {
  static Actor const nobody{};
  auto const counted_by = calendar();
  detail::TableEdit edit((CaseIndex::Table()));
  for (std::int64_t after = 0;;) {
    auto const some = kept_after(reader, after, seq);
    if (some.empty()) break;
    for (auto const& kept : some) {
      ZHILI_TRY(auto const state, fold_until(reader, kept.id, seq));
      ZHILI_TRY(auto const* item, item_of(state.opening));
      auto const* condition = item->condition(state.opening.condition);
      if (!condition) condition = &item->conditions.front();
      auto const due = promised_until(state, {nobody, {}, *item, *condition, counted_by, policy_});
      edit.put({.id = kept.id,
                .stage = static_cast<std::int64_t>(state.stage),
                .opened = core::to_ms(state.opening.received_at),
                .due = ms(due),
                .closed = ms(state.closed_at),
                .lat_e7 = kept.lat_e7,
                .lon_e7 = kept.lon_e7,
                .area = kept.area,
                .item = state.opening.item.code,
                .department = state.department,
                .location_unknown = kept.unknown,
                .is_private = kept.is_private});
    }
    after = some.back().id;
  }
  return std::make_shared<CaseIndex const>(edit.done(seq));
}

}  // namespace zhili::respond
