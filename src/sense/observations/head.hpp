#pragma once
// What came lately and is in no block yet, in memory: numbered, looked up, read.

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "sense/observations/observation.hpp"

namespace zhili::sense::observations {

/// One observation in memory: there are as many as are not compacted yet, so its size counts.
struct HeadRow {
  std::int64_t t = 0;
  std::int64_t position = 0;  ///< of its batch
  std::uint64_t bits = 0;     ///< Value::number or, of another kind, Value::integer
  std::uint32_t n = 0;        ///< up to observations_of_a_stream_max
  std::uint32_t side = 0;     ///< as in Batch::Row, in the Head's own sides
  ValueKind kind = ValueKind::number;
  Flags flags = 0;
};

/// One datastream in memory.
struct HeadStream {
  std::int64_t next_n = -1;      ///< -1: not known yet
  std::int64_t t_blocks = 0;     ///< nothing in blocks is later than this
  std::vector<HeadRow> rows = {};  ///< by (t, n)
  std::vector<HeadRow> late = {};  ///< by (t, n) too, not among `rows` yet
};
/// What comes out of order is put among the others when so much of it is there: a history that comes backwards costs no more than a few
/// times what it costs in order.
inline constexpr std::size_t head_late_max = 1'024;

/// Not thread-safe. Order of each stream's rows is by time and number; what comes in order costs nothing to put there.
class Head {
 public:
  HeadStream& stream(std::int64_t datastream) { return streams_[datastream]; }
  HeadStream const* find(std::int64_t datastream) const;
  /// A row of the batch `position` under its number.
  void put(HeadStream& stream, Batch::Row const& row, std::int64_t n, std::int64_t position, Side const* side);
  /// The same result at the same time, if it is here.
  HeadRow const* same(HeadStream const& stream, Batch::Row const& row, Side const* side) const;
  /// All of them by (t, n), with what came late in its place.
  static std::vector<HeadRow> const& settled(HeadStream& stream);
  /// As it is read.
  Observation read(std::int64_t datastream, HeadRow const& row) const;
  /// Forgets rows of one datastream that came with the batch `position`.
  void take_back(std::int64_t datastream, std::int64_t position);
  /// Forgets rows of batches up to `position`: of one datastream, or of all.
  void drop(std::int64_t datastream, std::int64_t position);
  void drop(std::int64_t position);
  /// Forgets all rows of one datastream, or everything.
  void forget(std::int64_t datastream);
  void clear();

  std::size_t size() const { return size_; }
  std::unordered_map<std::int64_t, HeadStream> const& streams() const { return streams_; }
  std::unordered_map<std::int64_t, HeadStream>& streams() { return streams_; }

 private:
  void release(std::uint32_t side);
  void drop(HeadStream& stream, std::int64_t position);

  std::unordered_map<std::int64_t, HeadStream> streams_;
  std::vector<Side> sides_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

/// Whether two results are the same, bit by bit for numbers.
bool same_value(ValueKind kind, double number, std::int64_t integer, std::string_view text, Value const& other);

}  // namespace zhili::sense::observations
