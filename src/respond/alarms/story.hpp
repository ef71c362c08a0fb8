#pragma once
// The story of an alarm: each of its entries as one sentence.

#include <functional>
#include <string>
#include <vector>

#include "respond/alarms/alarm.hpp"
#include "store/db.hpp"

namespace zhili::respond::alarms {

/// Entries of one alarm that are told: the newest.
inline constexpr std::size_t story_lines_max = 500;

struct StoryLine {
  std::int64_t seq = 0;
  core::Instant at{};  ///< when it happened
  core::EventKind kind{};
  std::string actor = {};  ///< ref; "system"
  core::Text sentence = {};
  std::string words = {};  ///< what somebody wrote: the reason, the comment
};

/// What codes and refs are called here. Each gives something for whatever it is asked.
struct Names {
  std::function<core::Text(std::string const& actor)> person;
  std::function<core::Text(std::string const& post)> post;
  std::function<core::Text(core::Instant)> when;
};

/// The sentence of one entry. Pure.
core::Text sentence_of(Event const& event, Names const& names);
/// Oldest first. Errors: corrupt.
core::Result<std::vector<StoryLine>> story_of(store::Reader& reader, Id alarm, Names const& names);

/// "12.5 cm", "是 / yes", "–" of what is not known.
core::Text value_words(Value const& value);

}  // namespace zhili::respond::alarms
