#pragma once
// Inside of rules: deadlines of many instances, one each, in a hierarchical timer wheel with a resolution of a millisecond.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace zhili::respond::rules {

/// Setting, moving and taking away a deadline cost a constant; letting time pass costs the deadlines that are due and a step for each
/// level that was crossed, however many wait. Memory: 24 bytes a member. Not thread-safe.
class Wheel {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  explicit Wheel(std::size_t members) : links_(members) { heads_.fill(none); }

  /// Time stands at this before anything is set.
  void start(std::int64_t now_ms) { now_ = now_ms; }
  std::int64_t now() const { return now_; }
  std::int64_t at(std::uint32_t member) const { return links_[member].when; }

  /// One deadline for each member; an earlier one is replaced. What is past is due with the next advance().
  void set(std::uint32_t member, std::int64_t when_ms);
  void remove(std::uint32_t member);

  /// Gives the next member that is due by `until_ms`, and takes its deadline away; false: there is none, and time stands at `until_ms`.
  /// By the millisecond in order; those of the same in any.
  bool next(std::int64_t until_ms, std::uint32_t& member);

  /// Not later than the first deadline; `never` without one.
  std::int64_t soonest() const;

 private:
  static constexpr int bits = 6;
  static constexpr std::size_t slots = std::size_t{1} << bits;
  static constexpr std::size_t levels = 8;  ///< 2^48 ms
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  struct Link {
    std::int64_t when = never;
    std::uint32_t next = none, previous = none;
    std::uint16_t slot = 0;
  };
  /// The first slot that has something, and when it begins.
  struct Ahead {
    std::size_t slot = 0;  ///< level · slots + slot
    std::int64_t begins = never;
  };
  Ahead ahead() const;
  void insert(std::uint32_t member);

  std::int64_t now_ = 0;
  std::array<std::uint64_t, levels> filled_{};
  std::array<std::uint32_t, levels * slots> heads_{};
  std::vector<Link> links_;
};

}  // namespace zhili::respond::rules
