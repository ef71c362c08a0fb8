#include "web/sensorthings/sensorthings.hpp"

#include "organise/people/accounts.hpp"

namespace zhili::web::sensorthings {

namespace {

bool sends_key(Request const& request) { return request.headers.has("Authorization"); }

core::Error nobody() {
  return {core::Errc::forbidden, "api_key.none",
          {"写入须带密钥（Authorization: Bearer zk_…，范围 sensing.write），或由管理员登录后进行。",
           "Writing needs a key (Authorization: Bearer zk_…, scope sensing.write), or an administrator who is signed in."}};
}

core::Result<Caller> administrator(Gate const& gate, Request const& request) {
  if (session_token(request).empty()) return core::fail(nobody());
  return gate.admit(request, false, {std::string(organise::administrator_role)}, true);
}

}  // namespace

Access access_by(std::shared_ptr<Gate const> gate, bool open, std::function<core::Result<sense::ingest::Source>(Request const&)> device) {
  Access out;
  out.viewer = [gate, open](Request const& request) -> core::Result<sense::things::Viewer> {
    // A session that is over, or none: somebody of the public, who may go on reading what is public.
    if (!session_token(request).empty())
      if (auto const caller = gate->admit(request)) return sense::things::Viewer{.staff = true};
    if (open) return sense::things::Viewer{};
    ZHILI_CHECK(gate->key(request));
    return sense::things::Viewer{};
  };
  out.author = [gate](Request const& request) -> core::Result<sense::things::Author> {
    if (sends_key(request)) {
      ZHILI_TRY(auto const key, gate->key(request, organise::Scope::sensing_write));
      return sense::things::Author{.ref = key.ref(), .staff = false};
    }
    ZHILI_TRY(auto const caller, administrator(*gate, request));
    return sense::things::Author{.ref = caller.ref(), .staff = true};
  };
  out.sender = [gate, device = std::move(device)](Request const& request) -> core::Result<sense::ingest::Source> {
    using sense::ingest::Way;
    if (!sends_key(request)) {
      ZHILI_CHECK(administrator(*gate, request));
      return sense::ingest::Source{.way = Way::sensorthings, .any_stream = true};
    }
    auto const key = gate->key(request, organise::Scope::sensing_write);
    if (key) return sense::ingest::Source{.way = Way::sensorthings, .any_stream = true};
    if (!device) return core::fail(key.error());
    ZHILI_TRY(auto source, device(request));
    source.way = Way::sensorthings;
    return source;
  };
  return out;
}

}  // namespace zhili::web::sensorthings
