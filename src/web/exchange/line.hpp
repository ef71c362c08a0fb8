#pragma once
// Inside of the exchange: what its parts share.

#include "web/exchange/exchange.hpp"

namespace zhili::web::exchange {

/// One peer and the thread that speaks with it.
struct Exchange::Line {
  Line(catalogue::Peer const& p, std::string key, client::Client& client) : peer(p), talk(p, std::move(key), client) {}
  catalogue::Peer const& peer;
  Talk talk;
  core::Instant ask_at{};   // of the thread alone, like what follows
  core::Instant rest_until{};
  int failures = 0;
  std::unique_ptr<bus::Worker> worker;

  std::string ref() const { return "peer:" + peer.code; }
};

/// The first thing to be said.
struct Exchange::Due {
  Handover handover;
  store::Seq entry = 0;
  What what = What::request;
  std::string status, words, trouble;
  core::Instant made_at{};
  int attempts = 0;
};

/// What came of saying it.
struct Exchange::Taken {
  std::string remote;  ///< of a request: the peer's id
  bool exact = false;  ///< of a request: the exact place went with it
};

/// Notes what is to be said; the thread of the peer says it.
void put_down(store::Writer& writer, Handover const& handover, store::Seq entry, What what, Say const& say);

Handover handover_from(std::int64_t id, std::int64_t case_id, std::string peer, std::int64_t state, std::string reference,
                       std::optional<std::string> remote, std::int64_t began);

/// A chance between 0 and 1.
double chance();

}  // namespace zhili::web::exchange
