#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "respond/cases/query.hpp"
#include "store/digest.hpp"
#include "web/api/filters.hpp"
#include "web/api/view.hpp"
#include "web/base_url.hpp"
#include "web/form.hpp"
#include "web/open311/tree.hpp"
#include "web/openness/openness.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using open311::xml_text;

constexpr std::size_t feed_entries_max = 50;
constexpr auto feed_kept = "public, max-age=60";

struct Entry {
  std::string id;  ///< the same by whichever address the feed is read
  std::string url, title, text;
  core::Instant at;
};

struct Feed {
  std::string base, address, title, language;
  std::vector<Entry> entries;
};

core::Text department_name(std::string const& code, catalogue::Installation const& installation) {
  auto const* department = installation.department(code);
  return department ? department->name : core::Text{code, code};
}

Entry entry_of(respond::CaseLine const& line, std::string const& base, core::Lang lang, sense::places::PlaceIndex const& places,
               ApiParts const& parts) {
  auto const no = case_number(line, parts);
  auto const* area = line.area_id ? places.area(*line.area_id) : nullptr;
  auto const item = core::in(lang, catalogue::name_of(parts.catalogue->find(line.item), line.item));
  auto const stage = core::in(lang, respond::title(line.stage));
  Entry out{.id = "urn:zhili:case:" + no, .url = fmt::format("{}/cases/{}", base, no), .title = {}, .text = fmt::format("{} · {}", no, stage), .at = line.opened_at};
  out.title = area ? fmt::format("{} · {}", item, core::in(lang, area->name)) : item;
  if (!line.department.empty()) out.text += " · " + core::in(lang, department_name(line.department, *parts.installation));
  return out;
}

/// As it was asked: a reader of feeds comes again to the address that the feed names.
std::string query_of(Request const& request) {
  std::string out;
  for (auto const& [name, value] : request.query)
    if (!value.empty()) out += (out.empty() ? "?" : "&") + percent_encode(name) + "=" + percent_encode(value);
  return out;
}

core::Result<Feed> feed_of(Call const& call, ApiParts const& parts, std::string_view path) {
  auto const lang = call.query.has("lang") ? (call.query.text("lang") == "en" ? core::Lang::en : core::Lang::zh) : call.request.lang();
  auto const places = parts.places->now();
  ZHILI_TRY(auto filter, case_filter(call.query, *places, parts.time->now(), parts.zone));
  filter.limit = std::min(filter.limit, feed_entries_max);
  Feed out{.base = parts.installation->address.empty() ? base_url(call.request) : parts.installation->address, .address = {}, .title = core::in(lang, parts.installation->name),
           .language = lang == core::Lang::en ? "en" : "zh-CN", .entries = {}};
  out.address = out.base + std::string(path) + query_of(call.request);
  ZHILI_TRY(auto const lines, parts.db->read([&](store::Reader& reader) { return respond::list_cases(reader, *parts.cases, filter); }));
  for (auto const& line : lines) out.entries.push_back(entry_of(line, out.base, lang, *places, parts));
  return out;
}

/// With a tag of its content: who asks again and has it gets 304.
Response published(std::string type, std::string body) {
  auto const tag = store::to_hex(store::sha256(body));
  Response out{.type = std::move(type), .body = std::move(body)};
  out.headers.add("Cache-Control", feed_kept);
  out.headers.add("ETag", "\"" + tag + "\"");
  out.headers.add("Vary", "Accept-Language");
  return out;
}

std::string json_feed(Feed const& feed) {
  array items;
  for (auto const& entry : feed.entries)
    items.push_back(object{{"id", entry.id}, {"url", entry.url}, {"title", entry.title}, {"content_text", entry.text},
                           {"date_published", core::to_iso(entry.at)}});
  return boost::json::serialize(object{{"version", "https://jsonfeed.org/version/1.1"}, {"title", feed.title},
                                       {"home_page_url", feed.base + "/"}, {"feed_url", feed.address}, {"language", feed.language},
                                       {"items", std::move(items)}});
}

/// RFC 822, as RSS 2.0 wants it.
std::string mail_date(core::Instant at) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(static_cast<std::time_t>(core::to_ms(at) / 1'000)));
}

std::string rss(Feed const& feed) {
  std::string out = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                    R"(<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>)";
  out += fmt::format(R"(<title>{}</title><link>{}/</link><description>{}</description><language>{}</language>)", xml_text(feed.title),
                     xml_text(feed.base), xml_text(feed.title), feed.language);
  out += fmt::format(R"(<atom:link href="{}" rel="self" type="application/rss+xml"/>)", xml_text(feed.address));
  for (auto const& entry : feed.entries)
    out += fmt::format(R"(<item><title>{}</title><link>{}</link><guid isPermaLink="false">{}</guid><pubDate>{}</pubDate><description>{}</description></item>)",
                       xml_text(entry.title), xml_text(entry.url), xml_text(entry.id), mail_date(entry.at), xml_text(entry.text));
  return out + "</channel></rss>";
}

std::vector<Field> feed_fields() {
  auto out = case_filter_fields();
  out.push_back(optional("lang", shape::choice({"zh", "en"}), {"语言", "The language"}));
  return out;
}

Shape json_feed_shape() {
  using namespace shape;
  auto const item = record("", {{"id", text()}, {"url", text()}, {"title", text()}, {"content_text", text()}, {"date_published", time()}});
  return record("JsonFeed", {{"version", text()}, {"title", text()}, {"home_page_url", text()}, {"feed_url", text()}, {"language", text()},
                             {"items", list(item)}});
}

}  // namespace

void mount_feeds(Operations& operations, ApiParts const& parts) {
  constexpr auto json_path = "/api/v1/feeds/cases.json";
  constexpr auto rss_path = "/api/v1/feeds/cases.rss";
  operations.add({.id = "feedCasesJson", .method = Method::get, .pattern = json_path, .summary = {"案卷订阅（JSON Feed）", "Feed of cases (JSON Feed)"},
                  .who = everybody(), .query = feed_fields(), .good = {{.shape = json_feed_shape(), .type = "application/feed+json", .tagged = true}}},
                 [parts](Call const& call) -> core::Result<Response> {
                   ZHILI_TRY(auto const feed, feed_of(call, parts, json_path));
                   return published("application/feed+json", json_feed(feed));
                 });
  operations.add({.id = "feedCasesRss", .method = Method::get, .pattern = rss_path, .summary = {"案卷订阅（RSS）", "Feed of cases (RSS)"},
                  .who = everybody(), .query = feed_fields(), .good = {{.shape = shape::text(), .type = "application/rss+xml", .tagged = true}}},
                 [parts](Call const& call) -> core::Result<Response> {
                   ZHILI_TRY(auto const feed, feed_of(call, parts, rss_path));
                   return published("application/rss+xml", rss(feed));
                 });
}

}  // namespace zhili::web
