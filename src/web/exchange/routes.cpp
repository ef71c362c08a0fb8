#include "web/exchange/routes.hpp"

#include <boost/json.hpp>

#include "organise/calls/call_desk.hpp"
#include "store/among.hpp"
#include "web/api/routes.hpp"
#include "web/api/view.hpp"
#include "web/people/acting.hpp"

namespace zhili::web::exchange {

using boost::json::array;
using core::EventKind;
using boost::json::object;
using boost::json::value;

namespace {

constexpr std::size_t words_max = 200;  // of what was said about one case, in one answer

Response json_of(object const& body) { return Response::json(boost::json::serialize(body)); }

value text_or_null(std::string const& text) { return text.empty() ? value(nullptr) : value(text); }

value peer_name(std::string const& code, Exchange const& exchange) {
  auto const found = std::ranges::find(exchange.peers(), code, &catalogue::Peer::code);
  return found == exchange.peers().end() ? value(code) : value(to_json(found->name));
}

object message_json(Message const& message, core::Zone const& zone) {
  return {{"entry", message.entry},
          {"what", message.what == What::request ? "request" : "update"},
          {"status", text_or_null(message.status)},
          {"state", name(message.state)},
          {"made_at", time_json(message.made_at, zone)},
          {"attempts", message.attempts},
          {"next_at", message.state == MessageState::waiting ? time_json(message.next_at, zone) : value(nullptr)},
          {"trouble", text_or_null(message.trouble)}};
}

object handover_json(store::Reader& reader, Handover const& handover, Exchange const& exchange, ApiParts const& parts) {
  array messages;
  auto const line = respond::find_case(reader, handover.case_id);
  for (auto const& message : Exchange::messages(reader, handover.id)) messages.push_back(message_json(message, parts.zone));
  return {{"id", handover.id},
          {"case", line ? case_number(*line, parts) : std::to_string(handover.case_id)},
          {"peer", handover.peer},
          {"peer_name", peer_name(handover.peer, exchange)},
          {"state", name(handover.state)},
          {"reference", handover.reference},
          {"remote", text_or_null(handover.remote)},
          {"began_at", time_json(handover.began_at, parts.zone)},
          {"place_kept_back", line && Exchange::keeps_place_back(reader, handover, *line)},
          {"messages", std::move(messages)}};
}

/// What entries about the exchange of a case are about: the peers that work on it, and the reports that other systems sent.
std::vector<std::int64_t> subjects_of(store::Reader& reader, std::vector<Handover> const& handovers, std::int64_t case_id) {
  std::vector<std::int64_t> out;
  for (auto const& handover : handovers) out.push_back(handover.id);
  for (auto const& [id] : reader.rows<std::int64_t>("SELECT id FROM signal WHERE case_id = ?", case_id)) out.push_back(id);
  return out;
}

/// What others said about a case, and what we did about it; their words stay sealed.
array said_json(store::Reader& reader, std::vector<Handover> const& handovers, std::int64_t case_id, ApiParts const& parts, std::int64_t before) {
  auto const subjects = subjects_of(reader, handovers, case_id);
  array out;
  if (subjects.empty()) return out;
  std::vector<store::Value> args{static_cast<std::int64_t>(EventKind::exchange_begun), static_cast<std::int64_t>(EventKind::exchange_retried)};
  auto const sql = "SELECT l.seq, l.kind, coalesce(l.happened, l.at), a.ref, l.payload, (SELECT count(*) FROM private_record p WHERE p.subject = l.seq AND "
                   "p.destroyed_at IS NULL) FROM ledger l JOIN actor a ON a.id = l.actor WHERE l.kind BETWEEN ? AND ? "
                   "AND l.subject" + store::among(subjects, args) + " AND (l.seq < ? OR ? = 0) ORDER BY l.seq DESC LIMIT ?";
  args.insert(args.end(), {before, before, static_cast<std::int64_t>(words_max)});
  reader.each<std::int64_t, std::int64_t, std::int64_t, std::string, std::string, std::int64_t>(
      sql,
      [&](std::int64_t seq, std::int64_t kind, std::int64_t at, std::string who, std::string payload, std::int64_t sealed) {
        boost::system::error_code failed;
        auto const parsed = boost::json::parse(payload, failed);
        auto const* data = failed ? nullptr : parsed.if_object();
        auto const field = [&](char const* key) {
          auto const* found = data ? data->if_contains(key) : nullptr;
          return found && found->is_string() ? value(*found) : value(nullptr);
        };
        out.push_back(object{{"seq", seq},
                             {"kind", core::name(static_cast<core::EventKind>(kind))},
                             {"at", time_json(core::from_ms(at), parts.zone)},
                             {"who", who},
                             {"status", field("status")},
                             {"sealed", sealed > 0},
                             {"reason", field("reason")},
                             {"why", field("why")},
                             {"remote", field("remote")}});
      },
      args);
  return out;
}

core::Result<Response> of_case(Call const& call, Exchange const& exchange, PeopleParts const& parts) {
  auto const places = parts.api.places->now();
  return parts.api.db->read([&](store::Reader& reader) -> core::Result<Response> {
    ZHILI_TRY(auto const line, case_known_to(reader, call.caller(), call.path.text("no"), parts));
    ZHILI_TRY(auto const theirs, is_on_duty(reader, call.caller(), line, *places));
    if (!theirs) return not_yours();
    auto const handovers = Exchange::of_case(reader, line.id);
    array out;
    for (auto const& handover : handovers) out.push_back(handover_json(reader, handover, exchange, parts.api));
    auto said = said_json(reader, handovers, line.id, parts.api, call.query.integer("before").value_or(0));
    auto next = said.size() == words_max ? value(said.back().at("seq")) : value(nullptr);
    return json_of({{"handovers", std::move(out)}, {"said", std::move(said)}, {"next", std::move(next)}});
  });
}

/// The words of one message, for whoever says what for.
core::Result<Response> open_words(Call const& call, PeopleParts const& parts) {
  auto const entry = call.path.integer("entry").value_or(0);
  organise::WantedReading wanted{.purpose = call.body.text("purpose"), .note = call.body.text("note")};
  ZHILI_CHECK(parts.api.db->read([&](store::Reader& reader) -> core::Result<> {
    ZHILI_TRY(auto const line, case_by_number(reader, call.path.text("no"), parts.api));
    ZHILI_TRY(wanted.departments, departments_of(reader, line.id));
    wanted.target = target_of(*parts.api.places->now(), line.area_id, line.item, line.department);
    auto const subjects = subjects_of(reader, Exchange::of_case(reader, line.id), line.id);
    wanted.secret = std::ranges::any_of(subjects, [&](auto id) { return organise::CallDesk::is_secret(reader, id); });
    auto const about = reader.value<std::int64_t>("SELECT subject FROM ledger WHERE seq = ? AND kind IN (?, ?)", entry, EventKind::exchange_said,
                                                  EventKind::exchange_heard);
    if (about && std::ranges::find(subjects, *about) != subjects.end()) return {};
    return core::fail(core::Errc::not_found, "exchange.no_words", {"这个案卷没有这一条。", "The case has no such message."}, "entry");
  }));
  ZHILI_TRY(auto const* grant, organise::may_open(call.caller().grants, wanted, *parts.private_words));
  ZHILI_TRY(auto const opened, parts.vault->read(entry, call.caller().ref(), organise::purpose_text(wanted.purpose, wanted.note), grant->post));
  object fields;
  for (auto const& record : opened)
    for (auto const& [name, text] : record.fields) fields[name] = text;
  return json_of({{"fields", std::move(fields)}});
}

/// Whoever hands cases over answers for what goes with them.
core::Result<Response> tell_place(Call const& call, Exchange& exchange, PeopleParts const& parts) {
  ZHILI_TRY(auto const id, parts.api.db->read([&](store::Reader& reader) -> core::Result<std::int64_t> {
    ZHILI_TRY(auto const line, case_by_number(reader, call.path.text("no"), parts.api));
    auto const all = actors(call.caller(), target_of(*parts.api.places->now(), line.area_id, line.item, line.department));
    bool const may = std::ranges::any_of(all, [](auto const& actor) {
      return actor.roles.has(respond::Role::dispatcher) || actor.roles.has(respond::Role::dispatcher_lead);
    });
    if (!may) return not_yours();
    return line.id;
  }));
  ZHILI_CHECK(exchange.tell_place(call.path.integer("id").value_or(0), id, call.caller().ref(), call.body.text("reason")));
  return Response::no_content();
}

core::Result<Response> overview(Call const& call, Exchange const& exchange, PeopleParts const& parts) {
  return parts.api.db->read([&](store::Reader& reader) {
    array peers;
    for (auto const& peer : exchange.peers()) {
      auto const health = exchange.health(reader, peer.code);
      auto const* department = parts.api.installation->department(peer.department);
      peers.push_back(object{{"code", peer.code},
                             {"name", to_json(peer.name)},
                             {"url", peer.url},
                             {"department", department ? value(to_json(department->name)) : value(nullptr)},
                             {"asked_until", time_json(health.asked_until, parts.api.zone)},
                             {"trouble", text_or_null(health.trouble)},
                             {"trouble_since", time_json(health.trouble_since, parts.api.zone)},
                             {"open", health.open},
                             {"waiting", health.waiting},
                             {"given_up", health.given_up}});
    }
    array handovers;
    auto const page = Exchange::open_ones(reader, call.query.integer("before").value_or(0));
    for (auto const& handover : page) handovers.push_back(handover_json(reader, handover, exchange, parts.api));
    auto next = page.size() == exchanges_page_max ? value(page.back().id) : value(nullptr);
    return json_of({{"peers", std::move(peers)}, {"handovers", std::move(handovers)}, {"next", std::move(next)}});
  });
}

// ---- descriptions

using shape::integer;
using shape::nullable;
using shape::record;
using shape::text;

Shape handover_shape() {
  auto const message = record("", {{"entry", integer()}, {"what", shape::choice({"request", "update"})}, {"status", nullable(text())},
                                   {"state", shape::choice({"waiting", "said", "given_up"})}, {"made_at", shape::time()}, {"attempts", integer()},
                                   {"next_at", nullable(shape::time())}, {"trouble", nullable(text())}});
  return record("Handover", {{"id", integer()}, {"case", text()}, {"peer", text()}, {"peer_name", shape::anything()},
                             {"state", shape::choice({"to_be_sent", "with_them", "ended"})}, {"reference", text()},
                             {"remote", nullable(text()), {"对方的请求编号", "The other system's id of the request"}}, {"began_at", shape::time()},
                             {"place_kept_back", shape::flag(), {"确切地点不公开，没有告知对方", "The exact place is kept back, and they were not told it"}},
                             {"messages", shape::list(message)}});
}

Shape said_shape() {
  return record("", {{"seq", integer()}, {"kind", text()}, {"at", shape::time()}, {"who", text()}, {"status", nullable(text())},
                     {"sealed", shape::flag(), {"有话，写明用途才能看", "There are words, to be opened with a purpose"}}, {"reason", nullable(text())},
                     {"why", nullable(text())}, {"remote", nullable(text())}});
}

Shape peer_shape() {
  return record("ExchangePeer", {{"code", text()}, {"name", shape::both_languages()}, {"url", text()}, {"department", nullable(shape::both_languages())},
                                 {"asked_until", nullable(shape::time())}, {"trouble", nullable(text())}, {"trouble_since", nullable(shape::time())},
                                 {"open", integer()}, {"waiting", integer()}, {"given_up", integer()}});
}

}  // namespace

void mount_exchange(Operations& operations, Exchange& exchange, PeopleParts const& parts) {
  operations.add({.id = "getCaseExchange", .method = Method::get, .pattern = "/api/v1/cases/{no}/exchange", .summary = {"案卷交给了哪个系统，对方说了什么", "Which systems work on a case, and what they said"},
                  .who = signed_in_within(Who::Within::its_case), .path = {case_number_field()},
                  .query = {optional("before", integer(), {"上一页的 next", "next of the page before"})},
                  .good = {{.shape = record("CaseExchange", {{"handovers", shape::list(handover_shape())}, {"said", shape::list(said_shape())}, {"next", nullable(integer())}})}}},
                 [&exchange, parts](Call const& call) { return of_case(call, exchange, parts); });
  operations.add({.id = "openExchangeWords", .method = Method::post, .pattern = "/api/v1/work/cases/{no}/exchange/{entry}/private",
                  .summary = {"写明用途，查看别的系统说的话", "Open what another system wrote, saying what for"}, .who = proved(signed_in()),
                  .path = {case_number_field(), needed("entry", integer(), {"那一条的编号", "Number of the message's entry"})},
                  .body = private_reading_fields(), .good = {{.shape = private_words_shape()}}},
                 [parts](Call const& call) { return open_words(call, parts); });
  Who dispatchers(Who::Kind::signed_in, {"dispatcher", "dispatcher_lead"}, Who::Within::its_case);
  operations.add({.id = "tellExactPlace", .method = Method::post, .pattern = "/api/v1/cases/{no}/exchange/{id}/place",
                  .summary = {"把不公开的确切地点告知对方", "Let the other system know a place that is kept back"}, .who = std::move(dispatchers),
                  .path = {case_number_field(), needed("id", integer(), {"交办编号", "id of the handover"})},
                  .body = {needed("reason", text(respond::max_reason_chars), {"为什么对方要知道", "Why they have to know"})}, .good = {{.status = 204}}},
                 [&exchange, parts](Call const& call) { return tell_place(call, exchange, parts); });
  operations.add({.id = "getExchange", .method = Method::get, .pattern = "/api/v1/exchange", .summary = {"与别的系统往来的情况", "How the exchange with other systems goes"},
                  .who = with_role(organise::administrator_role),
                  .query = {optional("before", integer(), {"上一页的 next", "next of the page before"})},
                  .good = {{.shape = record("Exchange", {{"peers", shape::list(peer_shape())}, {"handovers", shape::list(handover_shape())}, {"next", nullable(integer())}})}}},
                 [&exchange, parts](Call const& call) { return overview(call, exchange, parts); });
  operations.add({.id = "sayAgain", .method = Method::post, .pattern = "/api/v1/exchange/{id}/again", .summary = {"把没说成的再说一次", "Say again what could not be said"},
                  .who = with_role(organise::administrator_role), .path = {needed("id", integer(), {"交办编号", "id of the handover"})}, .good = {{.status = 204}}},
                 [&exchange](Call const& call) -> core::Result<Response> {
                   ZHILI_CHECK(exchange.again(call.path.integer("id").value_or(0), call.caller().ref()));
                   return Response::no_content();
                 });
}

}  // namespace zhili::web::exchange
