#include "sense/observations/bytes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace zhili::sense::observations {

namespace {

constexpr std::size_t group_size = 64;
constexpr int places_max = 6;
constexpr double exact_max = 9007199254740992.0;  // 2^53: integers up to here are doubles
constexpr std::array<double, places_max + 1> power_of_ten = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
constexpr std::uint8_t by_bits = 255;  // instead of the number of places

/// Neighbours differ in their last bits least often: those come first, so that what is left out is at the end.
constexpr std::uint64_t turned(std::uint64_t v) { return __builtin_bswap64(v); }

void pack(ByteWriter& out, std::span<std::uint64_t const> values, unsigned width) {
  std::uint64_t bits = 0;
  unsigned filled = 0;
  for (auto v : values) {
    for (unsigned done = 0; done < width;) {
      auto const take = std::min(width - done, 64 - filled);
      auto const part = take == 64 ? v : (v >> done) & ((std::uint64_t{1} << take) - 1);
      bits |= part << filled;
      filled += take;
      done += take;
      if (filled == 64) {
        out.fixed64(bits);
        bits = 0;
        filled = 0;
      }
    }
  }
  for (; filled > 0; filled -= std::min(filled, 8U), bits >>= 8U) out.byte(static_cast<std::uint8_t>(bits));
}

/// Bits of a packed group, read from its bytes: never past them.
class Bits {
 public:
  explicit Bits(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t take(unsigned width) {
    std::uint64_t out = 0;
    for (unsigned done = 0; done < width;) {
      auto const byte = static_cast<unsigned char>(bytes_[at_ >> 3U]);
      auto const offset = static_cast<unsigned>(at_ & 7U);
      auto const take = std::min(width - done, 8 - offset);
      out |= static_cast<std::uint64_t>((byte >> offset) & ((1U << take) - 1)) << done;
      at_ += take;
      done += take;
    }
    return out;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::optional<int> places_of(std::span<double const> column) {
  for (int places = 0; places <= places_max; ++places) {
    auto const fits = [&](double v) {
      auto const scaled = std::round(v * power_of_ten[static_cast<std::size_t>(places)]);
      return std::abs(scaled) < exact_max && std::bit_cast<std::uint64_t>(scaled / power_of_ten[static_cast<std::size_t>(places)]) == std::bit_cast<std::uint64_t>(v);
    };
    if (std::ranges::all_of(column, fits)) return places;
  }
  return std::nullopt;
}

}  // namespace

void write_column(ByteWriter& out, std::span<std::int64_t const> column) {
  std::int64_t before = 0;
  std::array<std::int64_t, group_size> steps{};
  std::array<std::uint64_t, group_size> above{};
  for (std::size_t begin = 0; begin < column.size(); begin += group_size) {
    auto const count = std::min(group_size, column.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      steps[i] = minus(column[begin + i], before);
      before = column[begin + i];
    }
    // The very first step is the column's own begin and says nothing about the others.
    auto const own = begin == 0 ? 1U : 0U;
    if (own != 0) out.number(steps[0]);
    if (count == own) continue;
    auto const least = *std::min_element(steps.begin() + own, steps.begin() + static_cast<std::ptrdiff_t>(count));
    std::uint64_t all = 0;
    for (std::size_t i = own; i < count; ++i) all |= above[i - own] = static_cast<std::uint64_t>(minus(steps[i], least));
    auto const width = static_cast<unsigned>(std::bit_width(all));
    out.number(least);
    out.byte(static_cast<std::uint8_t>(width));
    pack(out, std::span(above).first(count - own), width);
  }
}

std::vector<std::int64_t> read_column(ByteReader& in, std::size_t count) {
  std::vector<std::int64_t> out;
  out.reserve(count);
  std::int64_t before = 0;
  for (std::size_t begin = 0; begin < count && in.ok(); begin += group_size) {
    auto left = std::min(group_size, count - begin);
    if (begin == 0) {
      out.push_back(before = in.number());
      --left;
    }
    if (left == 0) break;
    auto const least = in.number();
    auto const width = in.byte();
    if (width > 64) in.fail();
    auto const packed_bytes = in.raw((left * width + 7) / 8);
    if (!in.ok()) break;
    Bits bits(packed_bytes);
    for (std::size_t i = 0; i < left; ++i) out.push_back(before = plus(before, plus(least, static_cast<std::int64_t>(bits.take(width)))));
  }
  out.resize(count);
  return out;
}

void write_numbers(ByteWriter& out, std::span<double const> column) {
  auto const places = places_of(column);
  if (places) {
    out.byte(static_cast<std::uint8_t>(*places));
    std::vector<std::int64_t> scaled(column.size());
    std::ranges::transform(column, scaled.begin(), [&](double v) { return static_cast<std::int64_t>(std::round(v * power_of_ten[static_cast<std::size_t>(*places)])); });
    write_column(out, scaled);
    return;
  }
  out.byte(by_bits);
  std::uint64_t before = 0;
  for (double const v : column) {
    auto const bits = std::bit_cast<std::uint64_t>(v);
    auto const changed = turned(bits ^ before);
    before = bits;
    auto const bytes = static_cast<unsigned>((std::bit_width(changed) + 7) / 8);
    out.byte(static_cast<std::uint8_t>(bytes));
    for (unsigned i = 0; i < bytes; ++i) out.byte(static_cast<std::uint8_t>(changed >> (8 * i)));
  }
}

std::vector<double> read_numbers(ByteReader& in, std::size_t count) {
  std::vector<double> out(count);
  auto const form = in.byte();
  if (form <= places_max) {
    auto const scaled = read_column(in, count);
    std::ranges::transform(scaled, out.begin(), [&](std::int64_t v) { return static_cast<double>(v) / power_of_ten[form]; });
    return out;
  }
  if (form != by_bits) in.fail();
  std::uint64_t before = 0;
  for (auto& v : out) {
    auto const bytes = in.byte();
    if (bytes > 8) in.fail();
    if (!in.ok()) break;
    std::uint64_t changed = 0;
    for (unsigned i = 0; i < bytes; ++i) changed |= static_cast<std::uint64_t>(in.byte()) << (8 * i);
    before ^= turned(changed);
    v = std::bit_cast<double>(before);
  }
  return out;
}

}  // namespace zhili::sense::observations
