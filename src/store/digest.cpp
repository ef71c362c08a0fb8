#include "store/digest.hpp"

#include <openssl/evp.h>

#include <bit>
#include <new>

namespace zhili::store {

namespace {

constexpr std::string_view node_prefix{"\x01", 1};
constexpr std::string_view chain_prefix{"zhili chain 1", 14};  // with its NUL
constexpr std::string_view start_prefix{"zhili start 1", 14};

EVP_MD const* algorithm() {
  static EVP_MD const* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return md;
}

std::string_view bytes_of(Digest const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

/// Big-endian bytes in a buffer of fixed size.
template <std::size_t capacity>
class Bytes {
 public:
  void put(std::string_view bytes) {
    for (char const c : bytes) data_[size_++] = c;
  }
  void put(std::int64_t number) {
    auto const bits = static_cast<std::uint64_t>(number);
    for (int shift = 56; shift >= 0; shift -= 8) data_[size_++] = static_cast<char>(bits >> shift & 0xff);
  }
  void put_byte(int byte) { data_[size_++] = static_cast<char>(byte); }
  std::string_view view() const { return {data_.data(), size_}; }

 private:
  std::array<char, capacity> data_;  // only what was put is ever read
  std::size_t size_ = 0;
};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

struct Hasher::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(md); }
};

Hasher::Hasher() : context_(std::make_unique<Context>()) {
  if (context_->md == nullptr || EVP_DigestInit_ex2(context_->md, algorithm(), nullptr) != 1)
    throw std::bad_alloc();
}
Hasher::~Hasher() = default;

Digest Hasher::operator()(std::string_view first, std::string_view second) {
  Digest out;
  auto* md = context_->md;
  // A null type starts the same algorithm again without looking it up.
  if (EVP_DigestInit_ex2(md, nullptr, nullptr) != 1 ||
      EVP_DigestUpdate(md, first.data(), first.size()) != 1 ||
      (!second.empty() && EVP_DigestUpdate(md, second.data(), second.size()) != 1) ||
      EVP_DigestFinal_ex(md, out.data(), nullptr) != 1)
    throw std::bad_alloc();
  return out;
}

Digest sha256(std::string_view bytes) {
  return Hasher()(bytes);
}

std::string to_hex(Digest const& digest) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out(digest.size() * 2, '0');
  for (std::size_t i = 0; i < digest.size(); ++i) {
    out[2 * i] = digits[digest[i] >> 4];
    out[2 * i + 1] = digits[digest[i] & 0xf];
  }
  return out;
}

std::optional<Digest> from_hex(std::string_view hex) {
  Digest out;
  if (hex.size() != out.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    int const high = digit(hex[2 * i]);
    int const low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return out;
}

Digest entry_hash(Hasher& hasher, HashedEntry const& entry) {
  Bytes<64> head;
  head.put_byte(0);  // a leaf, RFC 6962
  head.put(entry.seq);
  head.put(entry.at);
  head.put_byte(entry.happened ? 1 : 0);
  head.put(entry.happened.value_or(0));
  head.put(entry.kind);
  head.put(entry.subject);
  head.put(entry.actor);
  return hasher(head.view(), entry.payload);
}

namespace {

Digest parent(Hasher& hasher, Digest const& left, Digest const& right) {
  Bytes<65> node;
  node.put(node_prefix);
  node.put(bytes_of(left));
  node.put(bytes_of(right));
  return hasher(node.view());
}

/// One level up. Pairing neighbours and carrying an odd last one gives the tree of RFC 6962's recursive
/// split.
void go_up(Hasher& hasher, std::vector<Digest>& level) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i + 1 < level.size(); i += 2)
    level[kept++] = parent(hasher, level[i], level[i + 1]);
  if (level.size() % 2 == 1) level[kept++] = level.back();
  level.resize(kept);
}

}  // namespace

Digest merkle_root(Hasher& hasher, std::vector<Digest> level) {
  if (level.empty()) return hasher({});
  while (level.size() > 1) go_up(hasher, level);
  return level.front();
}

std::vector<Digest> merkle_path(Hasher& hasher, std::vector<Digest> level, std::size_t index) {
  std::vector<Digest> out;
  for (; level.size() > 1; index /= 2) {
    if (auto const sibling = index ^ 1U; sibling < level.size()) out.push_back(level[sibling]);
    go_up(hasher, level);
  }
  return out;
}

std::optional<Digest> root_of_path(Hasher& hasher, Digest const& leaf, std::size_t index, std::size_t size,
                                   std::span<Digest const> path) {
  if (index >= size) return std::nullopt;
  Digest out = leaf;
  std::size_t used = 0;
  for (; size > 1; index /= 2, size = (size + 1) / 2) {
    if ((index ^ 1U) >= size) continue;  // the odd last one is carried up as it is
    if (used == path.size()) return std::nullopt;
    out = index % 2 == 1 ? parent(hasher, path[used], out) : parent(hasher, out, path[used]);
    ++used;
  }
  return used == path.size() ? std::optional(out) : std::nullopt;
}

Digest chain_start(std::string_view ledger_id) {
  Hasher hasher;
  return hasher(start_prefix, ledger_id);
}

Digest chain_link(Hasher& hasher, Digest const& before, HashedBatch const& batch) {
  Bytes<14 + 32 + 4 * 8 + 32> bytes;
  bytes.put(chain_prefix);
  bytes.put(bytes_of(before));
  bytes.put(batch.batch);
  bytes.put(batch.first_seq);
  bytes.put(batch.last_seq);
  bytes.put(batch.at);
  bytes.put(bytes_of(batch.root));
  return hasher(bytes.view());
}

}  // namespace zhili::store
