#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "respond/open_figures/small_cells.hpp"
#include "sheet/sheet.hpp"
#include "web/api/view.hpp"
#include "web/openness/open_data.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using catalogue::Cohort;
using respond::open_figures::Month;
using respond::open_figures::OutcomeWords;
using respond::open_figures::PublishedRow;
using respond::open_figures::Row;
using sheet::Value;

core::Text const others{"其他", "Others"};

struct FigureWords {
  Cohort of;
  core::Text name;
  core::Text about;
};
FigureWords const figures[] = {
    {Cohort::signals, {"收到的上报", "Reports received"}, {"这个月收到的上报，每份算一件，按当时怎么处理分开；不公开的不算", "Reports that came in the month, each counted once, by what became of them; private ones are not counted"}},
    {Cohort::cases, {"到期的案卷", "Cases due"},
     {"承诺的时限在这个月到期的案卷（延期的算到延期后的月份），按是否按期结案分开；没有全程时限的和不公开的不算", "Cases whose promised time ran out in the month, as granted extensions moved it, by whether they were closed in time; cases that were promised nothing as a whole, and private ones, are not counted"}},
};

core::Text rule_words() {
  auto const n = respond::open_figures::smallest_cell;
  return {fmt::format("不到 {} 件的，不单列，归到上一级的“其他”里：事项归到大类，大类归到区域，区域归到上一级区域。每一件只算在一个数里，所以不能用减法算出不公布的数。仍然凑不够的不公布。每个月公布一次，公布以后不再改。", n),
          fmt::format("What is below {0} is not told by itself but among the others one step up: an item in its group, a group in its area, an area in the one above it. Each one is counted in one number only, so "
                      "that no subtraction finds a number that is not shown. What is still too few is not published. A month is published once and then never changed.", n)};
}

core::Text definition_of(FigureWords const& figure) { return {figure.name.zh + "：" + figure.about.zh, figure.name.en + ": " + figure.about.en}; }

object outcome_json(OutcomeWords const& words) {
  return {{"code", words.name}, {"name", to_json(words.title)}, {"about", to_json(words.about)}};
}

value licence_json(ApiParts const& parts) {
  auto const& of = parts.installation->open_data;
  if (of.licence.empty()) return nullptr;
  return object{{"name", of.licence}, {"url", of.licence_url.empty() ? value(nullptr) : value(of.licence_url)}};
}

std::string licence_line(ApiParts const& parts) {
  auto const& of = parts.installation->open_data;
  if (of.licence.empty()) return "许可 Licence: 未说明 not stated";
  return fmt::format("许可 Licence: {} {}", of.licence, of.licence_url);
}

array figures_json() {
  array out;
  for (auto const& figure : figures) {
    array outcomes;
    for (auto const& words : respond::open_figures::outcome_words())
      if (words.of == figure.of) outcomes.push_back(outcome_json(words));
    out.push_back(object{{"code", name(figure.of)}, {"name", to_json(figure.name)}, {"about", to_json(figure.about)}, {"outcomes", std::move(outcomes)}});
  }
  return out;
}

array months_json(std::vector<Month> const& months, ApiParts const& parts) {
  array out;
  for (auto const& month : months)
    out.push_back(object{{"month", respond::open_figures::month_text(month.number)}, {"published_at", time_json(month.published_at, parts.zone)},
                         {"rows", month.rows}, {"reports", month.reports}, {"cases", month.cases}, {"digest", "sha-256:" + month.digest}});
  return out;
}

object download(char const* code, core::Text const& name, std::string const& base, char const* path, char const* type) {
  return {{"code", code}, {"name", to_json(name)}, {"url", base + path}, {"type", type}};
}

/// Single cases and what is new are open data too.
array downloads_json(std::string const& base) {
  return {download("figures_csv", {"按月、区域、事项的数字", "Figures by month, area and item"}, base, "/api/v1/open-data/figures.csv", "text/csv"),
          download("figures_json", {"按月、区域、事项的数字", "Figures by month, area and item"}, base, "/api/v1/open-data/figures.json", "application/json"),
          download("cases_csv", {"全部公开的案卷，一件一行", "All public cases, one a line"}, base, "/api/v1/export/cases.csv", "text/csv"),
          download("cases_json", {"全部公开的案卷", "All public cases"}, base, "/api/v1/export/cases.json", "application/json"),
          download("open311", {"Open311 GeoReport v2：上报和事项", "Open311 GeoReport v2: requests and services"}, base, "/open311/v2/discovery.json", "application/json"),
          download("rss", {"新案卷订阅", "Feed of new cases"}, base, "/api/v1/feeds/cases.rss", "application/rss+xml"),
          download("feed", {"新案卷订阅", "Feed of new cases"}, base, "/api/v1/feeds/cases.json", "application/feed+json")};
}

constexpr std::string_view columns[] = {"month", "figure", "area", "area_code", "area_zh", "area_en", "group", "group_zh", "group_en",
                                        "item", "item_zh", "item_en", "outcome", "outcome_zh", "outcome_en", "number", "published_on"};

std::string day_text(core::Instant at, core::Zone const& zone) { return core::to_iso(at, zone).substr(0, 10); }

}  // namespace

object open_data_json(std::vector<Month> const& months, std::string const& base, ApiParts const& parts) {
  return {{"publisher", to_json(parts.installation->name)},
          {"licence", licence_json(parts)},
          {"smallest_cell", respond::open_figures::smallest_cell},
          {"rule", to_json(rule_words())},
          {"figures", figures_json()},
          {"months", months_json(months, parts)},
          {"downloads", downloads_json(base)}};
}

Shape open_data_shape() {
  using namespace shape;
  auto const words = both_languages();
  auto const outcome = record("", {{"code", text()}, {"name", words}, {"about", words}});
  auto const figure = record("", {{"code", text()}, {"name", words}, {"about", words}, {"outcomes", list(outcome)}});
  auto const month = record("OpenMonth", {{"month", text(), {"例如 2026-10", "For example 2026-10"}},
                                          {"published_at", time()},
                                          {"rows", integer()},
                                          {"reports", integer(), {"各行的上报数之和", "Reports in all of its rows"}},
                                          {"cases", integer(), {"各行的案卷数之和", "Cases in all of its rows"}},
                                          {"digest", text(), {"台账里记着的摘要", "As the ledger names it"}}});
  auto const download = record("", {{"code", text()}, {"name", words}, {"url", text()}, {"type", text()}});
  return record("OpenData", {{"publisher", words},
                             {"licence", nullable(record("", {{"name", text()}, {"url", nullable(text())}}))},
                             {"smallest_cell", integer()},
                             {"rule", words},
                             {"figures", list(figure)},
                             {"months", list(month)},
                             {"downloads", list(download)}});
}

Shape open_row_shape() {
  using namespace shape;
  auto const area = record("", {{"id", integer()}, {"code", text()}, {"name", both_languages()}});
  auto const coded = record("", {{"code", text()}, {"name", both_languages()}});
  return record("OpenFigure", {{"month", text()},
                               {"figure", choice({"signals", "cases"})},
                               {"area", nullable(area), {"空：其他区域", "Null: other areas"}},
                               {"group", nullable(coded), {"空：其他大类", "Null: other groups"}},
                               {"item", nullable(coded), {"空：其他事项", "Null: other items"}},
                               {"outcome", nullable(coded), {"空：其他情况", "Null: other outcomes"}},
                               {"number", integer()},
                               {"published_on", text()}});
}

struct OpenRows::Named {
  sense::places::Area const* area;  ///< null: others
  core::Text area_name, group, item, outcome;
};

OpenRows::OpenRows(ApiParts const& parts, std::map<std::int64_t, core::Instant> published)
    : parts_(parts), places_(parts.places->now()), published_(std::move(published)) {
  for (auto const* item : parts.catalogue->items()) group_names_.emplace(item->group.code, item->group.name);
}

OpenRows::Named OpenRows::named(Row const& row) const {
  Named out{.area = row.area == 0 ? nullptr : places_->area(row.area), .area_name = others, .group = others, .item = others, .outcome = others};
  if (out.area) out.area_name = out.area->name;
  else if (row.area != 0) out.area_name = {std::to_string(row.area), std::to_string(row.area)};  // it was there once
  if (auto const group = group_names_.find(row.group); group != group_names_.end()) out.group = group->second;
  else if (!row.group.empty()) out.group = {"不在目录里", "Not in the catalogue"};
  if (!row.item.empty()) out.item = catalogue::name_of(parts_.catalogue->find(row.item), row.item);
  if (row.outcome) out.outcome = respond::open_figures::words(*row.outcome).title;
  return out;
}

std::string OpenRows::csv_head(std::string const& base) const {
  std::string out(sheet::csv_mark);
  auto const line = [&](std::string text) { sheet::add_csv_row(out, std::array{Value(std::move(text))}); };
  auto const& city = parts_.installation->name;
  line(fmt::format("{} / {} · 开放数据 Open data · {}/open-data", city.zh, city.en, base));
  line(licence_line(parts_));
  line(fmt::format("取于 Taken on: {}", day_text(parts_.time->now(), parts_.zone)));
  for (auto const& figure : figures) {
    auto const words = definition_of(figure);
    line(fmt::format("{} = {}", name(figure.of), words.zh));
    line(fmt::format("{} = {}", name(figure.of), words.en));
  }
  for (auto const& words : respond::open_figures::outcome_words()) line(fmt::format("{} = {} / {}", words.name, words.about.zh, words.about.en));
  line(rule_words().zh);
  line(rule_words().en);
  std::vector<Value> titles;
  for (auto const title : columns) titles.emplace_back(std::string(title));
  sheet::add_csv_row(out, titles);
  return out;
}

void OpenRows::add_csv(std::string& out, PublishedRow const& it) const {
  auto const of = named(it.row);
  auto const code = [](std::string const& text) { return text.empty() ? Value() : Value(text); };
  std::vector<Value> const cells{respond::open_figures::month_text(it.month), std::string(name(it.cohort)),
                                 it.row.area == 0 ? Value() : Value(it.row.area), of.area ? Value(of.area->code) : Value(), of.area_name.zh, of.area_name.en,
                                 code(it.row.group), of.group.zh, of.group.en, code(it.row.item), of.item.zh, of.item.en,
                                 it.row.outcome ? Value(std::string(respond::open_figures::words(*it.row.outcome).name)) : Value(), of.outcome.zh, of.outcome.en,
                                 it.row.number, day_text(published_.at(it.month), parts_.zone)};
  sheet::add_csv_row(out, cells);
}

void OpenRows::add_json(std::string& out, PublishedRow const& it) const {
  auto const of = named(it.row);
  auto const coded = [](std::string_view code, core::Text const& text) { return code.empty() ? value(nullptr) : value(object{{"code", code}, {"name", to_json(text)}}); };
  auto const outcome = it.row.outcome ? respond::open_figures::words(*it.row.outcome).name : std::string_view();
  out += boost::json::serialize(object{
      {"month", respond::open_figures::month_text(it.month)}, {"figure", name(it.cohort)},
      {"area", it.row.area == 0 ? value(nullptr) : value(object{{"id", it.row.area}, {"code", of.area ? of.area->code : ""}, {"name", to_json(of.area_name)}})},
      {"group", coded(it.row.group, of.group)}, {"item", coded(it.row.item, of.item)}, {"outcome", coded(outcome, of.outcome)}, {"number", it.row.number},
      {"published_on", day_text(published_.at(it.month), parts_.zone)}});
}

}  // namespace zhili::web
