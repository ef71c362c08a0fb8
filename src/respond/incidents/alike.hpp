#pragma once
// How much two reports are alike: a score with its parts, each with a reason that a dispatcher can read. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/grams.hpp"
#include "catalogue/types.hpp"
#include "core/geo.hpp"
#include "core/time.hpp"

namespace zhili::respond {

/// A place is known this well at best: a telephone in the open. What lies nearer counts as the same place.
inline constexpr std::int32_t place_error_m = 10;
/// A text with fewer words says nothing about what it tells of: it is left out of the score.
inline constexpr std::size_t compared_words_min = 3;

/// The parts of the score, in the order in which they are shown. The names are stored.
enum class Part : std::uint8_t { place, time, item, asset, text };
inline constexpr std::size_t part_count = 5;
std::string_view name(Part part);

/// How the items of two reports are related; the number is the part's score.
enum class Related : std::uint8_t { group = 40, kin = 70, same = 100 };

/// What is compared of a report. `words` are those that are not private; nothing is compared with a text that is not there.
struct Told {
  std::string item;
  std::string group;                        ///< large class of the item
  std::optional<core::LatLon> place = {};
  core::Instant at{};
  std::string asset = {};                   ///< the registered component that stands there; empty: none is known
  catalogue::Grams words = {};
};

struct PartScore {
  Part part{};
  std::int32_t weight = 0;
  std::int32_t score = 0;   ///< 0…100
  std::int64_t amount = 0;  ///< metres; minutes by which the other came earlier; else the score
  bool operator==(PartScore const&) const = default;
};

struct Alike {
  std::int32_t score = 0;  ///< 0…100
  std::vector<PartScore> parts;
  bool operator==(Alike const&) const = default;

  PartScore const* find(Part part) const;
};

/// Compares a report with another one by the rule of its item: Σ weight·score ÷ Σ weight over the parts that are known of both.
///   place  100 within place_error_m, then falling evenly to 0 at the rule's distance
///   time   100 at the same time, falling evenly to 0 at the rule's time
///   item   100 the same, 70 kin by the rule, 40 of one group
///   asset  100 the same registered component, 0 another one
///   text   of the words of the shorter text those that the other has too, in percent
/// Nothing: farther apart than the rule allows, a place is not known, or the items are not related. Cost: the texts.
std::optional<Alike> compare(Told const& one, Told const& other, catalogue::SameThing const& rule);

/// Whether the rule lets these join by themselves: the same item, near enough in place and time, score enough. Pure.
bool joins_by_itself(Alike const& alike, catalogue::SameThing const& rule);

/// "相距 140 米" / "140 m away": for whoever may see both reports.
core::Text reason(PartScore const& part);
/// All of them in one sentence.
core::Text reason(Alike const& alike);
/// The same for everybody: from distances to the reports of others their exact places could be found out.
core::Text public_reason(Alike const& alike);

}  // namespace zhili::respond
