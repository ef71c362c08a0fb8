// What view.cpp and story_view.cpp make, as described in openapi.json.

#include "core/clock.hpp"
#include "respond/cases/words.hpp"
#include "web/api/story_view.hpp"
#include "web/api/view.hpp"

namespace zhili::web {

using shape::both_languages;
using shape::flag;
using shape::integer;
using shape::nullable;
using shape::number;
using shape::record;
using shape::text;
using shape::time;

Shape named_shape() { return record("Named", {{"code", text()}, {"name", both_languages()}}); }

Shape area_name_shape() { return record("AreaName", {{"id", integer()}, {"name", both_languages()}}); }

Shape stage_shape() {
  std::vector<std::string> stages;
  for (auto const stage : respond::all_stages) stages.emplace_back(respond::name(stage));
  auto out = shape::choice(std::move(stages));
  out.name = "Stage";
  return out;
}

std::vector<Field> clock_fields() {
  return {{"code", text()},
          {"name", both_languages()},
          {"unit", text()},
          {"unit_name", both_languages()},
          {"budget", integer(), {"时限，按 unit 的最小份", "What it has, in parts of the unit"}},
          {"used", integer()},
          {"left", integer(), {"还剩；负数是超出", "What is left; negative when it is over"}},
          {"due_at", nullable(time())},
          {"state", text()},
          {"because", nullable(both_languages()), {"为什么停着", "Why it stands still"}}};
}

std::vector<Field> case_fields() {
  return {{"id", integer()},
          {"no", text(), {"案卷编号", "Number of the case"}},
          {"item", named_shape()},
          {"condition", text()},
          {"stage", stage_shape()},
          {"stage_name", both_languages()},
          {"area", nullable(area_name_shape())},
          {"grid", nullable(text())},
          {"lat", nullable(number())},
          {"lon", nullable(number())},
          {"exact", flag(), {"位置已公开；否则是网格或地图格的中心", "The place is released; else it is the centre of a grid or of a cell of the map"}},
          {"location_unknown", flag()},
          {"opened_at", time()},
          {"due_at", nullable(time())},
          {"closed_at", nullable(time())},
          {"department", nullable(named_shape())},
          {"clock", nullable(record("Clock", clock_fields()))},
          {"source", text()},
          {"origin", integer(), {"0 本系统，1 外来记录", "0: of this system, 1: recorded elsewhere"}},
          {"contradiction", flag(), {"来源的记录自相矛盾", "Its source contradicts itself"}},
          {"version", integer(), {"命令里要带上", "To be given in commands"}},
          {"released", flag()},
          {"private", flag(), {"不公开：只有值守的人看得到", "Not public: only those on duty for it see it"}},
          {"words", nullable(text())}};
}

Shape case_shape() { return record("Case", case_fields()); }

std::vector<Field> story_fields() {
  return {{"seq", integer()},
          {"at", time()},
          {"kind", text()},
          {"who", nullable(record("Who", {{"role", text()}, {"name", both_languages()}}))},
          {"sentence", both_languages()},
          {"audience", text()},
          {"from_source", flag()}};
}

std::vector<Field> story_photos_fields() {
  return {optional("photos", shape::list(record("", {{"url", text()}, {"shows", text()}}))),
          optional("photos_unseen", integer(), {"还有几张照片没有公开", "So many more photos are not shown to everybody"})};
}

Shape withheld_shape() {
  return record("Withheld", {{"words", shape::flag()}, {"place", shape::flag()}, {"photos", integer()}, {"because", text()}});
}

Shape full_case_shape() {
  auto const span = record("", {{"from", time()}, {"to", nullable(time())}, {"kind", shape::choice({"ran", "paused"})},
                                {"reason", nullable(both_languages())}, {"by", nullable(text())}});
  auto const signal = record("", {{"no", text()}, {"state", text()}, {"received_at", time()}, {"words", nullable(text())},
                                  {"photos", shape::list(record("", {{"url", text()}}))}, {"withheld", nullable(withheld_shape())},
                                  {"photos_waiting", integer(), {"后来的照片，还没有人看过", "Photos of later steps that nobody has looked at yet"}}});
  auto clock = clock_fields();
  clock.push_back({"spans", shape::list(span)});
  auto line = story_fields();
  for (auto& field : story_photos_fields()) line.push_back(std::move(field));
  auto fields = case_fields();
  std::erase_if(fields, [](Field const& field) { return field.name == "condition"; });
  fields.insert(fields.end(), {{"condition", nullable(both_languages())},
                               {"incident", record("", {{"id", integer()}, {"signals", integer()}})},
                               {"joined_to", nullable(text()), {"因是同一件事而并入的案卷", "The case with which it goes together, being about the same thing"}},
                               {"signals", shape::list(nullable(signal))},
                               {"clocks", shape::list(record("", std::move(clock)))},
                               {"duty_chain", shape::list(record("", {{"what", both_languages()}, {"value", both_languages()}}))},
                               {"story", shape::list(record("", std::move(line)))}});
  return record("FullCase", std::move(fields));
}

}  // namespace zhili::web
