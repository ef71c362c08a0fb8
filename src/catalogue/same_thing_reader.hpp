#pragma once
// What a pack says of reports about the same thing.

#include <optional>

#include "catalogue/report.hpp"
#include "catalogue/types.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

/// Reports farther apart are never compared, whatever a pack says: it bounds how much is looked at for one of them.
inline constexpr std::int32_t same_thing_within_m_max = 500;

/// `same_thing` of a pack: weights, and limits for each kind.
SameThingDefaults read_same_thing_defaults(Node const& node, Report& report);

/// `same_thing` of an item (null: it says nothing), filled in from the defaults; nothing where neither says anything.
std::optional<SameThing> same_thing_of(Node const* node, Kind kind, std::optional<SameThingDefaults> const& defaults, Report& report);

}  // namespace zhili::catalogue
