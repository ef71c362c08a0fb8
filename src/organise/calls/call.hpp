#pragma once
// A call at the phone desk (12345): who may go on with it, and what a number looks like to whoever only has to tell it apart.
// Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::organise {

/// The numbers are stored: never change one.
enum class CallState : std::uint8_t { open = 1, registered = 2, answered = 3, dropped = 4 };
std::string_view name(CallState state);

struct Call {
  std::int64_t id = 0;
  std::string taker = {};  ///< ref of a person: "staff:dora"
  CallState state = CallState::open;
  core::Instant opened_at{};
  std::optional<core::Instant> ended_at = {};
  std::int64_t draft = 0;      ///< entry whose record holds what was typed; 0: nothing yet
  std::string item = {};       ///< registered or answered
  std::int64_t signal_id = 0;  ///< registered
  bool secret = false;         ///< the caller asked that nobody learns who they are (要求保密)
};

/// Errors: forbidden (somebody else's call), conflict (it has ended; the text says how).
core::Result<> may_go_on(Call const& call, std::string_view who);

inline constexpr std::size_t caller_number_chars_max = 40;
/// Errors: invalid (neither empty nor a telephone number), limit. Empty is a caller who shows no number.
core::Result<> check_caller_number(std::string_view number);

/// "138****8000": three digits before, four behind; a number of fewer than 8 digits shows its last two.
std::string masked(std::string_view number);

}  // namespace zhili::organise
