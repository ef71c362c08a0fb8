#include "web/openness/open_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "web/base_url.hpp"
#include "web/openness/openness.hpp"
#include "web/stream.hpp"

namespace zhili::web {

namespace {

using respond::open_figures::Month;

/// Months that one download names one by one.
constexpr std::size_t open_months_asked_max = 120;

core::Result<std::vector<Month>> all_months(ApiParts const& parts) {
  return parts.db->read([](store::Reader& reader) { return respond::open_figures::published_months(reader); });
}

/// Those that are asked for; without a word all. Errors: invalid (a month that is not published).
core::Result<std::vector<Month>> months_asked(Call const& call, ApiParts const& parts) {
  ZHILI_TRY(auto const all, all_months(parts));
  auto const wanted = call.query.texts("month");
  if (wanted.empty()) return all;
  std::vector<Month> out;
  for (auto const& text : wanted) {
    auto const found = std::ranges::find_if(all, [&](Month const& one) { return respond::open_figures::month_text(one.number) == text; });
    if (found == all.end())
      return core::fail(core::Errc::invalid, "query.month",
                        {fmt::format("没有公布过“{}”这个月。公布了哪些月，见 /api/v1/open-data 的 months。", text),
                         fmt::format("No month \"{}\" is published. See months in /api/v1/open-data.", text)},
                        "month");
    out.push_back(*found);
  }
  return out;
}

/// The rows of some months, piece by piece, each piece read in a snapshot of its own: published rows never change.
class Pieces {
 public:
  Pieces(std::vector<Month> months, bool as_csv, std::string base, ApiParts parts)
      : months_(std::move(months)), as_csv_(as_csv), base_(std::move(base)), parts_(std::move(parts)), rows_(parts_, published(months_)) {}

  Stream::Piece next() {
    auto out = std::make_shared<std::string>();
    if (!begun_) *out = begin();
    begun_ = true;
    while (out->empty() && month_ < months_.size()) read(*out);
    if (month_ == months_.size() && !ended_) {
      if (!as_csv_) *out += "]}";
      ended_ = true;
    }
    return out->empty() ? nullptr : Stream::Piece(std::move(out));
  }

 private:
  static std::map<std::int64_t, core::Instant> published(std::vector<Month> const& months) {
    std::map<std::int64_t, core::Instant> out;
    for (auto const& month : months) out.emplace(month.number, month.published_at);
    return out;
  }

  std::string begin() const {
    if (as_csv_) return rows_.csv_head(base_);
    return "{\"about\":" + boost::json::serialize(open_data_json(months_, base_, parts_)) + ",\"rows\":[";
  }

  void read(std::string& out) {
    auto const rows = parts_.db->read([&](store::Reader& reader) { return respond::open_figures::rows_behind(reader, months_[month_].number, position_); });
    if (!rows) throw std::runtime_error(rows.error().text.en);  // cuts the connection: what was sent is not whole
    for (auto const& row : *rows) {
      if (as_csv_) {
        rows_.add_csv(out, row);
        continue;
      }
      if (!first_) out += ",\n";
      first_ = false;
      rows_.add_json(out, row);
    }
    if (rows->size() == respond::open_figures::rows_per_read) {
      position_ = rows->back().position;
      return;
    }
    ++month_;
    position_ = -1;
  }

  std::vector<Month> months_;
  bool as_csv_;
  std::string base_;
  ApiParts parts_;
  OpenRows rows_;
  std::size_t month_ = 0;
  std::int64_t position_ = -1;
  bool begun_ = false, first_ = true, ended_ = false;
};

core::Result<Response> download(Call const& call, ApiParts const& parts, bool as_csv) {
  ZHILI_TRY(auto months, months_asked(call, parts));
  auto const pieces = std::make_shared<Pieces>(std::move(months), as_csv, base_url(call.request), parts);
  Response out{.type = as_csv ? "text/csv; charset=utf-8" : "application/json"};
  out.stream = std::make_shared<Stream const>(Stream{.pull = [pieces] { return pieces->next(); }});
  out.headers.add("Content-Disposition", fmt::format("attachment; filename=\"open-figures.{}\"", as_csv ? "csv" : "json"));
  return out;
}

}  // namespace

void mount_open_data(Operations& operations, ApiParts const& parts) {
  operations.add({.id = "getOpenData", .method = Method::get, .pattern = "/api/v1/open-data", .summary = {"有哪些开放数据，怎么算的，可以怎么用", "Which open data there are, how they are counted, how they may be used"},
                  .who = everybody(), .good = {{.shape = open_data_shape()}}},
                 [parts](Call const& call) -> core::Result<Response> {
                   ZHILI_TRY(auto const months, all_months(parts));
                   return Response::json(boost::json::serialize(open_data_json(months, base_url(call.request), parts)));
                 });
  auto const months = optional("month", shape::list(shape::text(), open_months_asked_max), {"只要这些月份，例如 2026-10；不写是全部", "Only these months, for example 2026-10; all if left out"});
  operations.add({.id = "getOpenFiguresCsv", .method = Method::get, .pattern = "/api/v1/open-data/figures.csv", .summary = {"公布的数字，CSV", "The published figures as CSV"},
                  .who = everybody(), .query = {months}, .good = {{.shape = shape::text(), .type = "text/csv"}}},
                 [parts](Call const& call) { return download(call, parts, true); });
  operations.add({.id = "getOpenFiguresJson", .method = Method::get, .pattern = "/api/v1/open-data/figures.json", .summary = {"公布的数字，JSON", "The published figures as JSON"},
                  .who = everybody(), .query = {months},
                  .good = {{.shape = shape::record("OpenFigures", {{"about", open_data_shape()}, {"rows", shape::list(open_row_shape())}})}}},
                 [parts](Call const& call) { return download(call, parts, false); });
}

}  // namespace zhili::web
