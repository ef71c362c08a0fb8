#pragma once
// The law of packs: JSON Schema, draft 7.

#include <string_view>
#include <vector>

#include "catalogue/finding.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// packs/schema/pack.schema.json as built into the program.
std::string_view pack_schema();

/// Checks one file of a pack; an included file need not repeat the pack's name and version (`whole` = false)
/// and may not have them.
void check_schema(Node const& root, bool whole, std::vector<Finding>& findings);

/// The name in `known` that is nearest to `word`, when it is near enough to be meant; empty otherwise.
std::string nearest(std::string_view word, std::vector<std::string> const& known);

}  // namespace zhili::catalogue
