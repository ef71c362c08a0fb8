#pragma once
// Appending to the ledger, and reading it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/db.hpp"
#include "store/digest.hpp"
#include "store/session.hpp"

namespace zhili::store {

/// One entry as it stands in the ledger.
struct Recorded {
  Seq seq = 0;
  core::Instant at{};
  std::optional<core::Instant> happened;
  core::EventKind kind{};
  Seq subject = 0;
  std::string actor;  ///< its ref: "staff:dora"
  std::string payload;
};

/// All entries about one subject, oldest first. Cost: one index range.
std::vector<Recorded> entries_of(Reader& reader, Seq subject);
/// The newest of them, at most `limit`, oldest first.
std::vector<Recorded> newest_entries_of(Reader& reader, Seq subject, std::size_t limit);
/// Entries with a larger seq, oldest first, at most `limit`. What it gives is a prefix without gaps: a
/// listener that goes on from the last seq it saw misses nothing.
std::vector<Recorded> entries_after(Reader& reader, Seq seq, std::size_t limit);
/// The last seq; 0 for an empty ledger.
Seq last_seq(Reader& reader);

/// Text as a JSON string, with its quotes.
std::string json_quoted(std::string_view text);
/// The payload of the entry that makes an actor known.
std::string actor_payload(std::string_view ref);

/// The ledger inside one commit batch: gives numbers, hashes as it goes, and seals. Used by the writer's
/// thread only.
class LedgerBatch {
 public:
  explicit LedgerBatch(Session& session) : sql_(session) {}

  /// Gives a new database its name and its head. Inside a transaction of its own.
  static void found(Session& session);

  /// Reads the head, inside the batch's transaction. Time never runs back: the batch is at `now` or at the
  /// head's time.
  void begin(core::Instant now);
  Seq append(Entry const& entry);
  /// Writes the batch's root and the new head, if there is any entry.
  void seal();
  /// The batch is on the disk: what it learnt about actors may be kept.
  void committed();

  struct Mark {
    std::size_t leaves = 0;
    std::size_t actors = 0;
  };
  Mark mark() const { return {leaves_.size(), new_actors_.size()}; }
  /// Forgets what was appended since; the rows are undone by the savepoint.
  void back_to(Mark const& mark);

  core::Instant at() const { return core::from_ms(at_ms_); }
  Seq last() const { return head_seq_ + static_cast<Seq>(leaves_.size()); }
  bool empty() const { return leaves_.empty(); }

 private:
  std::int64_t actor_id(std::string_view ref);
  void write(HashedEntry const& entry);

  Statements sql_;
  Hasher hasher_;
  ManyHasher tree_;
  std::int64_t head_batch_ = 0;
  Seq head_seq_ = 0;
  std::int64_t at_ms_ = 0;
  Digest head_chain_{};
  std::vector<Digest> leaves_;
  std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> actors_;
  std::vector<std::string> new_actors_;  // in actors_, but not yet on the disk
};

}  // namespace zhili::store
