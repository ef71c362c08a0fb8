#include "web/hooks/sign.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace zhili::web::hooks {

namespace {

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // the library ends it with a zero
  auto const n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(bytes.data()),
                                 static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

}  // namespace

std::string secret_text(std::string_view key) { return "whsec_" + base64(key); }

std::string signature(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body) {
  std::string signed_text(id);
  signed_text += '.';
  signed_text += std::to_string(timestamp);
  signed_text += '.';
  signed_text += body;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(signed_text.data()), signed_text.size(),
       mac, &length);
  return "v1," + base64({reinterpret_cast<char const*>(mac), length});
}

}  // namespace zhili::web::hooks
