#pragma once
// Which devices have changed since a place in the ledger. Inside of devices only.

#include <vector>

#include "core/event_kind.hpp"
#include "sense/devices/device.hpp"
#include "store/db.hpp"

namespace zhili::sense::devices {

/// Rows that are asked for at once.
inline constexpr std::size_t devices_read_max = 256;

struct Changes {
  std::vector<Id> devices = {};  ///< sorted, each once
  store::Seq last = 0;           ///< the place to go on from
};

/// Devices that entries of these kinds (both included) after `after` are about. Cost: the entries since.
Changes changes_after(store::Reader& r, store::Seq after, core::EventKind first, core::EventKind last);

}  // namespace zhili::sense::devices
