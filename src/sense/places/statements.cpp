#include "sense/places/statements.hpp"

#include <array>
#include <boost/json.hpp>
#include <tuple>
#include <utility>

#include "sense/places/shape_text.hpp"

namespace zhili::sense::places {
namespace {

constexpr std::array<std::pair<std::string_view, int>, 6> ranks{
    {{"survey", 1}, {"owner", 2}, {"department", 3}, {"patrol", 4}, {"import", 5}, {"citizen", 6}}};
constexpr int rank_of_others = 9;

auto age(Statement const& s) {
  return std::tuple(s.said_at, s.seq);
}

}  // namespace

int source_rank(std::string_view source) {
  auto const kind = source.substr(0, source.find(':'));
  for (auto const& [known, rank] : ranks)
    if (known == kind) return rank;
  return rank_of_others;
}

bool stronger(Statement const& a, Statement const& b) {
  return std::tuple(-source_rank(a.source), age(a)) > std::tuple(-source_rank(b.source), age(b));
}

Fields fields_of(Thing const& thing) {
  Fields out(thing.fields.begin(), thing.fields.end());
  auto const say = [&](char const* field, std::string value) {
    if (!value.empty()) out.insert_or_assign(field, std::move(value));
  };
  say("class", thing.klass);
  say("name_zh", thing.name.zh);
  say("name_en", thing.name.en);
  say("shape", encode(thing.shape));
  say("grid", thing.grid);
  return out;
}

core::Result<Thing> thing_of(Kind kind, std::string_view code, Fields const& fields) {
  Thing t;
  t.kind = kind;
  t.code = code;
  for (auto const& [field, value] : fields) {
    if (field == "class")
      t.klass = value;
    else if (field == "name_zh")
      t.name.zh = value;
    else if (field == "name_en")
      t.name.en = value;
    else if (field == "grid")
      t.grid = value;
    else if (field == "shape") {
      ZHILI_TRY(t.shape, decode(value));
    } else
      t.fields.emplace_back(field, value);
  }
  return t;
}

std::string to_json(Fields const& fields) {
  boost::json::object out;
  for (auto const& [field, value] : fields) out[field] = value;
  return boost::json::serialize(out);
}

core::Result<Fields> fields_from_json(std::string_view json) {
  boost::system::error_code error;
  auto const value = boost::json::parse(json, error);
  Fields out;
  bool good = !error && value.is_object();
  if (good)
    for (auto const& [field, text] : value.get_object()) {
      good = good && text.is_string();
      if (good) out.emplace(field, text.get_string());
    }
  if (good) return out;
  return core::fail(
      core::Errc::corrupt, "places.register",
      {"库里的一条登记读不出来。请用备份恢复，并运行 zhili ledger verify。",
       "A stored register entry cannot be read. Restore from a backup, and run zhili ledger verify."},
      "fields", std::string(json.substr(0, 80)));
}

void Current::hear(Statement statement) {
  auto const [it, fresh] = best_.try_emplace({statement.field, statement.source}, statement);
  if (!fresh && age(it->second) < age(statement)) it->second = std::move(statement);
}

Fields Current::fields() const {
  std::map<std::string_view, Statement const*> strongest;
  for (auto const& [key, said] : best_) {
    if (said.value.empty()) continue;
    auto& held = strongest[said.field];
    if (!held || stronger(said, *held)) held = &said;
  }
  Fields out;
  for (auto const& [field, said] : strongest) out.emplace(field, said->value);
  return out;
}

}  // namespace zhili::sense::places
