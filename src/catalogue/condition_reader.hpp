#pragma once
// One condition, from its tree to its type.

#include "catalogue/item_reader.hpp"
#include "catalogue/report.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Reads a condition with everything filled in. `place` is the key that it stands under.
Condition read_condition(Node const& place, Node const& condition, Kind kind, Vocabulary const& words,
                         Report& report);

}  // namespace zhili::catalogue
