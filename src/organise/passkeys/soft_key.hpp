#pragma once
// An authenticator in software, for tests: makes passkeys and answers challenges as a telephone would, or as a thief.

#include <cstdint>
#include <string>

#include "organise/passkeys/webauthn.hpp"
#include "organise/sign_on/test_provider.hpp"
#include "store/digest.hpp"

namespace zhili::organise {

class SoftKey {
 public:
  explicit SoftKey(RelyingParty party, std::string id = "credential-0001") : party_(std::move(party)), id_(std::move(id)) {}

  // What may be told to go wrong.
  unsigned char flags = 0x05;  ///< present and verified
  std::string origin = {};     ///< empty: the party's
  std::string cross = "false";

  std::uint32_t count = 0;
  std::string user = {};

  Registration make(std::string const& challenge) const {
    // The COSE key of RFC 8152, section 13.1.1: kty 2, alg -7, crv 1, x, y.
    std::string const cose = std::string("\xA5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10) + forge::number_of(key_, "qx", 32) + "\x22\x58\x20" +
                             forge::number_of(key_, "qy", 32);
    std::string const size{static_cast<char>(id_.size() >> 8), static_cast<char>(id_.size() & 0xFF)};
    return {client_data("webauthn.create", challenge), data(flags | 0x40) + std::string(16, '\0') + size + id_ + cose};
  }

  Assertion sign(std::string const& challenge) {
    ++count;
    Assertion out{.credential = id_, .client_data = client_data("webauthn.get", challenge), .authenticator_data = data(flags), .signature = {}, .user = user};
    auto const digest = store::sha256(out.client_data);
    out.signature = forge::signature_of(key_, out.authenticator_data + std::string(reinterpret_cast<char const*>(digest.data()), digest.size()), true);
    return out;
  }

  std::string client_data(std::string const& type, std::string const& challenge) const {
    return R"({"type":")" + type + R"(","challenge":")" + challenge + R"(","origin":")" + (origin.empty() ? party_.origin : origin) +
           R"(","crossOrigin":)" + cross + "}";
  }

 private:
  std::string data(unsigned how) const {
    auto const party = store::sha256(party_.id);
    std::string out(reinterpret_cast<char const*>(party.data()), party.size());
    out += static_cast<char>(how);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((count >> shift) & 0xFF);
    return out;
  }

  RelyingParty party_;
  std::string id_;
  forge::Key key_ = forge::new_key(Algorithm::es256);
};

}  // namespace zhili::organise
