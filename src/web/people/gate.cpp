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

bool Caller::has_role(std::string_view role) const {
  return std::ranges::any_of(grants, [&](auto const& grant) { return grant.role == role; });
}

std::string session_token(Request const& request) {
  auto cookies = request.headers.get("Cookie").value_or("");
  while (!cookies.empty()) {
    auto const end = cookies.find(';');
    auto const pair = trimmed(cookies.substr(0, end));
    auto const equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == session_cookie) return std::string(pair.substr(equals + 1));
    if (end == std::string_view::npos) break;
    cookies.remove_prefix(end + 1);
  }
  return {};
}

std::string session_cookie_line(std::string_view token, bool secure) {
  auto const life = token.empty() ? std::chrono::seconds(0) : std::chrono::seconds(organise::session_life_max);
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}", session_cookie, token, life.count(),
                     secure ? "; Secure" : "");
}

core::Result<Caller> Gate::caller_in_any_state(Request const& request) const {
  ZHILI_TRY(auto session, sessions_.find(session_token(request)));
  if (changes_something(request.method) && !same(request.headers.get(csrf_header).value_or(""), session.csrf))
    return fail(Errc::forbidden, "session.csrf",
                {fmt::format("请求没有带上本次登录的 {}；请刷新页面再试。", csrf_header),
                 fmt::format("The request lacks this session's {}: load the page again.", csrf_header)});
  ZHILI_TRY(auto grants, db_.read([&](store::Reader& r) { return accounts_.grants(r, session.account.person); }));
  return Caller{std::move(session), std::move(grants)};
}

core::Result<Caller> Gate::caller(Request const& request) const {
  ZHILI_TRY(auto out, caller_in_any_state(request));
  if (out.session.account.must_change)
    return fail(Errc::forbidden, "password.must_change",
                {"这是一次性密码，请先改成自己的密码。", "This is a password for one use: choose one of your own first."});
  return out;
}

core::Result<Caller> Gate::with_role(Request const& request, std::string_view role) const {
  ZHILI_TRY(auto out, caller(request));
  if (out.has_role(role)) return out;
  return fail(Errc::forbidden, "role.missing",
              {fmt::format("这里只有角色「{}」可以进来。", role), fmt::format("Only the role \"{}\" may do this.", role)});
}

}  // namespace zhili::web
