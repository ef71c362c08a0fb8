#include "sense/devices/changes.hpp"

#include <algorithm>

#include "store/ledger.hpp"

namespace zhili::sense::devices {

Changes changes_after(store::Reader& r, store::Seq after, core::EventKind first, core::EventKind last) {
  Changes out{.last = store::last_seq(r)};
  if (out.last <= after) return out;
  r.each<std::int64_t>("SELECT subject FROM ledger WHERE seq > ? AND kind >= ? AND kind <= ?",
                       [&](std::int64_t subject) {
                         if (out.devices.empty() || out.devices.back() != subject) out.devices.push_back(subject);
                       },
                       after, first, last);
  std::ranges::sort(out.devices);
  auto const doubled = std::ranges::unique(out.devices);
  out.devices.erase(doubled.begin(), doubled.end());
  return out;
}

}  // namespace zhili::sense::devices
