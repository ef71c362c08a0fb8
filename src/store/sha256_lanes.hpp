#pragma once
// SHA-256 of eight messages at once, one in each lane of the processor's vectors.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace zhili::store {

inline constexpr std::size_t sha256_lanes = 8;
inline constexpr std::size_t sha256_block_bytes = 64;

/// Eight messages, padded as FIPS 180-4 section 5.1.1 says, and where their digests go. The group takes as long as its
/// longest message, so messages of about the same length belong together. Two lanes may have the same message and
/// place.
struct LaneGroup {
  std::array<unsigned char const*, sha256_lanes> message;
  std::array<std::uint32_t, sha256_lanes> blocks;  ///< of the padded message, at least 1
  std::array<unsigned char*, sha256_lanes> digest;
};

using LaneKernel = void (*)(LaneGroup const&);

/// The kernels that this processor can run, the fastest first. None where it has no wide vectors: then one message
/// after the other is faster.
std::span<LaneKernel const> lane_kernels();

}  // namespace zhili::store
