#include "respond/signals/desk.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "respond/cases/table.hpp"
#include "respond/filled.hpp"
#include "store/ledger.hpp"

namespace zhili::respond {

namespace {

using core::Errc;
using core::EventKind;
using core::fail;

constexpr std::size_t token_bytes = 16;

std::string new_token() {
  std::array<unsigned char, token_bytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, token_bytes * 2 + 1> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

/// What is kept of a token: whoever reads the database cannot follow with it.
std::string token_digest(std::string_view token) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<unsigned char const*>(token.data()), token.size(), nullptr, 0);
  std::array<char, 65> text{};
  return sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
}

tl::unexpected<core::Error> no_signal(Id id) {
  return fail(Errc::not_found, "signal.unknown",
              {fmt::format("没有编号为 {} 的信号。", id), fmt::format("There is no signal {}.", id)}, "signal");
}

SignalEvent received_event(Report const& report, catalogue::Item const& item, core::Instant now, Actor const& actor) {
  SignalEvent event{.kind = EventKind::signal_received, .at = now, .actor = actor.ref};
  event.role = role_in(who_may(Subject::signal, Verb::collect, Stage::none), actor.roles);
  event.item = item.code;
  event.channel = report.channel;
  event.place = report.place;
  event.address = report.address;
  event.answers = report.answers;
  event.photos = report.photos;
  event.media_urls = report.media_urls;
  event.is_private = report.words_private || report.is_private || !item.open;
  if (!event.is_private) event.words = report.words;
  return event;
}

store::PrivateFields private_fields(Report const& report) {
  store::PrivateFields out;
  if (!report.name.empty()) out["name"] = report.name;
  if (!report.phone.empty()) out["phone"] = report.phone;
  if (!report.mail.empty()) out["mail"] = report.mail;
  if (report.words_private && !report.words.empty()) out["words"] = report.words;
  return out;
}

}  // namespace

core::Result<SignalDesk::Ready> SignalDesk::prepare(Report report, Actor actor) {
  auto const* item = catalogue_->find(report.item);
  if (!item)
    return fail(Errc::not_found, "item.unknown",
                {fmt::format("目录里没有事项“{}”。", report.item), fmt::format("The catalogue has no item \"{}\".", report.item)}, "item");
  std::erase_if(report.answers, [&](auto const& answer) {  // to questions that the item does not have: not ours to keep
    return std::none_of(item->asks.begin(), item->asks.end(), [&](auto const& ask) { return ask.code == answer.first; });
  });
  ZHILI_CHECK(check_report(report, *item));
  auto token = report.token.empty() ? new_token() : report.token;
  Ready ready{std::move(report), std::move(actor), item, {}, std::move(token)};
  auto const fields = private_fields(ready.report);
  if (!fields.empty()) {
    ZHILI_TRY(ready.sealed, vault_.seal(fields, time_.now() + contact_kept_for));
  }
  return ready;
}

void SignalDesk::receive(Report report, Actor actor, std::function<void(core::Result<Received>)> done) {
  auto prepared = prepare(std::move(report), std::move(actor));
  if (!prepared) return done(fail(std::move(prepared).error()));
  auto outcome = std::make_shared<Received>();
  db_.write_later(
      [this, outcome, ready = std::make_shared<Ready>(std::move(*prepared))](store::Writer& writer) -> core::Result<> {
        ZHILI_TRY(*outcome, take(writer, *ready));
        return {};
      },
      [outcome, done = std::move(done)](core::Result<> committed) {
        if (committed) done(std::move(*outcome));
        else done(fail(std::move(committed).error()));
      });
}

core::Result<Received> SignalDesk::receive(Report report, Actor const& actor, Along const& along) {
  ZHILI_TRY(auto const ready, prepare(std::move(report), actor));
  return db_.write([&](store::Writer& writer) -> core::Result<Received> {
    ZHILI_TRY(auto received, take(writer, ready));
    if (along && !received.repeated) ZHILI_CHECK(along(writer, received));
    return received;
  });
}

core::Result<Received> SignalDesk::receive(store::Writer& writer, Report report, Actor const& actor) {
  if (!private_fields(report).empty())
    return fail(Errc::internal, "report.sealed", {"带个人信息的上报要先封存。", "A report with personal fields is sealed first."}, {}, "receive() inside of a piece of work");
  ZHILI_TRY(auto const ready, prepare(std::move(report), actor));
  return take(writer, ready);
}

core::Result<Received> SignalDesk::take(store::Writer& w, Ready const& ready) {
  auto const& report = ready.report;
  if (!report.token.empty()) {
    auto const seen = w.row<std::int64_t, std::int64_t>("SELECT id, received_at FROM signal WHERE token = ?", token_digest(report.token));
    if (seen) return Received{std::get<0>(*seen), report.token, core::from_ms(std::get<1>(*seen)), true};
  }
  if (!report.digest.empty()) {
    auto const seen = w.row<std::int64_t, std::int64_t>("SELECT id, received_at FROM signal WHERE digest = ? AND received_at > ?",
                                                        report.digest, w.now() - repeat_window);
    if (seen) return Received{std::get<0>(*seen), {}, core::from_ms(std::get<1>(*seen)), true};
  }
  auto event = received_event(report, *ready.item, w.now(), ready.actor);
  if (ready.sealed) event.private_reference = ready.sealed->reference();
  auto const id = w.append({EventKind::signal_received, 0, ready.actor.ref, encode(event)});
  auto const located = report.place ? places_.locate(*report.place) : Located{};
  auto const coordinate = [&](std::int32_t core::LatLon::*part) {
    return report.place ? std::optional<std::int64_t>((*report.place).*part) : std::nullopt;
  };
  w.exec("INSERT INTO signal (id, item, state, channel, received_at, lat_e7, lon_e7, location_unknown, area_id, grid, address, words, "
         "token, digest, released, private, incident_id, case_id) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,0,?,NULL,NULL)",
         id, ready.item->code, Stage::collected, report.channel, w.now(), coordinate(&core::LatLon::lat_e7),
         coordinate(&core::LatLon::lon_e7), !report.place, located.area_id, filled(located.grid), filled(report.address),
         filled(event.words), token_digest(ready.token), filled(report.digest), event.is_private);
  if (ready.sealed) store::Vault::keep(w, id, *ready.sealed);
  if (ready.item->same_thing && ready.item->same_thing->join && report.place && !event.is_private)
    arm_timers(w, id, 1, {{TimerKind::signal_join, "", w.now()}});
  ZHILI_CHECK(keep_photos(w, photos_, {.entry = id, .subject = id, .names = report.photos, .urls = report.media_urls}));
  return Received{id, ready.token, w.now(), false};
}

core::Result<SignalState> SignalDesk::load(store::Reader& reader, Id signal) {
  SignalState state{.id = signal};
  for (auto const& entry : store::entries_of(reader, signal)) {
    auto const kind = core::name(entry.kind);
    if (!kind.starts_with("signal.") && !kind.starts_with("clock.")) continue;
    ZHILI_TRY(auto const event, decode_signal(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload));
    state = apply(std::move(state), event);
  }
  if (state.stage == Stage::none) return no_signal(signal);
  return state;
}

std::optional<Id> SignalDesk::by_token(store::Reader& reader, std::string_view token) {
  return reader.value<std::int64_t>("SELECT id FROM signal WHERE token = ?", token_digest(token));
}

}  // namespace zhili::respond
