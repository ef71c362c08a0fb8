#include "respond/incidents/alike.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace zhili::respond {

namespace {

using core::Text;

constexpr std::int64_t minutes_per_hour = 60;
constexpr std::int64_t minutes_per_day = 24 * 60;

/// 100 at nothing, 0 at the limit.
std::int32_t falling(double amount, double limit) {
  return static_cast<std::int32_t>(std::lround(100 * std::clamp(1 - amount / std::max(limit, 1.0), 0.0, 1.0)));
}

std::optional<Related> related(Told const& one, Told const& other, catalogue::SameThing const& rule) {
  if (one.item == other.item) return Related::same;
  if (std::ranges::find(rule.kin, other.item) != rule.kin.end()) return Related::kin;
  if (!one.group.empty() && one.group == other.group) return Related::group;
  return std::nullopt;
}

Text span_words(std::int64_t minutes) {
  auto const some = [](std::int64_t n, char const* zh, char const* en) {
    return Text{fmt::format("{} {}", n, zh), fmt::format("{} {}{}", n, en, n == 1 ? "" : "s")};
  };
  if (minutes < 2 * minutes_per_hour) return some(minutes, "分钟", "minute");
  if (minutes < 2 * minutes_per_day) return some(minutes / minutes_per_hour, "小时", "hour");
  return some(minutes / minutes_per_day, "天", "day");
}

Text item_words(std::int64_t score) {
  if (score == static_cast<std::int64_t>(Related::same)) return {"事项相同", "the same item"};
  if (score == static_cast<std::int64_t>(Related::kin)) return {"事项相关", "a related item"};
  return {"同一大类", "an item of the same group"};
}

Text asset_words(std::int64_t score) {
  return score == 0 ? Text{"旁边的部件不同", "another component"} : Text{"同一个部件", "the same component"};
}

Text joined(std::vector<Text> const& all) {
  Text out;
  for (auto const& one : all) {
    out.zh += (out.zh.empty() ? "" : "，") + one.zh;
    out.en += (out.en.empty() ? "" : ", ") + one.en;
  }
  return out;
}

}  // namespace

std::string_view name(Part part) {
  switch (part) {
    case Part::place: return "place";
    case Part::time: return "time";
    case Part::item: return "item";
    case Part::asset: return "asset";
    case Part::text: return "text";
  }
  return "place";
}

PartScore const* Alike::find(Part part) const {
  auto const found = std::ranges::find(parts, part, &PartScore::part);
  return found == parts.end() ? nullptr : &*found;
}

std::optional<Alike> compare(Told const& one, Told const& other, catalogue::SameThing const& rule) {
  if (!one.place || !other.place) return std::nullopt;
  auto const items = related(one, other, rule);
  auto const apart_m = core::distance_m(*one.place, *other.place);
  auto const earlier = one.at - other.at;
  if (!items || apart_m > rule.within_m || std::chrono::abs(earlier) > rule.within_time) return std::nullopt;
  Alike out;
  auto const add = [&](Part part, std::int32_t weight, std::int32_t score, std::int64_t amount) {
    if (weight > 0) out.parts.push_back({part, weight, score, amount});
  };
  auto const& weights = rule.weights;
  add(Part::place, weights.place, falling(apart_m - place_error_m, rule.within_m - place_error_m), std::llround(apart_m));
  add(Part::time, weights.time, falling(static_cast<double>(std::chrono::abs(earlier).count()), static_cast<double>(rule.within_time.count())),
      std::chrono::round<std::chrono::minutes>(earlier).count());
  auto const item_score = static_cast<std::int32_t>(*items);
  add(Part::item, weights.item, item_score, item_score);
  if (!one.asset.empty() && !other.asset.empty()) {
    auto const same = one.asset == other.asset ? 100 : 0;
    add(Part::asset, weights.asset, same, same);
  }
  if (one.words.size() >= compared_words_min && other.words.size() >= compared_words_min) {
    auto const percent = static_cast<std::int32_t>(std::lround(100 * catalogue::overlap(one.words, other.words)));
    add(Part::text, weights.text, percent, percent);
  }
  std::int64_t sum = 0;
  std::int64_t of = 0;
  for (auto const& part : out.parts) {
    sum += std::int64_t{part.weight} * part.score;
    of += part.weight;
  }
  out.score = of == 0 ? 0 : static_cast<std::int32_t>((sum + of / 2) / of);
  return out;
}

bool joins_by_itself(Alike const& alike, catalogue::SameThing const& rule) {
  auto const* place = alike.find(Part::place);
  auto const* time = alike.find(Part::time);
  auto const* item = alike.find(Part::item);
  if (!rule.join || !place || !time || !item) return false;
  auto const apart = std::chrono::minutes(std::abs(time->amount));
  return item->score == static_cast<std::int32_t>(Related::same) && place->amount <= rule.join->within_m &&
         apart <= rule.join->within_time && alike.score >= rule.join->score_percent;
}

Text reason(PartScore const& part) {
  switch (part.part) {
    case Part::place:
      if (part.amount <= place_error_m) return {"在同一处", "at the same place"};
      return {fmt::format("相距 {} 米", part.amount), fmt::format("{} m away", part.amount)};
    case Part::time: {
      if (part.amount == 0) return {"同一时间", "at the same time"};
      auto const span = span_words(std::abs(part.amount));
      return part.amount > 0 ? Text{"早 " + span.zh, span.en + " earlier"} : Text{"晚 " + span.zh, span.en + " later"};
    }
    case Part::item: return item_words(part.score);
    case Part::asset: return asset_words(part.score);
    case Part::text: return {fmt::format("文字 {}% 相同", part.score), fmt::format("{} % of the words in common", part.score)};
  }
  return {};
}

Text reason(Alike const& alike) {
  std::vector<Text> all;
  for (auto const& part : alike.parts) all.push_back(reason(part));
  return joined(all);
}

Text public_reason(Alike const& alike) {
  std::vector<Text> all;
  if (alike.find(Part::place)) all.push_back({"地点相近", "close by"});
  if (auto const* time = alike.find(Part::time))
    all.push_back(std::abs(time->amount) < minutes_per_day ? Text{"一天之内", "within a day"} : Text{"时间相近", "about the same time"});
  if (auto const* item = alike.find(Part::item)) all.push_back(item_words(item->score));
  if (auto const* asset = alike.find(Part::asset); asset && asset->score > 0) all.push_back(asset_words(asset->score));
  return joined(all);
}

}  // namespace zhili::respond
