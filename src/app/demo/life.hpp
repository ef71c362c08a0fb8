#pragma once
// The life of the demo city: people with human delays, from one seed. Citizens report through Open311 as any client
// would; staff use the commands of the case. What is decided at random is decided when it happens, so the same seed plays
// the same history.

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "app/demo/demo_time.hpp"
#include "app/demo/http_client.hpp"
#include "app/demo/words.hpp"
#include "app/service.hpp"

namespace zhili::app::demo {

struct LifeOptions {
  std::uint64_t seed = 0;
  double reports_per_day = 150;
  std::uint16_t port = 8080;  ///< where the program serves
  std::string api_key;        ///< with which the citizens' client reports
};

/// Not thread-safe: one thread plays it.
class Life {
 public:
  Life(Service& service, DemoTime& time, LifeOptions options);
  ~Life();

  /// Plays everything that happens until `until`, moving the time of the city along.
  /// Errors: unavailable (the program does not answer its own citizens).
  core::Result<> play(core::Instant until, std::function<void(core::Instant)> const& progress);
  /// Lives on at the speed of the city's time until asked to stop.
  void run(std::stop_token stop);

 private:
  struct Deed {
    core::Instant at;
    std::uint64_t order = 0;  ///< deeds of one moment happen as they were planned
    std::function<void()> act;
    bool operator>(Deed const& o) const { return std::pair(at, order) > std::pair(o.at, o.order); }
  };
  /// One trouble in the town, and who told of it.
  struct Matter {
    Trouble const* trouble = nullptr;
    core::LatLon place;
    std::string place_words;
    std::uint32_t street = 0;  ///< how it looks on photos
    respond::Id case_id = 0;
    bool planned_rework = false;
  };
  using MatterPtr = std::shared_ptr<Matter>;

  // the clockwork (life.cpp)
  void plan(core::Duration later, std::function<void()> act);
  void step(core::Instant at);
  bool chance(double share);
  core::Duration about(double minutes);
  template <class T>
  T const& any(std::span<T const> all) {
    return all[static_cast<std::size_t>(random_() % all.size())];
  }

  // citizens (citizens.cpp)
  void plan_next_trouble();
  void trouble();
  void report(MatterPtr matter);
  Trouble const& pick_trouble(int hour);
  core::LatLon pick_place();

  // callers and those who call back (callers.cpp)
  void call(MatterPtr matter);
  void plan_call_backs();
  void call_back_all();
  void ask_exclusion(organise::CallBack const& it);

  // staff (staff.cpp)
  void accept(respond::Id signal, MatterPtr matter);
  void look(respond::Id signal, MatterPtr matter);
  void open(respond::Id signal, MatterPtr matter);
  void dispatch(MatterPtr matter, bool second);
  void take(MatterPtr matter, std::string department);
  void handle(MatterPtr matter, std::string department, Worker worker);
  void verify(MatterPtr matter, std::string department, Worker worker);
  void close(MatterPtr matter);
  void look_at_photos(MatterPtr matter);
  void rate(MatterPtr matter);
  bool act(MatterPtr const& matter, respond::Command command, respond::Actor const& actor);
  respond::Actor staff(Worker const& worker, respond::Role role, std::string department = {}) const;
  std::string department_of(MatterPtr const& matter) const;
  std::string photograph(MatterPtr const& matter, std::string_view shows, bool cured);
  std::vector<respond::Photo> photos(MatterPtr const& matter, std::vector<std::string> const& shows, bool cured);

  Service& service_;
  DemoTime& time_;
  LifeOptions options_;
  HttpClient client_;
  std::mt19937_64 random_;
  std::priority_queue<Deed, std::vector<Deed>, std::greater<>> deeds_;
  std::uint64_t order_ = 0;
  core::Error failure_;
  bool failed_ = false;
};

}  // namespace zhili::app::demo
