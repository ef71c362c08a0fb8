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

}  // namespace

std::string counted_address(std::string_view address) {
  if (address.find(':') == std::string_view::npos) return std::string(address);
  std::string out;
  int groups = 0;
  for (auto const c : address) {
    if (c == ':' && ++groups == 4) break;
    out += c;
  }
  return out;
}

std::optional<core::Instant> AddressFailures::shut_until(std::string_view address, core::Instant now) {
  std::lock_guard const lock(mutex_);
  auto const found = windows_.find(counted_address(address));
  if (found == windows_.end() || found->second.failures < address_failures_max) return std::nullopt;
  auto const until = found->second.began + address_failures_within;
  return now < until ? std::optional(until) : std::nullopt;
}

void AddressFailures::failed(std::string_view address, core::Instant now) {
  std::lock_guard const lock(mutex_);
  if (windows_.size() >= addresses_remembered_max)
    std::erase_if(windows_, [&](auto const& w) { return now >= w.second.began + address_failures_within; });
  if (windows_.size() >= addresses_remembered_max) windows_.clear();  // whoever has so many addresses is not held by this
  auto& window = windows_[counted_address(address)];
  if (now >= window.began + address_failures_within) window = {now, 0};
  ++window.failures;
}

core::Result<> Sessions::check_lock(std::string_view login_hash, std::string_view address) {
  auto const now = time_.now();
  if (auto const until = addresses_.shut_until(address, now)) return shut(*until, now);
  ZHILI_TRY(auto const locked, db_.read([&](store::Reader& r) {
    return r.value<std::int64_t>("SELECT locked_until FROM sign_in_failure WHERE login_hash = ? AND locked_until > ?", login_hash, now);
  }));
  if (locked) return shut(core::from_ms(*locked), now);
  return {};
}

core::Result<SignedIn> Sessions::refuse(std::string const& login, std::string const& login_hash, std::string const& address) {
  addresses_.failed(address, time_.now());
  auto const counted = db_.write([&](store::Writer& w) {
    w.exec("DELETE FROM sign_in_failure WHERE last_at < ?", w.now() - sign_in_failures_kept);
    auto const failures =
        w.value<std::int64_t>("SELECT failures FROM sign_in_failure WHERE login_hash = ?", login_hash).value_or(0) + 1;
    bool const lock = failures >= sign_in_failures_max;
    std::optional<core::Instant> until;
    if (lock) until = w.now() + sign_in_lock;
    w.exec("INSERT INTO sign_in_failure (login_hash, failures, last_at, locked_until) VALUES (?, ?, ?, ?) "
           "ON CONFLICT (login_hash) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, "
           "locked_until = excluded.locked_until",
           login_hash, lock ? 0 : failures, w.now(), until);
    if (!lock) return;
    if (auto const account = accounts_.find(w, login))
      w.append({.kind = EventKind::account_locked, .subject = account->id, .actor = "system", .payload = "{}"});
  });
  if (!counted) return fail(counted.error());
  return wrong();
}

core::Result<SignedIn> Sessions::sign_in(std::string const& login, std::string const& password, std::string const& address) {
  if (login.size() > typed_bytes_max || password.size() > typed_bytes_max) return wrong();
  auto const login_hash = hash_of(login);
  ZHILI_CHECK(check_lock(login_hash, address));
  struct Known {
    std::optional<Account> account;
    std::string password;
  };
  ZHILI_TRY(auto const known, db_.read([&](store::Reader& r) {
    return Known{accounts_.find(r, login), r.value<std::string>("SELECT password FROM account WHERE login = ?", login).value_or("")};
  }));
  bool const fits = password_fits(known.password, password);
  if (!fits || !known.account || known.account->disabled) return refuse(login, login_hash, address);
  SignedIn out{random_word(token_characters), random_word(token_characters), *known.account};
  auto const begun = db_.write([&](store::Writer& w) -> core::Result<> {
    // The account may have changed while the password was tried.
    auto const still = w.value<std::string>("SELECT password FROM account WHERE id = ? AND disabled = 0", known.account->id);
    if (still != known.password) return wrong();
    w.exec("DELETE FROM sign_in_failure WHERE login_hash = ?", login_hash);
    w.exec("INSERT INTO session (token_hash, account_id, csrf, began_at, used_at) VALUES (?, ?, ?, ?, ?)", hash_of(out.token),
           known.account->id, out.csrf, w.now(), w.now());
    return {};
  });
  if (!begun) return fail(begun.error());
  return out;
}

core::Result<Session> Sessions::find(std::string_view token) {
  if (token.size() != token_characters) return no_session();
  auto const hash = hash_of(token);
  auto const now = time_.now();
  ZHILI_TRY(auto const row, db_.read([&](store::Reader& r) {
    return r.row<std::int64_t, std::string, std::int64_t, std::int64_t, std::string>(
        "SELECT s.account_id, s.csrf, s.began_at, s.used_at, a.login FROM session s JOIN account a ON a.id = s.account_id "
        "WHERE s.token_hash = ? AND a.disabled = 0",
        hash);
  }));
  if (!row) return no_session();
  auto const& [id, csrf, began, used, login] = *row;
  if (over(core::from_ms(began), core::from_ms(used), now)) return no_session();
  ZHILI_TRY(auto const account, db_.read([&](store::Reader& r) { return accounts_.find(r, login); }));
  if (!account) return no_session();
  if (now - core::from_ms(used) >= session_touch_after)
    db_.write_later(
        [hash, now](store::Writer& w) -> core::Result<> {
          w.exec("UPDATE session SET used_at = ? WHERE token_hash = ?", now, hash);
          return {};
        },
        [](core::Result<> const&) {});  // a use that is not written down shortens the session at worst
  return Session{id, *account, csrf, core::from_ms(began)};
}

core::Result<> Sessions::sign_out(std::string_view token) {
  return db_.write([&](store::Writer& w) { w.exec("DELETE FROM session WHERE token_hash = ?", hash_of(token)); });
}

core::Result<std::int64_t> Sessions::sweep() {
  return db_.write([&](store::Writer& w) -> std::int64_t {
    w.exec("DELETE FROM sign_in_failure WHERE last_at < ?", w.now() - sign_in_failures_kept);
    return w.exec("DELETE FROM session WHERE began_at <= ? OR used_at <= ?", w.now() - session_life_max, w.now() - session_idle_max);
  });
}

void end_sessions(store::Writer& writer, std::int64_t account) { writer.exec("DELETE FROM session WHERE account_id = ?", account); }

void forget_failures(store::Writer& writer, std::string_view login) {
  writer.exec("DELETE FROM sign_in_failure WHERE login_hash = ?", hash_of(login));
}

}  // namespace zhili::organise
