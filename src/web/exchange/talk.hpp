#pragma once
// Open311 spoken as a client: handing a request over, following it, telling about it.

#include <optional>
#include <string>
#include <vector>

#include "catalogue/outward.hpp"
#include "core/geo.hpp"
#include "core/time.hpp"
#include "web/client/client.hpp"

namespace zhili::web::exchange {

inline constexpr std::size_t peer_answer_bytes_max = 8 * 1024 * 1024;
inline constexpr std::size_t peer_photo_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t peer_ids_max = 50;  ///< of one question
/// Servers give so many at least; a longer list may have been cut, and is asked for again by halves of its time.
inline constexpr std::size_t peer_list_may_be_cut = 50;
inline constexpr std::chrono::minutes peer_times_halved_min{1};  ///< down to such a time
inline constexpr int peer_find_questions_max = 64;  ///< to look for one request

/// A request as a peer gets it.
struct Handed {
  std::string reference;  ///< ours; stands in the description too, so that it can be found again
  std::string service_code;
  std::optional<core::LatLon> at;
  std::string address;
  std::string description;
  bool exact = false;  ///< `at` and `address` are the exact ones
};

/// One update of a peer.
struct Told {
  std::string update_id;
  std::string request_id;
  std::string status;  ///< lower case
  core::Instant at{};
  std::string description;
  std::vector<std::string> media_urls;
};

/// Thread-safe. What it is given outlives it. All calls block as client::Client does. Errors of each: those of the client;
/// unavailable "exchange.http" (the peer said no; `detail` has its words), corrupt "exchange.answer" (what it says is not
/// Open311).
class Talk {
 public:
  Talk(catalogue::Peer const& peer, std::string key, client::Client& client) : peer_(peer), key_(std::move(key)), client_(client) {}

  /// The peer's id of the request. A peer that gives a token first is asked for the id; empty: it has none yet.
  core::Result<std::string> hand_over(Handed const& handed) const;
  /// The peer's id of a request that carries our reference, if it has one: after a call whose outcome is not known. Where an answer may
  /// have been cut, it asks for halves of the time. Errors also: limit (peer_find_questions_max).
  core::Result<std::optional<std::string>> find(Handed const& handed, core::Instant from, core::Instant to) const;
  core::Result<> tell(Told const& update) const;
  /// What the peer did about these requests within [from, to], and maybe about others; nothing: it does not speak the extension for
  /// updates.
  core::Result<std::optional<std::vector<Told>>> updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids) const;
  /// The state of these requests, as updates.
  core::Result<std::vector<Told>> states(std::vector<std::string> const& ids) const;
  /// A photo that the peer itself serves. Errors also: forbidden "exchange.photo_elsewhere": a peer must not make us call others.
  core::Result<std::string> photo(std::string const& url) const;

 private:
  core::Result<std::optional<std::string>> find(Handed const& handed, core::Instant from, core::Instant to, int& questions) const;
  core::Result<bool> add_updates(std::vector<Told>& out, core::Instant from, core::Instant to, std::string const& ids) const;
  core::Result<client::Answer> ask(std::string path, std::vector<std::pair<std::string, std::string>> fields) const;
  core::Result<client::Answer> post(std::string path, std::vector<std::pair<std::string, std::string>> fields) const;

  catalogue::Peer const& peer_;
  std::string key_;
  client::Client& client_;
};

}  // namespace zhili::web::exchange
