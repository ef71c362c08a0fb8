#pragma once
// One thing written over another: conditions that extend, defaults, and the layers of levels.

#include <string>
#include <utility>
#include <vector>

#include "catalogue/report.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

using Locks = std::vector<std::pair<std::string, std::string>>;  ///< element → pack that locked it

/// `base` with everything that `over` says in its place. Maps are merged to the given depth, all else is
/// replaced.
Node merged(Node base, Node const& over, int depth);

/// An item's conditions with their `extends` filled in and what `defaults` says where they are silent.
/// Findings for conditions that extend what is not there, or themselves in a circle.
void fill_conditions(Node& item, Node const* defaults, Report& report);

/// The item of an upper level with what a lower level fills in. Findings for what is locked, naming the
/// element and the pack that locked it; such words are left out.
Node layered(Node const& upper, Node const& lower, Locks const& locks, Report& report);

}  // namespace zhili::catalogue
