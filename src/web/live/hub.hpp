#pragma once
// Live events: everybody who listens, and what they are sent.

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "web/live/event.hpp"
#include "web/stream.hpp"

namespace zhili::web::live {

inline constexpr std::size_t listeners_max = 3'000;               ///< more are told to come again
inline constexpr std::size_t listener_waiting_bytes_max = 256 * 1024;  ///< who lets more wait is let go, and resumes
inline constexpr std::size_t resume_entries_max = 20'000;  ///< who is further behind is told to load everything again
inline constexpr std::size_t remembered_events_max = 4'096;
inline constexpr std::chrono::milliseconds tick_ms{150};  ///< events of one tick go out together
inline constexpr std::chrono::seconds heartbeat_s{15};
inline constexpr std::chrono::minutes staff_listen_min{5};  ///< then they come again, and their rights are looked at again

using SteadyTime = std::chrono::steady_clock::time_point;

/// Reads the ledger on and tells whoever listens, as server-sent events: `id` is the entry's number, so a browser that comes
/// back says where it was. Each event is written once, and what listeners of one filter are sent is shared between them.
/// Nothing is missed; an event may come twice to somebody who comes back at another process. Thread-safe.
class Hub {
 public:
  explicit Hub(ApiParts parts);
  ~Hub();

  /// A body that tells what `filter` wants and the caller may know (null: everybody) after the entry `from`, or from now on.
  /// Errors: limit (listeners_max); those of the store.
  core::Result<std::shared_ptr<Stream const>> listen(Filter const& filter, std::optional<Caller> caller, std::optional<store::Seq> from,
                                                     SteadyTime now);
  /// Tells what happened since the last time. Called every tick_ms by one thread.
  core::Result<> tick(SteadyTime now);
  std::size_t listeners() const;
  /// How many were let go because they did not take what was sent.
  std::uint64_t dropped() const;

 private:
  struct Listener;
  struct Group;
  struct Caught;

  core::Result<> begin();
  core::Result<> catch_up(Caught& caught, Filter const& filter, Caller const* caller);
  void tell(std::vector<Event> const& events);
  void beat();

  ApiParts parts_;
  mutable std::mutex mutex_;
  std::map<std::string, Group> groups_;  // by who and what
  std::deque<Event> remembered_;
  store::Seq remembered_after_ = 0;  // the events after this one are in remembered_
  store::Seq place_ = 0;
  bool begun_ = false;
  std::size_t listeners_ = 0;
  std::uint64_t dropped_ = 0;
  SteadyTime next_beat_{};
};

}  // namespace zhili::web::live
