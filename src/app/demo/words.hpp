#pragma once
// What the people of the demo city say.

#include <cstdint>
#include <span>
#include <string_view>

namespace zhili::app::demo {

/// What a trouble looks like on a photo.
enum class Look : std::uint8_t { heap, hole, lamp, water, vehicles, stall, wire, tree, scraps };

/// Something that goes wrong in a town, as a resident would tell it. `{}` stands for the place.
struct Trouble {
  std::string_view words;
  std::string_view search;  ///< what is typed into the item search; the first item found is reported
  int weight;               ///< how often, relative to the others
  int day_hours_from, day_hours_to;  ///< when it is noticed
  std::string_view cure;    ///< what the handler writes
  Look look;
};

std::span<Trouble const> troubles();

struct Resident {
  std::string_view name;
  std::string_view phone;  ///< numbers of the range that is never given out
};
std::span<Resident const> residents();

struct Worker {
  std::string_view ref;  ///< "staff:dora"
  std::string_view name;
};
std::span<Worker const> acceptors();
std::span<Worker const> dispatchers();
std::span<Worker const> leads();
std::span<Worker const> collectors();
std::span<Worker const> verifiers();
std::span<Worker const> handlers();

}  // namespace zhili::app::demo
