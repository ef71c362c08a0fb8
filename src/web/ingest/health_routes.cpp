#include <boost/json.hpp>

#include "organise/people/accounts.hpp"
#include "web/api/view.hpp"
#include "web/ingest/ingest.hpp"

namespace zhili::web {

namespace ingest = sense::ingest;
using boost::json::array;
using boost::json::object;
using boost::json::value;

namespace {

constexpr std::int64_t quarantine_rows_asked = 50;

void add_counts(object& to, ingest::Counts const& counts) {
  to["received"] = counts.received;
  to["stored"] = counts.stored;
  to["duplicates"] = counts.duplicates;
  to["late"] = counts.late;
  to["flagged"] = counts.flagged;
  to["throttled"] = counts.throttled;
  to["refused"] = counts.refused;
  to["quarantined"] = counts.quarantined;
}

object health_json(IngestParts const& parts, std::map<std::string, std::int64_t> const& waiting) {
  auto const health = parts.intake->counters().health(parts.api.time->now());
  object out{{"rate_s", health.rate_per_s}, {"lag_ms", health.lag ? value(health.lag->count()) : value(nullptr)}, {"waiting", parts.intake->waiting()}};
  add_counts(out, health.all);
  array sources;
  for (std::size_t i = 0; i < ingest::ways; ++i) {
    object source{{"way", ingest::name(static_cast<ingest::Way>(i))}};
    add_counts(source, health.by_way[i]);
    sources.push_back(std::move(source));
  }
  out["sources"] = std::move(sources);
  array recent;
  for (auto const& point : health.recent) recent.push_back(object{{"at", time_json(point.at, parts.api.zone)}, {"received", point.received}, {"stored", point.stored}});
  out["recent"] = std::move(recent);
  object by_problem;
  for (auto const& [problem, rows] : waiting) by_problem[problem] = rows;
  out["quarantine"] = std::move(by_problem);
  out["mqtt"] = nullptr;
  if (auto const mqtt = parts.mqtt ? parts.mqtt() : std::nullopt) out["mqtt"] = object{{"connected", mqtt->connected}, {"elsewhere", mqtt->elsewhere}, {"pending", mqtt->pending}, {"unacknowledged", mqtt->unacknowledged}};
  return out;
}

object quarantined_json(ingest::Quarantined const& one, core::Zone const& zone) {
  auto const number = [](std::int64_t id) { return id == 0 ? value(nullptr) : value(id); };
  return {{"id", one.id},
          {"at", time_json(one.at, zone)},
          {"way", ingest::name(one.what.way)},
          {"device", number(one.what.device)},
          {"datastream", number(one.what.datastream)},
          {"problem", one.what.key},
          {"topic", one.what.topic},
          {"message", one.what.message},
          {"sent", one.what.sent},
          {"state", ingest::name(one.state)},
          {"decided_at", time_json(one.decided_at, zone)},
          {"decided_by", one.decided_by}};
}

core::Result<Response> list_quarantine(Call const& call, IngestParts const& parts) {
  ingest::QuarantineQuery query{.before = call.query.integer("cursor").value_or(0), .limit = static_cast<std::size_t>(call.query.integer("limit").value_or(quarantine_rows_asked)),
                                .device = call.query.integer("device"), .key = call.query.text("problem"), .all = call.query.flag("all")};
  ZHILI_TRY(auto const found, parts.quarantine->list(query));
  array rows;
  for (auto const& one : found) rows.push_back(quarantined_json(one, parts.api.zone));
  return private_json(boost::json::serialize(object{{"quarantine", std::move(rows)}, {"next", found.size() == query.limit ? value(found.back().id) : value(nullptr)}}));
}

core::Result<Response> decide_quarantined(Call const& call, IngestParts const& parts) {
  auto const id = call.path.integer("id").value_or(0);
  auto const actor = call.caller().ref();
  auto const command = call.body.text("command");
  if (command == "drop") {
    ZHILI_CHECK(parts.quarantine->decide(id, ingest::Quarantined::State::dropped, actor));
  } else {
    ZHILI_CHECK(parts.intake->release(id, command == "release", actor));
  }
  return Response::no_content();
}

std::vector<Field> count_fields() {
  using namespace shape;
  return {{"received", integer()}, {"stored", integer()}, {"duplicates", integer(), {"以前已经入库、完全相同的", "Stored before, all the same"}}, {"late", integer(), {"比该数据流最新读数更早的", "Older than the newest of their stream"}},
          {"flagged", integer(), {"带质量标记的", "With a quality flag"}}, {"throttled", integer(), {"因为太快或太满而拒收的", "Turned away because it was too much"}},
          {"refused", integer()}, {"quarantined", integer()}};
}

Shape health_shape() {
  using namespace shape;
  auto fields = count_fields();
  auto source = fields;
  source.insert(source.begin(), Field{"way", text()});
  fields.push_back({"rate_s", number(), {"最近一分钟每秒入库多少条", "Stored a second, over the last minute"}});
  fields.push_back({"lag_ms", nullable(integer()), {"现在与最新入库读数的时间之差", "Between now and the time of the newest observation that is stored"}});
  fields.push_back({"waiting", integer(), {"等待入库的条数", "Observations that wait to be stored"}});
  fields.push_back({"sources", list(record("IngestSource", source))});
  fields.push_back({"recent", list(record("IngestPoint", {{"at", time()}, {"received", integer()}, {"stored", integer()}}))});
  fields.push_back({"quarantine", map(integer()), {"隔离区中等待处理的，按原因", "Waiting in quarantine, by reason"}});
  fields.push_back({"mqtt", nullable(record("IngestMqtt", {{"connected", flag()}, {"elsewhere", flag(), {"由另一个进程接收", "Another process fetches"}}, {"pending", integer()}, {"unacknowledged", integer()}}))});
  return record("IngestHealth", std::move(fields));
}

Shape quarantined_shape() {
  using namespace shape;
  return record("Quarantined", {{"id", integer()}, {"at", time()}, {"way", text()}, {"device", nullable(integer())}, {"datastream", nullable(integer())}, {"problem", text()}, {"topic", text()},
                                {"message", flag(), {"是一整条报文，不是一条读数：不能放行", "It is a whole message and no observation: it cannot be released"}}, {"sent", text()},
                                {"state", choice({"waiting", "released", "dropped"})}, {"decided_at", nullable(time())}, {"decided_by", text()}});
}

std::vector<Field> quarantine_query() {
  using namespace shape;
  return {optional("cursor", integer(), {"上一页的 next", "`next` of the page before"}), optional("limit", integer(1, ingest::quarantine_page_rows_max), {"一页几条", "How many on a page"}),
          optional("device", integer(), {"只要这台设备的", "Only of this device"}), optional("problem", text(60), {"只要这个原因的", "Only of this reason"}),
          optional("all", flag(), {"也要已经处理的", "Those that were decided too"})};
}

}  // namespace

void mount_ingest(Operations& operations, IngestParts const& parts) {
  using namespace shape;
  auto const administrator = with_role_everywhere(organise::administrator_role);
  operations.add({.id = "getIngest", .method = Method::get, .pattern = "/api/v1/ingest", .summary = {"数据接收的状况：速率、延迟、重复、限流、隔离", "How the intake of observations is doing: rate, lag, duplicates, throttling, quarantine"},
                  .who = signed_in(), .good = {{.shape = health_shape()}}},
                 [parts](Call const&) -> core::Result<Response> {
                   ZHILI_TRY(auto const waiting, parts.quarantine->counts());
                   return private_json(boost::json::serialize(health_json(parts, waiting)));
                 });
  operations.add({.id = "listQuarantine", .method = Method::get, .pattern = "/api/v1/ingest/quarantine", .summary = {"隔离区：时间不可信或读不懂的数据，新的在前", "The quarantine: what cannot be believed or read, newest first"},
                  .who = administrator, .query = quarantine_query(), .good = {{.shape = record("QuarantinePage", {{"quarantine", list(quarantined_shape())}, {"next", nullable(integer())}})}}},
                 [parts](Call const& call) { return list_quarantine(call, parts); });
  operations.add({.id = "decideQuarantined", .method = Method::post, .pattern = "/api/v1/ingest/quarantine/{id}/commands", .summary = {"放行或丢弃隔离区中的一条", "Release or drop an entry of the quarantine"},
                  .who = administrator, .path = {needed("id", integer(), {"编号", "Its id"})},
                  .body = {needed("command", choice({"release", "release_at_arrival", "drop"}), {"按它说的时间放行、按收到的时间放行、丢弃", "Let it in at the time that it says, at the time at which it came, or drop it"})},
                  .good = {{.status = 204}}},
                 [parts](Call const& call) { return decide_quarantined(call, parts); });
}

void add_ingest_metrics(Metrics& metrics, IngestParts const& parts) {
  using Kind = Metrics::Kind;
  struct Counted {
    char const* name;
    char const* help;
    std::uint64_t ingest::Counts::*number;
  };
  static constexpr Counted counted[] = {
      {"received", "Observations that came in.", &ingest::Counts::received},          {"stored", "Observations that were stored.", &ingest::Counts::stored},
      {"duplicates", "Observations that were there before.", &ingest::Counts::duplicates}, {"late", "Observations older than the newest of their stream.", &ingest::Counts::late},
      {"flagged", "Observations with a quality flag.", &ingest::Counts::flagged},     {"throttled", "Observations turned away because it was too much.", &ingest::Counts::throttled},
      {"refused", "Observations that were wrong.", &ingest::Counts::refused},         {"quarantined", "Observations that were kept aside.", &ingest::Counts::quarantined}};
  auto* const intake = parts.intake;
  for (auto const& one : counted)
    for (std::size_t i = 0; i < ingest::ways; ++i) {
      auto const way = static_cast<ingest::Way>(i);
      metrics.add(Kind::counter, std::string("zhili_ingest_") + one.name + "_total", "way=\"" + std::string(ingest::name(way)) + "\"", one.help,
                  [intake, way, number = one.number] { return static_cast<double>(intake->counters().of(way).*number); });
    }
  metrics.add(Kind::gauge, "zhili_ingest_waiting", "", "Observations that wait to be stored.", [intake] { return static_cast<double>(intake->waiting()); });
  metrics.add(Kind::gauge, "zhili_ingest_lag_seconds", "", "Between now and the time of the newest observation that is stored; 0 while there is none.", [intake, time = parts.api.time] {
    auto const lag = intake->counters().lag(time->now());
    return lag ? static_cast<double>(lag->count()) / 1000 : 0.0;
  });
  if (!parts.mqtt) return;
  auto const now = [mqtt = parts.mqtt] { return mqtt().value_or(MqttHealth{}); };
  metrics.add(Kind::gauge, "zhili_mqtt_connected", "", "1 while the broker answers, or another process fetches from it.", [now] { return now().connected || now().elsewhere ? 1.0 : 0.0; });
  metrics.add(Kind::gauge, "zhili_mqtt_pending", "", "Messages that wait at the broker.", [now] { return static_cast<double>(now().pending); });
  metrics.add(Kind::gauge, "zhili_mqtt_unacknowledged", "", "Messages that were fetched and are not stored yet.", [now] { return static_cast<double>(now().unacknowledged); });
}

}  // namespace zhili::web
