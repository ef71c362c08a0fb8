#pragma once
// Plays a scenario on the real desks, on a database of its own and a clock that it moves. README.md has the
// grammar.

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "respond/alarms/query.hpp"
#include "scenario/reading.hpp"
#include "scenario/town.hpp"

namespace zhili::scenario {

/// Plays once. Not thread-safe.
class Player {
 public:
  /// `folder` is empty and goes with the test; an empty `database_url` is SQLite inside of it. Throws what
  /// cannot be set up.
  Player(Script const& script, std::filesystem::path const& folder, std::string const& database_url = {});

  /// Plays until something is not as expected: what comes after would only follow from it. Empty: all was as
  /// expected; else "LINE: what was expected, and what is".
  std::string play();

 private:
  // player.cpp: time, people and names
  void play(Line const& line);
  void do_step(Line const& line);
  void do_coming();
  void pass_time(core::Instant until);
  core::Instant when(When const& when) const { return instant_of(when, today(), town_.zone()); }
  core::Civil today() const { return town_.zone().civil(time_.now()); }
  respond::Actor actor(std::string const& who) const;
  core::LatLon place(std::string const& name) const;
  respond::CaseState state(std::string const& case_name);
  respond::SignalState signal(std::string const& name);
  [[noreturn]] static void wrong(std::string const& what);

  // steps.cpp
  void step(Sentence const& words);
  bool world_step(Reading& words);
  void report(std::string const& who, Reading words);
  void signal_step(std::string const& who, respond::Verb verb, Reading words);
  void case_step(std::string const& who, respond::Verb verb, Reading words);
  void case_details(respond::Command& command, Reading& words) const;
  std::vector<respond::Photo> photos(Reading& words);
  void outcome(core::Error const* refused);

  // sensing.cpp
  void reads(std::string const& device, Reading words);
  bool alarm_step(std::string const& who, Reading words);
  respond::alarms::Line alarm(Reading& words);
  std::vector<respond::alarms::Line> alarms(Reading& words, std::string& asked);
  void expect_alarm(std::optional<When> const& at, Reading words);
  void expect_no_alarm(Reading words);
  bool one_of_alarm(respond::alarms::Line const& line, Reading& words);
  std::string alarm_words(respond::alarms::Line const& line) const;

  // expectations.cpp
  void expect(Sentence const& words);
  void expect_refused(Reading const& words);
  void expect_told(std::string const& who, Reading words);
  void expect_candidate(std::string const& name, std::string const& other, bool offered);
  void expect_signal(std::string const& name, Reading words);
  void expect_case(std::string const& name, Reading words);
  std::string outcome_of(respond::Id id);
  bool one_of_case(respond::CaseState const& state, Reading& words);
  bool number_of_case(respond::CaseState const& state, Reading& words);
  void expect_clock(Reading words);
  void expect_used(core::Clock const& clock, double used, Reading& words);
  std::string receipts_of(std::string const& who);

  Script const& script_;
  core::ManualTime time_;
  Town town_;
  std::map<std::string, respond::Id> signals_;
  std::map<std::string, respond::Id> cases_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>>
      told_;  ///< who → signal's name, its token
  /// What is done again and again, by when it is done next.
  struct Coming {
    Line const* line;
    core::Instant until;
  };
  std::multimap<core::Instant, Coming> coming_;
  std::int64_t photo_ = 0;
  std::optional<core::Error> refused_;
  bool refusal_is_expected_ = false;
};

}  // namespace zhili::scenario
