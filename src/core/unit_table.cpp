#include "core/unit_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace zhili::core::unit_table {

UnitAtom const* find_atom(string_view code) {
  auto const* const found = std::ranges::find(unit_atoms, code, &UnitAtom::code);
  return found == unit_atoms.end() ? nullptr : found;
}

/// An atom with its prefix, if the word is one.
std::optional<UnitAtom> read_word(string_view word) {
  if (auto const* const atom = find_atom(word)) return *atom;
  for (auto const& prefix : unit_prefixes) {
    if (!word.starts_with(prefix.code)) continue;
    auto const* const atom = find_atom(word.substr(prefix.code.size()));
    if (atom == nullptr || !atom->metric) continue;
    return UnitAtom{word, atom->dimension, atom->up * prefix.up, atom->down * prefix.down, false};
  }
  return std::nullopt;
}

static bool same_but_for_case(string_view a, string_view b) {
  auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The code that was probably meant; empty where none is near.
std::string meant_unit(string_view word) {
  for (auto const& hint : unit_hints)
    if (same_but_for_case(hint.said, word)) return std::string(hint.code);
  for (auto const& scale : unit_scales)
    if (same_but_for_case(scale.code, word)) return std::string(scale.code);
  for (auto const& atom : unit_atoms) {
    if (same_but_for_case(atom.code, word)) return std::string(atom.code);
    if (!atom.metric) continue;
    for (string_view const prefix : {"k", "m", "M", "u", "c", "h", "d", "n"})
      if (same_but_for_case(fmt::format("{}{}", prefix, atom.code), word)) return fmt::format("{}{}", prefix, atom.code);
  }
  return {};
}

}  // namespace zhili::core::unit_table
