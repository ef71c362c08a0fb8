#include "sense/devices/gatekeeper.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

#include "sense/devices/changes.hpp"
#include "store/among.hpp"
#include "store/ledger.hpp"

namespace zhili::sense::devices {

namespace {

constexpr std::int64_t for_ever_ms = std::numeric_limits<std::int64_t>::max();

struct GateCredential {
  GateCredential(Id d, Id c, CredentialKind k, std::int64_t until, std::int64_t used, bool admitted)
      : device(d), credential(c), until_ms(until), told_ms(used), used_ms(used), kind(k), good(admitted) {}
  Id device, credential;
  std::int64_t until_ms;
  mutable std::int64_t told_ms;               // what take_uses() gave last; its one caller alone writes it
  mutable std::atomic<std::int64_t> used_ms;  // written under a shared lock
  CredentialKind kind;
  bool good;  // its device is active
};

/// Few words for many devices.
class WordNumbers {
 public:
  std::uint16_t number(std::string_view word) {
    auto const found = std::ranges::find(words_, word);
    if (found != words_.end()) return static_cast<std::uint16_t>(found - words_.begin());
    words_.emplace_back(word);
    return static_cast<std::uint16_t>(words_.size() - 1);
  }
  std::string const& word(std::uint16_t number) const { return words_[number]; }

 private:
  std::vector<std::string> words_;
};

struct GateRow {
  std::string serial;
  std::int64_t thing = 0;
  std::uint16_t type = 0;
  Life life = Life::active;
  std::vector<std::pair<std::uint16_t, std::int64_t>> streams;  // number of its word, datastream
  std::vector<SecretHash> credentials;
};

/// What is read anew of some devices.
struct GateNews {
  struct Device {
    Id id = 0;
    std::string type, serial;
    Life life = Life::active;
    std::int64_t thing = 0;
  };
  struct Stream {
    Id device = 0;
    std::string stream;
    std::int64_t datastream = 0;
  };
  struct Credential {
    Id id = 0, device = 0;
    CredentialKind kind = CredentialKind::token;
    SecretHash hash{};
    std::int64_t until_ms = for_ever_ms, used_ms = 0;
  };
  std::vector<Device> devices;
  std::vector<Stream> streams;
  std::vector<Credential> credentials;
  store::Seq last = 0;
};

// The statements differ in their ends only: `everything` is one walk at the start.
constexpr std::string_view gate_devices = "SELECT id, type, serial, life, thing FROM device";
constexpr std::string_view gate_streams = "SELECT device, stream, datastream FROM device_stream";
constexpr std::string_view gate_credentials = "SELECT id, device, kind, hash, expires_at, last_used_at FROM device_credential WHERE disabled_at IS NULL";

void read_news(store::Reader& r, GateNews& out, std::string const& of_devices, std::string const& of_streams, std::string const& of_credentials,
               std::vector<store::Value> const& args) {
  r.each<std::int64_t, std::string, std::string, std::int64_t, std::optional<std::int64_t>>(
      std::string(gate_devices) + of_devices,
      [&](std::int64_t id, std::string type, std::string serial, std::int64_t life, std::optional<std::int64_t> thing) {
        out.devices.push_back({id, std::move(type), std::move(serial), static_cast<Life>(life), thing.value_or(0)});
      },
      args);
  r.each<std::int64_t, std::string, std::int64_t>(
      std::string(gate_streams) + of_streams,
      [&](std::int64_t device, std::string stream, std::int64_t datastream) { out.streams.push_back({device, std::move(stream), datastream}); }, args);
  r.each<std::int64_t, std::int64_t, std::int64_t, std::string_view, std::optional<std::int64_t>, std::optional<std::int64_t>>(
      std::string(gate_credentials) + of_credentials,
      [&](std::int64_t id, std::int64_t device, std::int64_t kind, std::string_view hash, std::optional<std::int64_t> expires, std::optional<std::int64_t> used) {
        if (auto const read = hash_from(hash))
          out.credentials.push_back({id, device, static_cast<CredentialKind>(kind), *read, expires.value_or(for_ever_ms), used.value_or(0)});
      },
      args);
}

void read_news_of(store::Reader& r, GateNews& out, std::span<Id const> devices) {
  for (std::size_t at = 0; at < devices.size(); at += devices_read_max) {
    auto const part = devices.subspan(at, std::min(devices_read_max, devices.size() - at));
    std::vector<store::Value> args;
    auto const in = store::among(std::vector<Id>(part.begin(), part.end()), args);
    read_news(r, out, " WHERE id" + in, " WHERE device" + in + " ORDER BY datastream", " AND device" + in, args);
  }
}

}  // namespace

std::string_view name(CredentialKind kind) { return kind == CredentialKind::token ? "token" : "mqtt"; }

std::optional<CredentialKind> credential_kind_from(std::string_view wanted) {
  for (auto const kind : {CredentialKind::token, CredentialKind::mqtt})
    if (name(kind) == wanted) return kind;
  return std::nullopt;
}

struct Gatekeeper::Inside {
  store::Db& db;
  SecretKey key;
  core::TimeSource const& time;

  mutable std::shared_mutex mutex = {};
  std::unordered_map<SecretHash, GateCredential, SecretHashOf> credentials = {};
  std::unordered_map<Id, GateRow> devices = {};
  std::unordered_map<std::string_view, Id> serials = {};        // views into `devices`
  std::vector<std::pair<std::int64_t, Id>> owners = {};         // by datastream
  WordNumbers words = {};

  std::mutex following = {};  // one at a time
  store::Seq at = 0;
  std::vector<std::function<void(std::span<Id const>)>> listeners = {};

  void forget(Id device);
  void apply(GateNews const& news);
  std::optional<Pass> pass(std::string_view secret, CredentialKind kind, std::string_view user) const;
};

void Gatekeeper::Inside::forget(Id device) {
  auto const found = devices.find(device);
  if (found == devices.end()) return;
  for (auto const& hash : found->second.credentials) credentials.erase(hash);
  found->second.credentials.clear();
}

/// Under an exclusive lock. A device is never removed, nor does it lose a stream.
void Gatekeeper::Inside::apply(GateNews const& news) {
  std::unordered_map<Id, std::int64_t> used;  // what is not written down yet must not be lost
  for (auto const& device : news.devices) {
    auto const known = devices.find(device.id);
    if (known != devices.end())
      for (auto const& hash : known->second.credentials)
        if (auto const c = credentials.find(hash); c != credentials.end()) used[c->second.credential] = c->second.used_ms.load(std::memory_order_relaxed);
    forget(device.id);
    auto& row = devices[device.id];
    if (row.serial.empty()) {
      row.serial = device.serial;
      serials.emplace(row.serial, device.id);
    }
    row.thing = device.thing;
    row.type = words.number(device.type);
    row.life = device.life;
    row.streams.clear();
  }
  bool sorted = true;
  for (auto const& stream : news.streams) {
    auto const row = devices.find(stream.device);
    if (row == devices.end()) continue;
    row->second.streams.emplace_back(words.number(stream.stream), stream.datastream);
    if (!owners.empty() && owners.back().first >= stream.datastream) {
      if (std::ranges::binary_search(owners, std::pair(stream.datastream, stream.device))) continue;
      sorted = false;
    }
    owners.emplace_back(stream.datastream, stream.device);
    if (!sorted) {
      std::ranges::sort(owners);
      sorted = true;
    }
  }
  for (auto const& credential : news.credentials) {
    auto const row = devices.find(credential.device);
    if (row == devices.end()) continue;
    auto const before = used.find(credential.id);
    auto const [at_hash, is_new] = credentials.try_emplace(credential.hash, credential.device, credential.id, credential.kind, credential.until_ms, credential.used_ms,
                                                           row->second.life == Life::active);
    if (!is_new) continue;
    if (before != used.end()) at_hash->second.used_ms = std::max(before->second, credential.used_ms);
    row->second.credentials.push_back(credential.hash);
  }
}

std::optional<Pass> Gatekeeper::Inside::pass(std::string_view secret, CredentialKind kind, std::string_view user) const {
  auto const hash = secret_hash(key, secret);
  auto const now_ms = core::to_ms(time.now());
  std::shared_lock const lock(mutex);
  auto const found = credentials.find(hash);
  if (found == credentials.end()) return std::nullopt;
  auto const& credential = found->second;
  if (!credential.good || credential.kind != kind || now_ms >= credential.until_ms) return std::nullopt;
  if (kind == CredentialKind::mqtt) {
    auto const device = devices.find(credential.device);
    if (device == devices.end() || device->second.serial != user) return std::nullopt;
  }
  credential.used_ms.store(now_ms, std::memory_order_relaxed);
  return Pass{credential.device, credential.credential};
}

Gatekeeper::Gatekeeper(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Gatekeeper::~Gatekeeper() = default;

core::Result<std::unique_ptr<Gatekeeper>> Gatekeeper::open(store::Db& db, SecretKey const& key, core::TimeSource const& time) {
  std::unique_ptr<Gatekeeper> out(new Gatekeeper(std::unique_ptr<Inside>(new Inside{.db = db, .key = key, .time = time})));
  GateNews news;
  ZHILI_CHECK(db.read([&](store::Reader& r) {
    news.last = store::last_seq(r);
    read_news(r, news, "", " ORDER BY datastream", "", {});
  }));
  out->inside_->apply(news);
  out->inside_->at = news.last;
  return out;
}

std::optional<Pass> Gatekeeper::who(std::string_view token) const {
  if (!token.starts_with(token_prefix) || token.size() > secret_bytes_max) return std::nullopt;
  return inside_->pass(token, CredentialKind::token, {});
}

std::optional<Pass> Gatekeeper::who(std::string_view user, std::string_view password) const {
  if (!password.starts_with(password_prefix) || password.size() > secret_bytes_max) return std::nullopt;
  return inside_->pass(password, CredentialKind::mqtt, user);
}

Id Gatekeeper::owner(std::int64_t datastream) const {
  std::shared_lock const lock(inside_->mutex);
  auto const& owners = inside_->owners;
  auto const found = std::ranges::lower_bound(owners, datastream, {}, &std::pair<std::int64_t, Id>::first);
  return found != owners.end() && found->first == datastream ? found->second : 0;
}

std::int64_t Gatekeeper::datastream(Id device, std::string_view stream) const {
  std::shared_lock const lock(inside_->mutex);
  auto const row = inside_->devices.find(device);
  if (row == inside_->devices.end()) return 0;
  for (auto const& [word, datastream] : row->second.streams)
    if (inside_->words.word(word) == stream) return datastream;
  return 0;
}

Id Gatekeeper::with_serial(std::string_view serial) const {
  std::shared_lock const lock(inside_->mutex);
  auto const found = inside_->serials.find(serial);
  return found == inside_->serials.end() ? 0 : found->second;
}

bool Gatekeeper::admits(Id device) const {
  std::shared_lock const lock(inside_->mutex);
  auto const found = inside_->devices.find(device);
  return found != inside_->devices.end() && found->second.life == Life::active;
}

namespace {

GateDevice gate_device(Id id, GateRow const& row, WordNumbers const& words) {
  GateDevice out{.device = id, .serial = row.serial, .type = words.word(row.type), .life = row.life, .thing = row.thing};
  for (auto const& [word, datastream] : row.streams) out.streams.push_back({words.word(word), datastream});
  return out;
}

}  // namespace

std::optional<GateDevice> Gatekeeper::find(Id device) const {
  std::shared_lock const lock(inside_->mutex);
  auto const found = inside_->devices.find(device);
  return found == inside_->devices.end() ? std::nullopt : std::optional(gate_device(device, found->second, inside_->words));
}

void Gatekeeper::each(std::function<void(GateDevice const&)> const& visit) const {
  std::shared_lock const lock(inside_->mutex);
  std::vector<Id> ids;
  ids.reserve(inside_->devices.size());
  for (auto const& [id, row] : inside_->devices) ids.push_back(id);
  std::ranges::sort(ids);
  for (auto const id : ids) visit(gate_device(id, inside_->devices.at(id), inside_->words));
}

core::Result<> Gatekeeper::follow() {
  std::unique_lock const following(inside_->following);
  GateNews news;
  std::vector<Id> changed;
  ZHILI_CHECK(inside_->db.read([&](store::Reader& r) {
    auto found = changes_after(r, inside_->at, core::EventKind::device_registered, core::EventKind::device_credential_disabled);
    read_news_of(r, news, found.devices);
    news.last = found.last;
    changed = std::move(found.devices);
  }));
  inside_->at = news.last;
  if (changed.empty()) return {};
  {
    std::unique_lock const lock(inside_->mutex);
    inside_->apply(news);
  }
  for (auto const& listener : inside_->listeners) listener(changed);
  return {};
}

void Gatekeeper::on_change(std::function<void(std::span<Id const>)> listener) {
  std::unique_lock const following(inside_->following);
  inside_->listeners.push_back(std::move(listener));
}

std::vector<std::pair<Id, core::Instant>> Gatekeeper::take_uses() {
  std::shared_lock const lock(inside_->mutex);
  std::vector<std::pair<Id, core::Instant>> out;
  for (auto const& [hash, credential] : inside_->credentials) {
    auto const used = credential.used_ms.load(std::memory_order_relaxed);
    if (used <= credential.told_ms) continue;
    credential.told_ms = used;
    out.emplace_back(credential.credential, core::from_ms(used));
  }
  return out;
}

}  // namespace zhili::sense::devices
