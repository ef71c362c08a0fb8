#include "sense/observations/head.hpp"

#include <algorithm>
#include <bit>

namespace zhili::sense::observations {

namespace {

bool earlier(HeadRow const& a, HeadRow const& b) { return a.t != b.t ? a.t < b.t : a.n < b.n; }

}  // namespace

bool same_value(ValueKind kind, double number, std::int64_t integer, std::string_view text, Value const& other) {
  if (kind != other.kind) return false;
  switch (kind) {
    case ValueKind::number:
      return std::bit_cast<std::uint64_t>(number) == std::bit_cast<std::uint64_t>(other.number);
    case ValueKind::truth:
    case ValueKind::count:
      return integer == other.integer;
    case ValueKind::text:
    case ValueKind::json:
      return text == other.text;
  }
  return false;
}

HeadStream const* Head::find(std::int64_t datastream) const {
  auto const at = streams_.find(datastream);
  return at == streams_.end() ? nullptr : &at->second;
}

void Head::put(HeadStream& stream, Batch::Row const& given, std::int64_t n, std::int64_t position, Side const* side) {
  HeadRow row{.t = given.t, .position = position, .bits = given.kind == ValueKind::number ? std::bit_cast<std::uint64_t>(given.number) : static_cast<std::uint64_t>(given.integer), .n = static_cast<std::uint32_t>(n), .kind = given.kind, .flags = given.flags};
  if (side) {
    if (free_.empty()) {
      sides_.emplace_back();
      free_.push_back(static_cast<std::uint32_t>(sides_.size()));
    }
    row.side = free_.back();
    free_.pop_back();
    sides_[row.side - 1] = *side;
  }
  ++size_;
  if (stream.rows.empty() || earlier(stream.rows.back(), row)) {
    // Thousands of streams with some rows each: twice as much room as there are rows would be most of the memory.
    if (stream.rows.size() == stream.rows.capacity()) stream.rows.reserve(stream.rows.size() + stream.rows.size() / 4 + 4);
    stream.rows.push_back(row);
    return;
  }
  stream.late.insert(std::ranges::upper_bound(stream.late, row, earlier), row);
  if (stream.late.size() >= head_late_max) settled(stream);
}

std::vector<HeadRow> const& Head::settled(HeadStream& stream) {
  if (stream.late.empty()) return stream.rows;
  auto const middle = static_cast<std::ptrdiff_t>(stream.rows.size());
  stream.rows.insert(stream.rows.end(), stream.late.begin(), stream.late.end());
  std::ranges::inplace_merge(stream.rows, stream.rows.begin() + middle, earlier);
  stream.late = {};
  return stream.rows;
}

HeadRow const* Head::same(HeadStream const& stream, Batch::Row const& row, Side const* side) const {
  auto const text = side ? std::string_view(side->text) : std::string_view();
  for (auto const* rows : {&stream.rows, &stream.late})
    for (auto at = std::ranges::lower_bound(*rows, row.t, {}, &HeadRow::t); at != rows->end() && at->t == row.t; ++at)
      if (same_value(row.kind, row.number, row.integer, text, read(0, *at).value)) return &*at;
  return nullptr;
}

Observation Head::read(std::int64_t datastream, HeadRow const& row) const {
  Observation out{.id = {datastream, row.n}, .phenomenon_time = core::from_ms(row.t), .value = {.kind = row.kind}, .flags = row.flags};
  if (row.kind == ValueKind::number) out.value.number = std::bit_cast<double>(row.bits);
  else out.value.integer = static_cast<std::int64_t>(row.bits);
  if (row.side == 0) return out;
  auto const& side = sides_[row.side - 1];
  out.phenomenon_end = side.phenomenon_end;
  out.result_time = side.result_time;
  out.feature = side.feature;
  out.extra = side.extra;
  out.value.text = side.text;
  return out;
}

void Head::release(std::uint32_t side) {
  if (side == 0) return;
  sides_[side - 1] = {};
  free_.push_back(side);
}

void Head::take_back(std::int64_t datastream, std::int64_t position) {
  auto const at = streams_.find(datastream);
  if (at == streams_.end()) return;
  for (auto* rows : {&at->second.rows, &at->second.late})
    size_ -= std::erase_if(*rows, [&](HeadRow const& row) {
      if (row.position == position) release(row.side);
      return row.position == position;
    });
}

void Head::drop(HeadStream& stream, std::int64_t position) {
  settled(stream);
  auto const before = stream.rows.size();
  std::erase_if(stream.rows, [&](HeadRow const& row) {
    if (row.position > position) return false;
    stream.t_blocks = std::max(stream.t_blocks, row.t);
    release(row.side);
    return true;
  });
  size_ -= before - stream.rows.size();
  if (stream.rows.size() < stream.rows.capacity() / 4) stream.rows.shrink_to_fit();
  if (size_ == 0) {
    sides_ = {};
    free_ = {};
  }
}

void Head::drop(std::int64_t datastream, std::int64_t position) {
  if (auto const at = streams_.find(datastream); at != streams_.end()) drop(at->second, position);
}

void Head::drop(std::int64_t position) {
  for (auto& [datastream, stream] : streams_) drop(stream, position);
}

void Head::forget(std::int64_t datastream) {
  auto const at = streams_.find(datastream);
  if (at == streams_.end()) return;
  for (auto const& row : settled(at->second)) release(row.side);
  size_ -= at->second.rows.size();
  at->second.rows.clear();
}

void Head::clear() { *this = {}; }

}  // namespace zhili::sense::observations
