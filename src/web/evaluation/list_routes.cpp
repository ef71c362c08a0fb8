// What stands behind a figure: the signals or cases that it counts.
#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "store/among.hpp"
#include "web/api/view.hpp"
#include "web/evaluation/page.hpp"
#include "web/evaluation/routes.hpp"
#include "web/people/acting.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using core::Errc;
using core::fail;
using respond::evaluation::Behind;
using respond::evaluation::Listed;
using respond::evaluation::Part;
namespace evaluation = respond::evaluation;

constexpr std::size_t usual_lines = 50;

struct ListAsk {
  Ask ask;
  catalogue::Indicator const* indicator = nullptr;
  Part part = Part::numerator;
  std::optional<Behind> behind = {};
  std::size_t limit = usual_lines;
};

template <class Number>
bool parse(std::string_view text, Number& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

core::Result<ListAsk> read_list_ask(Input const& asked, bool staff, ApiParts const& parts) {
  ListAsk out;
  ZHILI_TRY(out.ask, read_ask(asked, staff, parts));
  ZHILI_TRY(out.indicator, indicator_of(asked.text("indicator"), staff, parts));
  out.part = evaluation::part_from(asked.text("part")).value_or(Part::numerator);
  out.limit = static_cast<std::size_t>(asked.integer("limit").value_or(usual_lines));
  if (auto const text = asked.text("cursor"); !text.empty()) {
    Behind behind;
    auto const dash = text.rfind('-');
    std::string_view const at(text);
    if (dash == std::string::npos || !parse(at.substr(0, dash), behind.day) || !parse(at.substr(dash + 1), behind.subject))
      return bad_parameter("cursor", text, {"请原样用上一页给的 next。", "use `next` of the page before as it is."});
    out.behind = behind;
  }
  return out;
}

/// Those lines in the order of the list, without what is private and not for whoever asks.
array case_lines(store::Reader& reader, std::vector<Listed> const& listed, Ask const& ask, Caller const* caller, ApiParts const& parts) {
  std::vector<std::int64_t> ids;
  for (auto const& one : listed) ids.push_back(one.subject);
  std::map<std::int64_t, respond::CaseLine> by_id;
  for (auto& line : respond::find_cases(reader, ids))
    if (!line.is_private || (caller && is_on_duty(reader, *caller, line, *ask.places).value_or(false))) by_id.emplace(line.id, std::move(line));
  std::vector<respond::CaseLine> lines;
  for (auto const id : ids)
    if (auto const found = by_id.find(id); found != by_id.end()) lines.push_back(std::move(found->second));
  auto const clocks = clocks_of(reader, lines);
  array out;
  for (std::size_t i = 0; i < lines.size(); ++i) out.push_back(case_json(lines[i], clocks[i], parts.time->now(), *ask.places, parts, {}));
  return out;
}

/// Whether somebody may read a report that is private. `department`: of its case.
bool may_read_private(Caller const* caller, std::optional<std::int64_t> area, std::string const& item, std::string const& department, Ask const& ask) {
  std::array<std::string, 1> const departments{department};
  return caller && !readers(*caller, target_of(*ask.places, area, item, department), departments).empty();
}

array signal_lines(store::Reader& reader, std::vector<Listed> const& listed, Ask const& ask, Caller const* caller, ApiParts const& parts) {
  array out;
  if (listed.empty()) return out;
  std::vector<std::int64_t> ids;
  for (auto const& one : listed) ids.push_back(one.subject);
  std::vector<store::Value> args;
  auto const wanted = store::among(ids, args);
  std::map<std::int64_t, object> by_id;
  reader.each<std::int64_t, std::string, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::optional<std::string>>(
      "SELECT s.id, s.item, s.state, s.received_at, s.area_id, s.private, c.department FROM signal s LEFT JOIN casefile c ON c.id = s.case_id WHERE s.id" + wanted,
      [&](std::int64_t id, std::string item, std::int64_t state, std::int64_t received, std::optional<std::int64_t> area, std::int64_t hidden,
          std::optional<std::string> department) {
        if (hidden != 0 && !may_read_private(caller, area, item, department.value_or(""), ask)) return;
        auto const at = core::from_ms(received);
        auto const* where = area ? ask.places->area(*area) : nullptr;
        by_id[id] = object{{"no", respond::public_number(parts.installation->prefix, id, at, parts.zone)},
                           {"item", object{{"code", item}, {"name", to_json(catalogue::name_of(parts.catalogue->find(item), item))}}},
                           {"received_at", time_json(at, parts.zone)},
                           {"area", where ? value(object{{"id", where->id}, {"name", to_json(where->name)}}) : value(nullptr)},
                           {"state", respond::name(static_cast<respond::Stage>(state))}};
      },
      args);
  for (auto const id : ids)
    if (auto const found = by_id.find(id); found != by_id.end()) out.push_back(std::move(found->second));
  return out;
}

core::Result<object> list(store::Reader& reader, ListAsk const& asked, Caller const* caller, ApiParts const& parts) {
  auto const& indicator = *asked.indicator;
  auto const question = asked.ask.question(indicator.of, asked.ask.period);
  auto const sums = evaluation::together(evaluation::tally(reader, evaluation::Dimension::source, question));
  auto const figure = shown(indicator, sums, asked.ask.staff);
  if (!figure)
    return fail(Errc::forbidden, "evaluation.small",
                {fmt::format("这里不到 {} 件，不公布明细。", smallest_public_cell), fmt::format("There are fewer than {} here; they are not shown.", smallest_public_cell)});
  auto const lines = evaluation::listed(reader, question, evaluation::behind(indicator, asked.part), asked.behind, asked.limit);
  bool const of_cases = indicator.of == catalogue::Cohort::cases;
  auto shown_lines = of_cases ? case_lines(reader, lines, asked.ask, caller, parts) : signal_lines(reader, lines, asked.ask, caller, parts);
  object out{{"indicator", indicator.code}, {"name", to_json(indicator.name)}, {"of", name(indicator.of)}, {"period", core::to_text(asked.ask.period)}};
  out["numerator"] = figure->numerator;
  out["denominator"] = figure->denominator;
  out["excluded"] = figure->excluded;
  out["kept_private"] = lines.size() - shown_lines.size();
  out[of_cases ? "cases" : "signals"] = std::move(shown_lines);
  out["next"] = lines.size() < asked.limit ? value(nullptr) : value(fmt::format("{}-{}", lines.back().day, lines.back().subject));
  return out;
}

core::Result<Response> behind_figure(Call const& call, PeopleParts const& parts) {
  auto const staff = staff_of(call.request, parts);
  ZHILI_TRY(auto asked, read_list_ask(call.query, staff.has_value(), parts.api));
  ZHILI_TRY(auto const told, parts.api.db->read([&](store::Reader& reader) {
    find_subjects(reader, parts.api, asked.ask);
    return list(reader, asked, staff ? &*staff : nullptr, parts.api);
  }));
  auto text = boost::json::serialize(told);
  return staff ? private_json(std::move(text)) : Response::json(std::move(text));
}

std::vector<Field> list_fields(catalogue::Catalogue const& catalogue) {
  using namespace shape;
  std::vector<std::string> codes;
  for (auto const* indicator : catalogue.indicators()) codes.push_back(indicator->code);
  auto out = ask_fields();
  out.push_back(needed("indicator", choice(std::move(codes)), {"哪个指标", "Which indicator"}));
  out.push_back(optional("part", choice({"numerator", "denominator", "excluded"}), {"哪一部分；不写是分子", "Which part; the numerator if left out"}));
  out.push_back(optional("limit", integer(1, static_cast<std::int64_t>(evaluation::listed_max)), {"最多几条", "At most so many"}));
  out.push_back(optional("cursor", text(), {"上一页给的 next", "`next` of the page before"}));
  return out;
}

Shape list_shape() {
  using namespace shape;
  auto const signal = record("CountedSignal", {{"no", text()}, {"item", named_shape()}, {"received_at", time()}, {"area", nullable(area_name_shape())}, {"state", stage_shape()}});
  return record("Counted", {{"indicator", text()},
                            {"name", both_languages()},
                            {"of", choice({"cases", "signals"})},
                            {"period", text()},
                            {"numerator", integer(), {"整个数，不只这一页", "The whole figure, not only this page"}},
                            {"denominator", integer()},
                            {"excluded", integer()},
                            {"kept_private", integer(), {"这一页里不公开、没有列出的", "Of this page: not public, and not listed"}},
                            optional("cases", shape::list(case_shape())),
                            optional("signals", shape::list(signal)),
                            {"next", nullable(text())}});
}

}  // namespace

void mount_evaluation_lists(Operations& operations, PeopleParts const& parts) {
  operations.add({.id = "listCounted", .method = Method::get, .pattern = "/api/v1/evaluation/cases",
                  .summary = {"一个数字后面的案卷或信号", "The cases or signals behind a figure"}, .who = everybody(), .query = list_fields(*parts.api.catalogue),
                  .good = {{.shape = list_shape()}}},
                 [parts](Call const& call) { return behind_figure(call, parts); });
}

}  // namespace zhili::web
