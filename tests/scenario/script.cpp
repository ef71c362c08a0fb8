#include "scenario/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <stdexcept>

namespace zhili::scenario {

namespace {

constexpr double metres_per_degree = 111'195;

[[noreturn]] void wrong(int line, std::string const& what) {
  throw std::runtime_error(fmt::format("line {}: {}", line, what));
}

Sentence cut(std::string_view text, int line) {
  Sentence out;
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == ' ' || text[at] == ',') {
      ++at;
    } else if (text[at] == ';') {
      out.push_back({";", false});
      ++at;
    } else if (text[at] == '"') {
      auto const end = text.find('"', at + 1);
      if (end == std::string_view::npos) wrong(line, "a quote is not closed");
      out.push_back({std::string(text.substr(at + 1, end - at - 1)), true});
      at = end + 1;
    } else {
      auto const end = std::min(text.find_first_of(" ,;", at), text.size());
      out.push_back({std::string(text.substr(at, end - at)), false});
      at = end;
    }
  }
  return out;
}

bool digits(std::string_view text, int& out) {
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

std::optional<int> clock_of(std::string const& word) {
  int hour = 0;
  int minute = 0;
  if (word.size() != 5 || word[2] != ':' || !digits(word.substr(0, 2), hour) ||
      !digits(word.substr(3), minute))
    return std::nullopt;
  return hour * 3600 + minute * 60;
}

/// `07-13` (of the scenario's year) or `2026-07-13`.
std::optional<core::Civil> date_of(std::string const& word) {
  core::Civil out;
  int month = 0;
  int day = 0;
  out.year = 0;
  auto rest = std::string_view(word);
  if (rest.size() == 10 && rest[4] == '-') {
    if (!digits(rest.substr(0, 4), out.year)) return std::nullopt;
    rest.remove_prefix(5);
  }
  if (rest.size() != 5 || rest[2] != '-' || !digits(rest.substr(0, 2), month) || !digits(rest.substr(3), day))
    return std::nullopt;
  out.month = static_cast<unsigned>(month);
  out.day = static_cast<unsigned>(day);
  return out;
}

/// `cell 100 m, origin 34.8600 117.5500`, then rows of marks: `.` a unit grid, a letter a unit grid with a
/// place in it, `~` a field outside of the city, `~x` a place out there.
class Drawing {
 public:
  Drawing(Sentence const& words, int line) {
    if (words.size() < 7) wrong(line, "a town is: town cell METRES m, origin LAT LON");
    cell_m_ = std::stod(words[2].text);
    lat_ = std::stod(words[5].text);
    lon_ = std::stod(words[6].text);
  }
  void row(std::string_view text, Script& script) {
    int column = 0;
    for (std::size_t at = 0; at < text.size(); ++column) {
      auto const end = std::min(text.find(' ', at), text.size());
      auto mark = text.substr(at, end - at);
      bool const outside = mark.starts_with("~");
      if (outside) mark.remove_prefix(1);
      if (!outside) script.grids.push_back({point(column, row_ + 1), point(column + 1, row_)});
      if (!mark.empty() && mark != ".") script.places[std::string(mark)] = middle(column, row_);
      at = std::min(text.find_first_not_of(' ', end), text.size());
      if (at - end >= remark_spaces) break;  // a remark stands behind the row
    }
    ++row_;
  }

 private:
  static constexpr std::size_t remark_spaces = 6;
  core::LatLon point(double column, double row) const {
    return core::LatLon::of(lat_ - row * cell_m_ / metres_per_degree,
                            lon_ + column * cell_m_ / (metres_per_degree * 0.82));
  }
  core::LatLon middle(int column, int row) const { return point(column + 0.5, row + 0.5); }

  double cell_m_ = 100;
  double lat_ = 0;
  double lon_ = 0;
  int row_ = 0;
};

/// An expectation may hold several, parted by ";".
void add_expectations(Sentence words, int number, Script& script) {
  Sentence one;
  words.push_back({";", false});
  for (auto& word : words) {
    if (!(word == ";")) {
      one.push_back(std::move(word));
    } else if (!one.empty()) {
      script.lines.push_back({number, std::nullopt, std::move(one), true});
      one.clear();
    }
  }
}

void read_people(Sentence const& words, Script& script, int line) {
  for (std::size_t i = 1; i + 1 < words.size(); i += 2) {
    Person person{words[i + 1].text, {}};
    auto const name = words[i].text;
    if (i + 3 < words.size() && words[i + 2] == "of") {
      person.department = words[i + 3].text;
      i += 2;
    }
    if (!script.people.emplace(name, person).second) wrong(line, name + " is there twice");
  }
}

/// devices NAME TYPE at PLACE ["what the place is called"] …
void read_devices(Sentence const& words, Script& script, int line) {
  for (std::size_t i = 1; i < words.size();) {
    if (i + 3 >= words.size() || !(words[i + 2] == "at")) wrong(line, "a device is: NAME TYPE at PLACE [\"what the place is called\"]");
    Instrument one{words[i + 1].text, words[i + 3].text, words[i + 3].text};
    auto const& name = words[i].text;
    if (!script.places.contains(one.place)) wrong(line, "the drawing has no place " + one.place);
    i += 4;
    if (i < words.size() && words[i].quoted) one.called = words[i++].text;
    if (!script.devices.emplace(name, std::move(one)).second) wrong(line, name + " is there twice");
  }
}

/// `08:09..08:54`, with a date in front or not: leaves the first time there, and gives the second.
std::optional<int> take_until(Sentence& words, int line) {
  for (std::size_t i = 0; i < std::min<std::size_t>(2, words.size()); ++i) {
    auto const dots = words[i].quoted ? std::string::npos : words[i].text.find("..");
    if (dots == std::string::npos) continue;
    auto const until = clock_of(words[i].text.substr(dots + 2));
    words[i].text.resize(dots);
    if (!until || !clock_of(words[i].text)) wrong(line, "a while is: HH:MM..HH:MM");
    return until;
  }
  return std::nullopt;
}

/// Takes `every 1 min` from the end of a line's words.
core::Duration take_every(Sentence& words, int line) {
  auto const at = std::ranges::find_if(words, [](Word const& word) { return word == "every"; });
  Sentence rest(at == words.end() ? at : at + 1, words.end());
  auto const out = take_duration(rest);
  if (!out || !rest.empty()) wrong(line, "a while ends with how often: every N min");
  words.erase(at, words.end());
  return *out;
}

}  // namespace

std::optional<core::Duration> take_duration(Sentence& words) {
  int number = 0;
  if (words.size() < 2 || words[0].quoted || !digits(words[0].text, number) || number <= 0) return std::nullopt;
  auto const& unit = words[1].text;
  auto const one = unit == "min" ? core::Duration(std::chrono::minutes(1)) : unit == "h" ? core::Duration(std::chrono::hours(1)) : core::Duration(std::chrono::seconds(unit == "s" ? 1 : 0));
  if (one == core::Duration(0)) return std::nullopt;
  words.erase(words.begin(), words.begin() + 2);
  return number * one;
}

std::optional<When> take_when(Sentence& words) {
  When out;
  std::size_t used = 0;
  if (!words.empty())
    if ((out.date = date_of(words[0].text))) ++used;
  auto const second = used < words.size() ? clock_of(words[used].text) : std::nullopt;
  if (!second) return std::nullopt;
  out.second = *second;
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(used + 1));
  return out;
}

core::Instant instant_of(When const& when, core::Civil const& today, core::Zone const& zone) {
  auto civil = when.date.value_or(today);
  if (civil.year == 0) civil.year = today.year;
  civil.second = when.second;
  return zone.instant(civil);
}

Script read_script(std::string const& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot open " + file);
  Script out;
  out.day.month = 0;
  std::optional<Drawing> drawing;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    auto const first = text.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    if (text[first] == '#') {
      if (out.title.empty()) out.title = text.substr(text.find_first_not_of("# "));
      continue;
    }
    if (first >= 10 && drawing && !text.substr(first).starts_with("=>")) {
      drawing->row(std::string_view(text).substr(first), out);
      continue;
    }
    auto words = cut(std::string_view(text).substr(first), number);
    if (words[0] == "town") {
      drawing.emplace(words, number);
    } else if (words[0] == "people") {
      read_people(words, out, number);
    } else if (words[0] == "devices") {
      read_devices(words, out, number);
    } else if (words[0] == "day") {
      auto const day = date_of(words.at(1).text);
      if (!day) wrong(number, "a day is: day YYYY-MM-DD");
      out.day = *day;
    } else if (words[0] == "=>") {
      words.erase(words.begin());
      add_expectations(std::move(words), number, out);
    } else {
      drawing.reset();
      auto const until = take_until(words, number);
      auto when = take_when(words);
      if (!when) wrong(number, "a step begins with its time: " + text);
      auto& step = out.lines.emplace_back(Line{.number = number, .when = when, .words = {}});
      if (until) step.repeat = Repeat{*until, take_every(words, number)};
      step.words = std::move(words);
    }
  }
  if (out.day.month == 0) throw std::runtime_error(file + " does not say its first day");
  if (out.lines.empty()) throw std::runtime_error(file + " has no steps");
  return out;
}

}  // namespace zhili::scenario
