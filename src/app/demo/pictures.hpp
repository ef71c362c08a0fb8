#pragma once
// What the people of the demo city photograph. Drawn, so that no picture of a real place is needed.

#include <cstdint>
#include <string>
#include <string_view>

#include "app/demo/words.hpp"

namespace zhili::app::demo {

/// A street with the trouble in it, or without it once it is `cured`, as PNG, 320 × 240. `shows` is "near", "far", "before"
/// or "after". Streets differ by `place`. The same arguments give the same bytes. Pure; some milliseconds.
std::string picture(Look look, std::string_view shows, bool cured, std::uint32_t place);

}  // namespace zhili::app::demo
