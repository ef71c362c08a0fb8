#include <algorithm>
#include <array>

#include "sense/places/places.hpp"

namespace zhili::sense::places {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 7> kind_names{{{Kind::component, "component"},
                                                                       {Kind::building, "building"},
                                                                       {Kind::estate, "estate"},
                                                                       {Kind::organisation, "organisation"},
                                                                       {Kind::road, "road"},
                                                                       {Kind::block, "block"},
                                                                       {Kind::water, "water"}}};

}  // namespace

CodeScheme CodeScheme::standard() {
  CodeScheme s;
  s.areas = {{"city", {"市", "City"}, 4},
             {"district", {"区", "District"}, 6},
             {"street", {"街道", "Street"}, 9},
             {"community", {"社区", "Community"}, 12}};
  return s;
}

Level const* CodeScheme::level(std::string_view code) const {
  auto const it = std::ranges::find(areas, code, &Level::code);
  return it == areas.end() ? nullptr : &*it;
}

std::string_view CodeScheme::parent(std::string_view code) const {
  std::size_t digits = 0;
  for (auto const& l : areas)
    if (l.digits < code.size()) digits = std::max(digits, l.digits);
  return code.substr(0, digits);
}

std::string_view name(Kind kind) {
  for (auto const& [k, text] : kind_names)
    if (k == kind) return text;
  return {};
}

std::optional<Kind> kind_of(std::string_view text) {
  for (auto const& [k, known] : kind_names)
    if (known == text) return k;
  return std::nullopt;
}

std::string_view Thing::field(std::string_view key) const {
  auto const it =
      std::ranges::lower_bound(fields, key, {}, [](auto const& f) { return std::string_view(f.first); });
  return it != fields.end() && it->first == key ? std::string_view(it->second) : std::string_view();
}

}  // namespace zhili::sense::places
