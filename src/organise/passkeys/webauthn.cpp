#include "organise/passkeys/webauthn.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "organise/passkeys/cbor.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t flags_at = 32;  // behind the hash of the party's id
constexpr unsigned char user_present = 0x01;
constexpr unsigned char user_verified = 0x04;
constexpr unsigned char holds_credential = 0x40;
constexpr unsigned char holds_extensions = 0x80;
constexpr std::size_t head_bytes = 37;             // the party's hash, flags, the count of signatures
constexpr std::size_t credential_head_bytes = 18;  // the maker's id, the length of the credential's

struct FreeCredential {
  void operator()(fido_cred_t* it) const { fido_cred_free(&it); }
};
struct FreeAssertion {
  void operator()(fido_assert_t* it) const { fido_assert_free(&it); }
};

void need_fido() {
  static bool const ready = (fido_init(0), true);
  static_cast<void>(ready);
}

unsigned char const* bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

auto bad_form() {
  return fail(Errc::invalid, "passkey.form",
              {"通行密钥的数据读不懂。请刷新页面再试。", "The data of the passkey cannot be read. Load the page again and retry."});
}

auto bad_proof(std::string_view why) {
  return fail(Errc::forbidden, "passkey.proof",
              {"这把通行密钥没有通过核对。请重试，或用密码。", "The passkey did not pass the check. Try again, or use the password."}, {}, std::string(why));
}

struct ClientData {
  std::string type, challenge, origin;
  bool cross_origin = false;
};

std::optional<ClientData> read_client_data(std::string_view text) {
  if (text.size() > client_data_bytes_max) return std::nullopt;
  boost::system::error_code error;
  auto const parsed = boost::json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  auto const& said = parsed.as_object();
  auto const word = [&](char const* name) {
    auto const* found = said.if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
  };
  ClientData out{word("type"), word("challenge"), word("origin")};
  auto const* cross = said.if_contains("crossOrigin");
  out.cross_origin = cross && cross->is_bool() && cross->as_bool();
  return out;
}

bool is_origin(std::string_view origin, RelyingParty const& party) {
  if (origin == party.origin) return true;
  constexpr std::string_view local = "http://localhost";
  return party.id == "localhost" && origin.starts_with(local) && (origin.size() == local.size() || origin[local.size()] == ':');
}

core::Result<> check_client_data(std::string_view text, std::string_view type, RelyingParty const& party, std::string_view challenge) {
  auto const said = read_client_data(text);
  if (!said) return bad_form();
  if (said->type != type) return bad_proof("type " + said->type);
  if (said->challenge != challenge) return bad_proof("challenge");
  if (!is_origin(said->origin, party) || said->cross_origin) return bad_proof("origin " + said->origin);
  return {};
}

// libfido2's reader asks for memory by the lengths that the data claims: they are looked at before it (WebAuthn 2, section 6.1).
bool is_whole(std::string_view data) {
  if (data.size() < head_bytes) return false;
  auto const flags = static_cast<unsigned char>(data[flags_at]);
  auto rest = data.substr(head_bytes);
  if (flags & holds_credential) {
    if (rest.size() < credential_head_bytes) return false;
    auto const id_bytes = static_cast<std::size_t>(static_cast<unsigned char>(rest[16]) << 8 | static_cast<unsigned char>(rest[17]));
    if (rest.size() - credential_head_bytes < id_bytes) return false;
    rest.remove_prefix(credential_head_bytes + id_bytes);
  }
  return behind_cbor(rest, (flags & holds_credential ? 1U : 0U) + (flags & holds_extensions ? 1U : 0U)) == rest.size();
}

core::Result<> check_authenticator_data(std::string_view data, RelyingParty const& party) {
  if (data.size() <= flags_at || data.size() > authenticator_data_bytes_max) return bad_form();
  auto const wanted = store::sha256(party.id);
  if (data.substr(0, flags_at) != std::string_view(reinterpret_cast<char const*>(wanted.data()), wanted.size())) return bad_proof("party");
  auto const flags = static_cast<unsigned char>(data[flags_at]);
  if (!(flags & user_present)) return bad_proof("nobody was present");
  if (!(flags & user_verified)) return bad_proof("the user was not verified");
  if (!is_whole(data)) return bad_form();
  return {};
}

std::string text_of(unsigned char const* data, std::size_t size) { return data ? std::string(reinterpret_cast<char const*>(data), size) : std::string(); }

int verify(fido_assert_t const* assertion, Credential const& known) {
  switch (known.algorithm) {
    case CoseAlgorithm::es256: {
      std::unique_ptr<es256_pk_t, void (*)(es256_pk_t*)> const key(es256_pk_new(), [](es256_pk_t* it) { es256_pk_free(&it); });
      if (!key || es256_pk_from_ptr(key.get(), known.public_key.data(), known.public_key.size()) != FIDO_OK) return FIDO_ERR_INTERNAL;
      return fido_assert_verify(assertion, 0, COSE_ES256, key.get());
    }
    case CoseAlgorithm::eddsa: {
      std::unique_ptr<eddsa_pk_t, void (*)(eddsa_pk_t*)> const key(eddsa_pk_new(), [](eddsa_pk_t* it) { eddsa_pk_free(&it); });
      if (!key || eddsa_pk_from_ptr(key.get(), known.public_key.data(), known.public_key.size()) != FIDO_OK) return FIDO_ERR_INTERNAL;
      return fido_assert_verify(assertion, 0, COSE_EDDSA, key.get());
    }
    case CoseAlgorithm::rs256: {
      std::unique_ptr<rs256_pk_t, void (*)(rs256_pk_t*)> const key(rs256_pk_new(), [](rs256_pk_t* it) { rs256_pk_free(&it); });
      if (!key || rs256_pk_from_ptr(key.get(), known.public_key.data(), known.public_key.size()) != FIDO_OK) return FIDO_ERR_INTERNAL;
      return fido_assert_verify(assertion, 0, COSE_RS256, key.get());
    }
  }
  return FIDO_ERR_UNSUPPORTED_ALGORITHM;
}

}  // namespace

core::Result<std::string> challenge_of(std::string_view client_data) {
  auto const said = read_client_data(client_data);
  if (!said || said->challenge.empty()) return bad_form();
  return said->challenge;
}

core::Result<Credential> check_registration(Registration const& said, RelyingParty const& party, std::string_view challenge) {
  need_fido();
  ZHILI_CHECK(check_client_data(said.client_data, "webauthn.create", party, challenge));
  ZHILI_CHECK(check_authenticator_data(said.authenticator_data, party));
  for (auto const algorithm : {CoseAlgorithm::es256, CoseAlgorithm::eddsa, CoseAlgorithm::rs256}) {
    // libfido2 reads the data only as of an algorithm that it is told.
    std::unique_ptr<fido_cred_t, FreeCredential> const credential(fido_cred_new());
    if (!credential || fido_cred_set_type(credential.get(), static_cast<int>(algorithm)) != FIDO_OK ||
        fido_cred_set_authdata_raw(credential.get(), bytes(said.authenticator_data), said.authenticator_data.size()) != FIDO_OK)
      continue;
    Credential out{text_of(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())), algorithm,
                   text_of(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get())),
                   fido_cred_sigcount(credential.get())};
    if (out.id.empty() || out.id.size() > credential_bytes_max || out.public_key.empty()) return bad_form();
    return out;
  }
  return bad_proof("no credential of an algorithm that we take");
}

core::Result<std::uint32_t> check_assertion(Assertion const& said, Credential const& known, RelyingParty const& party,
                                            std::string_view challenge) {
  need_fido();
  ZHILI_CHECK(check_client_data(said.client_data, "webauthn.get", party, challenge));
  ZHILI_CHECK(check_authenticator_data(said.authenticator_data, party));
  if (said.credential != known.id) return bad_proof("another credential");
  auto const digest = store::sha256(said.client_data);
  std::unique_ptr<fido_assert_t, FreeAssertion> const assertion(fido_assert_new());
  if (!assertion || fido_assert_set_count(assertion.get(), 1) != FIDO_OK || fido_assert_set_rp(assertion.get(), party.id.c_str()) != FIDO_OK ||
      fido_assert_set_clientdata_hash(assertion.get(), reinterpret_cast<unsigned char const*>(digest.data()), digest.size()) != FIDO_OK ||
      fido_assert_set_up(assertion.get(), FIDO_OPT_TRUE) != FIDO_OK || fido_assert_set_uv(assertion.get(), FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_authdata_raw(assertion.get(), 0, bytes(said.authenticator_data), said.authenticator_data.size()) != FIDO_OK ||
      fido_assert_set_sig(assertion.get(), 0, bytes(said.signature), said.signature.size()) != FIDO_OK)
    return bad_form();
  if (verify(assertion.get(), known) != FIDO_OK) return bad_proof("signature");
  auto const count = fido_assert_sigcount(assertion.get(), 0);
  // Both zero: an authenticator that does not count, as those that carry passkeys from device to device.
  if ((count != 0 || known.sign_count != 0) && count <= known.sign_count) return bad_proof("sign count went back");
  return count;
}

}  // namespace zhili::organise
