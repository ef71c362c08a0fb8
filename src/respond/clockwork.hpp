#pragma once
// What time does by itself: timers of signals and cases fire, and a changed calendar counts their clocks again.

#include <optional>
#include <string>
#include <vector>

#include "respond/cases/desk.hpp"
#include "respond/signals/desk.hpp"
#include "store/db.hpp"

namespace zhili::respond {

inline constexpr std::size_t timers_per_write = 2;     ///< fired in one piece of work; requests go in between
inline constexpr std::size_t clocks_per_recount = 25;  ///< the same for a changed calendar
inline constexpr auto timer_retry_after = std::chrono::minutes(1);  ///< when what was due is refused

/// Thread-safe. What it is given outlives it.
class Clockwork {
 public:
  Clockwork(store::Db& db, CaseDesk& cases, SignalDesk& signals) : db_(db), cases_(cases), signals_(signals) {}

  /// Fires what is due at `now`, at most `limit` timers, oldest first, in small pieces of work. Each timer is
  /// fired once, however many processes try. Gives how many this call fired; less than `limit` due ones are
  /// left when it gives 0. Blocks; not for a request's thread.
  core::Result<std::size_t> run_due(core::Instant now, std::size_t limit);
  /// When the next timer is due.
  static std::optional<core::Instant> next_due(store::Reader& reader);

  /// From now on this calendar counts, and every open clock is counted again by it, with the reason in the story
  /// of each signal and case. May be repeated after a crash: each is counted once for each calendar version. Gives
  /// how many signals and cases.
  core::Result<std::size_t> reproject(core::Calendar changed, std::string const& reason);

 private:
  struct Timer;
  core::Result<> ring(store::Writer& writer, Timer const& timer);
  static std::vector<Timer> due(store::Reader& reader, core::Instant now, std::size_t limit);
  bool fire(store::Writer& writer, Timer const& timer);
  core::Result<bool> recount(store::Writer& writer, Id subject, std::string const& by, std::string const& reason);

  store::Db& db_;
  CaseDesk& cases_;
  SignalDesk& signals_;
};

}  // namespace zhili::respond
