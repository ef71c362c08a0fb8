#include "web/open311/api_keys.hpp"

#include <openssl/rand.h>

#include <array>
#include <boost/json.hpp>

#include "store/digest.hpp"
#include "web/utf8.hpp"

namespace zhili::web::open311 {

using core::Errc;
using core::fail;

namespace {

constexpr std::string_view key_prefix = "zk_";
constexpr std::size_t key_max_bytes = 200;

std::string random_key() {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr std::size_t characters = 43;  // of 6 bits: more than 256 bits
  std::array<unsigned char, characters> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return {};
  std::string key(key_prefix);
  for (auto const byte : random) key += digits[byte & 63];
  return key;
}

/// A key is 256 random bits, so a plain hash is enough: there is nothing to guess.
std::string key_hash(std::string_view key) {
  return std::string(store::hash_suite) + ":" + store::to_hex(store::sha256(key));
}

std::string holder_payload(std::string const& holder) {
  return boost::json::serialize(boost::json::object{{"holder", holder}});
}

auto unknown_key() {
  return fail(Errc::forbidden, "open311.key",
              {"API 密钥无效或已停用。", "The API key is not valid, or was revoked."}, "api_key");
}

}  // namespace

core::Result<std::string> ApiKeys::issue(std::string const& holder, std::string const& actor) {
  if (holder.empty() || !is_clean_utf8(holder) || count_characters(holder) > holder_max_characters) {
    return fail(
        Errc::invalid, "api_key.holder",
        {"须写明密钥持有者，最多 " + std::to_string(holder_max_characters) + " 个字符。",
         "Name the holder of the key, in at most " + std::to_string(holder_max_characters) + " characters."},
        "holder");
  }
  auto key = random_key();
  if (key.empty())
    return fail(Errc::unavailable, "api_key.random",
                {"系统无法提供随机数。", "The system gives no random numbers."});
  auto const written = db_.write([&](store::Writer& w) {
    auto const id = w.append(
        {.kind = core::EventKind::api_key_issued, .actor = actor, .payload = holder_payload(holder)});
    w.exec("INSERT INTO api_key (id, holder, key_hash, issued_at) VALUES (?, ?, ?, ?)", id, holder,
           key_hash(key), w.now());
  });
  if (!written) return fail(written.error());
  return key;
}

core::Result<std::int64_t> ApiKeys::revoke(std::string const& holder, std::string const& actor) {
  auto const revoked = db_.write([&](store::Writer& w) -> std::int64_t {
    auto const n =
        w.exec("UPDATE api_key SET revoked_at = ? WHERE holder = ? AND revoked_at IS NULL", w.now(), holder);
    if (n > 0) {
      w.append({.kind = core::EventKind::api_key_revoked, .actor = actor, .payload = holder_payload(holder)});
    }
    return n;
  });
  std::lock_guard const lock(mutex_);
  known_.clear();
  return revoked;
}

core::Result<std::string> ApiKeys::holder(std::string_view key) {
  if (key.empty() || key.size() > key_max_bytes) return unknown_key();
  auto const hash = key_hash(key);
  auto const now = time_.now();
  {
    std::lock_guard const lock(mutex_);
    auto const found = known_.find(hash);
    if (found != known_.end() && found->second.until > now) {
      if (!found->second.holder) return unknown_key();
      return *found->second.holder;
    }
  }
  auto const read = db_.read([&](store::Reader& r) {
    return r.value<std::string>("SELECT holder FROM api_key WHERE key_hash = ? AND revoked_at IS NULL", hash);
  });
  if (!read) return fail(read.error());
  std::lock_guard const lock(mutex_);
  if (known_.size() >= remembered_max) known_.clear();  // somebody is trying keys
  known_[hash] = {*read, now + remember_s};
  if (!*read) return unknown_key();
  return **read;
}

}  // namespace zhili::web::open311
