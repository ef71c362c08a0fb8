#pragma once
// The shell of signals: loads, decides, appends, projects, in one piece of work of the store.

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "catalogue/catalogue.hpp"
#include "respond/cases/desk.hpp"
#include "respond/incidents/candidates.hpp"
#include "respond/signals/next.hpp"
#include "respond/signals/place_finder.hpp"
#include "respond/signals/signal.hpp"
#include "store/db.hpp"
#include "store/vault.hpp"

namespace zhili::respond {

/// A signal that is on the disk.
struct Received {
  Id id = 0;
  /// With which its reporter follows it; kept as a hash only. Empty for a report repeated without a token of its own.
  std::string token;
  core::Instant at{};
  bool repeated = false;  ///< the same report came before; `id` is that one
};

/// How long the personal fields of a report may be opened.
inline constexpr auto contact_kept_for = std::chrono::days(730);
/// Within this time an equal report of one sender is the first one again.
inline constexpr auto repeat_window = std::chrono::minutes(10);

/// Signals of one incident: what one piece of work moves at most.
inline constexpr std::size_t max_signals_per_incident = 1'000;

/// Thread-safe. What it is given outlives it.
class SignalDesk {
 public:
  SignalDesk(store::Db& db, store::Vault& vault, std::shared_ptr<catalogue::Catalogue const> catalogue, CaseDesk& cases,
             PlaceFinder const& places, PhotoShelf const& photos, core::TimeSource const& time)
      : db_(db), vault_(vault), catalogue_(std::move(catalogue)), cases_(cases), places_(places), photos_(photos), time_(time) {}

  /// Takes a report. `done` is called once: on the caller's thread if it is refused, else on the writer's thread after it
  /// is on the disk, where it must not block. Blocks only to put the key of personal fields on the disk.
  /// Errors: not_found (item; photo that nobody kept), invalid and limit (`field`), busy, unavailable.
  void receive(Report report, Actor actor, std::function<void(core::Result<Received>)> done);
  /// What belongs to the receipt: it happens with it or not at all. Not called for a report that came before.
  using Along = std::function<core::Result<>(store::Writer&, Received const&)>;
  /// The same, waiting. Errors: as above, and those of `along`.
  core::Result<Received> receive(Report report, Actor const& actor, Along const& along = {});

  /// Inside of a piece of work: a report without personal fields, whose keys could not be put on the disk there. Errors: as above; internal.
  core::Result<Received> receive(store::Writer& writer, Report report, Actor const& actor);

  /// Does what the command says, if the table of the lifecycle allows it. Registering opens an incident and its case in
  /// the same piece of work. Joining a signal that began a case brings all that stand in that case; splitting one gives
  /// everything back as it was, in the same piece of work. `into` of tell_apart may be a report or a case.
  /// Errors: those of decide; not_found; limit (signals of one incident).
  core::Result<SignalState> execute(store::Writer& writer, Id signal, SignalCommand const& command, Actor const& actor);
  /// The same as a piece of work of its own: on the disk when it returns.
  core::Result<SignalState> execute(Id signal, SignalCommand const& command, Actor const& actor);

  /// A report that waits too, and who acts on it: its area may be another one.
  struct Follower {
    Id signal = 0;
    Actor actor;
  };
  /// Registers a report and joins others that wait to its case, in one piece of work: all of it or nothing. Each can be split again,
  /// and is then as it came. Errors: as execute; those of a follower have `field` "along".
  core::Result<SignalState> register_together(store::Writer& writer, Id signal, SignalCommand const& command, Actor const& actor,
                                              std::span<Follower const> along);

  /// Joins a case to another one, or splits them: what its first report does, by the version of the case.
  core::Result<CaseState> execute_on_case(store::Writer& writer, Id a_case, Command const& command, Actor const& actor);
  /// The same as a piece of work of its own: on the disk when it returns.
  core::Result<CaseState> execute_on_case(Id a_case, Command const& command, Actor const& actor);

  /// Joins a report to the one open case that its item's rule names as the same thing; nothing happens where the rule does
  /// not, where several fit, or where somebody was faster. True if it was joined.
  core::Result<bool> join_by_rule(store::Writer& writer, Id signal);

  /// Whether the command would be done, and why not. Errors: as execute.
  core::Result<> may(store::Reader& reader, SignalState const& state, SignalCommand const& command, Actor const& actor) const;

  /// What this actor may do next with a signal. Errors: not_found (its item).
  core::Result<std::vector<NextStep>> next(store::Reader& reader, SignalState const& state, Actor const& actor) const;

  /// Open cases and waiting reports that may be about the same thing. Errors: not_found.
  core::Result<std::vector<Candidate>> candidates(store::Reader& reader, SignalState const& state) const;
  /// The same for what somebody is telling just now.
  std::vector<Candidate> candidates(store::Reader& reader, Told told) const { return find_candidates(reader, *catalogue_, places_, std::move(told)); }

  /// The fold of the signal's entries. Errors: not_found, corrupt.
  static core::Result<SignalState> load(store::Reader& reader, Id signal);
  /// The signal behind a reporter's token.
  static std::optional<Id> by_token(store::Reader& reader, std::string_view token);

 private:
  /// A report that is checked, with its personal fields sealed: what the writer's thread needs, and nothing that waits.
  struct Ready {
    Report report;
    Actor actor;
    catalogue::Item const* item = nullptr;
    std::optional<store::Sealed> sealed;
    std::string token;
  };
  core::Result<Ready> prepare(Report report, Actor actor);
  core::Result<Received> take(store::Writer& writer, Ready const& ready);
  core::Result<> show(store::Writer& writer, SignalState const& before, SignalEvent const& event);
  core::Result<catalogue::Item const*> item_of(SignalState const& state) const;
  template <class Do>
  auto in_context(store::Reader& reader, core::Instant now, SignalState const& state, SignalCommand const& command, Actor const& actor,
                  Do&& act) const -> decltype(act(std::declval<SignalContext const&>()));
  core::Result<SignalState> put(store::Writer& writer, SignalState const& state, SignalCommand const& command, Actor const& actor);
  core::Result<> prepare_event(store::Writer& writer, SignalState const& state, SignalEvent& event, Actor const& actor);
  core::Result<> open_case(store::Writer& writer, SignalState const& state, SignalEvent& event, Actor const& actor);
  core::Result<SignalState> join(store::Writer& writer, SignalState const& state, SignalCommand command, Actor const& actor);
  core::Result<SignalState> split(store::Writer& writer, SignalState const& state, SignalCommand command, Actor const& actor);

  store::Db& db_;
  store::Vault& vault_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  CaseDesk& cases_;
  PlaceFinder const& places_;
  PhotoShelf const& photos_;
  core::TimeSource const& time_;
};

}  // namespace zhili::respond
