// What comes from an identity provider, or from somebody who says so: a token that is read is written again as it came, and no input is
// signed by a key whose private half nobody has.
#include <cstdlib>
#include <string>
#include <string_view>

#include "organise/sign_on/base64url.hpp"
#include "organise/sign_on/jws.hpp"
#include "organise/sign_on/oidc.hpp"

namespace {

// The first point of P-256 whose x is the SHA-256 of "the key of nobody N": nobody knows its private half.
constexpr std::string_view keys_of_nobody =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"q2sE_YZtMxP1KY5L8N6567Hj35hbqZOM0WxDOOQcSGA","y":"HF-DD1QSPUr4JbcqBY57GdPNdCeu4loReX2jQHAuxP4"}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::organise;
  static auto const keys = read_keys(keys_of_nobody);
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  static_cast<void>(read_keys(text));
  static_cast<void>(read_discovery(text, "https://id.example.org"));
  static_cast<void>(read_token_answer(text));
  static_cast<void>(read_claims(text, "name"));
  auto const token = read_jws(text);
  if (!token) {
    if (token.error().detail.find('\n') != std::string::npos) std::abort();  // the log has one line for it
    return 0;
  }
  if (token->signed_part + "." + to_base64url(token->signature) != text) std::abort();
  if (keys && signed_by(*token, *keys)) std::abort();
  static_cast<void>(read_claims(token->payload, "name"));
  return 0;
}
