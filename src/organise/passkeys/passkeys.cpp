#include "organise/passkeys/passkeys.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "organise/people/password.hpp"
#include "organise/sign_on/base64url.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

constexpr std::size_t challenge_characters = 43;  // 258 bits


std::string_view name(PasskeyPurpose purpose) {
  switch (purpose) {
    case PasskeyPurpose::make: return "make";
    case PasskeyPurpose::sign_in: return "sign_in";
    case PasskeyPurpose::prove: return "prove";
  }
  return {};
}

auto unknown_passkey() {
  return fail(Errc::forbidden, "passkey.unknown",
              {"这里不认识这把通行密钥。请用密码登录，再在「我的账号」里登记它。",
               "This passkey is not known here. Sign in with the password and add it under \"My account\"."});
}

core::Result<> check_name(std::string_view text) {
  auto const characters = std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  bool const plain = std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (!text.empty() && plain && static_cast<std::size_t>(characters) <= passkey_name_characters_max) return {};
  return fail(Errc::invalid, "passkey.name",
              {fmt::format("给通行密钥起个名字，好认出是哪台设备，最多 {} 个字符。", passkey_name_characters_max),
               fmt::format("Name the passkey by its device, in at most {} characters.", passkey_name_characters_max)},
              "name");
}

}  // namespace

std::string user_handle(std::int64_t account) { return fmt::format("zhili-{}", account); }

core::Result<std::string> Passkeys::challenge(PasskeyPurpose purpose, std::int64_t account) {
  // The browser decodes the challenge and encodes it again: only whole bytes come back as they were.
  auto out = to_base64url(random_word(challenge_characters));
  auto const written = db_.write([&](store::Writer& w) -> core::Result<> {
    w.exec("DELETE FROM passkey_challenge WHERE ends_at <= ?", sessions_.now());
    if (w.value<std::int64_t>("SELECT COUNT(*) FROM passkey_challenge").value_or(0) >= passkey_challenges_max)
      return fail(Errc::busy, "sign_on.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."});
    w.exec("INSERT INTO passkey_challenge (challenge_hash, account_id, purpose, ends_at) VALUES (?, ?, ?, ?)", store::sha256_hex(out), account,
           name(purpose), sessions_.now() + passkey_challenge_within);
    return {};
  });
  if (!written) return fail(written.error());
  return out;
}

/// A challenge is taken before the proof is looked at: it is good once, whatever comes of it.
core::Result<std::string> Passkeys::take_challenge(std::string_view client_data, PasskeyPurpose purpose, std::int64_t account) {
  ZHILI_TRY(auto challenge, challenge_of(client_data));
  auto const hash = store::sha256_hex(challenge);
  ZHILI_TRY(auto const taken, db_.write([&](store::Writer& w) {
    auto const found = w.value<std::int64_t>(
        "SELECT ends_at FROM passkey_challenge WHERE challenge_hash = ? AND purpose = ? AND account_id = ?", hash, name(purpose), account);
    w.exec("DELETE FROM passkey_challenge WHERE challenge_hash = ?", hash);
    return found.has_value() && core::from_ms(*found) > sessions_.now();
  }));
  if (taken) return challenge;
  return fail(Errc::forbidden, "passkey.challenge",
              {"等得太久，或这次的请求已经用过。请重试。", "That took too long, or this request was used before. Try again."});
}

core::Result<std::int64_t> Passkeys::make(Account const& account, Registration const& said, std::string const& called,
                                          std::string const& actor) {
  ZHILI_CHECK(check_name(called));
  ZHILI_TRY(auto const challenge, take_challenge(said.client_data, PasskeyPurpose::make, account.id));
  ZHILI_TRY(auto const made, check_registration(said, party_, challenge));
  return db_.write([&](store::Writer& w) -> core::Result<std::int64_t> {
    auto const credential = to_base64url(made.id);
    if (w.value<std::int64_t>("SELECT id FROM passkey WHERE credential = ?", credential))
      return fail(Errc::conflict, "passkey.known", {"这把通行密钥已经登记过。", "This passkey is known already."});
    if (of(w, account.id).size() >= passkeys_of_account_max)
      return fail(Errc::limit, "passkey.many",
                  {fmt::format("一个账号最多 {} 把通行密钥；请先删掉不用的。", passkeys_of_account_max),
                   fmt::format("An account has at most {} passkeys: remove one that is not used any more.", passkeys_of_account_max)});
    auto const id = w.append({.kind = EventKind::passkey_made, .actor = actor, .payload = fmt::format(R"({{"account":{}}})", account.id)});
    w.exec("INSERT INTO passkey (id, account_id, credential, algorithm, public_key, sign_count, name, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
           id, account.id, credential, made.algorithm, to_base64url(made.public_key), made.sign_count, called, w.now());
    return id;
  });
}

core::Result<> Passkeys::remove(Account const& account, std::int64_t id, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    if (w.exec("DELETE FROM passkey WHERE id = ? AND account_id = ?", id, account.id) == 0)
      return fail(Errc::not_found, "passkey.id", {"您没有这把通行密钥。", "You have no such passkey."}, "id");
    w.append({.kind = EventKind::passkey_removed, .subject = id, .actor = actor, .payload = "{}"});
    return {};
  });
}

std::vector<Passkey> Passkeys::of(store::Reader& reader, std::int64_t account) const {
  std::vector<Passkey> out;
  for (auto& [id, called, made, used, credential] :
       reader.rows<std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>, std::string>(
           "SELECT id, name, made_at, used_at, credential FROM passkey WHERE account_id = ? ORDER BY id", account))
    out.push_back({id, std::move(called), core::from_ms(made), used ? std::optional(core::from_ms(*used)) : std::nullopt, std::move(credential)});
  return out;
}

core::Result<Passkeys::Used> Passkeys::checked(Assertion const& said, std::string_view challenge) {
  ZHILI_TRY(auto const kept, db_.read([&](store::Reader& r) -> std::optional<std::pair<Used, Credential>> {
    auto const row = r.row<std::int64_t, std::int64_t, std::string, std::int64_t, std::int64_t>(
        "SELECT id, algorithm, public_key, sign_count, account_id FROM passkey WHERE credential = ?", to_base64url(said.credential));
    if (!row) return std::nullopt;
    auto const& [id, algorithm, key, count, account] = *row;
    auto const before = static_cast<std::uint32_t>(count);
    return std::pair(Used{id, account, before, before}, Credential{said.credential, static_cast<CoseAlgorithm>(algorithm), from_base64url(key).value_or(""), before});
  }));
  if (!kept || (!said.user.empty() && said.user != user_handle(kept->first.account))) return unknown_passkey();
  auto out = kept->first;
  ZHILI_TRY(out.count, check_assertion(said, kept->second, party_, challenge));
  return out;
}

/// Removed meanwhile, an account that was closed, a copy of the key that was faster: all of them are seen here, in the one writer.
core::Result<Account> Passkeys::use(store::Writer& w, Used const& used) const {
  auto const login = w.value<std::string>(
      "SELECT a.login FROM passkey p JOIN account a ON a.id = p.account_id WHERE p.id = ? AND p.sign_count = ? AND a.disabled = 0", used.id, used.count_before);
  auto account = login ? accounts_.find(w, *login) : std::nullopt;
  if (!account) return unknown_passkey();
  w.exec("UPDATE passkey SET sign_count = ?, used_at = ? WHERE id = ?", used.count, w.now(), used.id);
  return std::move(*account);
}

core::Result<SignedIn> Passkeys::sign_in(Assertion const& said) {
  ZHILI_TRY(auto const challenge, take_challenge(said.client_data, PasskeyPurpose::sign_in, 0));
  ZHILI_TRY(auto const used, checked(said, challenge));
  return db_.write([&](store::Writer& w) -> core::Result<SignedIn> {
    ZHILI_TRY(auto const account, use(w, used));
    return sessions_.begin(w, account, {.by = std::string(means_passkey), .proved_at = sessions_.now()});
  });
}

core::Result<> Passkeys::prove(Session const& session, Assertion const& said) {
  ZHILI_TRY(auto const challenge, take_challenge(said.client_data, PasskeyPurpose::prove, session.account.id));
  ZHILI_TRY(auto const used, checked(said, challenge));
  if (used.account != session.account.id) return unknown_passkey();
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_CHECK(use(w, used));
    return sessions_.prove(w, session);
  });
}

}  // namespace zhili::organise
