#include "sense/devices/secret.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <cstring>

namespace zhili::sense::devices {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t secret_characters = 43;
constexpr std::string_view hash_prefix = "blake2b-128:";
constexpr std::string_view base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// As D. Crockford's base 32 has it: nothing that is read for something else.
constexpr std::string_view code_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Product in the field of 32 elements, modulo x^5 + x^2 + 1, of which x is a primitive element.
unsigned times(unsigned a, unsigned b) {
  unsigned out = 0;
  for (; b != 0; b >>= 1U) {
    if (b & 1U) out ^= a;
    a <<= 1U;
    if (a & 32U) a ^= 0b100101U;
  }
  return out;
}

/// The check character of the others: weights x, x², …, all different, so that two exchanged characters are found wherever they stand.
unsigned check_of(std::string_view others) {
  unsigned sum = 0, weight = 1;
  for (char const c : others) {
    weight = times(weight, 2);
    sum ^= times(weight, static_cast<unsigned>(code_alphabet.find(c)));
  }
  return sum;
}

char plain_character(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  if (c == 'I' || c == 'L') return '1';
  return c;
}

auto bad_code(std::string zh, std::string en) {
  return fail(Errc::invalid, "device.claim.code", {std::move(zh), std::move(en)}, "code");
}

}  // namespace

std::size_t SecretHashOf::operator()(SecretHash const& hash) const {
  std::size_t out = 0;
  std::memcpy(&out, hash.data(), sizeof out);
  return out;
}

std::string new_secret(std::string_view prefix) {
  unsigned char random[secret_characters];
  randombytes_buf(random, sizeof random);
  std::string out(prefix);
  for (auto const byte : random) out += base64url[byte % base64url.size()];
  sodium_memzero(random, sizeof random);
  return out;
}

SecretHash secret_hash(SecretKey const& key, std::string_view secret) {
  SecretHash out;
  crypto_generichash(out.data(), out.size(), reinterpret_cast<unsigned char const*>(secret.data()), secret.size(), key.data(), key.size());
  return out;
}

std::string stored_hash(SecretHash const& hash) {
  std::string out(hash_prefix);
  for (auto const byte : hash) out += fmt::format("{:02x}", byte);
  return out;
}

std::optional<SecretHash> hash_from(std::string_view stored) {
  if (!stored.starts_with(hash_prefix)) return std::nullopt;
  stored.remove_prefix(hash_prefix.size());
  SecretHash out;
  std::size_t bytes = 0;
  if (stored.size() != 2 * out.size()) return std::nullopt;
  if (sodium_hex2bin(out.data(), out.size(), stored.data(), stored.size(), nullptr, &bytes, nullptr) != 0 || bytes != out.size()) return std::nullopt;
  return out;
}

std::string new_claim_code() {
  std::string plain;
  for (std::size_t i = 0; i + 1 < claim_code_characters; ++i) plain += code_alphabet[randombytes_uniform(code_alphabet.size())];
  plain += code_alphabet[check_of(plain)];
  return plain.substr(0, 4) + "-" + plain.substr(4, 4) + "-" + plain.substr(8);
}

core::Result<std::string> checked_claim_code(std::string_view written) {
  std::string out;
  for (char const c : written) {
    if (c == ' ' || c == '-') continue;
    auto const plain = plain_character(c);
    if (code_alphabet.find(plain) == std::string_view::npos)
      return bad_code("认领码只有数字和字母（没有 U）。请照标签上的再输一遍。", "A claim code has digits and letters only (and no U). Type it again as the label has it.");
    out += plain;
    if (out.size() > claim_code_characters) break;
  }
  if (out.size() != claim_code_characters)
    return bad_code(fmt::format("认领码是 {} 个字符，例如 K7QF-2M9X-RT4C。", claim_code_characters),
                    fmt::format("A claim code has {} characters, as in K7QF-2M9X-RT4C.", claim_code_characters));
  auto const body = std::string_view(out).substr(0, claim_code_characters - 1);
  if (code_alphabet[check_of(body)] != out.back())
    return bad_code("认领码有一个字符不对或颠倒了。请对照标签再看一遍。", "A character of the claim code is wrong, or two are exchanged. Compare it with the label.");
  return out;
}

}  // namespace zhili::sense::devices
