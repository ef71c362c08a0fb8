#include "bus/lease.hpp"

namespace zhili::bus {

core::Result<bool> hold(store::Db& db, std::string_view name, std::string const& holder, core::Instant now, std::chrono::milliseconds length) {
  return db.write([&](store::Writer& writer) {
    auto const taken = writer.exec(
        "INSERT INTO lease (name, holder, until_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, "
        "until_at = excluded.until_at WHERE lease.holder = excluded.holder OR lease.until_at <= ?",
        name, holder, now + length, now);
    return taken > 0;
  });
}

}  // namespace zhili::bus
