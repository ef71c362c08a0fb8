#pragma once
// SHA-256, and the bytes that the ledger's hashes are taken over.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sha256_lanes.hpp"

namespace zhili::store {

using Digest = std::array<unsigned char, 32>;

/// The name that stands beside every stored hash of this suite.
inline constexpr std::string_view hash_suite = "sha-256";

/// SHA-256 with a context that is used again and again. Not thread-safe.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher const&) = delete;
  Hasher& operator=(Hasher const&) = delete;
  Digest operator()(std::string_view first, std::string_view second = {});

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of many messages, several at a time where the processor can. Keeps its memory. Not thread-safe.
class ManyHasher {
 public:
  ManyHasher() : ManyHasher(lane_kernels().empty() ? nullptr : lane_kernels().front()) {}
  /// With a kernel of lane_kernels(); without one, one after the other.
  explicit ManyHasher(LaneKernel kernel) : kernel_(kernel) {}

  /// A message in one or two pieces.
  void add(std::string_view first, std::string_view second = {});
  std::size_t size() const { return messages_.size(); }
  /// The digests of what was added, in that order; they stand until finish() is called again. Begins anew.
  std::span<Digest const> finish();

 private:
  struct Message {
    std::size_t at;  // in padded_
    std::size_t bytes;
  };
  void in_lanes();
  void one_by_one();

  LaneKernel kernel_;
  Hasher single_;
  std::vector<unsigned char> padded_;
  std::size_t used_ = 0;  // of padded_, which is never made smaller
  std::vector<Message> messages_;
  std::vector<std::uint64_t> order_;  // blocks of a message, and in the lower half its number
  std::vector<Digest> digests_;
};

Digest sha256(std::string_view bytes);

std::string to_hex(Digest const& digest);
std::string sha256_hex(std::string_view bytes);
/// Nothing if it is not 64 lower-case hex digits.
std::optional<Digest> from_hex(std::string_view hex);

/// All columns of an entry that its hash is taken over.
struct HashedEntry {
  std::int64_t seq = 0;
  std::int64_t at = 0;
  std::optional<std::int64_t> happened;
  std::int64_t kind = 0;
  std::int64_t subject = 0;
  std::int64_t actor = 0;
  std::string_view payload;
};

/// The hash of an entry, which is also its leaf in the batch's tree.
Digest entry_hash(Hasher& hasher, HashedEntry const& entry);
/// Adds the message of which that hash is taken.
void add_entry(ManyHasher& hasher, HashedEntry const& entry);

/// The root over the leaves, as RFC 6962 section 2.1 builds it.
Digest merkle_root(ManyHasher& hasher, std::vector<Digest> leaves);

/// What leads from one leaf to the root: the sibling at each level that has one, from the bottom up.
std::vector<Digest> merkle_path(ManyHasher& hasher, std::vector<Digest> leaves, std::size_t index);
/// The root that a leaf, its place, the size of the tree and a path give. Nothing if the path has not the
/// right length.
std::optional<Digest> root_of_path(Hasher& hasher, Digest const& leaf, std::size_t index, std::size_t size,
                                   std::span<Digest const> path);

/// One commit batch as the chain sees it.
struct HashedBatch {
  std::int64_t batch = 0;
  std::int64_t first_seq = 0;
  std::int64_t last_seq = 0;
  std::int64_t at = 0;
  Digest root{};
};

/// What stands before the first batch: bound to the ledger's own name, so that two ledgers never share a
/// chain.
Digest chain_start(std::string_view ledger_id);
Digest chain_link(Hasher& hasher, Digest const& before, HashedBatch const& batch);

}  // namespace zhili::store
