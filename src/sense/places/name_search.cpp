#include "sense/places/name_search.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>

namespace zhili::sense::places {

namespace {

constexpr std::string_view full_width_prefix = "\xEF\xBC";  // U+FF10 … U+FF19 are EF BC 90 … 99
constexpr std::string_view ideographic_space = "\xE3\x80\x80";

/// Small letters, plain digits; blanks stay only between words of a query.
std::string folded(std::string_view text, bool keep_blanks) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const rest = text.substr(i);
    if (rest.starts_with(ideographic_space) || text[i] == ' ') {
      i += text[i] == ' ' ? 0 : ideographic_space.size() - 1;
      if (keep_blanks) out += ' ';
    } else if (rest.size() > 2 && rest.starts_with(full_width_prefix) && rest[2] >= '\x90' && rest[2] <= '\x99') {
      out += static_cast<char>('0' + (rest[2] - '\x90'));
      i += 2;
    } else {
      out += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    }
  }
  return out;
}

}  // namespace

NameSearch::NameSearch(std::shared_ptr<PlaceIndex const> places) : places_(std::move(places)) {
  auto const& city = places_->city();
  auto const add = [&](Text name, LatLon at) {
    if (name.zh.empty() && name.en.empty()) return;
    auto words = folded(name.zh, false) + "\n" + folded(name.en, false);
    lines_.push_back({std::move(words), std::move(name), at});
  };
  std::map<std::string_view, Thing const*> roads;
  for (auto const& thing : city.things)
    if (thing.kind == Kind::road) roads.emplace(thing.code, &thing);
  for (auto const& thing : city.things) {
    if (thing.kind == Kind::component || thing.shape.empty()) continue;
    auto const at = PlaceIndex::centre(thing.shape);
    auto const road = roads.find(thing.field("road"));
    if (std::string const number(thing.field("number")); road != roads.end() && !number.empty())
      add({road->second->name.zh + " " + number + " 号", number + " " + road->second->name.en}, at);
    else
      add(thing.name, at);
  }
  for (auto const& area : city.areas)
    if (!area.parent.empty() && !area.shape.empty()) add(area.name, PlaceIndex::centre(area.shape));
}

std::vector<NamedPlace> NameSearch::find(std::string_view query, std::size_t limit) const {
  auto const wanted = folded(query, true);
  std::vector<std::string> words;
  for (auto const word : std::views::split(wanted, ' '))
    if (!word.empty()) words.emplace_back(word.begin(), word.end());
  if (words.empty()) return {};
  std::vector<Line const*> hits;
  for (auto const& line : lines_)
    if (std::ranges::all_of(words, [&](auto const& word) { return line.folded.find(word) != std::string::npos; })) hits.push_back(&line);
  auto const rank = [&](Line const* line) { return std::tuple(!line->folded.starts_with(words.front()), line->name.zh.size(), std::cref(line->name.zh).get()); };
  auto const count = std::min({limit, hits_max, hits.size()});
  std::ranges::partial_sort(hits, hits.begin() + static_cast<std::ptrdiff_t>(count), {}, rank);
  std::vector<NamedPlace> out;
  for (auto const* line : hits | std::views::take(count)) {
    auto const found = places_->find(line->at);
    out.push_back({line->name, found.areas.empty() ? Text{} : found.areas.front()->name, line->at});
  }
  return out;
}

}  // namespace zhili::sense::places
