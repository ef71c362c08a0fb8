#pragma once
// A scenario file, read: a town drawn as text, its people, and what they do at which minute.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/geo.hpp"
#include "core/time.hpp"

namespace zhili::scenario {

/// A sentence cut into words; a text in quotes is one word, and remembered as a text.
struct Word {
  std::string text;
  bool quoted = false;
  bool operator==(char const* other) const { return !quoted && text == other; }
};
using Sentence = std::vector<Word>;

/// `10:12`, `07-13 10:12` or `2026-07-13 10:12` at the front of a sentence.
struct When {
  std::optional<core::Civil> date;  ///< none: the day that the scenario has come to
  int second = 0;
};

/// `08:09..08:54 … every 1 min`: again and again until then, at most a day, while the lines behind it are played.
struct Repeat {
  int until_second = 0;  ///< of the first time's day; of the next one where that has passed
  core::Duration every{};
};

struct Line {
  int number = 0;
  std::optional<When> when;  ///< of a step; an expectation has none
  Sentence words;            ///< of a step: several sentences may be parted by ";"
  bool expectation = false;
  std::optional<Repeat> repeat = {};
};

struct Person {
  std::string role;
  std::string department;
};

/// A device of a pack's type that stands at a place.
struct Instrument {
  std::string type;
  std::string place;  ///< letter of the drawing; devices of one letter and name stand at one place
  std::string called;  ///< what people call the place; the letter where nothing is said
};

/// A unit grid of the drawing.
struct Cell {
  core::LatLon south_west;
  core::LatLon north_east;
};

/// The whole file. README.md has its grammar.
struct Script {
  std::string title;
  core::Civil day;                             ///< the first day
  std::vector<Cell> grids;                     ///< fields of the drawing that belong to the city
  std::map<std::string, core::LatLon> places;  ///< letters of the drawing
  std::map<std::string, Person> people;
  std::map<std::string, Instrument> devices;
  std::vector<Line> lines;
};

/// Reads a file; what is wrong with it is said as "line N: …" by an exception: a scenario is the test's own
/// text.
Script read_script(std::string const& file);

/// Takes a time off the front of a sentence; nothing where it does not begin with one.
std::optional<When> take_when(Sentence& words);
/// `10 min`, `2 h`, `30 s` at the front; nothing where it does not begin with one.
std::optional<core::Duration> take_duration(Sentence& words);
core::Instant instant_of(When const& when, core::Civil const& today, core::Zone const& zone);

}  // namespace zhili::scenario
