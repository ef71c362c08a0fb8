#include "sense/observations/reading_days.hpp"

#include <algorithm>

#include "sense/observations/batch_body.hpp"
#include "sense/observations/block.hpp"
#include "sense/observations/days.hpp"
#include "sense/observations/history.hpp"

namespace zhili::sense::observations {

namespace {

Place place_of(Observation const& row) { return {core::to_ms(row.phenomenon_time), row.id.n}; }
std::int64_t time_of(Observation const& row) { return core::to_ms(row.phenomenon_time); }

core::Error on_day(core::Error error, std::int64_t day) {
  error.detail += " of " + core::to_iso(core::from_ms(begin_of(day))).substr(0, 10);
  return error;
}

}  // namespace

Days::Days(store::Reader& reader, std::int64_t datastream, std::vector<Observation> const& memory) : reader_(reader), datastream_(datastream), memory_(memory) {
  reader_.each<std::int64_t, std::int64_t, std::optional<store::Blob>>(
      "SELECT n, t, body FROM amendment WHERE datastream = ?",
      [&](std::int64_t n, std::int64_t t, std::optional<store::Blob> body) {
        auto& it = amended_[n];
        it.t = t;
        if (!body) return;
        auto one = decode_one({datastream_, n}, body->bytes);
        if (one) it.now = std::move(*one);
        else trouble_ = one.error();
      },
      datastream_);
}

std::optional<std::int64_t> Days::next(std::int64_t day, bool descending) {
  std::optional<std::int64_t> out;
  auto const nearer = [&](std::int64_t candidate) {
    if (!out || (descending ? candidate > *out : candidate < *out)) out = candidate;
  };
  auto const t = descending
                     ? reader_.value<std::int64_t>("SELECT t_min FROM block WHERE datastream = ? AND t_min < ? ORDER BY t_min DESC LIMIT 1", datastream_, begin_of(day + 1))
                     : reader_.value<std::int64_t>("SELECT t_min FROM block WHERE datastream = ? AND t_min >= ? ORDER BY t_min LIMIT 1", datastream_, begin_of(day));
  if (t) nearer(day_of(*t));
  if (descending) {
    auto const at = std::ranges::lower_bound(memory_, begin_of(day + 1), {}, time_of);
    if (at != memory_.begin()) nearer(day_of(time_of(*std::prev(at))));
  } else if (auto const at = std::ranges::lower_bound(memory_, begin_of(day), {}, time_of); at != memory_.end()) {
    nearer(day_of(time_of(*at)));
  }
  for (auto const& [n, it] : amended_)
    if (it.now && (descending ? day_of(time_of(*it.now)) <= day : day_of(time_of(*it.now)) >= day)) nearer(day_of(time_of(*it.now)));
  return out;
}

bool Days::in_memory(std::int64_t day) const {
  auto const at = std::ranges::lower_bound(memory_, begin_of(day), {}, time_of);
  return at != memory_.end() && time_of(*at) < begin_of(day + 1);
}

core::Result<std::vector<Observation>> Days::rows(std::int64_t day) {
  ZHILI_CHECK(check());
  std::vector<Observation> out;
  std::optional<core::Error> broken;
  reader_.each<store::BlobView>(
      "SELECT body FROM block WHERE datastream = ? AND t_min >= ? AND t_min < ? ORDER BY t_min, n_min",
      [&](store::BlobView body) {
        auto rows = decode_block(datastream_, body.bytes);
        if (!rows) broken = on_day(std::move(rows).error(), day);
        else if (out.empty()) out = std::move(*rows);
        else out.insert(out.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
      },
      datastream_, begin_of(day), begin_of(day + 1));
  if (broken) return core::fail(std::move(*broken));
  auto const first = std::ranges::lower_bound(memory_, begin_of(day), {}, time_of);
  auto const last = std::ranges::lower_bound(memory_, begin_of(day + 1), {}, time_of);
  out.insert(out.end(), first, last);
  if (!amended_.empty()) {
    std::erase_if(out, [&](Observation const& row) { return amended_.contains(row.id.n); });
    for (auto const& [n, it] : amended_)
      if (it.now && day_of(time_of(*it.now)) == day) out.push_back(*it.now);
  }
  if (!std::ranges::is_sorted(out, {}, place_of)) std::ranges::sort(out, {}, place_of);
  auto const twice = std::ranges::unique(out, {}, place_of);
  out.erase(twice.begin(), twice.end());
  return out;
}

core::Result<std::optional<Observation>> Days::find(std::int64_t n) {
  ZHILI_CHECK(check());
  if (auto const at = amended_.find(n); at != amended_.end()) return at->second.now;
  if (auto const at = std::ranges::find(memory_, n, [](Observation const& row) { return row.id.n; }); at != memory_.end()) return *at;
  auto const blocks = reader_.rows<std::int64_t, store::Blob>("SELECT t_min, body FROM block WHERE datastream = ? AND n_max >= ? AND n_min <= ?", datastream_, n, n);
  std::optional<core::Error> broken;  // it may be in another block
  for (auto const& [t_min, body] : blocks) {
    auto rows = decode_block(datastream_, body.bytes);
    if (!rows) {
      broken = on_day(std::move(rows).error(), day_of(t_min));
      continue;
    }
    if (auto const at = std::ranges::find(*rows, n, [](Observation const& row) { return row.id.n; }); at != rows->end()) return std::optional(std::move(*at));
  }
  if (broken) return core::fail(std::move(*broken));
  return std::nullopt;
}

core::Result<std::optional<Days::Span>> Days::span() {
  ZHILI_CHECK(check());
  auto const in_blocks = reader_.row<std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      "SELECT MIN(t_min), MAX(t_max), CAST(SUM(observations) AS BIGINT), MAX(n_max) FROM block WHERE datastream = ?", datastream_);
  auto const [first, last, count, n_max] = *in_blocks;
  Span out{first.value_or(0), last.value_or(0), count.value_or(0)};
  bool any = first.has_value();
  for (auto const& row : memory_) {
    if (row.id.n <= n_max.value_or(-1)) continue;
    auto const t = time_of(row);
    out.first = any ? std::min(out.first, t) : t;
    out.last = any ? std::max(out.last, t) : t;
    any = true;
    ++out.count;
  }
  if (amended_.empty()) return any ? std::optional(out) : std::nullopt;
  for (auto const& [n, it] : amended_) out.count += (it.now ? 1 : 0) - (stands(n, it.t) ? 1 : 0);
  if (out.count <= 0) return std::nullopt;
  // What was corrected or removed may have been the first or the last, or be it now.
  for (bool const descending : {false, true}) {
    constexpr auto far = std::int64_t{1} << 36;  // days; no time is so far away
    for (auto day = next(descending ? far : -far, descending); day; day = next(descending ? *day - 1 : *day + 1, descending)) {
      ZHILI_TRY(auto const all, rows(*day));
      if (all.empty()) continue;
      (descending ? out.last : out.first) = time_of(descending ? all.back() : all.front());
      break;
    }
  }
  return std::optional(out);
}

/// Whether what was corrected or removed is still in a block or in memory. Days expire whole, so its block would hold both.
bool Days::stands(std::int64_t n, std::int64_t t) {
  if (std::ranges::any_of(memory_, [&](Observation const& row) { return row.id.n == n; })) return true;
  return reader_.value<std::int64_t>("SELECT n_min FROM block WHERE datastream = ? AND n_max >= ? AND n_min <= ? AND t_min <= ? AND t_max >= ?", datastream_, n, n, t, t).has_value();
}

std::int64_t Days::about(std::int64_t from, std::int64_t until) {
  auto const in_blocks = reader_.value<std::optional<std::int64_t>>(
      "SELECT CAST(SUM(observations) AS BIGINT) FROM block WHERE datastream = ? AND t_min >= ? AND t_min < ? AND t_max >= ?", datastream_, begin_of(day_of(from)), until, from);
  auto const first = std::ranges::lower_bound(memory_, from, {}, time_of);
  auto const last = std::ranges::lower_bound(memory_, until, {}, time_of);
  return in_blocks.value_or(std::nullopt).value_or(0) + (last - first);
}

}  // namespace zhili::sense::observations
