#pragma once
// Whether CBOR (RFC 8949) holds what it claims, before a library believes it.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace zhili::organise {

inline constexpr int cbor_levels_max = 4;  ///< of items in items in the data of a passkey (CTAP 2.1, section 8)

/// The bytes behind `items` whole CBOR items at the front of `data`, or npos where the form is broken. Taken is what the canonical form of CTAP 2.1 has:
/// lengths that are given and are there, at most `cbor_levels_max` levels. A reader that believes a length takes memory by it; this one takes none.
/// Pure; O(bytes).
std::size_t behind_cbor(std::string_view data, std::uint64_t items);

}  // namespace zhili::organise
