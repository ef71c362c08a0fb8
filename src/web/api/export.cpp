#include <boost/json.hpp>

#include "sheet/sheet.hpp"
#include "web/api/filters.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/stream.hpp"

namespace zhili::web {

namespace {

using respond::CaseFilter;
using respond::CaseLine;
using sheet::Value;

/// One case of an export, with what it takes to write it.
struct Line {
  CaseLine const& line;
  std::vector<core::Clock> const& clocks;
  core::Instant now;
  sense::places::PlaceIndex const& places;
  ApiParts const& parts;
};

/// A form of an export. `begin` stands before the first case, `end` after the last, `between` between two.
struct Form {
  std::string begin, between, end;
  std::function<void(std::string& out, Line const& line)> add;
};

/// Gives a filter's cases piece by piece: newest first, each piece in a snapshot of its own, so that a slow client holds none.
class Export {
 public:
  Export(CaseFilter filter, Form form, ApiParts parts) : filter_(std::move(filter)), form_(std::move(form)), parts_(std::move(parts)) {
    filter_.limit = respond::piece_limit_max;
  }

  Stream::Piece next() {
    if (over_) return nullptr;
    auto out = std::make_shared<std::string>(first_ ? form_.begin : std::string());
    auto const places = parts_.places->now();
    auto const read = parts_.db->read([&](store::Reader& reader) {
      auto const lines = respond::list_cases(reader, *parts_.cases, filter_);
      auto const clocks = clocks_of(reader, lines);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!first_) *out += form_.between;
        first_ = false;
        form_.add(*out, {lines[i], clocks[i], parts_.time->now(), *places, parts_});
      }
      over_ = lines.size() < filter_.limit;
      if (!over_) filter_.after = respond::After{lines.back().opened_at, lines.back().id};
    });
    if (!read) throw std::runtime_error(read.error().text.en);  // cuts the connection: what was sent is not whole
    first_ = false;
    if (over_) *out += form_.end;
    return out->empty() ? nullptr : Stream::Piece(std::move(out));
  }

 private:
  CaseFilter filter_;
  Form form_;
  ApiParts parts_;
  bool first_ = true;
  bool over_ = false;
};

Value text_or_nothing(std::string const& text) { return text.empty() ? Value() : Value(text); }
Value time_or_nothing(std::optional<core::Instant> at, core::Zone const& zone) { return at ? Value(core::to_iso(*at, zone)) : Value(); }

constexpr std::string_view columns[] = {"no",      "item",      "item_zh",  "item_en",    "condition",     "stage",         "stage_zh", "stage_en", "area",   "area_zh", "area_en", "grid",
                                        "lat",     "lon",       "exact",    "opened_at",  "due_at",        "closed_at",     "department", "department_zh", "department_en", "source_recorded",
                                        "words"};

std::vector<Value> row_of(Line const& it) {
  auto const& [line, clocks, now, places, parts] = it;
  auto const shown = shown_place(line, places);
  auto const item = catalogue::name_of(parts.catalogue->find(catalogue::ItemRef{line.item, line.pack, line.pack_version}), line.item);
  auto const* area = line.area_id ? places.area(*line.area_id) : nullptr;
  auto const* department = parts.installation->department(line.department);
  auto const stage = respond::title(line.stage);
  return {case_number(line, parts), line.item, item.zh, item.en, text_or_nothing(line.condition), std::string(respond::name(line.stage)), stage.zh, stage.en,
          area ? Value(area->id) : Value(), area ? Value(area->name.zh) : Value(), area ? Value(area->name.en) : Value(), text_or_nothing(line.grid),
          shown.at ? Value(shown.at->lat()) : Value(), shown.at ? Value(shown.at->lon()) : Value(), std::int64_t{shown.exact},
          core::to_iso(line.opened_at, parts.zone), time_or_nothing(line.due_at, parts.zone), time_or_nothing(line.closed_at, parts.zone),
          text_or_nothing(line.department), department ? Value(department->name.zh) : Value(), department ? Value(department->name.en) : Value(), std::int64_t{line.recorded},
          line.released ? text_or_nothing(line.words) : Value()};
}

Form csv_form() {
  Form out;
  out.begin = sheet::csv_mark;
  std::vector<Value> titles;
  for (auto const title : columns) titles.emplace_back(std::string(title));
  sheet::add_csv_row(out.begin, titles);
  out.add = [](std::string& text, Line const& line) { sheet::add_csv_row(text, row_of(line)); };
  return out;
}

Form json_form() {
  return {.begin = "{\"cases\":[", .between = ",\n", .end = "]}", .add = [](std::string& out, Line const& it) {
            boost::json::monotonic_resource memory;
            out += boost::json::serialize(case_json(it.line, it.clocks, it.now, it.places, it.parts, &memory));
          }};
}

core::Result<Response> begin(Call const& call, ApiParts const& parts, std::string type, std::string_view file, Form (*form)()) {
  ZHILI_TRY(auto filter, case_filter(call.query, *parts.places->now(), parts.time->now(), parts.zone));
  auto const pieces = std::make_shared<Export>(std::move(filter), form(), parts);
  Response out{.type = std::move(type)};
  out.stream = std::make_shared<Stream const>(Stream{.pull = [pieces] { return pieces->next(); }});
  out.headers.add("Content-Disposition", "attachment; filename=\"" + std::string(file) + "\"");
  return out;
}

}  // namespace

void mount_export(Operations& operations, ApiParts const& parts) {
  operations.add({.id = "exportCasesCsv", .method = Method::get, .pattern = "/api/v1/export/cases.csv", .summary = {"导出案卷，CSV，不分页", "Export cases as CSV, all of them"},
                  .who = everybody(), .query = case_filter_fields(), .good = {{.shape = shape::text(), .type = "text/csv"}}},
                 [parts](Call const& call) { return begin(call, parts, "text/csv; charset=utf-8", "cases.csv", csv_form); });
  operations.add({.id = "exportCasesJson", .method = Method::get, .pattern = "/api/v1/export/cases.json", .summary = {"导出案卷，JSON，不分页", "Export cases as JSON, all of them"},
                  .who = everybody(), .query = case_filter_fields(), .good = {{.shape = shape::record("Cases", {{"cases", shape::list(case_shape())}})}}},
                 [parts](Call const& call) { return begin(call, parts, "application/json", "cases.json", json_form); });
}

}  // namespace zhili::web
