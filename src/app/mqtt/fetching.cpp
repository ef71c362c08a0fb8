#include "app/mqtt/fetching.hpp"

#include "bus/lease.hpp"
#include "store/sealing.hpp"

namespace zhili::app {

namespace {

constexpr std::string_view fetches = "mqtt fetches ", caught_up_with = "mqtt here ";
constexpr std::chrono::milliseconds at_once{0};

}  // namespace

Fetching::Fetching(store::Db& db, core::TimeSource const& wall) : db_(db), wall_(wall), alone_(db.engine() == "sqlite"), holder_(store::random_record_name()) {}

core::Result<bool> Fetching::hold(std::string_view what, std::string const& broker, std::chrono::milliseconds length) {
  return bus::hold(db_, std::string(what) + broker, holder_, wall_.now(), length);
}

core::Result<bool> Fetching::take(std::string const& broker) {
  return alone_ ? core::Result<bool>(true) : hold(fetches, broker, fetching_lease);
}

void Fetching::says(std::string const& broker, bool caught_up, std::uint64_t waiting) {
  auto const now = wall_.now();
  own_.is(caught_up, now, waiting);
  bool const here = own_.may_pass(now);
  if (alone_ || (here == said_here_ && (!here || now - said_ < fetching_renewed))) return;
  if (!hold(caught_up_with, broker, here ? caught_up_lease : at_once)) return;  // it is over by itself, and is said again with the next step
  said_ = now;
  said_here_ = here;
}

void Fetching::give_back(std::string const& broker) {
  is_elsewhere(false);
  if (alone_) return;
  said_here_ = false;
  (void)hold(caught_up_with, broker, at_once);
  (void)hold(fetches, broker, at_once);
}

void Fetching::is_elsewhere(bool elsewhere) { own_.is(elsewhere, wall_.now()); }

/// Somebody fetches, or did a moment ago, and nobody says that nothing waits there.
bool Fetching::others_are_behind(core::Instant now) {
  std::lock_guard const lock(mutex_);
  if (now - asked_ < fetching_renewed && now >= asked_) return behind_;
  asked_ = now;
  auto const found = db_.read([&](store::Reader& reader) {
    return reader.value<std::int64_t>(
        "SELECT count(*) FROM lease a WHERE substr(a.name, 1, ?) = ? AND a.until_at > ? AND NOT EXISTS "
        "(SELECT 1 FROM lease b WHERE b.name = ? || substr(a.name, ?) AND b.holder = a.holder AND b.until_at > ?)",
        fetches.size(), fetches, now - backlog_waited_for, caught_up_with, fetches.size() + 1, now);
  });
  if (found) behind_ = found->value_or(0) > 0;
  return behind_;
}

bool Fetching::all_is_here() {
  auto const now = wall_.now();
  return own_.may_pass(now) && (alone_ || !others_are_behind(now));
}

}  // namespace zhili::app
