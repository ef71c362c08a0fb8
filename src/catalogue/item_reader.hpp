#pragma once
// One item, from its tree to its type.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "catalogue/report.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// What an item may name: everything that its pack and the packs that it needs declare.
struct Vocabulary {
  std::vector<Role> roles;
  std::vector<Function> functions;
  std::vector<Named> groups;
  std::optional<SameThingDefaults> same_thing;

  void add(Pack const& pack);
};

/// Reads an item whose conditions are filled in. `place` is the key that it stands under.
Item read_item(Node const& place, Node const& item, Vocabulary const& words, Report& report);

}  // namespace zhili::catalogue
