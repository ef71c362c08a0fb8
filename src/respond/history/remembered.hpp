#pragma once
// A case as another system remembers it.

#include <cstdint>
#include <optional>
#include <string>

#include "catalogue/types.hpp"
#include "core/geo.hpp"
#include "core/time.hpp"

namespace zhili::respond::history {

/// What a source knows about one case. A step that the source does not know is not there: figures that need it leave
/// the case out and count it.
struct Remembered {
  std::string number;   ///< the source's own, unique in the source
  catalogue::Item const* item = nullptr;  ///< never null in a remembered case; lives as long as its catalogue
  std::string channel;  ///< "phone", "app", …
  core::Instant opened;
  std::optional<core::Instant> promised;  ///< the clock of the whole case, as promised to the reporter
  std::optional<core::Instant> closed;
  std::string closing_words;  ///< the source's reason, as written
  std::string outcome;        ///< what the profile makes of it: "duplicate", …; may be empty
  std::string address;
  std::optional<core::LatLon> place;
  bool location_unknown = false;  ///< `place` is a default of the source's geocoder, or there is none
  std::string department;         ///< the source's code
  std::optional<std::int64_t> area_id;  ///< as the source says, not by the place
  /// The source contradicts itself: closed before it opened. Kept as the source says and marked; durations of such a
  /// case are left out and counted.
  bool contradiction = false;
};

}  // namespace zhili::respond::history
