#include "organise/people/password.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace zhili::organise {

using core::Errc;
using core::fail;

namespace {

void need_sodium() {
  static int const ready = sodium_init();
  static_cast<void>(ready);
}

std::size_t characters_of(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool holds_login(std::string_view password, std::string_view login) {
  if (login.size() < 3) return false;
  auto const same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  return !std::ranges::search(password, login, same).empty();
}

std::string drawn(std::string_view letters, std::size_t characters) {
  need_sodium();
  std::string out;
  out.reserve(characters);
  while (out.size() < characters) out += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
  return out;
}

}  // namespace

core::Result<> check_password(std::string_view password, std::string_view login) {
  auto const refuse = [](core::Text text) { return fail(Errc::invalid, "password.weak", std::move(text), "password"); };
  if (characters_of(password) < password_characters_min)
    return refuse({fmt::format("密码至少 {} 个字符，几个词连起来最好记。", password_characters_min),
                   fmt::format("A password has at least {} characters; a few words in a row are easy to keep in mind.",
                               password_characters_min)});
  if (password.size() > password_bytes_max)
    return refuse({fmt::format("密码不超过 {} 字节。", password_bytes_max),
                   fmt::format("A password has at most {} bytes.", password_bytes_max)});
  if (std::ranges::all_of(password, [&](char c) { return c == password.front(); }))
    return refuse({"密码不能是同一个字符的重复。", "A password is more than one character again and again."});
  if (holds_login(password, login))
    return refuse({"密码里不能有登录名。", "The password must not hold the login."});
  return {};
}

core::Result<std::string> hash_password(std::string_view password) {
  need_sodium();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), password_passes, password_memory_bytes) != 0)
    return fail(Errc::unavailable, "password.memory",
                {"内存不足，密码未保存，请稍后再试。", "There is not enough memory: the password was not kept, try again."});
  return std::string(out.data());
}

bool password_fits(std::string_view stored, std::string_view password) {
  need_sodium();
  static std::string const nobody = hash_password(random_word(22)).value_or("");
  bool const known = stored.starts_with("$argon2id$") && stored.size() < crypto_pwhash_STRBYTES;
  std::string const text(known ? stored : nobody);  // ends with NUL, as libsodium wants it
  bool const fits = password.size() <= password_bytes_max &&
                    crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
  return known && fits;
}

std::string random_word(std::size_t characters) {
  return drawn("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", characters);
}

std::string one_time_password() {
  auto const letters = drawn("abcdefghjkmnpqrstuvwxyz23456789", 16);  // some 79 bits
  return fmt::format("{}-{}-{}-{}", letters.substr(0, 4), letters.substr(4, 4), letters.substr(8, 4), letters.substr(12, 4));
}

}  // namespace zhili::organise
