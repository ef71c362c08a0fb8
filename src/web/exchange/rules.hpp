#pragma once
// What is said to another system about a case that it works on, and what its answers mean here. Pure.

#include <optional>
#include <string>
#include <string_view>

#include "respond/cases/case.hpp"

namespace zhili::web::exchange {

/// What an update of a peer asks for in our case.
enum class Means : std::uint8_t {
  nothing,  ///< it is shown, and no more
  working,  ///< somebody there has taken it
  done,     ///< the work is reported done; verifying stays ours
  refused   ///< it is not theirs
};
Means meaning_of(std::string_view status);

/// What an entry of a case asks to be told to the peer that works on it.
struct Say {
  std::string status;  ///< of the extension for updates
  std::string words;
  bool ends = false;   ///< the case is no longer with the peer
  bool operator==(Say const&) const = default;
};

/// Nothing: the peer is told nothing. `department` is the one that the peer stands for, `peer_ref` as whom it acts here.
std::optional<Say> say_of(respond::Event const& event, std::string_view department, std::string_view peer_ref);

/// The next commands that bring a case to what an update means, for the peer as an actor of `department`; none where the stage
/// leaves nothing to do. `words` are the peer's.
std::optional<respond::Verb> next_step(Means means, respond::CaseState const& state, std::string_view department);

}  // namespace zhili::web::exchange
