#pragma once
// Numbers as few bytes: what blocks and batches are written with. Reading believes nothing.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zhili::sense::observations {

constexpr std::uint64_t zigzag(std::int64_t v) { return (static_cast<std::uint64_t>(v) << 1U) ^ static_cast<std::uint64_t>(v >> 63U); }
constexpr std::int64_t unzigzag(std::uint64_t v) { return static_cast<std::int64_t>(v >> 1U) ^ -static_cast<std::int64_t>(v & 1U); }
/// Differences wrap around, so that any two numbers have one.
constexpr std::int64_t minus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }
constexpr std::int64_t plus(std::int64_t a, std::int64_t b) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }

class ByteWriter {
 public:
  void byte(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
  /// LEB128: seven bits a byte, lowest first.
  void unsigned_number(std::uint64_t v) {
    while (v >= 0x80U) {
      byte(static_cast<std::uint8_t>(v | 0x80U));
      v >>= 7U;
    }
    byte(static_cast<std::uint8_t>(v));
  }
  void number(std::int64_t v) { unsigned_number(zigzag(v)); }
  void fixed32(std::uint32_t v) { for (unsigned i = 0; i < 4; ++i) byte(static_cast<std::uint8_t>(v >> (8 * i))); }
  void fixed64(std::uint64_t v) { for (unsigned i = 0; i < 8; ++i) byte(static_cast<std::uint8_t>(v >> (8 * i))); }
  void text(std::string_view v) {
    unsigned_number(v.size());
    out_.append(v);
  }
  void raw(std::string_view v) { out_.append(v); }
  std::string& bytes() { return out_; }

 private:
  std::string out_;
};

/// After the first thing that is not there everything reads as zero, and ok() is false: looked at once, at the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}
  std::uint8_t byte() {
    if (at_ == end_) return fail();
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t unsigned_number() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      auto const b = byte();
      out |= static_cast<std::uint64_t>(b & 0x7fU) << shift;
      if ((b & 0x80U) == 0) return out;
    }
    return fail();
  }
  std::int64_t number() { return unzigzag(unsigned_number()); }
  std::uint32_t fixed32() {
    std::uint32_t out = 0;
    for (unsigned i = 0; i < 4; ++i) out |= static_cast<std::uint32_t>(byte()) << (8 * i);
    return out;
  }
  std::uint64_t fixed64() {
    std::uint64_t out = 0;
    for (unsigned i = 0; i < 8; ++i) out |= static_cast<std::uint64_t>(byte()) << (8 * i);
    return out;
  }
  std::string_view text() { return raw(unsigned_number()); }
  std::string_view raw(std::uint64_t size) {
    if (size > left()) {
      fail();
      return {};
    }
    std::string_view const out(at_, static_cast<std::size_t>(size));
    at_ += size;
    return out;
  }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool ok() const { return ok_; }
  std::uint8_t fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

 private:
  char const* at_;
  char const* end_;
  bool ok_ = true;
};

/// A column of integers: differences of neighbours, in groups of 64; of a group the smallest difference, and how far each is above it
/// in as few bits as the largest needs (frame of reference; Lemire and Boytsov, "Decoding billions of integers per second through
/// vectorization", 2015). A column that grows evenly costs next to nothing.
void write_column(ByteWriter& out, std::span<std::int64_t const> column);
/// Reads `count` of them; a wrong column makes the reader not ok. `count` was checked by the caller.
std::vector<std::int64_t> read_column(ByteReader& in, std::size_t count);

/// A column of numbers. Where all are decimals of a few places (1.25, 17.3) they are written as integers, exactly; else as differences
/// of their bits (XOR with the neighbour before; Pelkonen et al., "Gorilla", VLDB 2015) without leading zero bytes.
void write_numbers(ByteWriter& out, std::span<double const> column);
std::vector<double> read_numbers(ByteReader& in, std::size_t count);

}  // namespace zhili::sense::observations
