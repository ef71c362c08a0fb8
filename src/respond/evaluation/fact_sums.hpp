#pragma once
// How many have exactly which facts, and what is added up of them. From these sums any indicator is counted, also one that is
// defined tomorrow. Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zhili::respond::evaluation {

struct Sums {
  std::int64_t number = 0;
  std::int64_t dispatches = 0;
  std::int64_t returns = 0;
  std::int64_t reworks = 0;
  std::int64_t minutes = 0;
  bool operator==(Sums const&) const = default;

  void add(Sums const& other, std::int64_t times = 1) {
    number += other.number * times;
    dispatches += other.dispatches * times;
    returns += other.returns * times;
    reworks += other.reworks * times;
    minutes += other.minutes * times;
  }
};

/// Sums by facts, in the order of the facts. What has come to nothing is not there.
class FactSums {
 public:
  using Entry = std::pair<std::uint64_t, Sums>;

  void add(std::uint64_t facts, Sums const& sums, std::int64_t times = 1);
  /// Cost: along both once, unless the other one is short.
  void add(FactSums const& other, std::int64_t times = 1);
  /// Drops what has any of these facts.
  void drop(std::uint64_t facts);

  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  bool empty() const { return entries_.empty(); }
  bool operator==(FactSums const&) const = default;

  /// "3 12 14 2;7 1;": facts, then number, dispatches, returns, reworks, minutes without the zeros at the end.
  std::string text() const;
  /// Reads that text; what is not such a text ends it. Cost: about 2 ns a byte.
  static FactSums of(std::string_view text);

 private:
  void merge(FactSums const& other, std::int64_t times);

  std::vector<Entry> entries_;
};

}  // namespace zhili::respond::evaluation
