#include "store/sealing.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace zhili::store {

using core::Errc;
using core::Result;

namespace {

constexpr std::string_view cipher_suite = "xchacha20-poly1305:";
constexpr std::string_view tag_suite = "blake2b:";
constexpr std::string_view master_header = "zhili master key 1 ";
constexpr std::size_t tag_bytes = 16;
constexpr auto nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr auto mac_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int base64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
static_assert(Key::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

void start_sodium() {
  static int const ready = sodium_init();
  (void)ready;
}

unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

std::string to_base64(std::vector<unsigned char> const& data) {
  std::string out(sodium_base64_encoded_len(data.size(), base64), '\0');
  sodium_bin2base64(out.data(), out.size(), data.data(), data.size(), base64);
  out.pop_back();  // its NUL
  return out;
}

std::optional<std::vector<unsigned char>> from_base64(std::string_view text) {
  if (text.empty()) return std::vector<unsigned char>{};  // libsodium wants somewhere to write to
  std::vector<unsigned char> out(text.size());
  std::size_t size = 0;
  char const* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end, base64) !=
          0 ||
      end != text.data() + text.size())
    return std::nullopt;
  out.resize(size);
  return out;
}

tl::unexpected<core::Error> key_file_error(Errc code, std::filesystem::path const& file, core::Text why) {
  return core::fail(code, "vault.master_key",
                    {fmt::format("主密钥文件 {}：{}", file.string(), why.zh),
                     fmt::format("Master key file {}: {}", file.string(), why.en)},
                    "master_key");
}

Result<Key> make_master_key(std::filesystem::path const& file) {
  auto const key = Key::random();
  auto const text = std::string(master_header) + to_base64({key.data(), key.data() + Key::size}) + "\n";
  auto const part = std::filesystem::path(file.string() + ".part");
  int const fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool const written = fd >= 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written || ::rename(part.c_str(), file.c_str()) != 0)
    return key_file_error(Errc::unavailable, file,
                          {fmt::format("无法写入（{}）", std::strerror(errno)),
                           fmt::format("cannot be written ({})", std::strerror(errno))});
  if (int const folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return key;
}

std::string only_digits(std::string_view text) {
  std::string out;
  for (char const c : text)
    if (c >= '0' && c <= '9') out.push_back(c);
  bool const international = text.find('+') != std::string_view::npos;
  if (!international && out.starts_with("00")) out.erase(0, 2);
  constexpr std::size_t chinese_mobile_digits = 11;
  if (out.size() == chinese_mobile_digits + 2 && out.starts_with("86")) out.erase(0, 2);
  return out;
}

}  // namespace

Key::~Key() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

Key Key::random() {
  start_sodium();
  Key out;
  randombytes_buf(out.data(), size);
  return out;
}

std::string random_record_name() {
  start_sodium();
  std::array<unsigned char, 16> raw;
  randombytes_buf(raw.data(), raw.size());
  std::string out(raw.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), raw.data(), raw.size());
  out.pop_back();
  return out;
}

std::string seal_text(std::string_view plain, Key const& key, std::string_view context) {
  start_sodium();
  std::vector<unsigned char> out(nonce_bytes + plain.size() + mac_bytes);
  randombytes_buf(out.data(), nonce_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_bytes, nullptr, bytes(plain), plain.size(),
                                             bytes(context), context.size(), nullptr, out.data(), key.data());
  return std::string(cipher_suite) + to_base64(out);
}

std::optional<std::string> open_text(std::string_view sealed, Key const& key, std::string_view context) {
  start_sodium();
  if (!sealed.starts_with(cipher_suite)) return std::nullopt;
  auto const data = from_base64(sealed.substr(cipher_suite.size()));
  if (!data || data->size() < nonce_bytes + mac_bytes) return std::nullopt;
  std::string out(data->size() - nonce_bytes - mac_bytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(out.data()), nullptr, nullptr, data->data() + nonce_bytes,
          data->size() - nonce_bytes, bytes(context), context.size(), data->data(), key.data()) != 0)
    return std::nullopt;
  return out;
}

std::string wrap_key(Key const& key, Key const& with, std::string_view context) {
  return seal_text({reinterpret_cast<char const*>(key.data()), Key::size}, with, context);
}

std::optional<Key> unwrap_key(std::string_view wrapped, Key const& with, std::string_view context) {
  auto raw = open_text(wrapped, with, context);
  if (!raw || raw->size() != Key::size) return std::nullopt;
  Key out;
  std::memcpy(out.data(), raw->data(), Key::size);
  sodium_memzero(raw->data(), raw->size());
  return out;
}

Key derive(Key const& master, std::string_view purpose) {
  start_sodium();
  Key out;
  crypto_generichash(out.data(), Key::size, bytes(purpose), purpose.size(), master.data(), Key::size);
  return out;
}

std::string normalised(std::string_view field, std::string_view text) {
  if (field == "phone") return only_digits(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    constexpr std::string_view wide_space = "\u3000";
    if (text.substr(i).starts_with(wide_space)) {
      i += wide_space.size() - 1;
      continue;
    }
    char const c = text[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

std::string blind_tag(Key const& key, std::string_view field, std::string_view text) {
  start_sodium();
  if (field != "phone" && field != "mail" && field != "name") return {};
  auto const plain = normalised(field, text);
  if (plain.empty()) return {};
  auto const input = fmt::format("{}\n{}", field, plain);
  std::array<unsigned char, tag_bytes> tag;
  crypto_generichash(tag.data(), tag.size(), bytes(input), input.size(), key.data(), Key::size);
  std::string hex(tag_bytes * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), tag.data(), tag.size());
  hex.pop_back();
  return std::string(tag_suite) + hex;
}

Result<Key> master_key(std::filesystem::path const& file, bool may_make) {
  start_sodium();
  int const fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && may_make) return make_master_key(file);
  if (fd < 0 && errno == ENOENT)
    return key_file_error(
        Errc::corrupt, file,
        {"不存在，但已有用它加密的内容。请从单独的密钥备份中恢复。",
         "is missing, though there is something that it encrypted. Restore it from the backup of the keys."});
  if (fd < 0)
    return key_file_error(Errc::unavailable, file,
                          {fmt::format("无法读取（{}）", std::strerror(errno)),
                           fmt::format("cannot be read ({})", std::strerror(errno))});
  struct stat info{};
  std::array<char, 128> text{};
  auto const size = ::read(fd, text.data(), text.size());
  bool const open_to_others = ::fstat(fd, &info) == 0 && (info.st_mode & 077) != 0;
  ::close(fd);
  if (open_to_others)
    return key_file_error(
        Errc::forbidden, file,
        {"其他用户也能读取。请执行 chmod 600。", "other users may read it. Run chmod 600 on it."});
  std::string_view view(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  if (view.ends_with('\n')) view.remove_suffix(1);
  auto const raw =
      view.starts_with(master_header) ? from_base64(view.substr(master_header.size())) : std::nullopt;
  sodium_memzero(text.data(), text.size());
  if (!raw || raw->size() != Key::size)
    return key_file_error(Errc::corrupt, file,
                          {"内容不是密钥。请从单独的密钥备份中恢复。",
                           "does not hold a key. Restore it from the backup of the keys."});
  Key out;
  std::memcpy(out.data(), raw->data(), Key::size);
  return out;
}

}  // namespace zhili::store
