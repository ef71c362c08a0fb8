#pragma once
// The story of a case: each entry of the ledger as one sentence with a subject.

#include <functional>
#include <string>
#include <vector>

#include "respond/cases/case.hpp"

namespace zhili::respond {

/// Whom an entry is for. What is for staff or the system is shown without its reason until people sign in.
enum class Audience : std::uint8_t { everybody, staff, system };
std::string_view name(Audience audience);  ///< "public", "staff", "system"

struct StoryLine {
  std::int64_t seq = 0;
  core::Instant at;
  core::EventKind kind{};
  Role role = Role::system;
  core::Text who;       ///< "派遣员", "排水所的处置员": the role and its department, never a person's name
  core::Text sentence;  ///< begins with `who`
  Audience audience = Audience::everybody;
  bool from_source = false;
  std::vector<Photo> photos = {};
};

/// What codes are called here.
using NameOf = std::function<core::Text(std::string_view department_code)>;
/// "7月12日 08:30" / "12 Jul, 08:30" in the city's time.
using WhenOf = std::function<core::Text(core::Instant at)>;

/// Whom an event is told. Pure.
Audience audience_of(Event const& event);

/// The sentence of one entry. Pure.
StoryLine story_line(std::int64_t seq, Event const& event, NameOf const& department_name, WhenOf const& when);

}  // namespace zhili::respond
