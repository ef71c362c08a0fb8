// A city out of the database.
#include <algorithm>

#include "sense/places/places.hpp"
#include "sense/places/shape_text.hpp"
#include "sense/places/statements.hpp"

namespace zhili::sense::places {
namespace {

using store::Reader;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

core::Result<> load_areas(Reader& r, City& city) {
  core::Result<> outcome;
  r.each<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string>(
      "SELECT id, code, level, name_zh, name_en, parent, shape FROM area ORDER BY code",
      [&](std::int64_t id, std::string code, std::string level, std::string zh, std::string en,
          std::string parent, std::string shape) {
        auto decoded = decode(shape);
        if (!decoded)
          outcome = core::fail(decoded.error());
        else
          city.areas.push_back({id,
                                std::move(code),
                                std::move(level),
                                {std::move(zh), std::move(en)},
                                std::move(parent),
                                std::move(*decoded)});
      });
  return outcome;
}

std::optional<core::Instant> instant(std::optional<std::int64_t> ms) {
  return ms ? std::optional(core::from_ms(*ms)) : std::nullopt;
}

core::Result<> load_grids(Reader& r, City& city, core::Instant at) {
  core::Result<> outcome;
  auto const now = core::to_ms(at);
  r.each<std::string, std::int64_t, std::string, std::int64_t, std::string, std::optional<std::int64_t>,
         std::optional<std::int64_t>, std::string>(
      "SELECT code, area_m2, land_use, grade, responsible, since, until, shape FROM unit_grid "
      "WHERE (since IS NULL OR since <= ?) AND (until IS NULL OR until > ?) ORDER BY code",
      [&](std::string code, std::int64_t area_m2, std::string use, std::int64_t grade,
          std::string responsible, std::optional<std::int64_t> since, std::optional<std::int64_t> until,
          std::string shape) {
        auto decoded = decode(shape);
        if (!decoded)
          outcome = core::fail(decoded.error());
        else
          city.grids.push_back({std::move(code), std::move(*decoded), area_m2, std::move(use), grade,
                                std::move(responsible), instant(since), instant(until)});
      },
      now, now);
  return outcome;
}

void load_duties(Reader& r, City& city) {
  r.each<std::string, std::string, std::string, std::string, std::string, std::string>(
      "SELECT code, function, post, name_zh, name_en, grids FROM duty_grid ORDER BY code",
      [&](std::string code, std::string function, std::string post, std::string zh, std::string en,
          std::string grids) {
        city.duties.push_back({std::move(code),
                               std::move(function),
                               std::move(post),
                               {std::move(zh), std::move(en)},
                               words_of(grids)});
      });
}

core::Result<> load_things(Reader& r, City& city) {
  core::Result<> outcome;
  Current current;
  std::int64_t kind = -1;
  std::string code;
  auto const finish = [&] {
    if (current.empty() || !outcome) return;
    auto thing = thing_of(static_cast<Kind>(kind), code, current.fields());
    if (thing)
      city.things.push_back(std::move(*thing));
    else
      outcome = core::fail(thing.error());
    current.clear();
  };
  r.each<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::string>(
      "SELECT kind, code, source, said_at, seq, fields FROM register_said ORDER BY kind, code",
      [&](std::int64_t its_kind, std::string its_code, std::string source, std::int64_t said_at,
          std::int64_t seq, std::string json) {
        if (its_kind != kind || its_code != code) finish();
        kind = its_kind;
        code = std::move(its_code);
        auto fields = fields_from_json(json);
        if (!fields) {
          outcome = core::fail(fields.error());
          return;
        }
        for (auto& [field, value] : *fields)
          current.hear({field, std::move(value), source, {}, core::from_ms(said_at), seq});
      });
  finish();
  return outcome;
}

}  // namespace

core::Result<City> load(store::Db& db, core::Instant at, CodeScheme scheme) {
  return db.read([&](Reader& r) -> core::Result<City> {
    City city;
    city.scheme = scheme;
    ZHILI_CHECK(load_areas(r, city));
    ZHILI_CHECK(load_grids(r, city, at));
    load_duties(r, city);
    ZHILI_CHECK(load_things(r, city));
    return city;
  });
}

core::Result<std::vector<Statement>> history(store::Db& db, Kind kind, std::string_view code) {
  return db.read([&](Reader& r) -> core::Result<std::vector<Statement>> {
    std::vector<Statement> out;
    auto const rows = r.rows<std::string, std::int64_t, std::int64_t, std::string, std::string>(
        "SELECT source, said_at, seq, actor, fields FROM register_said WHERE kind = ? AND code = ? "
        "ORDER BY said_at, seq",
        kind, code);
    for (auto const& [source, said_at, seq, actor, json] : rows) {
      ZHILI_TRY(auto fields, fields_from_json(json));
      for (auto& [field, value] : fields)
        out.push_back({field, std::move(value), source, actor, core::from_ms(said_at), seq});
    }
    return out;
  });
}

}  // namespace zhili::sense::places
