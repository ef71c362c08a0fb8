#pragma once
// How often something may happen for one name: an account, a key, an address. Counted in memory: a restart forgives.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::organise {

inline constexpr std::size_t rate_names_max = 10'000;  ///< remembered at once; whoever has more names is not held by this

/// What of an address counts: all of IPv4, the first 64 bits of IPv6 (a household has as many as it likes of the rest). What is no
/// address counts as it stands.
std::string counted_address(std::string_view address);

/// At most `most` times for a name within `within`, counted from the first. Thread-safe.
class Rate {
 public:
  Rate(int most, std::chrono::milliseconds within) : most_(most), within_(within) {}

  /// The instant from which it may happen again, if it may not now.
  std::optional<core::Instant> full_until(std::string_view name, core::Instant now);
  void count(std::string_view name, core::Instant now);
  /// Counts it, if it may happen. Errors: limit (says in how many seconds it may).
  core::Result<> take(std::string_view name, core::Instant now);

 private:
  struct Window {
    core::Instant began{};
    int times = 0;
  };
  std::optional<core::Instant> full(std::string_view name, core::Instant now) const;
  void add(std::string_view name, core::Instant now);

  int most_;
  std::chrono::milliseconds within_;
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace zhili::organise
