#pragma once
// What alarms need to know of the city. Owned here; the program wires it to things, devices, places and the installation.

#include <optional>
#include <string>

#include "catalogue/types.hpp"
#include "respond/alarms/alarm.hpp"

namespace zhili::respond::alarms {

/// Thread-safe; some microseconds; runs on the writer's thread, with the reader of the piece of work that runs.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  /// Where a subject is. `thing`: whose reading decided; 0: not known. What is not known stays empty.
  virtual Where where(store::Reader& reader, rules::Subject const& subject, std::int64_t thing) const = 0;
  /// Who holds the function there by the installation's mapping. Empty function, or nobody holds it: the department whose own area is the
  /// smallest one around the place, else the installation's default department, with Keeper::fallback.
  virtual Keeper keeper(std::string_view item, std::string_view function, catalogue::DutyBy by, Where const& where) const = 0;
};

}  // namespace zhili::respond::alarms
