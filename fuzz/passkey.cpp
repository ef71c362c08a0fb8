// What a browser says of a passkey. The first byte says what the rest is: the client's data, or the authenticator's behind the hash of the
// party. A credential that is taken fits in its column, and a signature of nothing does not prove it.
#include <cstdlib>
#include <string>
#include <string_view>

#include "organise/passkeys/webauthn.hpp"
#include "store/digest.hpp"

namespace {

using namespace zhili::organise;

RelyingParty const party{"city.example.org", "https://city.example.org"};
constexpr std::string_view challenge = "Y2hhbGxlbmdl";

std::string client_data(std::string_view type) {
  return R"({"type":")" + std::string(type) + R"(","challenge":")" + std::string(challenge) + R"(","origin":"https://city.example.org"})";
}

void try_authenticator_data(std::string_view rest) {
  auto const hash = zhili::store::sha256(party.id);
  auto const data = std::string(reinterpret_cast<char const*>(hash.data()), hash.size()) + std::string(rest);
  auto const made = check_registration({client_data("webauthn.create"), data}, party, challenge);
  if (!made) return;
  if (made->id.empty() || made->id.size() > credential_bytes_max || made->public_key.empty()) std::abort();
  if (check_assertion({.credential = made->id, .client_data = client_data("webauthn.get"), .authenticator_data = data, .signature = data}, *made, party, challenge))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const rest(reinterpret_cast<char const*>(data) + 1, size - 1);
  if (data[0] % 2 != 0) {
    try_authenticator_data(rest);
    return 0;
  }
  auto const named = challenge_of(rest);
  if (named && named->empty()) std::abort();
  static_cast<void>(check_registration({std::string(rest), {}}, party, challenge));
  return 0;
}
