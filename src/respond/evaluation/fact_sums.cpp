#include "respond/evaluation/fact_sums.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace zhili::respond::evaluation {

namespace {

constexpr std::array parts{&Sums::number, &Sums::dispatches, &Sums::returns, &Sums::reworks, &Sums::minutes};

/// Fewer entries are put in their places one by one.
constexpr std::size_t worth_merging = 8;

void put(std::string& out, auto number) {
  std::array<char, 24> digits;
  auto const [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end);
}

}  // namespace

void FactSums::add(std::uint64_t facts, Sums const& sums, std::int64_t times) {
  auto const at = std::ranges::lower_bound(entries_, facts, {}, &Entry::first);
  if (at == entries_.end() || at->first != facts) {
    Sums fresh;
    fresh.add(sums, times);
    if (fresh != Sums{}) entries_.emplace(at, facts, fresh);
    return;
  }
  at->second.add(sums, times);
  if (at->second == Sums{}) entries_.erase(at);
}

void FactSums::add(FactSums const& other, std::int64_t times) {
  if (entries_.empty() && times == 1) {
    entries_ = other.entries_;
    return;
  }
  if (other.entries_.size() >= worth_merging) return merge(other, times);
  for (auto const& [facts, sums] : other.entries_) add(facts, sums, times);
}

void FactSums::merge(FactSums const& other, std::int64_t times) {
  std::vector<Entry> out;
  out.reserve(entries_.size() + other.entries_.size());
  auto mine = entries_.begin();
  for (auto const& [facts, sums] : other.entries_) {
    while (mine != entries_.end() && mine->first < facts) out.push_back(*mine++);
    Entry both{facts, mine != entries_.end() && mine->first == facts ? (mine++)->second : Sums{}};
    both.second.add(sums, times);
    if (both.second != Sums{}) out.push_back(both);
  }
  out.insert(out.end(), mine, entries_.end());
  entries_ = std::move(out);
}

void FactSums::drop(std::uint64_t facts) {
  std::erase_if(entries_, [&](Entry const& one) { return (one.first & facts) != 0; });
}

std::string FactSums::text() const {
  std::string out;
  for (auto const& [facts, sums] : entries_) {
    put(out, facts);
    auto used = parts.size();
    while (used > 1 && sums.*parts[used - 1] == 0) --used;
    for (std::size_t i = 0; i < used; ++i) {
      out += ' ';
      put(out, sums.*parts[i]);
    }
    out += ';';
  }
  return out;
}

FactSums FactSums::of(std::string_view text) {
  FactSums out;
  auto const* at = text.data();
  auto const* const end = at + text.size();
  while (at < end) {
    Entry entry;
    auto read = std::from_chars(at, end, entry.first);
    if (read.ec != std::errc{}) return out;
    at = read.ptr;
    for (std::size_t i = 0; i < parts.size() && at < end && *at == ' '; ++i) {
      auto const number = std::from_chars(at + 1, end, entry.second.*parts[i]);
      if (number.ec != std::errc{}) return out;
      at = number.ptr;
    }
    if (at == end || *at != ';') return out;
    ++at;
    if (out.entries_.empty() || out.entries_.back().first < entry.first) out.entries_.push_back(entry);
    else out.add(entry.first, entry.second);
  }
  return out;
}

}  // namespace zhili::respond::evaluation
