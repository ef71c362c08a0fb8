#pragma once
// Delivering what webhooks are to be told.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bus/worker.hpp"
#include "web/client/client.hpp"
#include "web/hooks/hooks.hpp"

namespace zhili::web::hooks {

inline constexpr std::size_t waiting_max = 50'000;           ///< messages of one hook; with more it is stopped
inline constexpr std::chrono::days done_kept_days{14};       ///< delivered and given up messages are shown so long
inline constexpr std::size_t deliveries_page_max = 100;
inline constexpr std::chrono::milliseconds receiver_connect_ms{5'000};
inline constexpr std::chrono::milliseconds receiver_total_ms{15'000};
inline constexpr std::size_t receiver_answer_bytes_max = 64 * 1024;
inline constexpr std::chrono::milliseconds feed_every_ms{500};
inline constexpr std::chrono::seconds receiver_rest_most_s{60};  ///< an ill receiver is tried again after so long, with whatever is due
inline constexpr std::chrono::seconds hooks_lease_s{10};

enum class DeliveryState : std::uint8_t { waiting = 1, delivered = 2, given_up = 3 };
std::string_view name(DeliveryState state);

/// One message of one hook.
struct Delivery {
  std::int64_t hook = 0;
  store::Seq entry = 0;
  core::EventKind kind{};
  DeliveryState state = DeliveryState::waiting;
  core::Instant made_at{};
  int attempts = 0;
  core::Instant next_at{};
  std::optional<int> status;  ///< of the last answer
  std::string trouble;        ///< of the last attempt
  std::optional<core::Instant> done_at;

  /// The same on each attempt: a receiver drops what it has seen.
  std::string id() const;
};

/// What one attempt came to.
struct Attempt {
  bool delivered = false;
  std::optional<int> status = {};
  std::string trouble = {};
  bool receiver_ill = false;  ///< no answer, 429 or 5xx: other messages would fare no better
  bool gone = false;          ///< 410: the receiver wants no more
};

/// Tells each hook what it wants to know, at least once, and what concerns one case or report in its order. Each hook has a
/// thread of its own, so a receiver that hangs delays only itself. What is to be told is in the database in the same piece of
/// work as the hook's place in the ledger: a kill loses nothing. Of several processes one delivers.
class Deliveries {
 public:
  /// `client` outlives it; so do the parts.
  Deliveries(ApiParts parts, Hooks& hooks, client::Client& client);
  ~Deliveries();
  void start();
  /// The client must be stopped before, or this waits for calls under way.
  void stop();

  /// Puts down what happened since the last time for all hooks that want it. True if there may be more.
  core::Result<bool> feed();
  /// One attempt of the first message that is due at `now`. Gives how long the hook rests; nothing: nothing is due.
  core::Result<std::optional<std::chrono::milliseconds>> deliver_next(Hook const& hook, core::Instant now);
  /// Sends `hook.test` now, and says what came of it.
  Attempt test(Hook const& hook);

  /// Newest first, before `before` (0: from the newest), at most deliveries_page_max. `state` narrows.
  static std::vector<Delivery> list(store::Reader& reader, std::int64_t hook, std::optional<DeliveryState> state, store::Seq before);
  struct Counts {
    std::int64_t waiting = 0;
    std::int64_t given_up = 0;
    std::optional<core::Instant> waiting_since;
  };
  static Counts counts(store::Reader& reader, std::int64_t hook);
  /// Tries a message again that was given up or waits. Errors: not_found.
  core::Result<> again(std::int64_t hook, store::Seq entry, std::string const& actor);

 private:
  struct Sender;
  struct Due;

  std::chrono::nanoseconds manage();
  std::chrono::nanoseconds send(Sender& sender);
  void match_senders(std::vector<Hook> const& hooks);
  core::Result<> sweep(core::Instant now);
  Attempt attempt(Hook const& hook, std::string const& id, std::string const& body);
  core::Result<> settle(Hook const& hook, Due const& due, Attempt const& attempt, core::Instant now, std::optional<std::chrono::milliseconds> wait);

  ApiParts parts_;
  Hooks& hooks_;
  client::Client& client_;
  std::string const holder_;
  std::atomic<bool> leading_{false};
  std::mutex mutex_;
  std::map<std::int64_t, std::unique_ptr<Sender>> senders_;
  core::Instant next_sweep_{};
  std::unique_ptr<bus::Worker> manager_;
};

}  // namespace zhili::web::hooks
