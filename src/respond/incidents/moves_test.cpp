// Every way in which a few reports and cases can be joined and split, and what must hold after each.
#include "respond/incidents/moves.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <iostream>
#include <map>
#include <set>

#include "respond/cases/case_test_kit.hpp"

namespace zhili::respond {
namespace {

using namespace kit;
using core::EventKind;

constexpr std::size_t signal_count = 4;
constexpr Id case_of_signal = 100;      // signal 1 begins case 101
constexpr Id incident_of_signal = 200;  // and incident 201

/// What the desk keeps, without the desk: reports and which cases stand aside.
struct City {
  std::vector<SignalState> signals;
  std::map<Id, bool> aside;  // of each case that there is

  SignalState& of(Id signal) { return signals[static_cast<std::size_t>(signal - 1)]; }
  std::vector<SignalState> incident(Id id) const {
    std::vector<SignalState> out;
    std::ranges::copy_if(signals, std::back_inserter(out), [&](SignalState const& s) { return id != 0 && s.incident == id; });
    return out;
  }
  /// All of it that a split must give back: not how often something happened, and not what was told apart.
  auto shape() const {
    std::vector<std::tuple<Stage, Id, Id, std::vector<std::tuple<Stage, Id, Id>>>> out;
    for (auto const& s : signals) {
      std::vector<std::tuple<Stage, Id, Id>> stood;
      for (auto const& before : s.stood) stood.emplace_back(before.stage, before.incident, before.case_id);
      out.emplace_back(s.stage, s.incident, s.case_id, stood);
    }
    return std::pair(out, aside);
  }
};

class World {
 public:
  City begin() const {
    City out;
    for (std::size_t i = 0; i < signal_count; ++i)
      out.signals.push_back(apply(SignalState{.id = static_cast<Id>(i + 1)}, {.kind = EventKind::signal_received, .actor = "citizen", .item = item_.code}));
    return out;
  }

  /// Registers a report; nothing if its state does not allow it.
  std::optional<City> registered(City city, Id signal) const {
    auto event = decided(city, signal, {.verb = Verb::register_case});
    if (!event) return std::nullopt;
    event->case_id = case_of_signal + signal;
    event->incident = incident_of_signal + signal;
    city.aside[event->case_id] = false;
    city.of(signal) = apply(city.of(signal), *event);
    return city;
  }

  /// As SignalDesk::join: the report, its case if it has one, and all that stand in that.
  std::optional<City> joined(City city, Id signal, Id into) const {
    auto const first = city.of(signal);
    Id const own = first.stage == Stage::registered ? first.case_id : 0;
    auto const with_it = go_along(first, city.incident(first.incident));
    if (!put(city, signal, {.verb = Verb::join, .into = into})) return std::nullopt;
    if (own == 0) return city;
    for (auto const along : with_it)
      EXPECT_TRUE(put(city, along, {.verb = Verb::join, .into = into, .with = signal}));
    city.aside[own] = true;
    return city;
  }

  std::optional<City> split(City city, Id signal) const {
    auto const first = city.of(signal);
    auto const back = go_back_along(first, city.incident(first.incident));
    auto const own = case_aside(first);
    if (!put(city, signal, {.verb = Verb::split, .reason = "two things"})) return std::nullopt;
    if (own == 0) return city;
    for (auto const along : back) EXPECT_TRUE(put(city, along, {.verb = Verb::split, .reason = "two things", .into = own, .with = signal}));
    city.aside[own] = false;
    return city;
  }

 private:
  core::Result<SignalEvent> decided(City& city, Id signal, SignalCommand const& command) const {
    auto const open = city.aside.find(command.into);
    SignalContext const context{.actor = amy_, .now = {}, .item = item_, .calendar = calendar_, .policy = policy_,
                                .case_to_join = open != city.aside.end() && !open->second && command.into != city.of(signal).case_id};
    return decide(city.of(signal), command, context);
  }
  bool put(City& city, Id signal, SignalCommand const& command) const {
    auto event = decided(city, signal, command);
    if (!event) return false;
    if (command.verb == Verb::join) event->incident = command.into - case_of_signal + incident_of_signal;
    auto const stored = decode_signal(event->kind, event->at, event->actor, encode(*event));
    EXPECT_TRUE(stored && *stored == *event) << encode(*event);
    city.of(signal) = apply(city.of(signal), *event);
    return true;
  }

  catalogue::Item item_ = item();
  core::Calendar calendar_ = core::Calendar::always();
  Policy policy_ = {};
  Actor amy_ = person("amy", Roles{Role::acceptor} | Role::dispatcher, "centre");
};

void hold(City const& city) {
  ASSERT_EQ(city.signals.size(), signal_count) << "a report was lost";
  for (auto const& s : city.signals) {
    bool const in_a_case = s.stage == Stage::registered || s.stage == Stage::merged;
    EXPECT_EQ(in_a_case, s.case_id != 0) << s.id;
    EXPECT_EQ(in_a_case, s.incident != 0) << s.id;
    if (in_a_case) {
      // It stands in exactly one incident, which is that of its case, and that case goes on.
      EXPECT_EQ(s.incident - incident_of_signal, s.case_id - case_of_signal) << s.id;
      EXPECT_FALSE(city.aside.at(s.case_id)) << s.id << " is in a case that stands aside: nobody would answer it";
    }
    EXPECT_EQ(s.stage == Stage::merged, !s.stood.empty()) << s.id;
  }
  for (auto const& [a_case, aside] : city.aside) {
    auto const& began = city.signals[static_cast<std::size_t>(a_case - case_of_signal - 1)];
    EXPECT_EQ(aside, case_aside(began) == a_case) << "case " << a_case << " can be given back by splitting its report, or goes on";
  }
}

TEST(Moves, EveryWayOfJoiningAndSplittingLosesNobodyAndCanBeUndone) {
  World const world;
  std::set<decltype(City{}.shape())> seen;
  std::deque<City> ahead{world.begin()};
  seen.insert(ahead.front().shape());
  std::size_t joins = 0;
  auto const go_on = [&](City city) {
    hold(city);
    if (seen.insert(city.shape()).second) ahead.push_back(std::move(city));
  };
  while (!ahead.empty() && !testing::Test::HasFailure()) {
    auto const city = std::move(ahead.front());
    ahead.pop_front();
    for (Id signal = 1; signal <= static_cast<Id>(signal_count); ++signal) {
      if (auto next = world.registered(city, signal)) go_on(std::move(*next));
      if (auto next = world.split(city, signal)) go_on(std::move(*next));
      for (auto const& [into, aside] : city.aside)
        if (auto next = world.joined(city, signal, into)) {
          ++joins;
          auto const undone = world.split(*next, signal);
          ASSERT_TRUE(undone) << "what was joined can be parted";
          EXPECT_EQ(undone->shape(), city.shape()) << "parted, all is as it was";
          go_on(std::move(*next));
        }
    }
  }
  EXPECT_GT(joins, 500U);
  std::cout << "  " << seen.size() << " cities, " << joins << " joins undone\n";
}

/// Three cases in each other: each can be taken out again, in any order, with exactly its own.
TEST(Moves, ACaseInACaseInACaseComesApartInAnyOrder) {
  World const world;
  auto city = world.begin();
  for (Id const signal : {1, 2, 3}) city = world.registered(city, signal).value();
  city = world.joined(city, 4, case_of_signal + 3).value();  // 4 in 3
  auto const apart = city.shape();
  city = world.joined(city, 3, case_of_signal + 2).value();  // 3 with 4 in 2
  city = world.joined(city, 2, case_of_signal + 1).value();  // 2 with 3 and 4 in 1
  for (auto const& s : city.signals) EXPECT_EQ(s.case_id, case_of_signal + 1) << s.id;
  auto const third_first = world.split(world.split(city, 3).value(), 2).value();
  EXPECT_EQ(third_first.shape(), apart);
  auto second_first = world.split(city, 2).value();
  EXPECT_EQ(second_first.of(4).case_id, case_of_signal + 2) << "it went back with the case in which it stood";
  EXPECT_EQ(world.split(second_first, 3).value().shape(), apart);
  auto const alone = world.split(city, 4).value();
  EXPECT_EQ(alone.signals[3].stage, Stage::collected) << "parted by itself it is as it came";
}

}  // namespace
}  // namespace zhili::respond
