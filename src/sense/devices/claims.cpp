// Boxes: a code for the worker, a secret for the device, and how the two meet.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "sense/devices/registering.hpp"

namespace zhili::sense::devices {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

namespace {

using OptionalInteger = std::optional<std::int64_t>;
constexpr std::string_view device_itself = "device";

struct Ticket {
  Id id = 0;
  std::string type, serial, secret_hash;
  core::Instant expires_at{};
  Id device = 0;
  std::optional<core::Instant> claimed_at = {};
};

std::optional<Ticket> ticket_where(store::Reader& r, std::string_view where, std::string_view what) {
  std::optional<Ticket> out;
  r.each<std::int64_t, std::string, std::string, std::string, std::int64_t, OptionalInteger, OptionalInteger>(
      "SELECT id, type, serial, secret_hash, expires_at, device, claimed_at FROM device_ticket WHERE ended = 0 AND " + std::string(where),
      [&](std::int64_t id, std::string type, std::string serial, std::string secret, std::int64_t expires, OptionalInteger device, OptionalInteger claimed) {
        out = Ticket{id, std::move(type), std::move(serial), std::move(secret), core::from_ms(expires), device.value_or(0), claimed ? std::optional(core::from_ms(*claimed)) : std::nullopt};
      },
      what);
  return out;
}

/// One answer for all reasons: whoever guesses learns nothing.
tl::unexpected<core::Error> cannot_announce() {
  return fail(Errc::forbidden, "device.announce",
              {"序列号或认领密钥不对，或已过期。请让管理员重新生成认领码。", "The serial number or the claim secret is not right, or its time is over. Ask an administrator for a new claim code."});
}

core::Result<> check_tickets(WantedTickets const& wanted) {
  if (wanted.days.count() < 1 || wanted.days > claim_days_max)
    return fail(Errc::invalid, "device.claim.days",
                {fmt::format("认领码的有效期是 1 至 {} 天。", claim_days_max.count()), fmt::format("A claim code is good for 1 to {} days.", claim_days_max.count())}, "days");
  if (wanted.serials.empty() || wanted.serials.size() > claim_codes_max)
    return fail(wanted.serials.empty() ? Errc::invalid : Errc::limit, "device.claim.serials",
                {fmt::format("一次写 1 至 {} 个序列号。", claim_codes_max), fmt::format("Give 1 to {} serial numbers at a time.", claim_codes_max)}, "serials");
  return {};
}

/// Of a device that is claimed and has not used a token yet: a new one, in place of that which it may not have got.
core::Result<std::string> hand_over_token(store::Writer& w, Ticket const& ticket, Device const& device, SecretKey const& key) {
  for (auto const& old : DeviceDesk::credentials(w, device.id)) {
    if (old.last_used_at) {  // it has what it needs
      w.exec("UPDATE device_ticket SET ended = 1 WHERE id = ?", ticket.id);
      return std::string();
    }
  }
  ZHILI_TRY(auto issued, write_credential(w, device, {.kind = CredentialKind::token, .rotate = true, .overlap = std::chrono::milliseconds(0)}, key, std::string(device_itself)));
  return std::move(issued.secret);
}

}  // namespace

core::Result<std::vector<ClaimTicket>> DeviceDesk::make_tickets(WantedTickets const& wanted, std::string const& actor) {
  ZHILI_CHECK(check_tickets(wanted));
  ZHILI_TRY(auto const* type, find_type(*parts_.catalogue, wanted.type));
  std::vector<ClaimTicket> out;
  std::set<std::string> seen;
  for (auto const& written : wanted.serials) {
    ZHILI_TRY(auto serial, checked_serial(written));
    if (!seen.insert(serial).second)
      return fail(Errc::invalid, "device.claim.twice", {fmt::format("序列号 {} 写了两次。", serial), fmt::format("The serial number {} is given twice.", serial)}, "serials");
    out.push_back({std::move(serial), new_claim_code(), new_secret(announce_prefix)});
  }
  ZHILI_CHECK(parts_.db.write([&](store::Writer& w) -> core::Result<> {
    for (auto const& ticket : out) {
      auto const life = w.value<std::int64_t>("SELECT life FROM device WHERE serial = ?", ticket.serial);
      if (life && static_cast<Life>(*life) != Life::unclaimed) return serial_taken(ticket.serial);
      ZHILI_TRY(auto const code, checked_claim_code(ticket.code));
      auto const expires = w.now() + wanted.days;
      auto const seq = w.append({.kind = EventKind::device_ticket_made, .actor = actor,
                                 .payload = boost::json::serialize(object{{"type", type->id}, {"serial", ticket.serial}, {"expires", core::to_iso(expires)}})});
      auto const waiting = w.value<OptionalInteger>("SELECT device FROM device_ticket WHERE serial = ? AND ended = 0", ticket.serial).value_or(std::nullopt);
      w.exec("UPDATE device_ticket SET ended = 1 WHERE serial = ? AND ended = 0", ticket.serial);
      w.exec("INSERT INTO device_ticket (id, type, serial, code_hash, secret_hash, made_at, expires_at, device, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", seq, type->id, ticket.serial,
             stored_hash(secret_hash(parts_.key, code)), stored_hash(secret_hash(parts_.key, ticket.secret)), w.now(), expires, waiting);
    }
    return {};
  }));
  return out;
}

core::Result<Announced> DeviceDesk::announce(std::string_view serial, std::string_view secret) {
  if (serial.size() > serial_characters_max || secret.size() > secret_bytes_max) return cannot_announce();
  auto const hash = stored_hash(secret_hash(parts_.key, secret));
  // Most announcements are repeated ones of a device that waits: they write nothing.
  struct Seen {
    std::optional<Ticket> ticket;
    std::optional<Device> device;
  };
  ZHILI_TRY(auto const seen, parts_.db.read([&](store::Reader& r) {
    Seen out{ticket_where(r, "serial = ?", serial), {}};
    if (out.ticket && out.ticket->device != 0) out.device = find(r, out.ticket->device);
    return out;
  }));
  auto const now = parts_.time.now();
  if (!seen.ticket || seen.ticket->secret_hash != hash) return cannot_announce();
  auto const good_until = seen.ticket->claimed_at ? *seen.ticket->claimed_at + claim_pickup : seen.ticket->expires_at;
  if (now >= good_until || (seen.device && seen.device->life == Life::disabled)) return cannot_announce();
  if (seen.device && !seen.ticket->claimed_at) return Announced{.device = seen.device->id};
  ZHILI_TRY(auto out, parts_.db.write([&](store::Writer& w) -> core::Result<Announced> {
    auto const ticket = ticket_where(w, "serial = ?", serial);
    if (!ticket || ticket->secret_hash != hash) return cannot_announce();
    if (ticket->claimed_at) {
      auto const device = find(w, ticket->device);
      if (!device) return cannot_announce();
      ZHILI_TRY(auto token, hand_over_token(w, *ticket, *device, parts_.key));
      return Announced{.device = device->id, .claimed = true, .token = std::move(token)};
    }
    if (ticket->device != 0) return Announced{.device = ticket->device};
    if (w.value<std::int64_t>("SELECT id FROM device WHERE serial = ?", ticket->serial)) return cannot_announce();
    auto const seq = w.append({.kind = EventKind::device_announced, .actor = std::string(device_itself),
                               .payload = boost::json::serialize(object{{"type", ticket->type}, {"serial", ticket->serial}})});
    auto const* type = parts_.catalogue->device_type(ticket->type);
    auto const shown = type ? fmt::format("{} {}", type->name.zh, ticket->serial) : ticket->serial;
    w.exec("INSERT INTO device (id, type, name, serial, life, area, place, component, is_private, made_at, words) VALUES (?, ?, ?, ?, ?, '', '', '', ?, ?, ?)", seq, ticket->type, shown,
           ticket->serial, Life::unclaimed, type && type->is_private ? 1 : 0, w.now(), search_words(shown, ticket->serial));
    w.exec("UPDATE device_ticket SET device = ? WHERE id = ?", seq, ticket->id);
    return Announced{.device = seq};
  }));
  ZHILI_CHECK(committed());
  return out;
}

core::Result<Device> DeviceDesk::claim(WantedClaim const& wanted, Keeper const& keeper) {
  ZHILI_TRY(auto const code, checked_claim_code(wanted.code));
  auto const hash = stored_hash(secret_hash(parts_.key, code));
  auto const index = parts_.places.now();
  ZHILI_TRY(auto made, parts_.db.write([&](store::Writer& w) -> core::Result<RegisteredDevice> {
    auto const ticket = ticket_where(w, "code_hash = ?", hash);
    if (!ticket)
      return fail(Errc::not_found, "device.claim.unknown", {"没有这个认领码，或它已被新的代替。", "There is no such claim code, or a newer one has taken its place."}, "code");
    if (ticket->claimed_at) return fail(Errc::conflict, "device.claim.claimed", {"这台设备已经认领过了。", "This device is claimed already."}, "code");
    if (w.now() >= ticket->expires_at)
      return fail(Errc::forbidden, "device.claim.over", {"认领码已过期。请让管理员重新生成。", "The claim code's time is over. Ask an administrator for a new one."}, "code");
    ZHILI_TRY(auto const prepared, ready({.type = ticket->type, .name = wanted.name, .serial = ticket->serial, .place = wanted.place}, *parts_.catalogue, *index));
    ZHILI_CHECK(keeper.check(prepared.place.area));
    ZHILI_TRY(auto out, write_device(w, prepared, parts_.things, EventKind::device_claimed, ticket->device, keeper.ref));
    w.exec("UPDATE device_ticket SET device = ?, claimed_at = ? WHERE id = ?", out.device.id, w.now(), ticket->id);
    return out;
  }));
  ZHILI_CHECK(committed(made.datastreams));
  return std::move(made.device);
}

}  // namespace zhili::sense::devices
