#include "store/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
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

std::array<char, 8> big_endian(std::uint64_t number) {
  std::array<char, 8> out;
  for (std::size_t i = out.size(); i-- > 0; number >>= 8) out[i] = static_cast<char>(number & 0xff);
  return out;
}

/// Big-endian bytes in a buffer of fixed size.
template <std::size_t capacity>
class Bytes {
 public:
  void put(std::string_view bytes) {
    std::memcpy(data_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void put(std::int64_t number) {
    auto const bytes = big_endian(static_cast<std::uint64_t>(number));
    put({bytes.data(), bytes.size()});
  }
  void put_byte(int byte) { data_[size_++] = static_cast<char>(byte); }
  std::string_view view() const { return {data_.data(), size_}; }

 private:
  std::array<char, capacity> data_;  // only what was put is ever read
  std::size_t size_ = 0;
};

constexpr unsigned not_a_digit = 0x100;  // stays above a byte when it is joined with another digit

constexpr std::array<unsigned, 256> make_hex_values() {
  std::array<unsigned, 256> out{};
  out.fill(not_a_digit);
  for (unsigned i = 0; i < 10; ++i) out['0' + i] = i;
  for (unsigned i = 0; i < 6; ++i) out['a' + i] = 10 + i;
  return out;
}
constexpr auto hex_values = make_hex_values();

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

void ManyHasher::add(std::string_view first, std::string_view second) {
  auto const bytes = first.size() + second.size();
  auto const bits = big_endian(bytes * 8);
  auto const blocks = (bytes + 1 + bits.size() + sha256_block_bytes - 1) / sha256_block_bytes;
  auto const end = used_ + blocks * sha256_block_bytes;
  if (padded_.size() < end) padded_.resize(2 * end);
  // FIPS 180-4 section 5.1.1: a bit, zeros, and at the end of the last block the length in bits.
  auto* const to = reinterpret_cast<char*>(padded_.data()) + used_;
  first.copy(to, first.size());
  second.copy(to + first.size(), second.size());
  to[bytes] = static_cast<char>(0x80);
  auto const last = blocks * sha256_block_bytes - bits.size();
  std::memset(to + bytes + 1, 0, last - bytes - 1);
  std::memcpy(to + last, bits.data(), bits.size());
  order_.push_back(blocks << 32 | messages_.size());
  messages_.push_back({used_, bytes});
  used_ = end;
}

std::span<Digest const> ManyHasher::finish() {
  digests_.resize(messages_.size());
  if (kernel_ != nullptr && messages_.size() > 1)
    in_lanes();
  else
    one_by_one();
  messages_.clear();
  order_.clear();
  used_ = 0;
  return digests_;
}

void ManyHasher::in_lanes() {
  std::ranges::sort(order_);  // a group takes as long as its longest message
  for (std::size_t i = 0; i < order_.size(); i += sha256_lanes) {
    LaneGroup group;
    for (std::size_t lane = 0; lane < sha256_lanes; ++lane) {
      auto const entry = order_[std::min(i + lane, order_.size() - 1)];
      auto const number = static_cast<std::uint32_t>(entry);
      group.message[lane] = padded_.data() + messages_[number].at;
      group.blocks[lane] = static_cast<std::uint32_t>(entry >> 32);
      group.digest[lane] = digests_[number].data();
    }
    kernel_(group);
  }
}

void ManyHasher::one_by_one() {
  auto const* padded = reinterpret_cast<char const*>(padded_.data());
  for (std::size_t i = 0; i < messages_.size(); ++i)
    digests_[i] = single_({padded + messages_[i].at, messages_[i].bytes});
}

Digest sha256(std::string_view bytes) {
  return Hasher()(bytes);
}

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256(bytes)); }

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
  unsigned wrong = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto const high = hex_values[static_cast<unsigned char>(hex[2 * i])];
    auto const low = hex_values[static_cast<unsigned char>(hex[2 * i + 1])];
    wrong |= high | low;
    out[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return wrong < not_a_digit ? std::optional(out) : std::nullopt;
}

namespace {

using EntryHead = Bytes<64>;

EntryHead head_of(HashedEntry const& entry) {
  EntryHead head;
  head.put_byte(0);  // a leaf, RFC 6962
  head.put(entry.seq);
  head.put(entry.at);
  head.put_byte(entry.happened ? 1 : 0);
  head.put(entry.happened.value_or(0));
  head.put(entry.kind);
  head.put(entry.subject);
  head.put(entry.actor);
  return head;
}

using Node = Bytes<65>;

Node node_of(Digest const& left, Digest const& right) {
  Node node;
  node.put(node_prefix);
  node.put(bytes_of(left));
  node.put(bytes_of(right));
  return node;
}

/// One level up. Pairing neighbours and carrying an odd last one gives the tree of RFC 6962's recursive
/// split.
void go_up(ManyHasher& hasher, std::vector<Digest>& level) {
  for (std::size_t i = 0; i + 1 < level.size(); i += 2) hasher.add(node_of(level[i], level[i + 1]).view());
  auto const parents = hasher.finish();
  if (level.size() % 2 == 1) level[parents.size()] = level.back();
  std::ranges::copy(parents, level.begin());
  level.resize((level.size() + 1) / 2);
}

}  // namespace

Digest entry_hash(Hasher& hasher, HashedEntry const& entry) {
  return hasher(head_of(entry).view(), entry.payload);
}

void add_entry(ManyHasher& hasher, HashedEntry const& entry) {
  hasher.add(head_of(entry).view(), entry.payload);
}

Digest merkle_root(ManyHasher& hasher, std::vector<Digest> level) {
  if (level.empty()) return sha256({});
  while (level.size() > 1) go_up(hasher, level);
  return level.front();
}

std::vector<Digest> merkle_path(ManyHasher& hasher, std::vector<Digest> level, std::size_t index) {
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
    out = hasher((index % 2 == 1 ? node_of(path[used], out) : node_of(out, path[used])).view());
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
