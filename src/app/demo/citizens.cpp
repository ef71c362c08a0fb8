// What the citizens of the demo city do.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/json.hpp>

#include "app/demo/life.hpp"
#include "app/demo/pictures.hpp"
#include "respond/number.hpp"

namespace zhili::app::demo {

namespace {

/// Share of the day's reports in each hour: quiet nights, a morning and an evening peak.
constexpr std::array<double, 24> hour_share{0.6, 0.4, 0.3, 0.3, 0.4, 0.9, 2.2, 4.5, 6.5, 6.8, 6.4, 6.0,
                                            5.0, 5.2, 5.8, 6.2, 6.6, 7.2, 7.0, 6.4, 5.6, 4.4, 2.9, 1.4};
constexpr double hour_share_sum = 99.0;
constexpr double minutes_per_day = 24 * 60;
constexpr double told_twice_share = 0.12;
constexpr double phone_share = 0.25;
constexpr double photo_share = 0.7;
constexpr std::uint32_t streets = 6;  // how many different ones are on photos

}  // namespace

void Life::plan_next_trouble() {
  auto const hour = static_cast<std::size_t>(service_.zone().civil(time_.now()).second / 3600);
  auto const per_minute = options_.reports_per_day * hour_share[hour] / hour_share_sum / 60;
  auto const u = static_cast<double>((random_() >> 11) + 1) * 0x1.0p-53;
  auto const minutes = std::min(-std::log(u) / per_minute, minutes_per_day / 24);
  bool const comes = minutes < minutes_per_day / 24;  // else look again in an hour, when the rate is another
  plan(core::Duration(static_cast<std::int64_t>(minutes * 60'000)), [this, comes] {
    if (comes) trouble();
    plan_next_trouble();
  });
}

Trouble const& Life::pick_trouble(int hour) {
  int sum = 0;
  for (auto const& one : troubles())
    if (hour >= one.day_hours_from && hour < one.day_hours_to) sum += one.weight;
  auto left = static_cast<int>(random_() % static_cast<std::uint64_t>(std::max(sum, 1)));
  for (auto const& one : troubles()) {
    if (hour < one.day_hours_from || hour >= one.day_hours_to) continue;
    left -= one.weight;
    if (left < 0) return one;
  }
  return troubles().front();
}

/// Beside some component, of which there are more where more people are.
core::LatLon Life::pick_place() {
  auto const places = service_.places().now();
  auto const& things = places->city().things;
  for (int tries = 0; tries < 200; ++tries) {
    auto const& thing = things[static_cast<std::size_t>(random_() % things.size())];
    if (thing.kind != sense::places::Kind::component || !thing.shape.point) continue;
    auto at = *thing.shape.point;
    at.lat_e7 += static_cast<std::int32_t>(random_() % 800) - 400;
    at.lon_e7 += static_cast<std::int32_t>(random_() % 800) - 400;
    if (places->find(at).grid) return at;
  }
  return sense::places::PlaceIndex::centre(places->city().grids.front().shape);
}

void Life::trouble() {
  auto matter = std::make_shared<Matter>();
  matter->trouble = &pick_trouble(service_.zone().civil(time_.now()).second / 3600);
  matter->place = pick_place();
  matter->planned_rework = chance(0.1);
  matter->street = static_cast<std::uint32_t>(random_() % streets);
  auto const near = service_.places().now()->near(matter->place);
  matter->place_words = near ? near->words.zh : "";
  if (matter->place_words.starts_with("近：")) matter->place_words.erase(0, std::string_view("近：").size());
  if (chance(phone_share)) call(matter);
  else report(matter);
  if (chance(told_twice_share))
    for (auto extra = 1 + random_() % 3; extra > 0; --extra) plan(about(15), [this, matter] { report(matter); });
}

std::string Life::photograph(MatterPtr const& matter, std::string_view shows, bool cured) {
  return picture(matter->trouble->look, shows, cured, matter->street);
}

void Life::report(MatterPtr matter) {
  auto const hits = service_.catalogue().search(matter->trouble->search, {.limit = 1, .open_only = true, .typing = false});
  if (hits.empty()) return;
  auto at = matter->place;
  at.lat_e7 += static_cast<std::int32_t>(random_() % 300) - 150;
  at.lon_e7 += static_cast<std::int32_t>(random_() % 300) - 150;
  auto const& resident = any(residents());
  std::vector<std::pair<std::string, std::string>> fields{
      {"api_key", options_.api_key},
      {"service_code", hits.front().item->code},
      {"lat", fmt::format("{:.7f}", at.lat())},
      {"long", fmt::format("{:.7f}", at.lon())},
      {"description", fmt::format(fmt::runtime(matter->trouble->words), matter->place_words)},
      {"address_string", matter->place_words}};
  if (chance(0.6)) {
    fields.emplace_back("first_name", resident.name);
    fields.emplace_back("phone", resident.phone);
  }
  constexpr auto* target = "/open311/v2/requests.json";
  auto const answer = chance(photo_share) ? client_.post_photo(target, fields, photograph(matter, chance(0.7) ? "near" : "far", false))
                                          : client_.post_form(target, fields);
  if (!answer || answer->status >= 300) {
    failed_ = true;
    failure_ = answer ? core::Error{core::Errc::unavailable, "demo.report", {answer->body, answer->body}} : answer.error();
    return;
  }
  boost::system::error_code error;
  auto const parsed = boost::json::parse(answer->body, error);
  if (error || !parsed.is_array() || parsed.as_array().empty()) return;
  auto const number = std::string(parsed.as_array()[0].as_object().at("service_request_id").as_string());
  if (auto const id = respond::id_of_number(service_.installation().prefix, number))
    plan(about(8), [this, id, matter] { accept(*id, matter); });
}

}  // namespace zhili::app::demo
