#include "web/hooks/deliveries.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <random>

#include "assure/reports/desk.hpp"
#include "bus/follow.hpp"
#include "bus/lease.hpp"
#include "store/sealing.hpp"
#include "web/hooks/retry.hpp"
#include "web/hooks/sign.hpp"

namespace zhili::web::hooks {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;
using std::chrono::milliseconds;

namespace {

constexpr std::string_view listener_name = "hooks";
constexpr std::string_view test_kind = "hook.test";
constexpr milliseconds look_again_ms{500};
constexpr std::chrono::minutes sweep_every_min{5};

double chance() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

std::string body_of(std::string_view kind, core::Instant at, std::string_view data) {
  return fmt::format(R"({{"type":"{}","timestamp":"{}","data":{}}})", kind, core::to_iso(at), data);
}

std::string message_id(std::int64_t hook, store::Seq entry) { return fmt::format("msg_{}_{}", hook, entry); }

void put_down(store::Writer& writer, Hook const& hook, store::Recorded const& entry, std::string const& data) {
  writer.exec("INSERT INTO hook_delivery (hook, entry, subject, kind, state, made_at, attempts, next_at, data) VALUES (?, ?, ?, ?, 1, ?, 0, ?, ?) "
              "ON CONFLICT (hook, entry) DO NOTHING",
              hook.id, entry.seq, entry.subject, static_cast<std::int64_t>(entry.kind), entry.at, writer.now(), data);
}

/// A report that was sent, for each of its departments that has a hook.
void put_down_report(store::Writer& writer, std::vector<Hook> const& hooks, store::Recorded const& entry, core::Zone const& zone) {
  auto const said = boost::json::parse(entry.payload).as_object();
  for (auto const& department : said.at("departments").as_array())
    for (auto const& hook : hooks) {
      if (!hook.wanted.enabled || hook.wanted.department != department.as_string()) continue;
      object const data{{"seq", entry.seq}, {"at", core::to_iso(entry.at, zone)}, {"kind", core::name(entry.kind)},
                        {"report", entry.subject}, {"version", said.at("version")}, {"department", department}};
      put_down(writer, hook, entry, boost::json::serialize(data));
    }
}

/// The message with the report itself: a version never changes, so it is not kept twice.
std::string with_report(store::Reader& reader, std::string const& data) {
  auto const said = boost::json::parse(data).as_object();
  auto const kept = assure::reports::Desk::version(reader, said.at("report").to_number<std::int64_t>(), said.at("version").to_number<std::int64_t>());
  if (!kept) return data;
  return fmt::format(R"({},"digest":"{}","document":{}}})", std::string_view(data).substr(0, data.size() - 1), kept->digest, kept->document);
}

}  // namespace

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::waiting: return "waiting";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::given_up: return "given_up";
  }
  return "";
}

std::string Delivery::id() const { return message_id(hook, entry); }

/// The thread of one hook.
struct Deliveries::Sender {
  std::int64_t hook = 0;
  std::atomic<bool> over{false};  // the hook is gone: the thread does nothing any more and may be joined
  std::unique_ptr<bus::Worker> worker;
};

struct Deliveries::Due {
  store::Seq entry = 0;
  EventKind kind{};
  core::Instant made_at{};
  core::Instant next_at{};
  int attempts = 0;
  std::string data;
};

Deliveries::Deliveries(ApiParts parts, Hooks& hooks, client::Client& client)
    : parts_(std::move(parts)), hooks_(hooks), client_(client), holder_(store::random_record_name()) {}
Deliveries::~Deliveries() { stop(); }

void Deliveries::start() {
  manager_ = std::make_unique<bus::Worker>([this] { return manage(); });
}

void Deliveries::stop() {
  manager_.reset();
  std::map<std::int64_t, std::unique_ptr<Sender>> senders;
  {
    std::lock_guard const lock(mutex_);
    senders.swap(senders_);
  }
}

core::Result<bool> Deliveries::feed() {
  return bus::follow(*parts_.db, listener_name, [this](store::Writer& writer, std::span<store::Recorded const> entries) -> core::Result<> {
    auto const hooks = hooks_.list(writer);
    if (hooks.empty()) return {};
    auto entry = entries.begin();
    for (auto const& event : live::events_of(writer, entries, parts_)) {
      while (entry->seq != event.seq) ++entry;
      for (auto const& hook : hooks)
        if (hook.wanted.enabled && event.everybody && hook.wanted.filter.wants(event)) put_down(writer, hook, *entry, event.json);
    }
    for (auto const& one : entries)
      if (one.kind == EventKind::report_sent) put_down_report(writer, hooks, one, parts_.zone);
    return {};
  });
}

core::Result<std::optional<milliseconds>> Deliveries::deliver_next(Hook const& hook, core::Instant now) {
  ZHILI_TRY(auto const due, parts_.db->read([&](store::Reader& reader) {
    std::optional<Due> out;
    reader.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string>(
        "SELECT entry, kind, made_at, next_at, attempts, data FROM hook_delivery d WHERE hook = ? AND state = 1 AND next_at <= ? AND NOT EXISTS "
        "(SELECT 1 FROM hook_delivery e WHERE e.hook = d.hook AND e.state = 1 AND e.subject = d.subject AND e.entry < d.entry) "
        "ORDER BY next_at, entry LIMIT 1",
        [&](std::int64_t entry, std::int64_t kind, std::int64_t made, std::int64_t next, std::int64_t attempts, std::string data) {
          out = Due{entry, static_cast<EventKind>(kind), core::from_ms(made), core::from_ms(next), static_cast<int>(attempts), std::move(data)};
        },
        hook.id, now);
    if (out && out->kind == EventKind::report_sent) out->data = with_report(reader, out->data);
    return out;
  }));
  if (!due) return std::nullopt;
  auto const came = attempt(hook, message_id(hook.id, due->entry), body_of(core::name(due->kind), due->made_at, due->data));
  if (came.trouble == "client.stopped") return milliseconds(look_again_ms);
  if (came.gone) {
    ZHILI_CHECK(hooks_.stop(hook.id, "gone"));
    return milliseconds(look_again_ms);
  }
  auto const wait = came.delivered ? std::nullopt : retry_wait(due->attempts + 1, now - due->made_at, chance());
  ZHILI_CHECK(settle(hook, *due, came, now, wait));
  return came.receiver_ill && wait ? std::min<milliseconds>(*wait, receiver_rest_most_s) : milliseconds(0);
}

core::Result<> Deliveries::settle(Hook const& hook, Due const& due, Attempt const& came, core::Instant now, std::optional<milliseconds> wait) {
  return parts_.db->write([&](store::Writer& writer) {
    auto const state = came.delivered ? DeliveryState::delivered : wait ? DeliveryState::waiting : DeliveryState::given_up;
    std::optional<core::Instant> const done = state == DeliveryState::waiting ? std::nullopt : std::optional(now);
    writer.exec("UPDATE hook_delivery SET state = ?, attempts = attempts + 1, next_at = ?, status = ?, trouble = ?, done_at = ? WHERE hook = ? AND entry = ?",
                state, wait ? now + *wait : due.next_at, came.status, came.trouble, done, hook.id, due.entry);
    if (state == DeliveryState::given_up)
      writer.append({.kind = EventKind::hook_given_up, .subject = hook.id, .actor = "system",
                     .payload = boost::json::serialize(object{{"entry", due.entry}, {"why", came.trouble}})});
  });
}

Attempt Deliveries::attempt(Hook const& hook, std::string const& id, std::string const& body) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(parts_.time->now()).time_since_epoch().count();
  client::Call call{.method = "POST", .url = hook.wanted.url, .body = body};
  call.headers = {{"Content-Type", "application/json"},
                  {"User-Agent", "zhili"},
                  {"webhook-id", id},
                  {"webhook-timestamp", std::to_string(seconds)},
                  {"webhook-signature", signature(hooks_.key_of(hook.id), id, seconds, body)}};
  call.limits = {.connect_ms = receiver_connect_ms, .total_ms = receiver_total_ms, .answer_bytes_max = receiver_answer_bytes_max};
  auto const answer = client_.call(call);
  if (!answer) return {.trouble = answer.error().key, .receiver_ill = true};
  Attempt out{.delivered = answer->status >= 200 && answer->status < 300, .status = answer->status};
  if (!out.delivered) out.trouble = fmt::format("HTTP {}", answer->status);
  out.receiver_ill = answer->status == 429 || answer->status >= 500;
  out.gone = answer->status == 410;
  return out;
}

Attempt Deliveries::test(Hook const& hook) {
  auto const now = parts_.time->now();
  return attempt(hook, fmt::format("msg_{}_test_{}", hook.id, core::to_ms(now)), body_of(test_kind, now, "{}"));
}

std::vector<Delivery> Deliveries::list(store::Reader& reader, std::int64_t hook, std::optional<DeliveryState> state, store::Seq before) {
  std::vector<Delivery> out;
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::optional<std::int64_t>,
              std::optional<std::string>, std::optional<std::int64_t>>(
      "SELECT entry, kind, state, made_at, attempts, next_at, status, trouble, done_at FROM hook_delivery WHERE hook = ? AND (state = ? OR ? = 0) AND "
      "(entry < ? OR ? = 0) ORDER BY entry DESC LIMIT ?",
      [&](std::int64_t entry, std::int64_t kind, std::int64_t at, std::int64_t made, std::int64_t attempts, std::int64_t next,
          std::optional<std::int64_t> status, std::optional<std::string> trouble, std::optional<std::int64_t> done) {
        out.push_back({hook, entry, static_cast<EventKind>(kind), static_cast<DeliveryState>(at), core::from_ms(made), static_cast<int>(attempts),
                       core::from_ms(next), status ? std::optional(static_cast<int>(*status)) : std::nullopt, trouble.value_or(""),
                       done ? std::optional(core::from_ms(*done)) : std::nullopt});
      },
      hook, state.value_or(DeliveryState{}), state.value_or(DeliveryState{}), before, before, deliveries_page_max);
  return out;
}

Deliveries::Counts Deliveries::counts(store::Reader& reader, std::int64_t hook) {
  Counts out;
  reader.each<std::int64_t, std::int64_t, std::int64_t>(
      "SELECT state, count(*), min(made_at) FROM hook_delivery WHERE hook = ? AND state <> 2 GROUP BY state",
      [&](std::int64_t state, std::int64_t count, std::int64_t oldest) {
        if (static_cast<DeliveryState>(state) == DeliveryState::given_up) out.given_up = count;
        else out.waiting = count, out.waiting_since = core::from_ms(oldest);
      },
      hook);
  return out;
}

core::Result<> Deliveries::again(std::int64_t hook, store::Seq entry, std::string const& actor) {
  ZHILI_CHECK(parts_.db->write([&](store::Writer& writer) -> core::Result<> {
    auto const found = writer.exec("UPDATE hook_delivery SET state = 1, made_at = ?, next_at = ?, done_at = NULL WHERE hook = ? AND entry = ? AND state <> 2",
                                   writer.now(), writer.now(), hook, entry);
    if (found == 0)
      return fail(Errc::not_found, "hook.delivery_unknown", {"没有这条待送的消息。", "There is no such message that could be sent again."}, "entry");
    writer.append({.kind = EventKind::hook_retried, .subject = hook, .actor = actor, .payload = boost::json::serialize(object{{"entry", entry}})});
    return {};
  }));
  std::lock_guard const lock(mutex_);
  if (auto const sender = senders_.find(hook); sender != senders_.end()) sender->second->worker->wake();
  return {};
}

// ---- threads

std::chrono::nanoseconds Deliveries::manage() {
  auto const now = parts_.time->now();
  // One process owns a SQLite directory; only PostgreSQL has several.
  bool leads = parts_.db->engine() == "sqlite";
  if (!leads) leads = bus::hold(*parts_.db, listener_name, holder_, now, hooks_lease_s).value_or(false);
  leading_ = leads;
  if (!leads) return feed_every_ms;
  auto const fed = feed();
  if (!fed) spdlog::error("webhooks: {} {}", fed.error().text.en, fed.error().detail);
  auto const hooks = parts_.db->read([this](store::Reader& reader) { return hooks_.list(reader); });
  if (hooks) match_senders(*hooks);
  if (now >= next_sweep_) {
    next_sweep_ = now + sweep_every_min;
    if (auto const swept = sweep(now); !swept) spdlog::error("webhooks: {} {}", swept.error().text.en, swept.error().detail);
  }
  return fed && *fed ? milliseconds(0) : feed_every_ms;
}

void Deliveries::match_senders(std::vector<Hook> const& hooks) {
  std::lock_guard const lock(mutex_);
  std::erase_if(senders_, [](auto const& one) { return one.second->over.load(); });
  for (auto const& hook : hooks) {
    if (!hook.wanted.enabled || senders_.contains(hook.id)) continue;
    auto& sender = senders_[hook.id] = std::make_unique<Sender>();
    sender->hook = hook.id;
    sender->worker = std::make_unique<bus::Worker>([this, own = sender.get()] { return send(*own); });
  }
}

std::chrono::nanoseconds Deliveries::send(Sender& sender) {
  if (sender.over || !leading_) return look_again_ms;
  auto const hooks = parts_.db->read([this](store::Reader& reader) { return hooks_.list(reader); });
  if (!hooks) return look_again_ms;
  auto const own = std::ranges::find(*hooks, sender.hook, &Hook::id);
  if (own == hooks->end() || !own->wanted.enabled) {
    sender.over = true;
    return look_again_ms;
  }
  auto const rest = deliver_next(*own, parts_.time->now());
  if (!rest) spdlog::error("webhook {}: {} {}", own->id, rest.error().text.en, rest.error().detail);
  if (!rest || !*rest) return look_again_ms;
  return **rest;
}

core::Result<> Deliveries::sweep(core::Instant now) {
  ZHILI_CHECK(parts_.db->write([&](store::Writer& writer) {
    writer.exec("DELETE FROM hook_delivery WHERE done_at < ?", now - done_kept_days);
  }));
  ZHILI_TRY(auto const full, parts_.db->read([](store::Reader& reader) {
    return reader.rows<std::int64_t>("SELECT hook FROM hook_delivery WHERE state = 1 GROUP BY hook HAVING count(*) > ?", waiting_max);
  }));
  for (auto const& [hook] : full) ZHILI_CHECK(hooks_.stop(hook, "full"));
  return {};
}

}  // namespace zhili::web::hooks
