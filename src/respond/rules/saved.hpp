#pragma once
// Inside of rules: states of several instances as one row of the checkpoint or the journal.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "respond/rules/engine.hpp"

namespace zhili::respond::rules {

/// One state, and whose it is. Texts point into the row.
struct Saved {
  std::string_view rule = {};
  std::string_view subject = {};  ///< text_of()
  std::uint64_t meaning = 0;      ///< of the rule: another one has another state
  std::uint64_t sources = 0;      ///< of the streams: others make another state
  std::int64_t position = 0;      ///< readings up to there are in it
  std::string_view state = {};
};

/// What names the streams of an instance; the same streams, the same number.
std::uint64_t sources_number(Instance const& instance);

void append_saved(std::string& row, Saved const& one);
/// Calls `visit` for each. Errors: corrupt.
core::Result<> each_saved(std::string_view row, std::function<void(Saved const&)> const& visit);

}  // namespace zhili::respond::rules
