#include "organise/sign_on/base64url.hpp"

#include <sodium.h>

namespace zhili::organise {

namespace {
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
}

std::string to_base64url(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), variant);
  out.resize(out.size() - 1);  // libsodium counts its NUL
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  // libsodium 1.0.18 reads some bytes above 127 as if they were letters: two texts would be one token.
  if (text.find_first_not_of(alphabet) != std::string_view::npos) return std::nullopt;
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  char const* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        variant) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace zhili::organise
