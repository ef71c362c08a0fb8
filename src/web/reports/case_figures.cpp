#include "web/reports/case_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "assure/reports/periods.hpp"
#include "web/api/filters.hpp"
#include "web/api/view.hpp"
#include "web/evaluation/ask.hpp"
#include "web/form.hpp"
#include "web/reports/case_counts.hpp"
#include "web/reports/case_lists.hpp"
#include "web/reports/indicator_figures.hpp"

namespace zhili::web {

namespace {

namespace reports = assure::reports;
using reports::Group;
using reports::ReportBy;
using reports::Span;
using reports::Value;

/// What of a view's filters a report keeps: where and what. How a case stands is for the figures to say.
constexpr std::array<std::string_view, 4> kept_filters{"item", "area", "department", "bbox"};

struct Narrow {
  Fields fields;  ///< as the list of cases takes them
  respond::CaseFilter filter;
  std::string area;  ///< code of the area that it lies in; empty: the whole city
  respond::evaluation::Question question;  ///< the same for evaluation
};

core::Result<Narrow> narrow(reports::Scope const& scope, ApiParts const& parts, sense::places::PlaceIndex const& places) {
  Narrow out;
  ZHILI_TRY(auto const query, parse_form(scope.query));
  for (auto const name : kept_filters)
    if (auto const value = query.get(name)) out.fields.add(std::string(name), std::string(*value));
  if (!scope.area.empty() && !out.fields.get("area")) {
    auto const* area = places.area(scope.area);
    if (!area)
      return core::fail(core::Errc::invalid, "report.area", {fmt::format("没有区域“{}”。", scope.area), fmt::format("There is no area \"{}\".", scope.area)}, "area");
    out.fields.add("area", std::to_string(area->id));
  }
  auto const described = case_filter_fields();
  ZHILI_TRY(auto const input, query_input({.query = out.fields}, described));
  ZHILI_TRY(out.filter, case_filter(input, places, parts.time->now(), parts.zone));
  out.filter.public_only = true;  // a report may be published: it counts what everybody can look up
  out.question.public_only = true;
  using respond::evaluation::Dimension;
  auto& only = out.question.only;
  if (auto const area = input.integer("area"))
    if (auto const* found = places.area(*area)) {
      out.area = found->code;
      only[Dimension::area] = areas_within(*found, places);
    }
  for (auto const& item : out.filter.items) only[Dimension::item].push_back(parts.catalogue->counted_code({item, "", ""}));
  if (out.filter.department) only[Dimension::department] = {*out.filter.department};
  return out;
}

class Bound final : public reports::Figures {
 public:
  Bound(store::Reader& reader, ApiParts const& parts, std::shared_ptr<sense::places::PlaceIndex const> places, Narrow narrow,
        std::shared_ptr<respond::CaseIndex const> index, respond::evaluation::SumsAt sums, core::Instant as_of)
      : reader_(reader), parts_(parts), places_(std::move(places)), narrow_(std::move(narrow)), index_(std::move(index)), as_of_(as_of),
        keys_(*places_, parts_, narrow_.area), counts_(*index_, narrow_.filter, keys_),
        indicators_(std::move(sums), narrow_.question, narrow_.fields, keys_) {}

  std::int64_t seq() const override { return index_->seq(); }

  reports::FigureWord word(std::string_view figure) const override {
    auto const* indicator = parts_.catalogue->indicator(figure);
    return indicator ? reports::word_of(*indicator) : reports::count_word(figure);
  }

  Value value(std::string_view figure, reports::FigurePart part, Span span) override {
    if (auto const* indicator = parts_.catalogue->indicator(figure)) return indicators_.value(*indicator, part, reports::period_of(span, parts_.zone));
    return count(figure, span);
  }

  std::vector<Group> values(std::string_view figure, Span span, ReportBy by, std::string_view level) override {
    if (by == ReportBy::day) return by_day(figure, span);
    if (auto const* indicator = parts_.catalogue->indicator(figure))
      return indicators_.values(*indicator, reports::period_of(span, parts_.zone), by, level);
    std::vector<Group> out;
    for (auto const& [key, tally] : counts_.of(figure, span, until(span), by, level))
      out.push_back({key, keys_.name(by, key), {static_cast<double>(CaseCounts::number(tally, figure)), link(figure, span, by, key)}});
    std::ranges::stable_sort(out, [](Group const& a, Group const& b) { return *a.value.number > *b.value.number; });
    return out;
  }

  Listed list(reports::ReportList list, Span span, std::size_t most) override {
    CaseLists lists{reader_, parts_, *places_, *index_, narrow_.filter, narrow_.fields};
    return lists.of(list, span, until(span), most);
  }

  std::vector<Shape> shapes(std::string_view level) override { return keys_.shapes(level); }

 private:
  core::Instant until(Span span) const { return std::min(span.to, as_of_); }

  Value count(std::string_view figure, Span span) {
    auto const& all = counts_.of(figure, span, until(span), ReportBy::none, {});
    auto const found = all.find("");
    return {static_cast<double>(found == all.end() ? 0 : CaseCounts::number(found->second, figure)), link(figure, span, ReportBy::none, "")};
  }

  std::vector<Group> by_day(std::string_view figure, Span span) {
    auto days = reports::days_of(span, parts_.zone);
    std::erase_if(days, [this](Span const& day) { return day.from >= as_of_; });
    std::vector<Value> values;
    if (auto const* indicator = parts_.catalogue->indicator(figure)) {
      std::vector<core::Day> numbers;
      for (auto const& day : days) numbers.push_back(core::day_of(day.from, parts_.zone));
      values = indicators_.days(*indicator, numbers);
    } else {
      for (auto const& day : days) values.push_back(count(figure, day));
    }
    std::vector<Group> out;
    for (std::size_t i = 0; i < days.size(); ++i)
      out.push_back({reports::date_of(days[i].from, parts_.zone), reports::day_shown(days[i].from, parts_.zone), std::move(values[i])});
    return out;
  }

  /// The list of cases that a count is the length of.
  std::string link(std::string_view figure, Span span, ReportBy by, std::string const& key) const {
    if (by != ReportBy::none && key.empty()) return {};
    CaseLink out(narrow_.fields);
    if (by == ReportBy::area) out.set("area", keys_.area_id(key));
    if (by == ReportBy::item) out.set("item", keys_.codes_of(key));
    if (by == ReportBy::group) out.set("item", keys_.items_of(key));
    if (by == ReportBy::department) out.set("department", key);
    bool const standing = figure == "in_hand" || figure == "late";
    if (standing) return out.standing(until(span), figure == "late", parts_.zone);
    out.set("state", figure == "opened" ? "all" : "closed");
    if (figure != "opened") out.set("dates", "closed");
    return out.during(span, parts_.zone);
  }

  store::Reader& reader_;
  ApiParts const& parts_;
  std::shared_ptr<sense::places::PlaceIndex const> places_;
  Narrow narrow_;
  std::shared_ptr<respond::CaseIndex const> index_;
  core::Instant as_of_;
  CaseKeys keys_;
  CaseCounts counts_;
  IndicatorFigures indicators_;
};

/// What a view is narrowed to, in words.
core::Text words_of(Fields const& fields, sense::places::PlaceIndex const& places, ApiParts const& parts) {
  core::Text out;
  auto const add = [&](core::Text const& words) {
    out.zh += (out.zh.empty() ? "" : "、") + words.zh;
    out.en += (out.en.empty() ? "" : ", ") + words.en;
  };
  using respond::CountBy;
  if (auto const item = fields.get("item")) {
    std::string const code(*item);
    if (code.find(',') == std::string::npos) add(count_name(CountBy::item, code, places, parts));
    else add({"所选事项", "chosen items"});
  }
  if (auto const department = fields.get("department")) add(count_name(CountBy::department, std::string(*department), places, parts));
  if (fields.get("bbox")) add({"地图上所选范围", "the chosen part of the map"});
  return out;
}

}  // namespace

core::Result<std::unique_ptr<reports::Figures>> CaseFigures::open(store::Reader& reader, reports::Scope const& scope, store::Seq seq, core::Instant as_of) {
  auto places = parts_.places->now();
  ZHILI_TRY(auto narrowed, narrow(scope, parts_, *places));
  std::shared_ptr<respond::CaseIndex const> index;
  std::optional<respond::evaluation::SumsAt> sums;
  if (seq > 0) {
    ZHILI_TRY(index, desk_.index_as_of(reader, seq));
    ZHILI_TRY(sums, evaluation_.sums_as_of(reader, seq));
  } else {
    parts_.cases->follow(reader);
    index = parts_.cases->frozen();
    ZHILI_TRY(sums, evaluation_.sums(reader));
  }
  narrowed.question.today = core::day_of(as_of - core::Duration(1), parts_.zone);
  if (narrowed.filter.box) narrowed.question.subjects = subjects_in(reader, *index, *narrowed.filter.box, index->seq());
  return std::make_unique<Bound>(reader, parts_, std::move(places), std::move(narrowed), std::move(index), std::move(*sums), as_of);
}

core::Result<reports::Subject> CaseFigures::subject(reports::Scope const& scope) const {
  auto const places = parts_.places->now();
  ZHILI_TRY(auto const narrowed, narrow(scope, parts_, *places));
  reports::Subject out{.span = {}, .city = parts_.installation->name, .area = parts_.installation->name, .zone = parts_.zone};
  if (auto const* area = narrowed.area.empty() ? nullptr : places->area(narrowed.area)) out.area = area->name;
  if (!scope.query.empty()) out.view = words_of(narrowed.fields, *places, parts_);
  return out;
}

std::vector<std::string> CaseFigures::areas(std::string_view level) const {
  std::vector<std::string> out;
  auto const places = parts_.places->now();
  if (!level.empty())
    for (auto const& area : places->city().areas)
      if (area.level == level) out.push_back(area.code);
  if (out.empty()) out.emplace_back();  // the whole city
  return out;
}

}  // namespace zhili::web
