#pragma once
// Cases that another city's server works on.

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bus/worker.hpp"
#include "respond/cases/desk.hpp"
#include "respond/cases/query.hpp"
#include "store/ledger.hpp"
#include "store/vault.hpp"
#include "web/api/api.hpp"
#include "web/exchange/rules.hpp"
#include "web/exchange/talk.hpp"

namespace zhili::web::exchange {

inline constexpr std::chrono::minutes ask_overlap_min{10};  ///< asked again each time: clocks differ, and commits come late
inline constexpr std::size_t photos_of_update_max = 5;
inline constexpr std::chrono::seconds exchange_lease_s{10};
inline constexpr std::chrono::milliseconds exchange_feed_every_ms{500};
inline constexpr std::chrono::seconds peer_rest_most_s{60};  ///< one that does not answer is spoken to again after so long, with whatever is due
inline constexpr std::chrono::days find_back_days{89};  ///< requests are looked for so far back: servers refuse more than 90 days
inline constexpr std::size_t exchanges_page_max = 200;

enum class State : std::uint8_t { to_be_sent = 1, with_them = 2, ended = 3 };
std::string_view name(State state);
enum class What : std::uint8_t { request = 1, update = 2 };
enum class MessageState : std::uint8_t { waiting = 1, said = 2, given_up = 3 };
std::string_view name(MessageState state);

struct Message {
  store::Seq entry = 0;
  What what = What::request;
  std::string status;
  MessageState state = MessageState::waiting;
  core::Instant made_at{};
  int attempts = 0;
  core::Instant next_at{};
  std::string trouble;
};

/// A case with one peer.
struct Handover {
  std::int64_t id = 0;
  std::int64_t case_id = 0;
  std::string peer;
  State state = State::to_be_sent;
  std::string reference;
  std::string remote;  ///< the peer's id of the request; empty: not known yet
  core::Instant began_at{};
};

/// How a peer is.
struct PeerHealth {
  std::string peer;
  std::optional<core::Instant> asked_until;
  std::string trouble;  ///< empty: it goes well
  std::optional<core::Instant> trouble_since;
  std::int64_t open = 0;
  std::int64_t waiting = 0;
  std::int64_t given_up = 0;
};

/// A department of an installation may stand for another system (`exchanges` in installation.yaml). A case that is sent to it
/// goes there as an Open311 request; what the other does comes back as steps of that department, so closing there is reporting
/// back here, and verifying stays ours. What is to be said is put down with the case's own entries, and said in each case's
/// order, again and again with longer pauses until it is heard; that something cannot be said is told on the case and to the
/// administrator. A request is never made twice: it carries our reference, and after a call that ended in the dark it is looked
/// for first. Each peer has a thread of its own. Of several processes one speaks. Where the release keeps a place back, or a case is
/// private, the peer gets the middle of its grid, until somebody lets it know the place (`tell_place`). Their words are sealed.
class Exchange {
 public:
  /// The parts outlive it. Keys of peers are read from `data`. Errors: not_found (a peer's key file).
  static core::Result<std::unique_ptr<Exchange>> open(ApiParts parts, respond::CaseDesk& cases, store::Vault& vault, client::Client& client,
                                                      std::filesystem::path const& data);
  ~Exchange();
  void start();
  /// The client must be stopped before, or this waits for calls under way.
  void stop();

  /// Puts down what is to be said of what happened since the last time. True if there may be more.
  core::Result<bool> feed();
  /// One attempt to say the first thing that is due at `now`. Gives how long the peer rests; nothing: nothing is due.
  core::Result<std::optional<std::chrono::milliseconds>> say_next(std::string const& peer, core::Instant now);
  /// Takes in what the peer did since it was asked the last time.
  core::Result<> ask(std::string const& peer, core::Instant now);

  std::vector<catalogue::Peer> const& peers() const;
  static std::vector<Handover> of_case(store::Reader& reader, std::int64_t case_id);
  /// Those that are open or have something that could not be said; newest first, before `before` (0: from the newest), at most
  /// exchanges_page_max.
  static std::vector<Handover> open_ones(store::Reader& reader, std::int64_t before);
  static std::vector<Message> messages(store::Reader& reader, std::int64_t handover);
  PeerHealth health(store::Reader& reader, std::string const& peer) const;
  /// Says at once what waits or was given up, of one handover. Errors: not_found.
  core::Result<> again(std::int64_t handover, std::string const& actor);
  /// Whether the peer was not let know the exact place of the case, because it is kept back.
  static bool keeps_place_back(store::Reader& reader, Handover const& handover, respond::CaseLine const& line);
  /// Puts down that the peer is to be told the exact place and address, as an update; the ledger keeps who wanted it and why.
  /// Errors: not_found (no such handover of this case), conflict (it is over, the place is not kept back, or nobody knows it).
  core::Result<> tell_place(std::int64_t handover, std::int64_t case_id, std::string const& actor, std::string const& reason);

 private:
  struct Line;
  struct Due;
  struct Taken;
  Exchange(ApiParts parts, respond::CaseDesk& cases, store::Vault& vault);

  std::chrono::nanoseconds manage();
  std::chrono::nanoseconds work(Line& line);
  core::Result<> take_in(store::Writer& writer, store::Recorded const& entry);
  void begin(store::Writer& writer, catalogue::Peer const& peer, std::int64_t case_id, store::Seq entry);
  core::Result<Handed> handed(store::Reader& reader, Line const& line, Due const& due) const;
  core::Result<Taken> hand_over(Line const& line, Due const& due, core::Instant now);
  core::Result<> settle(Line const& line, Due const& due, core::Result<Taken> const& came, core::Instant now,
                        std::optional<std::chrono::milliseconds> wait);
  core::Result<std::vector<Told>> told_by(Line const& line, core::Instant from, core::Instant now);
  core::Result<> take_update(Line const& line, Told const& told);
  core::Result<> act(Line const& line, Handover const& handover, Told const& told);
  std::vector<std::string> fetch_photos(Line const& line, Told const& told);
  Line& line_of(std::string const& peer);

  ApiParts parts_;
  respond::CaseDesk& cases_;
  store::Vault& vault_;
  std::string const holder_;
  std::atomic<bool> leading_{false};
  std::map<std::string, std::unique_ptr<Line>> lines_;
  std::unique_ptr<bus::Worker> manager_;
};

}  // namespace zhili::web::exchange
