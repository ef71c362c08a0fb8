#include "web/sensorthings/body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sense/ingest/json_scan.hpp"
#include "sense/things/rows.hpp"
#include "sense/things/stored_observations.hpp"
#include "web/sensorthings/url.hpp"

namespace zhili::web::sensorthings {

using core::Errc;
using core::fail;
using sense::ingest::JsonScan;
using things::Content;
using things::Draft;
using things::Kind;

namespace {

auto bad_body() {
  return fail(Errc::invalid, "sensorthings.json", {"正文不是有效的 JSON 对象（UTF-8，无多余的逗号，嵌套不超过 16 层）。",
                                                   "The body is not a valid JSON object (UTF-8, no trailing commas, nested at most 16 deep)."});
}

auto wrong_kind(std::string const& field, core::Text needs) {
  return fail(Errc::invalid, "sensorthings.kind", {field + " 须是" + needs.zh + "。", field + " must be " + needs.en + "."}, field);
}

core::Result<std::string> text_of(std::string_view json, std::string const& field) {
  JsonScan scan(json);
  std::string_view text;
  std::string kept;
  if (!scan.string(text, kept)) return wrong_kind(field, {"文本", "a text"});
  return std::string(text);
}

core::Result<things::Span> span_of(std::string_view json, std::string const& field) {
  ZHILI_TRY(auto const text, text_of(json, field));
  auto out = read_span(text);
  if (!out) return wrong_kind(field, {"时间或时段，例如 2026-11-21T08:00:00Z，须带时区", "a time, or two with a slash between, with their zone, such as 2026-11-21T08:00:00Z"});
  return out;
}

core::Result<Content> content_of(things::Property const& property, std::string_view json, std::string const& field) {
  if (json == "null" && property.name != "result") return Content();
  switch (property.kind) {
    case Kind::text: return text_of(json, field).map([](std::string text) { return Content(std::move(text)); });
    case Kind::instant: {
      ZHILI_TRY(auto const span, span_of(json, field));
      if (span.end) return wrong_kind(field, {"一个时间点", "one point in time"});
      return Content(span.begin);
    }
    case Kind::interval: {
      ZHILI_TRY(auto const span, span_of(json, field));
      if (property.name == "validTime" && !span.end) return wrong_kind(field, {"时段，中间用 / 隔开", "two times with a slash between"});
      return Content(span);
    }
    case Kind::object:
      if (json.front() != '{') return wrong_kind(field, {"JSON 对象", "a JSON object"});
      break;
    case Kind::geometry:
    case Kind::json: break;
  }
  return compact(json, field).map([](things::Json made) { return Content(std::move(made)); });
}

class EntityReader {
 public:
  explicit EntityReader(std::string_view json) : scan_(json) {}

  core::Result<Draft> whole(things::EntityType type) {
    ZHILI_TRY(auto out, entity(type, {}, 1));
    scan_.blanks();
    if (!scan_.at_end()) return bad_body();
    return out;
  }

 private:
  core::Result<Draft> entity(things::EntityType type, std::string const& where, std::size_t depth) {
    if (depth > things::draft_depth_max)
      return fail(Errc::limit, "sensorthings.draft", {fmt::format("最多 {} 层。", things::draft_depth_max), fmt::format("At most {} deep.", things::draft_depth_max)}, where);
    Draft out{.type = type, .links = {}, .where = where};
    if (!scan_.take('{')) return where.empty() ? tl::unexpected<core::Error>(bad_body()) : tl::unexpected<core::Error>(wrong_kind(where, {"一个实体", "one entity"}));
    std::optional<std::string> id;
    bool more = !scan_.take('}'), others = false;
    while (more) {
      scan_.blanks();
      std::string_view view;
      if (!scan_.string(view, kept_)) return bad_body();
      std::string const name(view);
      if (!scan_.take(':')) return bad_body();
      if (name == "@iot.id") {
        ZHILI_TRY(id, raw());
      } else {
        others = others || name.find('@') == std::string::npos;
        ZHILI_CHECK(member(out, name, depth));
      }
      if (scan_.take('}')) break;
      if (!scan_.take(',')) return bad_body();
    }
    if (id && !others && depth > 1) {
      things::Id number = 0;
      auto const [stop, error] = std::from_chars(id->data(), id->data() + id->size(), number);
      if (error != std::errc{} || stop != id->data() + id->size()) return wrong_kind(where + ".@iot.id", {"整数", "a whole number"});
      out.existing = number;
    }
    return out;
  }

  core::Result<> member(Draft& out, std::string const& name, std::size_t depth) {
    auto const& kind = things::entity(out.type);
    auto const field = things::field_in(out, name);
    if (auto const* const property = kind.property(name)) {
      if (out.find(*property) != nullptr) return twice(field);
      ZHILI_TRY(auto const json, raw());
      if (property->made) return {};
      ZHILI_TRY(auto content, content_of(*property, json, field));
      out.values.emplace_back(property, std::move(content));
      return {};
    }
    if (auto const* const link = kind.link(name)) {
      if (out.find(*link) != nullptr) return twice(field);
      return linked(out, *link, field, depth);
    }
    ZHILI_CHECK(raw());
    if (name.find('@') != std::string::npos) return {};  // control information
    return fail(Errc::invalid, "sensorthings.unknown", {fmt::format("{} 没有“{}”。", kind.name, name), fmt::format("A {} has no \"{}\".", kind.name, name)}, field);
  }

  core::Result<> linked(Draft& out, things::Link const& link, std::string const& field, std::size_t depth) {
    things::DraftLink made{&link, {}};
    if (link.many) {
      if (!scan_.take('[')) return wrong_kind(field, {"列表", "a list"});
      if (!scan_.take(']')) {
        do {
          ZHILI_TRY(auto one, entity(link.to, fmt::format("{}.{}", field, made.to.size()), depth + 1));
          made.to.push_back(std::move(one));
        } while (scan_.take(','));
        if (!scan_.take(']')) return bad_body();
      }
    } else {
      scan_.blanks();
      if (scan_.peek() == 'n') {
        ZHILI_CHECK(raw());
        return {};
      }
      ZHILI_TRY(auto one, entity(link.to, field, depth + 1));
      made.to.push_back(std::move(one));
    }
    out.links.push_back(std::move(made));
    return {};
  }

  core::Result<std::string> raw() {
    std::string_view json;
    if (!scan_.value(json)) return bad_body();
    return std::string(json);
  }
  static tl::unexpected<core::Error> twice(std::string const& field) {
    return fail(Errc::invalid, "sensorthings.twice", {field + " 出现了两次。", field + " is there twice."}, field);
  }

  JsonScan scan_;
  std::string kept_;
};

}  // namespace

core::Result<things::Json> compact(std::string_view json, std::string const& field) {
  things::Json out;
  out.text.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    char const c = json[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    auto end = i + 1;
    if (c == '"') {
      while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
      ++end;
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      while (end < json.size() && std::string_view("+-.eE0123456789").find(json[end]) != std::string_view::npos) ++end;
      double number = 0;
      auto const read = std::from_chars(json.data() + i, json.data() + end, number);
      if (read.ec == std::errc::result_out_of_range && json.substr(i, end - i).find("e-") == std::string_view::npos && json.substr(i, end - i).find("E-") == std::string_view::npos)
        return fail(Errc::invalid, "sensorthings.number", {"数太大。", "A number is too large."}, field);
    }
    out.text.append(json.substr(i, end - i));
    i = end - 1;
  }
  return out;
}

core::Result<Draft> read_entity(things::EntityType type, std::string_view json) { return EntityReader(json).whole(type); }

core::Result<things::Outcome> outcome_of(std::string_view json) {
  JsonScan scan(json);
  double number = 0;
  std::int64_t integer = 0;
  switch (scan.number(number, integer)) {
    case JsonScan::Number::whole: return things::Outcome(integer);
    case JsonScan::Number::fraction:
      if (!std::isfinite(number)) return fail(Errc::invalid, "sensorthings.number", {"数太大。", "A number is too large."}, "result");
      return things::Outcome(number);
    case JsonScan::Number::none: break;
  }
  if (json == "true" || json == "false") return things::Outcome(json == "true");
  JsonScan again(json);
  std::string_view text;
  std::string kept;
  if (again.string(text, kept)) return things::Outcome(std::string(text));
  return compact(json, "result").map([](things::Json made) { return things::Outcome(std::move(made)); });
}

core::Result<> add_observation(sense::ingest::Batch& batch, Draft const& draft, things::Id datastream, things::Id feature) {
  auto const& kind = things::entity(things::EntityType::observation);
  auto const said = [&](std::string_view name) -> Content const& {
    static Content const nothing;
    auto const* const found = draft.find(*kind.property(name));
    return found != nullptr ? *found : nothing;
  };
  auto const* const result = std::get_if<things::Json>(&said("result"));
  if (result == nullptr) return wrong_kind(things::field_in(draft, "result"), {"结果", "a result"});
  ZHILI_TRY(auto const outcome, outcome_of(result->text));
  auto const* const time = std::get_if<things::Span>(&said("phenomenonTime"));
  auto const at = time != nullptr ? core::to_ms(time->begin) : sense::ingest::time_absent;
  auto& row = [&]() -> sense::ingest::Incoming& {
    if (auto const* const whole = std::get_if<std::int64_t>(&outcome)) return batch.add_count(datastream, at, *whole);
    if (auto const* const real = std::get_if<double>(&outcome)) return batch.add(datastream, at, *real);
    if (auto const* const truth = std::get_if<bool>(&outcome)) return batch.add_truth(datastream, at, *truth);
    if (auto const* const text = std::get_if<std::string>(&outcome)) return batch.add_text(datastream, at, *text);
    return batch.add_json(datastream, at, std::get<things::Json>(outcome).text);
  }();
  if (std::holds_alternative<std::int64_t>(outcome)) row.number = static_cast<double>(row.integer);
  auto const json = [&](std::string_view name) -> std::string_view {
    auto const* const found = std::get_if<things::Json>(&said(name));
    return found != nullptr ? std::string_view(found->text) : std::string_view();
  };
  auto const* const valid = std::get_if<things::Span>(&said("validTime"));
  auto const extra = things::extra_json(json("parameters"), valid != nullptr ? std::optional(*valid) : std::nullopt, json("resultQuality"));
  auto const* const result_time = std::get_if<core::Instant>(&said("resultTime"));
  if (feature == 0 && extra.empty() && result_time == nullptr && (time == nullptr || !time->end)) return {};
  auto& more = batch.more_of(row);
  more.feature = feature;
  more.extra = extra;
  if (result_time != nullptr) more.result_time = *result_time;
  if (time != nullptr) more.phenomenon_end = time->end;
  return {};
}

core::Result<> apply(things::ObservationRow& row, Draft const& draft) {
  for (auto const& [property, content] : draft.values) {
    auto const* const json = std::get_if<things::Json>(&content);
    auto const* const span = std::get_if<things::Span>(&content);
    auto const* const at = std::get_if<core::Instant>(&content);
    if (property->name == "result" && json != nullptr) {
      ZHILI_TRY(row.result, outcome_of(json->text));
    } else if (property->name == "phenomenonTime") {
      if (span == nullptr) return wrong_kind("phenomenonTime", {"时间", "a time"});
      row.phenomenon = *span;
    } else if (property->name == "resultTime") {
      row.result_time = at != nullptr ? std::optional(*at) : std::nullopt;
    } else if (property->name == "validTime") {
      row.valid = span != nullptr ? std::optional(*span) : std::nullopt;
    } else if (property->name == "parameters") {
      row.parameters = json != nullptr ? json->text : std::string();
    } else if (property->name == "resultQuality") {
      row.quality = json != nullptr ? json->text : std::string();
    } else {
      return wrong_kind(std::string(property->name), {"结果", "a result"});
    }
  }
  return {};
}

}  // namespace zhili::web::sensorthings
