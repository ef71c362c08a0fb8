#pragma once
// What routes that register devices share.

#include "web/devices/devices.hpp"

namespace zhili::web {

/// Who sends the request, held to the areas of their posts. The call must outlive it.
devices::Keeper keeper_of(Call const& call);

/// lat, lon, datum, component, area, place.
std::vector<Field> place_fields();
/// Any of place_fields() was sent.
bool says_place(Input const& body);
/// Reads place_fields(). Errors: invalid.
core::Result<devices::WantedPlace> place_wanted(Input const& body);

}  // namespace zhili::web
