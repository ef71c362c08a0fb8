#include "organise/sign_on/sign_on.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>

#include "organise/people/password.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

constexpr std::size_t word_characters = 43;  // 258 bits; also the least that PKCE wants
constexpr std::size_t answer_bytes_max = 4'000;


auto no_provider() {
  return fail(Errc::not_found, "sign_on.provider", {"没有这个身份提供方。", "There is no such identity provider."}, "provider");
}

auto bad_state() {
  return fail(Errc::forbidden, "sign_on.state",
              {"这次登录已经用过、过期，或不是在这个浏览器里开始的。请重新登录。",
               "This sign-in was used before, is too old, or began in another browser. Begin again."});
}

auto nobody(Provider const& provider, Claims const& claims) {
  return fail(Errc::forbidden, "sign_on.nobody",
              {fmt::format("这里没有与您在{}的身份相连的账号。请把这一串告诉管理员：{} {}", provider.name.zh, provider.code, claims.subject),
               fmt::format("No account here is linked to who you are at {}. Tell an administrator these words: {} {}", provider.name.en,
                           provider.code, claims.subject)});
}

}  // namespace

SignOn::SignOn(store::Db& db, Accounts const& accounts, Sessions& sessions, std::vector<Provider> providers, std::string address,
               ProviderLine line)
    : db_(db), accounts_(accounts), sessions_(sessions), providers_(std::move(providers)), address_(std::move(address)),
      line_(std::move(line)) {}

core::Result<Provider const*> SignOn::provider(std::string_view code) const {
  auto const found = std::ranges::find(providers_, code, &Provider::code);
  if (found == providers_.end()) return no_provider();
  return &*found;
}

core::Result<std::string> SignOn::fetch(Provider const& provider, ProviderCall const& call) {
  auto said = line_(call);
  if (said && said->status == 200) return std::move(said->body);
  auto const why = said ? fmt::format("status {}", said->status) : said.error().key + " " + said.error().detail;
  spdlog::warn("sign-on: {} at {}: {}", provider.code, call.url, why);
  return fail(Errc::unavailable, "sign_on.unreachable",
              {fmt::format("{}现在没有正常答复，请稍后再试，或用密码登录。", provider.name.zh),
               fmt::format("{} does not answer as it should: try again later, or sign in with a password.", provider.name.en)},
              {}, why);
}

core::Result<std::shared_ptr<Discovery const>> SignOn::discovery(Provider const& provider) {
  auto const now = sessions_.now();
  {
    std::lock_guard const lock(mutex_);
    auto const& known = known_[provider.code];
    if (known.discovery && now < known.discovered + discovery_kept) return known.discovery;
  }
  ZHILI_TRY(auto const body, fetch(provider, {.url = discovery_url(provider.issuer)}));
  auto read = read_discovery(body, provider.issuer);
  if (!read) {
    spdlog::warn("sign-on: {}: {}", provider.code, read.error().detail);
    return fail(read.error());
  }
  auto out = std::make_shared<Discovery const>(std::move(*read));
  std::lock_guard const lock(mutex_);
  auto& known = known_[provider.code];
  known.discovery = out;
  known.discovered = now;
  return out;
}

/// `again`: those that are known fit nothing. A provider that has changed its keys is followed at once; a second time only after a while,
/// because tokens with made-up keys would cost a call each.
core::Result<std::shared_ptr<std::vector<SigningKey> const>> SignOn::keys_of(Provider const& provider, bool again) {
  auto const now = sessions_.now();
  {
    std::lock_guard const lock(mutex_);
    auto& known = known_[provider.code];
    bool const kept = known.keys && now < known.keys_fetched + discovery_kept;
    if (kept && (!again || now < known.keys_asked_again + keys_fetched_again_after)) return known.keys;
    if (again) known.keys_asked_again = now;
  }
  ZHILI_TRY(auto const described, discovery(provider));
  ZHILI_TRY(auto const body, fetch(provider, {.url = described->jwks_uri}));
  ZHILI_TRY(auto read, read_keys(body));
  auto out = std::make_shared<std::vector<SigningKey> const>(std::move(read));
  std::lock_guard const lock(mutex_);
  auto& known = known_[provider.code];
  known.keys = out;
  known.keys_fetched = now;
  return out;
}

core::Result<Claims> SignOn::believed(Provider const& provider, std::string_view token) {
  ZHILI_TRY(auto const jws, read_jws(token));
  ZHILI_TRY(auto keys, keys_of(provider, false));
  if (!signed_by(jws, *keys)) {
    ZHILI_TRY(keys, keys_of(provider, true));
    if (!signed_by(jws, *keys)) return bad_token("signature");
  }
  return read_claims(jws.payload, provider.login_claim);
}

core::Result<SignOn::Begun> SignOn::begin(std::string_view code, bool again) {
  ZHILI_TRY(auto const* const wanted, provider(code));
  ZHILI_TRY(auto const described, discovery(*wanted));
  Attempt const attempt{random_word(word_characters), random_word(word_characters), random_word(word_characters)};
  Begun out{authorization_url(*described, *wanted, attempt, redirect_uri(), again), random_word(word_characters)};
  auto const begun = db_.write([&](store::Writer& w) -> core::Result<> {
    w.exec("DELETE FROM sign_on_attempt WHERE ends_at <= ?", sessions_.now());
    if (w.value<std::int64_t>("SELECT COUNT(*) FROM sign_on_attempt").value_or(0) >= sign_on_attempts_max)
      return fail(Errc::busy, "sign_on.busy", {"同时登录的人太多，请稍等再试。", "Too many people sign in at once: wait a moment."});
    w.exec("INSERT INTO sign_on_attempt (state_hash, browser_hash, provider, nonce, verifier, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
           store::sha256_hex(attempt.state), store::sha256_hex(out.browser), wanted->code, attempt.nonce, attempt.verifier, sessions_.now() + sign_on_answer_within);
    return {};
  });
  if (!begun) return fail(begun.error());
  return out;
}

/// An attempt is taken before anything is looked at: whatever comes of it, its state is good once.
core::Result<Attempt> SignOn::take_attempt(Answer const& answer, std::string_view browser, std::string& provider) {
  auto const hash = store::sha256_hex(answer.state);
  auto const taken = db_.write([&](store::Writer& w) {
    auto out = w.row<std::string, std::string, std::string, std::string, std::int64_t>(
        "SELECT browser_hash, provider, nonce, verifier, ends_at FROM sign_on_attempt WHERE state_hash = ?", hash);
    w.exec("DELETE FROM sign_on_attempt WHERE state_hash = ?", hash);
    return out;
  });
  if (!taken) return fail(taken.error());
  if (!*taken) return bad_state();
  auto const& [browser_hash, code, nonce, verifier, ends] = **taken;
  if (browser_hash != store::sha256_hex(browser) || sessions_.now() >= core::from_ms(ends)) return bad_state();
  provider = code;
  return Attempt{answer.state, nonce, verifier};
}

core::Result<Arrived> SignOn::finish(Answer const& answer, std::string_view browser) {
  if (answer.state.size() + answer.code.size() + answer.issuer.size() > answer_bytes_max) return bad_state();
  std::string code;
  ZHILI_TRY(auto const attempt, take_attempt(answer, browser, code));
  ZHILI_TRY(auto const* const by, provider(code));
  ZHILI_TRY(auto const described, discovery(*by));
  auto const refused = [&](core::Error const& error) {
    spdlog::warn("sign-on: {}: {} {}", by->code, error.key, error.detail);
    return fail(error);
  };
  if (answer.issuer.empty() ? described->names_itself : answer.issuer != by->issuer) return refused(bad_token("iss of the answer").value());
  if (!answer.error.empty() || answer.code.empty())
    return fail(Errc::forbidden, "sign_on.denied",
                {fmt::format("{}没有让您登录。", by->name.zh), fmt::format("{} did not sign you in.", by->name.en)});
  ZHILI_TRY(auto const body, fetch(*by, {.url = described->token_endpoint,
                                         .authorization = token_authorization(*described, *by),
                                         .form = token_form(*described, *by, answer.code, attempt.verifier, redirect_uri())}));
  std::string token;
  auto const claims = [&]() -> core::Result<Claims> {
    ZHILI_TRY(token, read_token_answer(body));
    ZHILI_TRY(auto out, believed(*by, token));
    ZHILI_CHECK(check_id_token(out, *by, attempt.nonce, sessions_.now()));
    return out;
  }();
  if (!claims) return refused(claims.error());
  ZHILI_TRY(auto in, enter(*by, *claims));
  return Arrived{std::move(in), std::move(token)};
}

core::Result<SignedIn> SignOn::enter(Provider const& provider, Claims const& claims) {
  return db_.write([&](store::Writer& w) -> core::Result<SignedIn> {
    auto const linked = w.value<std::string>(
        "SELECT a.login FROM account_link l JOIN account a ON a.id = l.account_id WHERE l.provider = ? AND l.subject = ?", provider.code,
        claims.subject);
    auto const login = linked.value_or(claims.login);
    auto const account = login.empty() ? std::nullopt : accounts_.find(w, login);
    if (!account || account->disabled) return nobody(provider, claims);
    if (!linked) {
      // A login is pinned to the first who comes with it: a provider may give a name to somebody else later, a subject never.
      if (w.value<std::int64_t>("SELECT id FROM account_link WHERE provider = ? AND account_id = ?", provider.code, account->id))
        return nobody(provider, claims);
      auto const id = w.append({.kind = EventKind::account_linked,
                                .actor = "system",
                                .payload = boost::json::serialize(boost::json::object{{"login", login}, {"provider", provider.code}})});
      w.exec("INSERT INTO account_link (id, account_id, provider, subject) VALUES (?, ?, ?, ?)", id, account->id, provider.code,
             claims.subject);
    }
    return sessions_.begin(w, *account, {.by = provider.code,
                                         .subject = claims.subject,
                                         .session = claims.session,
                                         // Whatever a provider says, nobody proves anything in the future.
                                         .proved_at = std::min(claims.auth_time.value_or(core::Instant{}), sessions_.now())});
  });
}

std::string SignOn::logout_url(std::string_view means, std::string_view id_token) {
  auto const by = provider(means);
  if (!by) return {};
  std::lock_guard const lock(mutex_);
  auto const known = known_.find(means);
  if (known == known_.end() || !known->second.discovery) return {};
  return organise::logout_url(*known->second.discovery, **by, address_ + "/", id_token);
}

core::Result<> SignOn::logged_out(std::string_view logout_token) {
  ZHILI_TRY(auto const jws, read_jws(logout_token));
  ZHILI_TRY(auto const said, read_claims(jws.payload, ""));
  auto const by = std::ranges::find(providers_, said.issuer, &Provider::issuer);
  if (by == providers_.end()) return bad_token("iss");
  ZHILI_TRY(auto const claims, believed(*by, logout_token));
  ZHILI_CHECK(check_logout_token(claims, *by, sessions_.now()));
  return db_.write([&](store::Writer& w) -> core::Result<> {
    w.exec("DELETE FROM sign_on_seen WHERE ends_at <= ?", sessions_.now());
    auto const seen = store::sha256_hex(by->code + " " + claims.id);
    if (w.value<std::int64_t>("SELECT ends_at FROM sign_on_seen WHERE token_hash = ?", seen)) return bad_token("jti was seen before");
    w.exec("INSERT INTO sign_on_seen (token_hash, ends_at) VALUES (?, ?)", seen, sessions_.now() + id_token_age_max + 2 * provider_clock_tolerance);
    if (claims.session.empty()) w.exec("DELETE FROM session WHERE means = ? AND provider_subject = ?", by->code, claims.subject);
    else w.exec("DELETE FROM session WHERE means = ? AND provider_session = ?", by->code, claims.session);
    return {};
  });
}

std::vector<Link> SignOn::links(store::Reader& reader) const {
  std::vector<Link> out;
  for (auto& [id, login, by, subject] : reader.rows<std::int64_t, std::string, std::string, std::string>(
           "SELECT l.id, a.login, l.provider, l.subject FROM account_link l JOIN account a ON a.id = l.account_id ORDER BY a.login, l.id"))
    out.push_back({id, std::move(login), std::move(by), std::move(subject)});
  return out;
}

core::Result<std::int64_t> SignOn::link(store::Writer& w, std::string const& login, std::string const& code, std::string const& subject,
                                        std::string const& actor) const {
  ZHILI_TRY(auto const* const by, provider(code));
  if (subject.empty() || subject.size() > subject_bytes_max)
    return fail(Errc::invalid, "sign_on.subject",
                {"须写明此人在身份提供方的编号（sub）；此人登录被拒时会看到它。",
                 "Write the provider's own word for the person (sub): whoever is refused there is shown it."},
                "subject");
  auto const account = accounts_.find(w, login);
  if (!account) return fail(Errc::not_found, "account.unknown", {fmt::format("没有账号「{}」。", login), fmt::format("There is no account \"{}\".", login)}, "login");
  if (w.value<std::int64_t>("SELECT id FROM account_link WHERE provider = ? AND subject = ?", by->code, subject))
    return fail(Errc::conflict, "sign_on.linked", {"此人已经与一个账号相连。", "That person is linked to an account already."}, "subject");
  auto const id = w.append({.kind = EventKind::account_linked,
                            .actor = actor,
                            .payload = boost::json::serialize(boost::json::object{{"login", login}, {"provider", by->code}})});
  w.exec("INSERT INTO account_link (id, account_id, provider, subject) VALUES (?, ?, ?, ?)", id, account->id, by->code, subject);
  return id;
}

core::Result<std::int64_t> SignOn::link(std::string const& login, std::string const& code, std::string const& subject, std::string const& actor) {
  return db_.write([&](store::Writer& w) { return link(w, login, code, subject, actor); });
}

core::Result<> SignOn::unlink(std::int64_t id, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const known = w.row<std::int64_t, std::string, std::string>("SELECT account_id, provider, subject FROM account_link WHERE id = ?", id);
    if (!known) return fail(Errc::not_found, "sign_on.link", {"没有这条连接。", "There is no such link."}, "id");
    auto const& [account, by, subject] = *known;
    w.exec("DELETE FROM account_link WHERE id = ?", id);
    w.exec("DELETE FROM session WHERE account_id = ? AND means = ? AND provider_subject = ?", account, by, subject);
    w.append({.kind = EventKind::account_unlinked, .subject = id, .actor = actor, .payload = "{}"});
    return {};
  });
}

}  // namespace zhili::organise
