#include "web/open311/read.hpp"

#include <charconv>
#include <cmath>
#include <numbers>

#include "web/transport/ascii.hpp"
#include "web/utf8.hpp"

namespace zhili::web::open311 {

using core::Errc;
using core::Error;
using core::fail;

namespace {

core::Result<double> read_degrees(std::string_view text, std::string const& field, double limit) {
  double value = 0;
  auto const* const end = text.data() + text.size();
  auto const read = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end || !(std::abs(value) <= limit)) {
    auto const most = std::to_string(static_cast<int>(limit));
    return fail(Errc::invalid, "open311.degrees",
                {"须为 −" + most + " 到 " + most + " 之间的十进制度数（WGS 84）。",
                 "Must be decimal degrees between -" + most + " and " + most + " (WGS 84)."},
                field);
  }
  return value;
}

std::optional<std::size_t> read_count(std::string_view text, std::size_t most) {
  std::size_t value = 0;
  auto const* const end = text.data() + text.size();
  auto const read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < 1 || value > most) return std::nullopt;
  return value;
}

std::vector<std::string> read_list(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const item = ascii::trim(ascii::take(text, ','));
    if (!item.empty()) out.emplace_back(item);
  }
  return out;
}

/// Reads one query into `query`, and what is wrong with it into `errors`.
struct QueryReader {
  Fields const& fields;
  core::Instant now;
  Query query = {};
  Errors errors = {};

  void wrong(std::string key, core::Text text, std::string field) {
    errors.push_back({Errc::invalid, std::move(key), std::move(text), std::move(field)});
  }

  std::size_t count(std::string const& name, std::size_t otherwise, std::size_t most) {
    auto const text = fields.get(name);
    if (!text) return otherwise;
    auto const value = read_count(*text, most);
    auto const limit = std::to_string(most);
    if (!value)
      wrong("open311.count",
            {"须为 1 到 " + limit + " 的整数。", "Must be a whole number from 1 to " + limit + "."}, name);
    return value.value_or(otherwise);
  }

  std::optional<core::Instant> time(std::string const& name) {
    auto const text = fields.get(name);
    if (!text) return std::nullopt;
    auto const at = core::from_iso(*text);
    if (at) return *at;
    wrong(
        "open311.time",
        {"须为带时区的时间，如 2026-07-12T08:05:00+08:00；网址中的“+”要写作 %2B。",
         "Must be a time with a zone, as 2026-07-12T08:05:00+08:00; in an address the \"+\" is written %2B."},
        name);
    return std::nullopt;
  }

  void range() {
    auto const start = time("start_date");
    auto const end = time("end_date");
    constexpr std::chrono::days most{range_max_days};
    query.to = end ? *end : start ? std::min(now, *start + most) : now;
    query.from = start ? *start : query.to - most;
    if (query.from > query.to) {
      wrong("open311.range",
            {"开始时间不得晚于结束时间（未给出时为当前时间）。",
             "Must not be after end_date (or, without one, after now)."},
            "start_date");
    } else if (query.to - query.from > most) {
      wrong("open311.range",
            {"时间范围不得超过 90 天，请分段查询。",
             "The range must not exceed 90 days; ask for it in pieces."},
            "start_date");
    }
  }

  void status() {
    auto const text = fields.get("status");
    if (!text) return;
    bool open = false;
    bool closed = false;
    for (auto const& one : read_list(ascii::lower(*text))) {
      open = open || one == "open";
      closed = closed || one == "closed";
      if (one != "open" && one != "closed")
        wrong("open311.status", {"状态只能是 open、closed。", "A status is open or closed."}, "status");
    }
    if (open != closed) query.closed = closed;
  }

  void box() {
    auto const lat = fields.get("lat");
    auto const lon = fields.get("long");
    if (!lat && !lon) return;
    auto const centre = read_place(lat.value_or(""), lon.value_or(""));
    if (!centre) return errors.push_back(centre.error());
    constexpr double degree_m = 111'195;
    double const dlat = near_box_edge_m / 2 / degree_m;
    double const dlon = dlat / std::max(0.01, std::cos(centre->lat() * std::numbers::pi / 180));
    query.box =
        Box{core::LatLon::of(std::max(-90.0, centre->lat() - dlat), std::max(-180.0, centre->lon() - dlon)),
            core::LatLon::of(std::min(90.0, centre->lat() + dlat), std::min(180.0, centre->lon() + dlon))};
  }

  void read() {
    auto const truth = [&](char const* name) { return ascii::same(fields.get(name).value_or(""), "true"); };
    query.extensions = truth("extensions");
    query.limit = count("page_size", page_size_max, page_size_max);
    if (auto const ids = fields.get("service_request_id")) {
      query.ids = read_list(*ids);
      auto const most = std::to_string(ids_max);
      if (query.ids.empty() || query.ids.size() > ids_max)
        wrong("open311.ids", {"编号数须为 1 到 " + most + " 个。", "Give 1 to " + most + " ids."},
              "service_request_id");
      return;  // the rest does not count
    }
    query.service_codes = read_list(fields.get("service_code").value_or(""));
    query.agency = fields.get("agency_responsible").value_or("");
    query.with_photo = truth("has_photo");
    query.updated_after = time("updated_after");
    query.updated_before = time("updated_before");
    if (query.updated_before && !query.updated_after)
      wrong("open311.updated_before", {"须与 updated_after 一起给出。", "Comes with updated_after only."}, "updated_before");
    else if (query.updated_before && *query.updated_before < *query.updated_after)
      wrong("open311.range", {"不得晚于 updated_before。", "Must not be after updated_before."}, "updated_after");
    query.offset = (count("page", 1, page_max) - 1) * query.limit;
    query.limit = std::min(query.limit, count("max_requests", query.limit, page_size_max));
    range();
    status();
    box();
  }
};

}  // namespace

core::Result<core::LatLon> read_place(std::string_view lat, std::string_view lon) {
  if (lat.empty() != lon.empty()) {
    return fail(Errc::invalid, "open311.half_place",
                {"lat 与 long 须同时给出。", "lat and long must come together."},
                lat.empty() ? "lat" : "long");
  }
  ZHILI_TRY(auto const latitude, read_degrees(lat, "lat", 90));
  ZHILI_TRY(auto const longitude, read_degrees(lon, "long", 180));
  return core::LatLon::of(latitude, longitude);
}

std::string plain_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const before_feed = i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] != '\r')
      out += text[i];
    else if (!before_feed)
      out += '\n';
  }
  auto const first = out.find_first_not_of(" \t\n");
  if (first == std::string::npos) return {};
  return out.substr(first, out.find_last_not_of(" \t\n") - first + 1);
}

tl::expected<Query, Errors> read_query(Fields const& fields, core::Instant now) {
  QueryReader reader{.fields = fields, .now = now};
  reader.read();
  if (!reader.errors.empty()) return tl::unexpected(std::move(reader.errors));
  return std::move(reader.query);
}

std::optional<Error> check_jurisdiction(Fields const& fields, Options const& options) {
  auto const& known = options.jurisdictions;
  auto const given = fields.get("jurisdiction_id");
  if (known.empty() || (!given && known.size() == 1)) return std::nullopt;
  if (!given)
    return Error{Errc::invalid,
                 "open311.jurisdiction_missing",
                 {"缺少 jurisdiction_id。", "jurisdiction_id is missing."},
                 "jurisdiction_id"};
  for (auto const& one : known)
    if (one == *given) return std::nullopt;
  return Error{Errc::not_found,
               "open311.jurisdiction_unknown",
               {"此处没有这一 jurisdiction_id。", "There is no such jurisdiction_id here."},
               "jurisdiction_id"};
}

}  // namespace zhili::web::open311
