#pragma once
// The shell of cases: loads, decides, appends, projects and arms timers, in one piece of work of the store.

#include <memory>
#include <mutex>
#include <string>

#include "catalogue/catalogue.hpp"
#include "respond/cases/case.hpp"
#include "respond/duty.hpp"
#include "respond/photos.hpp"
#include "store/db.hpp"

namespace zhili::respond {

inline constexpr std::size_t timers_per_write = 25;   ///< fired in one piece of work; requests go in between
inline constexpr std::size_t cases_per_recount = 25;  ///< the same for a changed calendar
inline constexpr auto timer_retry_after = std::chrono::minutes(1);  ///< when what was due is refused

/// Thread-safe. What it is given by reference outlives it.
class CaseDesk {
 public:
  CaseDesk(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue, DutyFinder const& duty,
           PhotoShelf const& photos, core::Calendar calendar, Policy policy = {});

  /// The fold of the case's entries. Errors: not_found, corrupt.
  static core::Result<CaseState> load(store::Reader& reader, Id id);

  /// Begins a case: `command` is register_case or record with its opening; place and area are those of the
  /// signal's row.
  core::Result<CaseState> open(store::Writer& writer, Command const& command, Actor const& actor);
  /// Does what the command says, if the table of the lifecycle allows it. A dispatch or settlement that names
  /// no department goes to whoever has the duty; one that names another needs a reason. Errors: those of
  /// decide; not_found (the case, or a photo that nobody kept).
  core::Result<CaseState> execute(store::Writer& writer, Id id, Command command, Actor const& actor);
  /// The same as a piece of work of its own: on the disk when it returns.
  core::Result<CaseState> execute(Id id, Command const& command, Actor const& actor);

  /// Fires what is due at `now`, at most `limit` timers, oldest first, in small pieces of work. Each timer is
  /// fired once, however many processes try. Gives how many this call fired; less than `limit` due ones are
  /// left when it gives 0. Blocks; not for a request's thread.
  core::Result<std::size_t> run_due(core::Instant now, std::size_t limit);
  /// When the next timer is due.
  static std::optional<core::Instant> next_due(store::Reader& reader);

  /// From now on this calendar counts, and every open clock is counted again by it, with the reason in each
  /// case's story. May be repeated after a crash: a case is counted once for each calendar version. Gives how
  /// many cases.
  core::Result<std::size_t> reproject(core::Calendar changed, std::string const& reason);

  core::Calendar calendar() const;
  Policy const& policy() const { return policy_; }

 private:
  struct Timer;
  core::Result<CaseState> act(store::Writer& writer, CaseState state, Command const& command,
                              Actor const& actor);
  core::Result<> find_duty(store::Reader& reader, CaseState const& state, Command& command) const;
  core::Result<catalogue::Item const*> item_of(Opening const& opening) const;
  bool fire(store::Writer& writer, Timer const& timer);

  store::Db& db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  DutyFinder const& duty_;
  PhotoShelf const& photos_;
  Policy const policy_;
  mutable std::mutex calendar_guard_;
  core::Calendar calendar_;
};

}  // namespace zhili::respond
