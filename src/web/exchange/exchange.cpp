#include "web/exchange/exchange.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <random>

#include "bus/lease.hpp"
#include "store/sealing.hpp"
#include "web/exchange/line.hpp"
#include "web/hooks/retry.hpp"

namespace zhili::web::exchange {

using core::Errc;
using core::fail;
using std::chrono::milliseconds;

namespace {

using Text = std::optional<std::string>;

core::Result<std::string> key_in(std::filesystem::path const& file, catalogue::Peer const& peer) {
  std::ifstream in(file);
  std::string key;
  if (in >> key) return key;
  return fail(Errc::not_found, "exchange.key_file",
              {fmt::format("读不到 {} 的密钥文件 {}。请把对方发给的 API key 写进去。", peer.code, file.string()),
               fmt::format("The key file {} of {} cannot be read. Put the API key that they gave into it.", file.string(), peer.code)},
              "key_file");
}

constexpr std::string_view handover_columns = "SELECT id, case_id, peer, state, reference, remote, began_at FROM exchange ";

std::vector<Handover> handovers(store::Reader& reader, std::string const& where, std::vector<store::Value> const& args) {
  std::vector<Handover> out;
  reader.each<std::int64_t, std::int64_t, std::string, std::int64_t, std::string, Text, std::int64_t>(
      std::string(handover_columns) + where,
      [&](std::int64_t id, std::int64_t case_id, std::string peer, std::int64_t state, std::string reference, Text remote, std::int64_t began) {
        out.push_back(handover_from(id, case_id, std::move(peer), state, std::move(reference), std::move(remote), began));
      },
      args);
  return out;
}

}  // namespace

std::string_view name(State state) {
  switch (state) {
    case State::to_be_sent: return "to_be_sent";
    case State::with_them: return "with_them";
    case State::ended: return "ended";
  }
  return "";
}

std::string_view name(MessageState state) {
  switch (state) {
    case MessageState::waiting: return "waiting";
    case MessageState::said: return "said";
    case MessageState::given_up: return "given_up";
  }
  return "";
}

Handover handover_from(std::int64_t id, std::int64_t case_id, std::string peer, std::int64_t state, std::string reference, Text remote, std::int64_t began) {
  return {id, case_id, std::move(peer), static_cast<State>(state), std::move(reference), remote.value_or(""), core::from_ms(began)};
}

double chance() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(random);
}

Exchange::Exchange(ApiParts parts, respond::CaseDesk& cases, store::Vault& vault)
    : parts_(std::move(parts)), cases_(cases), vault_(vault), holder_(store::random_record_name()) {}
Exchange::~Exchange() { stop(); }

core::Result<std::unique_ptr<Exchange>> Exchange::open(ApiParts parts, respond::CaseDesk& cases, store::Vault& vault, client::Client& client,
                                                       std::filesystem::path const& data) {
  std::unique_ptr<Exchange> out(new Exchange(std::move(parts), cases, vault));
  for (auto const& peer : out->peers()) {
    ZHILI_TRY(auto key, key_in(data / peer.key_file, peer));
    out->lines_.emplace(peer.code, std::make_unique<Line>(peer, std::move(key), client));
  }
  return out;
}

std::vector<catalogue::Peer> const& Exchange::peers() const { return parts_.installation->peers; }

Exchange::Line& Exchange::line_of(std::string const& peer) { return *lines_.at(peer); }

void Exchange::start() {
  if (lines_.empty()) return;
  manager_ = std::make_unique<bus::Worker>([this] { return manage(); });
  for (auto& [code, line] : lines_) line->worker = std::make_unique<bus::Worker>([this, own = line.get()] { return work(*own); });
}

void Exchange::stop() {
  manager_.reset();
  for (auto& [code, line] : lines_) line->worker.reset();
}

std::chrono::nanoseconds Exchange::manage() {
  bool leads = parts_.db->engine() == "sqlite";  // one process owns such a directory
  if (!leads) leads = bus::hold(*parts_.db, "exchange", holder_, parts_.time->now(), exchange_lease_s).value_or(false);
  leading_ = leads;
  if (!leads) return exchange_feed_every_ms;
  auto const fed = feed();
  if (!fed) spdlog::error("exchange: {} {}", fed.error().text.en, fed.error().detail);
  return fed && *fed ? milliseconds(0) : exchange_feed_every_ms;
}

std::chrono::nanoseconds Exchange::work(Line& line) {
  if (!leading_) return exchange_feed_every_ms;
  auto const now = parts_.time->now();
  bool said = false;
  if (now >= line.rest_until) {
    auto const rest = say_next(line.peer.code, now);
    if (!rest) spdlog::error("exchange with {}: {} {}", line.peer.code, rest.error().text.en, rest.error().detail);
    if (rest && *rest) line.rest_until = now + std::min<milliseconds>(**rest, peer_rest_most_s);
    said = rest && *rest && **rest == milliseconds(0);
  }
  if (now < line.ask_at) return said ? milliseconds(0) : exchange_feed_every_ms;
  auto const asked = ask(line.peer.code, now);
  line.failures = asked ? 0 : line.failures + 1;
  line.ask_at = now + (asked ? milliseconds(line.peer.ask_every) : std::max<milliseconds>(line.peer.ask_every, *retry_wait(line.failures, milliseconds(0), chance())));
  if (!asked) spdlog::warn("exchange with {}: {} {}", line.peer.code, asked.error().text.en, asked.error().detail);
  return exchange_feed_every_ms;
}

std::vector<Handover> Exchange::of_case(store::Reader& reader, std::int64_t case_id) {
  return handovers(reader, "WHERE case_id = ? ORDER BY id", {case_id});
}

std::vector<Handover> Exchange::open_ones(store::Reader& reader, std::int64_t before) {
  return handovers(reader, "WHERE (id < ? OR ? = 0) AND (state < 3 OR EXISTS (SELECT 1 FROM exchange_message m WHERE m.exchange = exchange.id AND m.state <> 2)) ORDER BY id DESC LIMIT ?",
                   {before, before, static_cast<std::int64_t>(exchanges_page_max)});
}

std::vector<Message> Exchange::messages(store::Reader& reader, std::int64_t handover) {
  std::vector<Message> out;
  reader.each<std::int64_t, std::int64_t, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, Text>(
      "SELECT entry, what, status, state, made_at, attempts, next_at, trouble FROM exchange_message WHERE exchange = ? ORDER BY entry",
      [&](std::int64_t entry, std::int64_t what, std::string status, std::int64_t state, std::int64_t made, std::int64_t attempts, std::int64_t next, Text trouble) {
        out.push_back({entry, static_cast<What>(what), std::move(status), static_cast<MessageState>(state), core::from_ms(made), static_cast<int>(attempts),
                       core::from_ms(next), trouble.value_or("")});
      },
      handover);
  return out;
}

PeerHealth Exchange::health(store::Reader& reader, std::string const& peer) const {
  PeerHealth out;
  out.peer = peer;
  reader.each<std::int64_t, Text, std::optional<std::int64_t>>(
      "SELECT asked_until, trouble, trouble_since FROM exchange_peer WHERE peer = ?",
      [&](std::int64_t until, Text trouble, std::optional<std::int64_t> since) {
        out.asked_until = core::from_ms(until);
        out.trouble = trouble.value_or("");
        if (since) out.trouble_since = core::from_ms(*since);
      },
      peer);
  out.open = reader.value<std::int64_t>("SELECT count(*) FROM exchange WHERE peer = ? AND state < 3", peer).value_or(0);
  out.waiting = reader.value<std::int64_t>("SELECT count(*) FROM exchange_message WHERE peer = ? AND state = 1", peer).value_or(0);
  out.given_up = reader.value<std::int64_t>("SELECT count(*) FROM exchange_message WHERE peer = ? AND state = 3", peer).value_or(0);
  return out;
}

}  // namespace zhili::web::exchange
