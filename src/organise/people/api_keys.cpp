#include "organise/people/api_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ranges>

#include "organise/people/password.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

constexpr std::string_view key_prefix = "zk_";
constexpr std::size_t key_characters = 43;
constexpr std::size_t key_bytes_max = 200;
constexpr std::string_view key_columns =
    "SELECT id, holder, scopes, issued_at, expires_at, used_at, revoked_at FROM api_key ";

/// A key is random, so a plain hash is enough: there is nothing to guess.
std::string key_hash(std::string_view key) { return std::string(store::hash_suite) + ":" + store::to_hex(store::sha256(key)); }

auto unknown_key() {
  return fail(Errc::forbidden, "api_key.unknown",
              {"API 密钥无效、已停用或已过期。请向管理员要一把新的。",
               "The API key is not valid, was revoked, or is past its day. Ask an administrator for a new one."},
              "api_key");
}

/// Scopes that a later program has written and this one does not know give nothing.
std::vector<Scope> scopes_of(std::string_view text) {
  std::vector<Scope> out;
  for (auto const scope : all_scopes)
    for (auto const word : std::views::split(text, ' '))
      if (std::string_view(word.begin(), word.end()) == name(scope)) out.push_back(scope);
  return out;
}

std::string words_of(std::vector<Scope> const& scopes) {
  return fmt::format("{}", fmt::join(scopes | std::views::transform([](Scope s) { return name(s); }), " "));
}

template <class... Args>
std::vector<ApiKey> keys_where(store::Reader& reader, std::string_view where, Args const&... args) {
  using Time = std::optional<std::int64_t>;
  auto const at = [](Time ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; };
  std::vector<ApiKey> out;
  for (auto& [id, holder, scopes, issued, expires, used, revoked] :
       reader.rows<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, Time, Time>(
           std::string(key_columns) + std::string(where), args...))
    out.push_back({id, std::move(holder), scopes_of(scopes), core::from_ms(issued), core::from_ms(expires), at(used), at(revoked)});
  return out;
}

core::Result<> check(NewApiKey const& wanted) {
  auto const characters = std::ranges::count_if(wanted.holder, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  bool const plain = std::ranges::none_of(wanted.holder, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (wanted.holder.empty() || !plain || static_cast<std::size_t>(characters) > key_holder_characters_max)
    return fail(Errc::invalid, "api_key.holder",
                {fmt::format("须写明密钥持有者，一行，最多 {} 个字符。", key_holder_characters_max),
                 fmt::format("Name the holder of the key, in one line of at most {} characters.", key_holder_characters_max)},
                "holder");
  if (wanted.scopes.empty())
    return fail(Errc::invalid, "api_key.scopes",
                {"须写明密钥可以做什么：至少一个范围。", "Say what the key may do: at least one scope."}, "scopes");
  if (wanted.days < 1 || wanted.days > key_days_max)
    return fail(Errc::invalid, "api_key.days",
                {fmt::format("密钥的有效期是 1 至 {} 天。", key_days_max), fmt::format("A key is good for 1 to {} days.", key_days_max)},
                "days");
  return {};
}

}  // namespace

std::string_view name(Scope scope) {
  switch (scope) {
    case Scope::open311_write: return "open311.write";
    case Scope::hotline_write: return "hotline.write";
    case Scope::sensing_write: return "sensing.write";
  }
  return {};
}

core::Text title(Scope scope) {
  switch (scope) {
    case Scope::open311_write: return {"通过 Open311 报送", "report through Open311"};
    case Scope::hotline_write: return {"发送热线工单", "send the work orders of a hotline"};
    case Scope::sensing_write: return {"发送传感器读数，维护物与数据流", "send observations, keep things and datastreams"};
  }
  return {};
}

core::Result<Scope> scope_from(std::string_view wanted) {
  for (auto const scope : all_scopes)
    if (name(scope) == wanted) return scope;
  auto const known = words_of({all_scopes.begin(), all_scopes.end()});
  return fail(Errc::invalid, "api_key.scope",
              {fmt::format("没有范围「{}」；可用的有：{}。", wanted, known), fmt::format("There is no scope \"{}\"; there are: {}.", wanted, known)},
              "scopes");
}

bool ApiKey::may(Scope scope) const { return std::ranges::find(scopes, scope) != scopes.end(); }

core::Result<> need_scope(ApiKey const& key, Scope scope) {
  if (key.may(scope)) return {};
  return fail(Errc::forbidden, "api_key.scope_lacking",
              {fmt::format("这把密钥没有范围「{}」（{}）。请向管理员要一把有的。", name(scope), title(scope).zh),
               fmt::format("This key lacks the scope \"{}\" ({}). Ask an administrator for one that has it.", name(scope), title(scope).en)},
              "api_key");
}

core::Result<IssuedKey> ApiKeys::issue(store::Writer& w, NewApiKey const& wanted, std::string const& actor) const {
  ZHILI_CHECK(check(wanted));
  IssuedKey out{.secret = std::string(key_prefix) + random_word(key_characters)};
  auto const scopes = words_of(wanted.scopes);
  auto const expires = w.now() + std::chrono::days(wanted.days);
  out.id = w.append({.kind = EventKind::api_key_issued,
                     .actor = actor,
                     .payload = boost::json::serialize(boost::json::object{
                         {"holder", wanted.holder}, {"scopes", scopes}, {"expires", core::to_iso(expires)}})});
  w.exec("INSERT INTO api_key (id, holder, key_hash, scopes, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)", out.id, wanted.holder,
         key_hash(out.secret), scopes, w.now(), expires);
  return out;
}

core::Result<IssuedKey> ApiKeys::issue(NewApiKey const& wanted, std::string const& actor) {
  return db_.write([&](store::Writer& w) { return issue(w, wanted, actor); });
}

core::Result<> ApiKeys::revoke(std::int64_t id, std::string const& actor) {
  auto const revoked = db_.write([&](store::Writer& w) -> core::Result<> {
    auto const known = keys_where(w, "WHERE id = ?", id);
    if (known.empty()) return fail(Errc::not_found, "api_key.id", {"没有这把密钥。", "There is no such key."}, "id");
    if (known.front().revoked_at) return fail(Errc::conflict, "api_key.revoked", {"这把密钥已经停用。", "This key was revoked before."}, "id");
    w.exec("UPDATE api_key SET revoked_at = ? WHERE id = ?", w.now(), id);
    w.append({.kind = EventKind::api_key_revoked, .subject = id, .actor = actor, .payload = "{}"});
    return {};
  });
  std::lock_guard const lock(mutex_);
  known_.clear();
  return revoked;
}

std::vector<ApiKey> ApiKeys::list(store::Reader& reader) const { return keys_where(reader, "ORDER BY id DESC"); }

void ApiKeys::touch(Known& known, core::Instant now) {
  if (now - known.touched < key_touch_after) return;
  known.touched = now;
  db_.write_later(
      [id = known.key->id, now](store::Writer& w) -> core::Result<> {
        w.exec("UPDATE api_key SET used_at = ? WHERE id = ? AND (used_at IS NULL OR used_at < ?)", now, id, now);
        return {};
      },
      [](core::Result<> const&) {});  // a use that is not written down misleads nobody for long
}

core::Result<ApiKey> ApiKeys::find(std::string_view secret) {
  if (!secret.starts_with(key_prefix) || secret.size() > key_bytes_max) return unknown_key();
  auto const hash = key_hash(secret);
  auto const now = time_.now();
  {
    std::lock_guard const lock(mutex_);
    auto const found = known_.find(hash);
    if (found != known_.end() && found->second.until > now) {
      if (!found->second.key || found->second.key->expires_at <= now) return unknown_key();
      touch(found->second, now);
      return *found->second.key;
    }
  }
  ZHILI_TRY(auto rows, db_.read([&](store::Reader& r) { return keys_where(r, "WHERE key_hash = ? AND revoked_at IS NULL", hash); }));
  std::lock_guard const lock(mutex_);
  if (known_.size() >= keys_remembered_max) known_.clear();  // somebody is trying keys
  auto& known = known_[hash];
  known.until = now + key_remembered;
  known.key = rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
  if (!known.key || known.key->expires_at <= now) return unknown_key();
  known.touched = std::max(known.touched, known.key->used_at.value_or(core::Instant{}));
  touch(known, now);
  return *known.key;
}

}  // namespace zhili::organise
