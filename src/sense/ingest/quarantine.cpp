#include "sense/ingest/quarantine.hpp"

#include <boost/json.hpp>

namespace zhili::sense::ingest {

namespace {

/// Devices whose rows of the day are counted; when there are more, counting begins anew.
constexpr std::size_t counted_devices_max = 100'000;

using QuarantineRow = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::string,
                                 std::int64_t, std::optional<std::int64_t>, std::string>;

Quarantined quarantined_from(QuarantineRow row) {
  auto& [id, at, way, device, datastream, problem, topic, message, sent, state, decided_at, decided_by] = row;
  return {.id = id,
          .at = core::from_ms(at),
          .what = {.way = static_cast<Way>(way), .device = device, .datastream = datastream, .key = std::move(problem), .topic = std::move(topic),
                   .sent = std::move(sent), .message = message != 0},
          .state = static_cast<Quarantined::State>(state),
          .decided_at = decided_at ? std::optional(core::from_ms(*decided_at)) : std::nullopt,
          .decided_by = std::move(decided_by)};
}

template <class... Args>
std::vector<QuarantineRow> quarantine_rows(store::Reader& reader, std::string_view sql, Args const&... args) {
  return reader.rows<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::int64_t, std::string, std::int64_t,
                     std::optional<std::int64_t>, std::string>(sql, args...);
}

tl::unexpected<core::Error> no_such_suspect() {
  return core::fail(core::Errc::not_found, "quarantine.unknown", {"隔离区中没有这一条，或已过保存期。", "The quarantine has no such entry, or its time is over."}, "id");
}

}  // namespace

std::string_view name(Quarantined::State state) {
  static constexpr std::string_view names[] = {"waiting", "released", "dropped"};
  return names[static_cast<std::size_t>(state)];
}

void Quarantine::keep_later(std::vector<Suspect> suspects, std::function<void(core::Result<std::size_t>)> done) {
  auto const day = core::to_ms(time_.now()) / (1000LL * core::seconds_per_day);
  {
    std::lock_guard const lock(mutex_);
    if (days_.size() > counted_devices_max) days_.clear();
    std::erase_if(suspects, [&](Suspect const& one) {
      auto& counted = days_[one.device];
      if (counted.number != day) counted = {.number = day};
      return ++counted.rows > quarantine_device_rows_max_per_day;
    });
  }
  if (suspects.empty()) return done(std::size_t{0});
  auto const kept = suspects.size();
  db_.write_later(
      [suspects = std::move(suspects)](store::Writer& w) -> core::Result<> {
        auto id = w.value<std::int64_t>("SELECT coalesce(max(id), 0) FROM ingest_quarantine").value_or(0);
        for (auto const& one : suspects)
          w.exec(
              "INSERT INTO ingest_quarantine (id, at, way, device, datastream, problem, topic, message, sent, state, decided_at, decided_by) "
              "VALUES (?,?,?,?,?,?,?,?,?,0,NULL,'')",
              ++id, w.now(), one.way, one.device, one.datastream, one.key, one.topic, one.message ? 1 : 0, one.sent);
        w.exec("DELETE FROM ingest_quarantine WHERE id <= ?", id - quarantine_rows_max);
        return {};
      },
      [kept, done = std::move(done)](core::Result<> outcome) {
        if (!outcome) return done(core::fail(std::move(outcome).error()));
        done(kept);
      });
}

core::Result<std::vector<Quarantined>> Quarantine::list(QuarantineQuery const& query) {
  return db_.read([&](store::Reader& r) {
    std::vector<Quarantined> out;
    for (auto& row : quarantine_rows(r,
                                     "SELECT id, at, way, device, datastream, problem, topic, message, sent, state, decided_at, decided_by FROM ingest_quarantine "
                                     "WHERE (? = 0 OR id < ?) AND (? = -1 OR device = ?) AND (? = '' OR problem = ?) AND (? = 1 OR state = 0) ORDER BY id DESC LIMIT ?",
                                     query.before, query.before, query.device.value_or(-1), query.device.value_or(-1), query.key, query.key, query.all ? 1 : 0,
                                     std::min(query.limit, quarantine_page_rows_max)))
      out.push_back(quarantined_from(std::move(row)));
    return out;
  });
}

core::Result<Quarantined> Quarantine::find(std::int64_t id) {
  return db_.read([&](store::Reader& r) -> core::Result<Quarantined> {
    auto rows = quarantine_rows(r,
                                "SELECT id, at, way, device, datastream, problem, topic, message, sent, state, decided_at, decided_by FROM ingest_quarantine WHERE id = ?", id);
    if (rows.empty()) return no_such_suspect();
    return quarantined_from(std::move(rows.front()));
  });
}

core::Result<std::map<std::string, std::int64_t>> Quarantine::counts() {
  return db_.read([](store::Reader& r) {
    std::map<std::string, std::int64_t> out;
    r.each<std::string, std::int64_t>("SELECT problem, count(*) FROM ingest_quarantine WHERE state = 0 GROUP BY problem",
                                      [&](std::string problem, std::int64_t rows) { out.emplace(std::move(problem), rows); });
    return out;
  });
}

core::Result<> Quarantine::decide(std::int64_t id, Quarantined::State state, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const row = w.row<std::int64_t, std::string, std::int64_t>("SELECT state, problem, device FROM ingest_quarantine WHERE id = ?", id);
    if (!row) return no_such_suspect();
    auto const& [before, problem, device] = *row;
    if (before != 0) return core::fail(core::Errc::conflict, "quarantine.decided", {"这一条已经处理过了。", "This entry was decided before."}, "id");
    w.exec("UPDATE ingest_quarantine SET state = ?, decided_at = ?, decided_by = ? WHERE id = ?", state, w.now(), actor, id);
    w.append({.kind = state == Quarantined::State::released ? core::EventKind::quarantine_released : core::EventKind::quarantine_dropped,
              .actor = actor,
              .payload = boost::json::serialize(boost::json::object{{"quarantined", id}, {"problem", problem}, {"device", device}})});
    return {};
  });
}

core::Result<std::int64_t> Quarantine::sweep() {
  return db_.write([](store::Writer& w) -> core::Result<std::int64_t> {
    return w.exec("DELETE FROM ingest_quarantine WHERE at < ?", w.now() - quarantine_kept);
  });
}

}  // namespace zhili::sense::ingest
