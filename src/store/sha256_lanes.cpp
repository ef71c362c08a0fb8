#include "store/sha256_lanes.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#if defined(__x86_64__)

// Functions give vectors back here, but all of these are inlined into the kernels.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace zhili::store {

namespace {

using Lanes [[gnu::vector_size(32)]] = std::uint32_t;
using LaneBytes [[gnu::vector_size(32)]] = unsigned char;
constexpr std::size_t words = 8;  // of a state, and of half a block

constexpr std::array<std::uint32_t, words> start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::array<std::uint32_t, 64> round_constant = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The names of FIPS 180-4 section 4.1.2.
template <int bits>
[[gnu::always_inline]] inline Lanes rotr(Lanes const& x) {
  return x >> bits | x << (32 - bits);
}
[[gnu::always_inline]] inline Lanes ch(Lanes const& x, Lanes const& y, Lanes const& z) {
  return (x & y) ^ (~x & z);
}
[[gnu::always_inline]] inline Lanes maj(Lanes const& x, Lanes const& y, Lanes const& z) {
  return (x & y) | (z & (x | y));
}
[[gnu::always_inline]] inline Lanes big_sigma_0(Lanes const& x) {
  return rotr<2>(x) ^ rotr<13>(x) ^ rotr<22>(x);
}
[[gnu::always_inline]] inline Lanes big_sigma_1(Lanes const& x) {
  return rotr<6>(x) ^ rotr<11>(x) ^ rotr<25>(x);
}
[[gnu::always_inline]] inline Lanes small_sigma_0(Lanes const& x) {
  return rotr<7>(x) ^ rotr<18>(x) ^ (x >> 3);
}
[[gnu::always_inline]] inline Lanes small_sigma_1(Lanes const& x) {
  return rotr<17>(x) ^ rotr<19>(x) ^ (x >> 10);
}

[[gnu::always_inline]] inline Lanes swap_bytes(Lanes const& x) {
  auto const b = reinterpret_cast<LaneBytes>(x);
  return reinterpret_cast<Lanes>(__builtin_shufflevector(b, b, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14,
                                                         13, 12, 19, 18, 17, 16, 23, 22, 21, 20, 27, 26, 25,
                                                         24, 31, 30, 29, 28));
}

/// Rows become columns: three times, the upper half is interleaved with the lower.
[[gnu::always_inline]] inline void transpose(std::array<Lanes, words>& m) {
#pragma GCC unroll 3
  for (int time = 0; time < 3; ++time) {
    std::array<Lanes, words> z;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < words / 2; ++i) {
      z[2 * i] = __builtin_shufflevector(m[i], m[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      z[2 * i + 1] = __builtin_shufflevector(m[i], m[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    m = z;
  }
}

/// Block number `block` of each message, as words. A message that has ended gives its first again.
[[gnu::always_inline]] inline void load(LaneGroup const& group, std::uint32_t block,
                                        std::array<Lanes, 2 * words>& w) {
#pragma GCC unroll 2
  for (std::size_t half = 0; half < 2; ++half) {
    std::array<Lanes, words> m;
#pragma GCC unroll 8
    for (std::size_t lane = 0; lane < sha256_lanes; ++lane) {
      auto const from = block < group.blocks[lane] ? block * sha256_block_bytes : 0;
      std::memcpy(&m[lane], group.message[lane] + from + half * sizeof(Lanes), sizeof(Lanes));
    }
    transpose(m);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < words; ++i) w[half * words + i] = swap_bytes(m[i]);
  }
}

/// The 64 rounds over one block. Instead of moving the eight variables, their names move.
[[gnu::always_inline]] inline void rounds(std::array<Lanes, words>& s, std::array<Lanes, 2 * words>& w) {
#pragma GCC unroll 64
  for (std::size_t t = 0; t < 64; ++t) {
    auto& word = w[t % 16];
    if (t >= 16) word += small_sigma_0(w[(t + 1) % 16]) + w[(t + 9) % 16] + small_sigma_1(w[(t + 14) % 16]);
    auto const at = [t](std::size_t name) { return (name - t) % words; };
    auto const &a = s[at(0)], &b = s[at(1)], &c = s[at(2)], &e = s[at(4)], &f = s[at(5)], &g = s[at(6)];
    auto &d = s[at(3)], &h = s[at(7)];
    h += big_sigma_1(e) + ch(e, f, g) + round_constant[t] + word;
    d += h;
    h += big_sigma_0(a) + maj(a, b, c);
  }
}

[[gnu::always_inline]] inline void run(LaneGroup const& group) {
  std::array<Lanes, words> state;
  for (std::size_t i = 0; i < words; ++i) state[i] = Lanes{} + start[i];
  Lanes blocks;
  std::memcpy(&blocks, group.blocks.data(), sizeof(blocks));
  auto const most = *std::ranges::max_element(group.blocks);
  for (std::uint32_t block = 0; block < most; ++block) {
    std::array<Lanes, 2 * words> w;
    load(group, block, w);
    auto s = state;
    rounds(s, w);
    auto const going_on = reinterpret_cast<Lanes>(blocks > block);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < words; ++i) state[i] += s[i] & going_on;
  }
  for (auto& word : state) word = swap_bytes(word);
  transpose(state);
  for (std::size_t lane = 0; lane < sha256_lanes; ++lane)
    std::memcpy(group.digest[lane], &state[lane], sizeof(Lanes));
}

[[gnu::target("avx2")]] void run_avx2(LaneGroup const& group) {
  run(group);
}
/// The same width, but rotating and three-way logic in one instruction, and twice the registers.
[[gnu::target("avx2,avx512f,avx512vl,avx512bw")]] void run_avx512(LaneGroup const& group) {
  run(group);
}

}  // namespace

std::span<LaneKernel const> lane_kernels() {
  static std::vector<LaneKernel> const kernels = [] {
    std::vector<LaneKernel> out;
    if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) out.push_back(run_avx512);
    if (__builtin_cpu_supports("avx2")) out.push_back(run_avx2);
    return out;
  }();
  return kernels;
}

}  // namespace zhili::store

#else

namespace zhili::store {
std::span<LaneKernel const> lane_kernels() {
  return {};
}
}  // namespace zhili::store

#endif
