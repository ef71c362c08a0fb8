// What is known while somebody talks: open cases near a place, and places by name.

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <mutex>

#include "respond/cases/case.hpp"
#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "respond/signals/desk.hpp"
#include "sense/places/name_search.hpp"
#include "web/api/view.hpp"
#include "web/people/alike_view.hpp"
#include "web/phone/phone.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr double near_m = 400;
constexpr std::size_t near_cases_max = 5;  // the likely ones stand above them
constexpr std::size_t near_looked_at_max = 200;
constexpr std::size_t place_hits = 8;
constexpr std::size_t place_query_chars_max = 200;
constexpr double metres_per_degree = 111'320;

double metres_between(core::LatLon a, core::LatLon b) {
  auto const north = (a.lat() - b.lat()) * metres_per_degree;
  auto const east = (a.lon() - b.lon()) * metres_per_degree * std::cos(a.lat() * 3.14159265358979323846 / 180);
  return std::hypot(north, east);
}

struct NearCase {
  respond::CaseLine line;
  double away_m = 0;
};

/// Open cases within near_m that everybody may know of, those of the item first, then by distance.
std::vector<NearCase> cases_near(store::Reader& reader, core::LatLon at, std::string_view item, ApiParts const& parts) {
  auto const degrees = near_m / metres_per_degree;
  auto const wide = degrees / std::max(0.01, std::cos(at.lat() * 3.14159265358979323846 / 180));
  respond::CaseFilter filter{.state = respond::CaseFilter::State::open, .public_only = true, .limit = near_looked_at_max};
  filter.box = respond::MapBox{core::LatLon::of(at.lat() - degrees, at.lon() - wide), core::LatLon::of(at.lat() + degrees, at.lon() + wide)};
  std::vector<NearCase> out;
  for (auto& line : respond::list_cases(reader, *parts.cases, filter)) {
    auto const away = line.place ? metres_between(at, *line.place) : near_m;
    if (away <= near_m) out.push_back({std::move(line), away});
  }
  std::ranges::sort(out, {}, [&](NearCase const& one) { return std::pair(one.line.item != item, one.away_m); });
  if (out.size() > near_cases_max) out.resize(near_cases_max);
  return out;
}

/// What may be the same thing, the best first: an open case, or a report that waits. What is private is not for the phone desk.
array same_json(store::Reader& reader, std::vector<respond::Candidate> const& found, PhoneParts const& parts) {
  auto const& api = parts.people.api;
  auto const places = api.places->now();
  array out;
  for (auto const& one : found) {
    auto const row = reader.row<std::string, std::int64_t>("SELECT item, received_at FROM signal WHERE id = ?", one.signal);
    auto const line = one.case_id != 0 ? respond::find_case(reader, one.case_id) : std::nullopt;
    if (one.is_private || !row || (line && line->is_private)) continue;
    auto const& [item, received] = *row;
    auto const at = core::from_ms(received);
    auto json = alike_json(one.alike);
    json["no"] = respond::public_number(api.installation->prefix, one.signal, at, api.zone);
    json["item"] = item_json(item, parts);
    json["received_at"] = time_json(at, api.zone);
    json["reports"] = line ? reader.value<std::int64_t>("SELECT count(*) FROM signal WHERE incident_id = ?", line->incident_id).value_or(1) : 1;
    json["case"] = line ? value(case_json(*line, clocks_of(reader, *line), api.time->now(), *places, api, {})) : value(nullptr);
    out.push_back(std::move(json));
  }
  return out;
}

bool is_among(array const& same, std::int64_t case_id) {
  return std::ranges::any_of(same, [&](value const& one) { return one.at("case").is_object() && one.at("case").at("id").as_int64() == case_id; });
}

core::Result<object> near(Call const& call, PhoneParts const& parts) {
  auto const at = core::LatLon::of(call.body.number("lat").value_or(0), call.body.number("lon").value_or(0));
  auto const& api = parts.people.api;
  auto const item = call.body.text("item");
  auto const places = api.places->now();
  auto const words = places->near(at);
  auto const found = places->find(at);
  respond::Told const told{.item = item, .group = {}, .place = at, .at = api.time->now(), .words = catalogue::grams(call.body.text("words"))};
  array same, cases;
  ZHILI_CHECK(api.db->read([&](store::Reader& reader) {
    same = same_json(reader, api.desk->candidates(reader, told), parts);
    for (auto const& one : cases_near(reader, at, item, api)) {
      if (is_among(same, one.line.id)) continue;
      auto json = case_json(one.line, clocks_of(reader, one.line), api.time->now(), *places, api, {});
      json["away_m"] = std::lround(one.away_m);
      json["same_item"] = one.line.item == item;
      cases.push_back(std::move(json));
    }
  }));
  core::Text address = words ? words->words : core::Text{};
  if (address.zh.starts_with("近：")) address.zh.erase(0, std::string_view("近：").size());
  return object{{"address", to_json(address)},
                {"area", found.areas.empty() ? value(nullptr) : value(to_json(found.areas.front()->name))},
                {"same", std::move(same)},
                {"cases", std::move(cases)}};
}

/// The search over the places of now; made anew when they change.
class LiveNames {
 public:
  explicit LiveNames(sense::places::LivePlaces const& places) : places_(places) {}
  std::shared_ptr<sense::places::NameSearch const> now() {
    auto const places = places_.now();
    std::lock_guard const lock(guard_);
    if (!names_ || names_->places() != places) names_ = std::make_shared<sense::places::NameSearch const>(places);
    return names_;
  }

 private:
  sense::places::LivePlaces const& places_;
  std::mutex guard_;
  std::shared_ptr<sense::places::NameSearch const> names_;
};

core::Result<object> places_by_name(Call const& call, LiveNames& names) {
  array out;
  for (auto const& hit : names.now()->find(call.query.text("q"), place_hits))
    out.push_back(object{{"name", to_json(hit.name)}, {"where", to_json(hit.where)}, {"lat", hit.at.lat()}, {"lon", hit.at.lon()}});
  return object{{"places", std::move(out)}};
}

}  // namespace

void mount_known(Operations& operations, PhoneParts const& parts) {
  using namespace shape;
  auto fields = case_fields();
  fields.push_back({"away_m", integer(), {"离这里多远", "How far from there"}});
  fields.push_back({"same_item", flag()});
  auto same = alike_fields();
  same.insert(same.end(), {{"no", text(), {"上报的编号", "Number of the report"}}, {"item", named_shape()}, {"received_at", time()},
                           {"reports", integer(), {"已合并的上报", "Reports joined so far"}}, {"case", nullable(case_shape()), {"没有：还在等受理", "None: it is waiting"}}});
  // Not a query: a caller's words do not belong into an address.
  operations.add({.id = "lookNear", .method = Method::post, .pattern = "/api/v1/phone/near", .summary = {"这里可能是同一件事的，和附近在办的", "What may be the same thing here, and other open cases nearby"},
                  .who = with_role(call_taker_role),
                  .body = {needed("lat", number(-90, 90), {"纬度", "Latitude"}), needed("lon", number(-180, 180), {"经度", "Longitude"}),
                           optional("item", text(respond::max_ref_chars), {"事项；没有就不比对", "The item; nothing is compared without it"}),
                           optional("words", text(respond::max_words_chars), {"来电人的话，只用来比对", "What the caller says; only compared"})},
                  .good = {{.shape = record("KnownNear", {{"address", both_languages()}, {"area", nullable(both_languages())}, {"same", list(record("SameNear", std::move(same)), respond::candidates_max)},
                                                          {"cases", list(record("CaseNear", std::move(fields)))}})}}},
                 [parts](Call const& call) { return answered(near(call, parts)); });
  auto const names = std::make_shared<LiveNames>(*parts.people.api.places);
  auto const place = record("NamedPlace", {{"name", both_languages()}, {"where", both_languages()}, {"lat", number()}, {"lon", number()}});
  operations.add({.id = "findPlaces", .method = Method::get, .pattern = "/api/v1/phone/places", .summary = {"按名称找地点", "Places by name"},
                  .who = with_role(call_taker_role), .query = {optional("q", text(place_query_chars_max), {"路名、门牌、小区", "Road, number, estate"})},
                  .good = {{.shape = record("", {{"places", list(place)}})}}},
                 [names](Call const& call) { return answered(places_by_name(call, *names)); });
}

}  // namespace zhili::web
