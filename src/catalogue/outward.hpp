#pragma once
// Whom an installation talks to: other cities' servers, and what may be called at all.

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace zhili::catalogue {

/// What calls to addresses that somebody enters may reach besides the public internet.
struct Outbound {
  std::vector<std::string> inside_allowed;  ///< ranges of addresses: "10.20.0.0/16"
  std::string ca_file;  ///< PEM, beside the installation file; instead of the system's authorities
};

/// Another system that does the work of one of our departments, over Open311.
struct Peer {
  std::string code;
  core::Text name;
  std::string url;           ///< of its GeoReport v2: "https://311.example/open311/v2"
  std::string jurisdiction;  ///< its jurisdiction_id; empty: it needs none
  std::string key_file;      ///< in the data directory; the file holds our API key there
  std::string department;    ///< a case that is sent to this department goes to the peer
  std::map<std::string, std::string, std::less<>> services;  ///< item, or a beginning of items → its service_code
  std::chrono::seconds ask_every{60};                        ///< how often it is asked what it did

  /// Its code for our item, by the longest beginning that fits; empty: it has none.
  std::string_view service_of(std::string_view item) const;
};

inline constexpr std::chrono::seconds ask_every_least_s{1};
inline constexpr std::chrono::seconds ask_every_most_s{86'400};

}  // namespace zhili::catalogue
