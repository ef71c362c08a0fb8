#pragma once
// What rules are fed with: readings of streams, in batches with a position. Owned by the rules; whoever keeps observations adapts.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace zhili::respond::rules {

/// What a value is. A text travels as a number that stands for it: text_number().
enum class ValueType : std::uint8_t { number, truth, text };

/// Bits of what was found wrong with a reading.
using Quality = std::uint16_t;
inline constexpr Quality out_of_range = 1, stuck = 2, spike = 4;

/// A number that stands for a text: the same text, the same number; different texts, different numbers but for one case in 2^52.
double text_number(std::string_view text);

/// One observation as rules see it. Plain data.
struct Reading {
  std::int64_t stream = 0;  ///< Datastream
  std::int64_t at_ms = 0;   ///< phenomenonTime
  double value = 0;         ///< in the property's unit; a truth is 0 or 1; a text is its text_number
  ValueType type = ValueType::number;
  Quality quality = 0;
};

/// Readings that were stored together. Positions grow; a batch is read again from its position after a crash, with the same content.
struct Batch {
  std::int64_t position = 0;
  core::Instant received{};
  std::vector<Reading> readings = {};
};

}  // namespace zhili::respond::rules
