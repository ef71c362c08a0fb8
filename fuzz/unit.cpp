// Whatever is read as a unit has a finite positive scale, converts into itself as the identity, and reads back as itself.
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "core/units.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::core;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  unit_symbol(text);
  auto const unit = UcumUnit::parse(text);
  if (!unit) {
    if (unit.error().text.zh.empty() || unit.error().text.en.empty() || unit.error().field != "unit") std::abort();
    return 0;
  }
  if (!std::isfinite(unit->scale()) || unit->scale() <= 0 || !std::isfinite(unit->offset())) std::abort();
  auto const self = unit->conversion(*unit);
  if (!self || !self->is_identity()) std::abort();
  auto const again = UcumUnit::parse(unit->code());
  if (!again || again->dimension() != unit->dimension() || again->scale() != unit->scale()) std::abort();
  return 0;
}
