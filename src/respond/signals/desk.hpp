#pragma once
// The shell of signals: loads, decides, appends, projects, in one piece of work of the store.

#include <functional>
#include <memory>
#include <string>

#include "catalogue/catalogue.hpp"
#include "respond/cases/desk.hpp"
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
  /// The same, waiting.
  core::Result<Received> receive(Report report, Actor const& actor);

  /// Does what the command says, if the table of the lifecycle allows it. Registering opens an incident and its case in
  /// the same piece of work. Errors: those of decide; not_found.
  core::Result<SignalState> execute(store::Writer& writer, Id signal, SignalCommand const& command, Actor const& actor);
  /// The same as a piece of work of its own: on the disk when it returns.
  core::Result<SignalState> execute(Id signal, SignalCommand const& command, Actor const& actor);

  /// What this actor may do next with a signal. Errors: not_found (its item).
  core::Result<std::vector<NextStep>> next(SignalState const& state, Actor const& actor) const;

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
  core::Result<catalogue::Item const*> item_of(SignalState const& state) const;
  core::Result<Received> take(store::Writer& writer, Ready const& ready);
  core::Result<> follow(store::Writer& writer, SignalState const& state, SignalEvent& event, SignalCommand const& command, Actor const& actor);
  core::Result<> open_case(store::Writer& writer, SignalState const& state, SignalEvent& event, Actor const& actor);
  core::Result<> join_case(store::Writer& writer, SignalState const& state, SignalEvent& event, SignalCommand const& command, Actor const& actor);
  core::Result<> split_case(store::Writer& writer, SignalState const& state, SignalCommand const& command, Actor const& actor);

  store::Db& db_;
  store::Vault& vault_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  CaseDesk& cases_;
  PlaceFinder const& places_;
  PhotoShelf const& photos_;
  core::TimeSource const& time_;
};

}  // namespace zhili::respond
