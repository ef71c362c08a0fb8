#include "web/people/gate.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool changes_something(Method method) {
  return method != Method::get && method != Method::head && method != Method::options;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool Caller::has_role(std::string_view role, bool everywhere) const {
  return std::ranges::any_of(grants, [&](auto const& grant) { return grant.role == role && (!everywhere || (grant.area.empty() && grant.items.empty())); });
}

std::string cookie(Request const& request, std::string_view name) {
  auto cookies = request.headers.get("Cookie").value_or("");
  while (!cookies.empty()) {
    auto const end = cookies.find(';');
    auto const pair = trimmed(cookies.substr(0, end));
    auto const equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) return std::string(pair.substr(equals + 1));
    if (end == std::string_view::npos) break;
    cookies.remove_prefix(end + 1);
  }
  return {};
}

std::string session_token(Request const& request) { return cookie(request, session_cookie); }

std::string session_cookie_line(std::string_view token, bool secure) {
  auto const life = token.empty() ? std::chrono::seconds(0) : std::chrono::seconds(organise::session_life_max);
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", session_cookie, token, life.count(),
                     secure ? "; Secure" : "");
}

std::string id_token_cookie_line(std::string_view token, bool secure) {
  auto const life = token.empty() ? std::chrono::seconds(0) : std::chrono::seconds(organise::session_life_max);
  return fmt::format("{}={}; Path=/api/v1/session; Max-Age={}; HttpOnly; SameSite=Lax{}", id_token_cookie, token, life.count(),
                     secure ? "; Secure" : "");
}

core::Result<Caller> Gate::admit(Request const& request, bool one_time, std::vector<std::string> const& roles, bool everywhere) const {
  ZHILI_TRY(auto session, sessions_.find(session_token(request)));
  if (!request.loopback) ZHILI_CHECK(account_rate_.take(session.account.login, time_.now()));
  if (changes_something(request.method) && !same(request.headers.get(csrf_header).value_or(""), session.csrf))
    return fail(Errc::forbidden, "session.csrf",
                {fmt::format("请求没有带上本次登录的 {}；请刷新页面再试。", csrf_header),
                 fmt::format("The request lacks this session's {}: load the page again.", csrf_header)});
  // Who signs in by other means than the password has no use for choosing one.
  if (session.account.must_change && session.means == organise::means_password && !one_time)
    return fail(Errc::forbidden, "password.must_change",
                {"这是一次性密码，请先改成自己的密码。", "This is a password for one use: choose one of your own first."});
  ZHILI_TRY(auto grants, db_.read([&](store::Reader& r) { return accounts_.grants(r, session.account.person); }));
  Caller out{std::move(session), std::move(grants)};
  if (roles.empty() || std::ranges::any_of(roles, [&](auto const& role) { return out.has_role(role, everywhere); })) return out;
  return fail(Errc::forbidden, "role.missing",
              {fmt::format("这里只有角色「{}」可以进来。", fmt::join(roles, "、")), fmt::format("Only the role \"{}\" may do this.", fmt::join(roles, ", "))});
}

core::Result<> Gate::may_sign_in(Request const& request) const {
  if (request.loopback) return {};
  return sign_in_rate_.take(organise::counted_address(request.peer), time_.now());
}

core::Result<organise::ApiKey> Gate::key(Request const& request) const {
  constexpr std::string_view bearer = "Bearer ";
  auto const sent = request.headers.get("Authorization").value_or("");
  if (!sent.starts_with(bearer))
    return fail(Errc::forbidden, "api_key.none",
                {"这里要带密钥：Authorization: Bearer zk_…。密钥由管理员发放。",
                 "This needs a key: Authorization: Bearer zk_…. Administrators issue them."});
  ZHILI_TRY(auto key, keys_.find(trimmed(sent.substr(bearer.size()))));
  if (!request.loopback) ZHILI_CHECK(key_rate_.take(key.ref(), time_.now()));
  return key;
}

core::Result<organise::ApiKey> Gate::key(Request const& request, organise::Scope scope) const {
  ZHILI_TRY(auto out, key(request));
  ZHILI_CHECK(organise::need_scope(out, scope));
  return out;
}

}  // namespace zhili::web
