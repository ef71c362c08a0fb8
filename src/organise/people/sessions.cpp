#include "organise/people/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "organise/people/password.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

constexpr std::size_t token_characters = 43;  // 258 bits
constexpr std::size_t typed_bytes_max = 400;

/// Tokens are random, so a plain hash is enough: there is nothing to guess.
std::string hash_of(std::string_view text) { return std::string(store::hash_suite) + ":" + store::to_hex(store::sha256(text)); }

auto wrong() {
  return fail(Errc::forbidden, "sign_in.wrong", {"登录名或密码不对。", "The login or the password is wrong."});
}

auto shut(core::Instant until, core::Instant now) {
  auto const minutes = std::chrono::ceil<std::chrono::minutes>(until - now).count();
  return fail(Errc::limit, "sign_in.locked",
              {fmt::format("输错次数太多，请 {} 分钟后再试，或请管理员重设密码。", minutes),
               fmt::format("Too many wrong passwords: try again in {} minutes, or ask an administrator for a new password.", minutes)});
}

auto no_session() {
  return fail(Errc::forbidden, "session.none", {"请先登录。", "Please sign in."});
}

bool over(core::Instant began, core::Instant used, core::Instant now) {
  return now >= began + session_life_max || now >= used + session_idle_max;
}

/// The beginning of the hash is enough to tell the sessions of one account apart.
std::string id_of_hash(std::string_view token_hash) {
  constexpr std::size_t id_characters = 16;
  return std::string(token_hash.substr(store::hash_suite.size() + 1, id_characters));
}

std::optional<std::string> hash_of_id(store::Reader& reader, std::int64_t account, std::string_view id) {
  for (auto& [hash] : reader.rows<std::string>("SELECT token_hash FROM session WHERE account_id = ?", account))
    if (id_of_hash(hash) == id) return std::move(hash);
  return std::nullopt;
}

}  // namespace

core::Result<> Sessions::check_lock(std::string_view login_hash, std::string_view address) {
  auto const now = this->now();
  if (auto const until = failures_by_address_.full_until(counted_address(address), now)) return shut(*until, now);
  ZHILI_TRY(auto const locked, db_.read([&](store::Reader& r) {
    return r.value<std::int64_t>("SELECT locked_until FROM sign_in_failure WHERE login_hash = ? AND locked_until > ?", login_hash, now);
  }));
  if (locked) return shut(core::from_ms(*locked), now);
  return {};
}

core::Error Sessions::refuse(std::string const& login, std::string const& login_hash, std::string const& address) {
  failures_by_address_.count(counted_address(address), now());
  auto const counted = db_.write([&](store::Writer& w) {
    w.exec("DELETE FROM sign_in_failure WHERE last_at < ?", now() - sign_in_failures_kept);
    auto const failures =
        w.value<std::int64_t>("SELECT failures FROM sign_in_failure WHERE login_hash = ?", login_hash).value_or(0) + 1;
    bool const lock = failures >= sign_in_failures_max;
    std::optional<core::Instant> until;
    if (lock) until = now() + sign_in_lock;
    w.exec("INSERT INTO sign_in_failure (login_hash, failures, last_at, locked_until) VALUES (?, ?, ?, ?) "
           "ON CONFLICT (login_hash) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, "
           "locked_until = excluded.locked_until",
           login_hash, lock ? 0 : failures, now(), until);
    if (!lock) return;
    if (auto const account = accounts_.find(w, login))
      w.append({.kind = EventKind::account_locked, .subject = account->id, .actor = "system", .payload = "{}"});
  });
  return counted ? wrong().value() : counted.error();
}

core::Result<Sessions::Fitting> Sessions::fitting(std::string const& login, std::string const& password, std::string const& address) {
  if (login.size() > typed_bytes_max || password.size() > typed_bytes_max) return wrong();
  auto const login_hash = hash_of(login);
  ZHILI_CHECK(check_lock(login_hash, address));
  struct Known {
    std::optional<Account> account;
    std::string password;
  };
  ZHILI_TRY(auto known, db_.read([&](store::Reader& r) {
    return Known{accounts_.find(r, login), r.value<std::string>("SELECT password FROM account WHERE login = ?", login).value_or("")};
  }));
  bool const fits = password_fits(known.password, password);
  if (!fits || !known.account || known.account->disabled) return fail(refuse(login, login_hash, address));
  return Fitting{std::move(*known.account), std::move(known.password)};
}

/// The account may have changed while the password was tried.
bool Sessions::still_fits(store::Writer& w, Fitting const& known) {
  return w.value<std::string>("SELECT password FROM account WHERE id = ? AND disabled = 0", known.account.id) == known.stored;
}

core::Result<SignedIn> Sessions::sign_in(std::string const& login, std::string const& password, std::string const& address) {
  ZHILI_TRY(auto const known, fitting(login, password, address));
  return db_.write([&](store::Writer& w) -> core::Result<SignedIn> {
    if (!still_fits(w, known)) return wrong();
    forget_failures(w, login);
    return begin(w, known.account, {.by = std::string(means_password), .proved_at = now()});
  });
}

core::Result<SignedIn> Sessions::change_password(Session const& session, std::string const& before, std::string const& after,
                                                 std::string const& address) {
  ZHILI_CHECK(check_password(after, session.account.login));
  ZHILI_TRY(auto known, fitting(session.account.login, before, address));
  ZHILI_TRY(auto const hash, hash_password(after));
  return db_.write([&](store::Writer& w) -> core::Result<SignedIn> {
    if (!still_fits(w, known)) return wrong();
    accounts_.keep_password(w, known.account, hash, false, "staff:" + known.account.person);
    known.account.must_change = false;
    return begin(w, known.account, {.by = std::string(means_password), .proved_at = now()});
  });
}

SignedIn Sessions::begin(store::Writer& w, Account const& account, Means const& means) const {
  SignedIn out{random_word(token_characters), random_word(token_characters), account};
  w.exec("INSERT INTO session (token_hash, account_id, csrf, began_at, used_at, proved_at, means, provider_subject, provider_session) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
         hash_of(out.token), account.id, out.csrf, now(), now(), means.proved_at, means.by, means.subject, means.session);
  return out;
}

core::Result<> Sessions::prove(store::Writer& w, Session const& session) const {
  auto const hash = hash_of_id(w, session.account.id, session.id);
  if (!hash) return no_session();
  w.exec("UPDATE session SET proved_at = ? WHERE token_hash = ?", now(), *hash);
  return {};
}

core::Result<> Sessions::prove(Session const& session, std::string const& password, std::string const& address) {
  ZHILI_TRY(auto const known, fitting(session.account.login, password, address));
  return db_.write([&](store::Writer& w) -> core::Result<> {
    if (!still_fits(w, known)) return wrong();
    forget_failures(w, session.account.login);
    return prove(w, session);
  });
}

core::Result<> Sessions::need_proof(Session const& session) const {
  if (now() < session.proved_at + proof_fresh) return {};
  return fail(Errc::forbidden, "session.proof",
              {fmt::format("这一步要先确认是您本人：请再输入一次密码或使用通行密钥，{} 分钟内有效。", proof_fresh.count()),
               fmt::format("For this, prove once more who you are, by password or passkey; it counts for {} minutes.", proof_fresh.count())});
}

std::vector<OpenSession> Sessions::of(store::Reader& reader, std::int64_t account) const {
  auto const now = this->now();
  std::vector<OpenSession> out;
  for (auto& [hash, means, began, used] : reader.rows<std::string, std::string, std::int64_t, std::int64_t>(
           "SELECT token_hash, means, began_at, used_at FROM session WHERE account_id = ? ORDER BY used_at DESC", account))
    if (!over(core::from_ms(began), core::from_ms(used), now))
      out.push_back({id_of_hash(hash), std::move(means), core::from_ms(began), core::from_ms(used)});
  return out;
}

core::Result<> Sessions::end(std::int64_t account, std::string const& id) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const hash = hash_of_id(w, account, id);
    if (!hash) return fail(Errc::not_found, "session.id", {"没有这个会话，或它已经结束。", "There is no such session, or it has ended."}, "id");
    w.exec("DELETE FROM session WHERE token_hash = ?", *hash);
    return {};
  });
}

core::Result<Session> Sessions::find(std::string_view token) {
  if (token.size() != token_characters) return no_session();
  auto const hash = hash_of(token);
  auto const now = this->now();
  struct Known {
    std::optional<std::tuple<std::string, std::int64_t, std::int64_t, std::string, std::string, std::int64_t>> row;
    std::optional<Account> account;
  };
  ZHILI_TRY(auto const known, db_.read([&](store::Reader& r) {
    Known out;
    out.row = r.row<std::string, std::int64_t, std::int64_t, std::string, std::string, std::int64_t>(
        "SELECT s.csrf, s.began_at, s.used_at, a.login, s.means, s.proved_at FROM session s JOIN account a ON a.id = s.account_id "
        "WHERE s.token_hash = ? AND a.disabled = 0",
        hash);
    if (out.row) out.account = accounts_.find(r, std::get<3>(*out.row));
    return out;
  }));
  if (!known.account) return no_session();
  auto const& [csrf, began, used, login, means, proved] = *known.row;
  if (over(core::from_ms(began), core::from_ms(used), now)) return no_session();
  if (now - core::from_ms(used) >= session_touch_after)
    db_.write_later(
        [hash, now](store::Writer& w) -> core::Result<> {
          w.exec("UPDATE session SET used_at = ? WHERE token_hash = ?", now, hash);
          return {};
        },
        [](core::Result<> const&) {});  // a use that is not written down shortens the session at worst
  return Session{id_of_hash(hash), *known.account, csrf, means, core::from_ms(began), core::from_ms(proved)};
}

core::Result<> Sessions::sign_out(std::string_view token) {
  return db_.write([&](store::Writer& w) { w.exec("DELETE FROM session WHERE token_hash = ?", hash_of(token)); });
}

core::Result<std::int64_t> Sessions::sweep() {
  return db_.write([&](store::Writer& w) -> std::int64_t {
    w.exec("DELETE FROM sign_in_failure WHERE last_at < ?", now() - sign_in_failures_kept);
    return w.exec("DELETE FROM session WHERE began_at <= ? OR used_at <= ?", now() - session_life_max, now() - session_idle_max);
  });
}

void end_sessions(store::Writer& writer, std::int64_t account) { writer.exec("DELETE FROM session WHERE account_id = ?", account); }

void forget_failures(store::Writer& writer, std::string_view login) {
  writer.exec("DELETE FROM sign_in_failure WHERE login_hash = ?", hash_of(login));
}

}  // namespace zhili::organise
