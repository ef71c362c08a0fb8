#include <fmt/format.h>

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/evaluation/page.hpp"
#include "web/evaluation/routes.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

core::Result<Page> page_of(Ask ask, ApiParts const& parts) {
  return parts.db->read([&](store::Reader& reader) {
    find_subjects(reader, parts, ask);
    return read_page(reader, std::move(ask), parts);
  });
}

Response json_for(bool staff, object const& body) {
  auto text = boost::json::serialize(body);
  return staff ? private_json(std::move(text)) : Response::json(std::move(text));
}

core::Result<Response> scored_page(Input const& asked, std::vector<catalogue::ScorePart> const& score, bool staff, ApiParts const& parts) {
  ZHILI_TRY(auto ask, read_ask(asked, staff, parts));
  ZHILI_CHECK(add_indicators(score, ask, parts));
  ZHILI_TRY(auto const page, page_of(std::move(ask), parts));
  return json_for(staff, page_json(page, score));
}

core::Result<Response> page(Call const& call, PeopleParts const& parts) {
  auto const code = call.query.text("score");
  auto const* score = code.empty() ? nullptr : parts.api.catalogue->score(code);
  if (!code.empty() && !score) return bad_parameter("score", code, {"没有这种得分。见 /api/v1/indicators。", "no such score; see /api/v1/indicators."});
  return scored_page(call.query, score ? score->parts : std::vector<catalogue::ScorePart>{}, is_staff(call.request, parts), parts.api);
}

double number_in(object const& part, char const* field) {
  auto const* found = part.if_contains(field);
  return found && found->is_number() ? found->to_number<double>() : 0;  // the description has checked it
}

/// The same page by a score that the request brings; nothing of it is kept.
core::Result<Response> what_if(Call const& call, PeopleParts const& parts) {
  std::vector<catalogue::ScorePart> score;
  for (auto const& one : call.body.list("score")) {
    auto const& part = one.as_object();
    score.push_back({.indicator = std::string(part.at("indicator").as_string()),
                     .points = number_in(part, "points"),
                     .reach = number_in(part, "reach"),
                     .less_per_point = number_in(part, "less_per_point"),
                     .each = number_in(part, "each"),
                     .after = static_cast<std::int64_t>(number_in(part, "after")),
                     .then_each = number_in(part, "then_each")});
  }
  if (score.empty()) return bad_parameter("score", "[]", {"至少要有一部分。", "at least one part."});
  return scored_page(call.body, score, is_staff(call.request, parts), parts.api);
}

constexpr auto csv_type = "text/csv; charset=utf-8";
constexpr auto xlsx_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

core::Result<Response> table(Call const& call, PeopleParts const& parts, bool as_xlsx) {
  ZHILI_TRY(auto ask, read_ask(call.query, is_staff(call.request, parts), parts.api));
  auto const asked = call.query.text("lang");
  auto const lang = asked.empty() ? call.request.lang() : asked == "en" ? core::Lang::en : core::Lang::zh;
  ZHILI_TRY(auto const page, page_of(std::move(ask), parts.api));
  auto const sheet = page_sheet(page, lang);
  Response out;
  if (as_xlsx) {
    ZHILI_TRY(out.body, sheet::xlsx(std::span(&sheet, 1), parts.api.time->now()));
  } else {
    out.body = sheet::csv(sheet);
  }
  out.type = as_xlsx ? xlsx_type : csv_type;
  out.headers.add("Cache-Control", "private, no-store");
  out.headers.add("Content-Disposition", fmt::format("attachment; filename=\"evaluation-{}-{}.{}\"", name(page.ask.by),
                                                     core::to_text(page.ask.period), as_xlsx ? "xlsx" : "csv"));
  return out;
}

array names_of(std::uint64_t facts) {
  array out;
  for (auto const& words : catalogue::fact_words())
    if ((facts & catalogue::bit(words.fact)) != 0)
      out.push_back(object{{"fact", words.name}, {"name", object{{"zh", words.zh}, {"en", words.en}}}});
  return out;
}

object indicator_json(catalogue::Indicator const& one) {
  return {{"code", one.code},
          {"name", to_json(one.name)},
          {"about", to_json(one.about)},
          {"of", name(one.of)},
          {"count", names_of(one.count.all)},
          {"count_not", names_of(one.count.none)},
          {"among", names_of(one.among.all)},
          {"among_not", names_of(one.among.none)},
          {"without", names_of(one.without)},
          {"sum", object{{"code", name(one.sum)}, {"name", to_json(title(one.sum))}}},
          {"per", object{{"code", name(one.per)}, {"name", to_json(title(one.per))}}},
          {"unit", name(one.unit)},
          {"better", one.more_is_better ? "more" : "less"},
          {"public", one.open},
          {"source", one.source}};
}

core::Result<Response> definitions(Call const& call, PeopleParts const& parts) {
  auto const staff = is_staff(call.request, parts);
  array indicators;
  for (auto const* one : parts.api.catalogue->indicators())
    if (one->open || staff) indicators.push_back(indicator_json(*one));
  array scores;
  for (auto const* one : parts.api.catalogue->scores()) {
    array score;
    for (auto const& part : one->parts)
      score.push_back(object{{"indicator", part.indicator},
                             {"points", part.points},
                             {"reach", part.reach},
                             {"less_per_point", part.less_per_point},
                             {"each", part.each},
                             {"after", part.after},
                             {"then_each", part.then_each}});
    scores.push_back(object{{"code", one->code}, {"name", to_json(one->name)}, {"about", to_json(one->about)}, {"source", one->source}, {"parts", std::move(score)}});
  }
  return json_for(staff, object{{"indicators", std::move(indicators)}, {"scores", std::move(scores)}});
}

std::vector<Field> with(std::vector<Field> fields, Field more) {
  fields.push_back(std::move(more));
  return fields;
}

std::vector<Field> score_part_fields() {
  using namespace shape;
  auto const points = [] { return number(0, static_cast<double>(score_points_max)); };
  return {needed("indicator", text(), {"指标的代码", "Code of an indicator"}),
          optional("points", points(), {"达到 reach 时的分", "Points where the value is reached"}),
          optional("reach", points(), {"达到百分之几", "Reached at so many per cent"}),
          optional("less_per_point", points(), {"每差 1 个百分点扣", "Off for each per cent that is lacking"}),
          optional("each", points(), {"分子里每一个扣", "Off for each one in the numerator"}),
          optional("after", points(), {"超过几个以后", "Beyond so many"}),
          optional("then_each", points(), {"每个扣", "off for each"})};
}

}  // namespace

std::optional<Caller> staff_of(Request const& request, PeopleParts const& parts) {
  auto caller = parts.gate->admit(request);
  if (!caller || caller->grants.empty()) return std::nullopt;
  return std::move(*caller);
}

void mount_evaluation(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "getEvaluation", .method = Method::get, .pattern = "/api/v1/evaluation",
                  .summary = {"一期的指标，按部门、区域、事项等", "Indicators of a period, by department, area, item …"}, .who = everybody(),
                  .query = with(ask_fields(), optional("score", shape::text(), {"一并按哪种得分", "By which score as well"})),
                  .good = {{.shape = page_shape()}}},
                 [parts](Call const& call) { return page(call, parts); });
  for (bool const as_xlsx : {false, true})
    operations.add({.id = as_xlsx ? "getEvaluationXlsx" : "getEvaluationCsv", .method = Method::get,
                    .pattern = as_xlsx ? "/api/v1/evaluation.xlsx" : "/api/v1/evaluation.csv",
                    .summary = {"同样的指标，作为表格文件", "The same indicators, as a table in a file"}, .who = everybody(),
                    .query = with(ask_fields(), optional("lang", shape::choice({"zh", "en"}), {"表里的语言", "Language of the table"})),
                    .good = {{.shape = shape::text(), .type = as_xlsx ? xlsx_type : "text/csv"}}},
                   [parts, as_xlsx](Call const& call) { return table(call, parts, as_xlsx); });
  operations.add({.id = "tryScore", .method = Method::post, .pattern = "/api/v1/evaluation/what-if",
                  .summary = {"按改过的权重试算得分，什么也不保存", "The score by other weights; nothing is kept"}, .who = everybody(),
                  .body = with(ask_fields(), needed("score", shape::list(shape::record("", score_part_fields()), score_parts_max), {"得分的各部分", "The parts of the score"})),
                  .good = {{.shape = page_shape()}}},
                 [parts](Call const& call) { return what_if(call, parts); });
  operations.add({.id = "listIndicators", .method = Method::get, .pattern = "/api/v1/indicators",
                  .summary = {"指标和得分怎么算", "How indicators and scores are counted"}, .who = everybody(), .good = {{.shape = indicators_shape()}}},
                 [parts](Call const& call) { return definitions(call, parts); });
  mount_evaluation_lists(operations, parts);
}

}  // namespace zhili::web
