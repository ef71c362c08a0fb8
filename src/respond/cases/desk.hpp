#pragma once
// The shell of cases: loads, decides, appends, projects and arms timers, in one piece of work of the store.

#include <memory>
#include <mutex>
#include <string>

#include "catalogue/catalogue.hpp"
#include "respond/cases/case.hpp"
#include "respond/cases/case_index.hpp"
#include "respond/cases/next.hpp"
#include "respond/duty.hpp"
#include "respond/photos.hpp"
#include "store/db.hpp"

namespace zhili::respond {

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

  /// Whether the command would be done at `now`, and why not.
  core::Result<> may(CaseState const& state, Command const& command, Actor const& actor, core::Instant now) const;
  /// What this actor may do next with a case at `now`. Errors: not_found (its item).
  core::Result<std::vector<NextStep>> next(CaseState const& state, Actor const& actor, core::Instant now) const;

  /// All cases as the ledger knew them after the entry `seq`, folded anew from their entries: due times are counted by today's
  /// calendar, and places, areas and privacy are those that each case began with, for they never change. For checking what was
  /// published then. Cost: all entries of all cases; some 20 µs each. Errors: corrupt, not_found (an item that is not loaded).
  core::Result<std::shared_ptr<CaseIndex const>> index_as_of(store::Reader& reader, store::Seq seq) const;

  /// The calendar by which clocks are counted.
  core::Calendar calendar() const;
  /// From now on this one counts. Clocks that run already are counted again by Clockwork::reproject.
  void count_by(core::Calendar changed);
  Policy const& policy() const { return policy_; }

 private:
  core::Result<CaseState> act(store::Writer& writer, CaseState state, Command const& command,
                              Actor const& actor);
  core::Result<> find_duty(store::Reader& reader, CaseState const& state, Command& command) const;
  core::Result<catalogue::Item const*> item_of(Opening const& opening) const;

  store::Db& db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  DutyFinder const& duty_;
  PhotoShelf const& photos_;
  Policy const policy_;
  mutable std::mutex calendar_guard_;
  core::Calendar calendar_;
};

}  // namespace zhili::respond
