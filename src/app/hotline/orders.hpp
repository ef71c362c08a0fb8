#pragma once
// Work orders of another hotline, read from its file. Pure.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "app/hotline/profile.hpp"
#include "organise/calls/call_desk.hpp"

namespace zhili::app {

inline constexpr std::size_t hotline_file_bytes_max = 32 * 1024 * 1024;
inline constexpr std::size_t order_number_chars_max = 80;

struct WorkOrder {
  std::string number;  ///< the hotline's own
  bool secret = false;
  organise::CallReport report;
};

/// Reads a file as the profile says, order by order. `line` is where it begins in CSV, its place in the list (from 1) in JSON. A row
/// that cannot be read is given as its error, `field` naming the column; the rest goes on. Errors: invalid (the file as a whole:
/// not UTF-8, no header, a column missing, no JSON list), limit (hotline_file_bytes_max).
core::Result<> read_orders(std::string_view file, HotlineProfile const& profile,
                           std::function<void(std::uint64_t line, core::Result<WorkOrder>)> const& visit);

}  // namespace zhili::app
