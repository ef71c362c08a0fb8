#pragma once
// Plays a scenario on the real desks, on a database of its own and a clock that it moves.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "app/runtime.hpp"
#include "respond/cases/desk.hpp"
#include "respond/signals/desk.hpp"
#include "scenario/script.hpp"
#include "store/vault.hpp"

namespace zhili::scenario {

class Town;

/// One failed expectation stops the play: what comes after would only follow from it.
class Player {
 public:
  /// `folder` is empty and goes with the test. Throws what cannot be set up.
  Player(Script const& script, std::filesystem::path const& folder, std::string const& database_url);
  ~Player();

  /// Plays all lines. Empty: everything was as expected; else "line N: …".
  std::string play();

 private:
  struct Outcome {
    bool done = true;
    core::Error error;
  };

  void step(Line const& line);
  void expect(Line const& line);
  void pass_time(core::Instant until);

  // steps
  bool signal_step(std::string const& who, Sentence const& words);
  bool case_step(std::string const& who, Sentence const& words);
  void report(std::string const& who, Sentence const& words);
  void run(core::Result<respond::SignalState> const& outcome, std::string const& signal);
  void run(core::Result<respond::CaseState> const& outcome);

  // expectations
  void expect_case(std::string const& name, Sentence const& words);
  void expect_clock(Sentence const& words);
  void expect_refused(Sentence const& words);
  void expect_told(std::string const& who, std::string const& text);

  respond::Actor actor(std::string const& who) const;
  respond::Id signal_of(std::string const& name) const;
  respond::Id case_of(std::string const& name) const;
  respond::CaseState state_of(std::string const& name);
  [[noreturn]] void wrong(std::string const& what) const;

  Script const& script_;
  core::ManualTime time_;
  std::unique_ptr<Town> town_;
  core::Civil today_;
  int line_ = 0;
  std::map<std::string, respond::Id> signals_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, respond::Id> cases_;
  Outcome last_;
};

}  // namespace zhili::scenario
