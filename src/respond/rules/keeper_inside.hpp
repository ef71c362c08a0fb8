#pragma once
// Inside of rules: what the keeper remembers between two rounds, and the steps of a round.

#include <map>
#include <mutex>
#include <set>
#include <unordered_map>

#include "respond/rules/keeper.hpp"
#include "respond/rules/saved.hpp"

namespace zhili::respond::rules {

/// rule_choice.armed of a rule that was armed since the states were loaded: what has stopped begins anew, and then it is 1. 0: disarmed.
inline constexpr int armed_anew = 2;

/// A standing row as it was written last.
struct Standing {
  std::int64_t subjects = 0, raised = 0, at_fault = 0, broken = 0, why = 0;
  bool operator==(Standing const&) const = default;
};

/// Something usual that an instance needs.
struct Lesson {
  std::uint32_t instance = 0;
  std::size_t which = 0;
  std::string subject = {};
  std::string property = {};
  double share = 0;
  std::vector<std::int64_t> streams = {};
  std::int64_t learned_on = 0;  ///< day; 0: never
};

struct Keeper::Inside {
  explicit Inside(Parts p) : parts(std::move(p)) {}
  Parts parts;

  // Of the thread that steps.
  std::unique_ptr<Engine> engine;
  std::int64_t generation = 0;
  std::int64_t configuration = 0;
  core::Instant configuration_asked{};
  std::int64_t position_asked = 0;  ///< of the engine at that time
  std::int64_t known_to_all = 0;    ///< batches up to there came from devices that the engine knows; nothing later is written as done
  core::Instant saved_at{};    ///< the last checkpoint
  core::Instant renewed_at{};
  std::int64_t next_save = 1;
  std::int64_t position_written = -1;
  std::vector<Batch> coming;  ///< fetched and not taken in yet, the next one last
  std::map<std::string, Standing> standing;
  std::vector<Lesson> lessons;
  std::size_t lesson = 0;

  // Of everybody.
  mutable std::mutex mutex;
  Engine::Counts counts;
  std::atomic<bool> running{false};
  std::atomic<std::int64_t> position{0};
  std::atomic<std::int64_t> due_ms{0};  ///< of the engine's next deadline
  std::atomic<bool> held{false};        ///< time does not pass: readings wait elsewhere
  std::int64_t clock_goes_after = -1;   ///< batches up to this position are among those that waited, or came with them

  bool is_shared() const { return parts.db.engine() != "sqlite"; }

  // keeper.cpp
  core::Result<bool> round();
  core::Result<bool> feed();
  core::Result<> look_for_changes(core::Instant now);
  core::Result<bool> learn_one();
  void lose();
  void publish();

  // keeper_lease.cpp
  core::Result<bool> take_over();
  core::Result<> hold(store::Writer& writer) const;  ///< Errc::conflict "rules.lease": somebody else runs the rules
  core::Result<> give_back();

  // keeper_load.cpp
  core::Result<> load();
  core::Result<> load_all();
  struct Known;
  core::Result<Known> known() const;
  core::Result<> settle(Known& known, bool same);
  void learn_from(Known const& known);

  // keeper_found.cpp
  core::Result<> write_found();
  core::Result<> write_alone(std::vector<Found> const& found);
  core::Result<> write_part(std::span<Found const> found);
  std::string states_of(std::set<std::uint32_t> const& instances) const;
  Transition transition_of(Found const& found);
  Transition ended(Saved const& saved, Engine::Glimpse const& was, TransitionKind kind, Cause cause, std::int64_t sequence) const;

  // keeper_checkpoint.cpp
  core::Result<> checkpoint(bool everything);
  std::string group_states(std::uint32_t group) const;
  std::map<std::string, Standing> standing_now() const;
};

bool is_lease_lost(core::Error const& error);
/// Writes the standing rows that changed.
void write_standing(store::Writer& writer, std::map<std::string, Standing> const& before, std::map<std::string, Standing> const& now);
/// Day of the city since 1970.
std::int64_t day_of(core::Zone const& zone, core::Instant at);

}  // namespace zhili::respond::rules
