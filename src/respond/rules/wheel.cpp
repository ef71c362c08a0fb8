#include "respond/rules/wheel.hpp"

#include <algorithm>
#include <bit>

namespace zhili::respond::rules {

void Wheel::insert(std::uint32_t member) {
  auto& link = links_[member];
  auto const when = static_cast<std::uint64_t>(std::max(link.when, now_));
  // The highest bit in which the deadline differs from now says on which level it waits.
  auto const differs = (when ^ static_cast<std::uint64_t>(now_)) | (slots - 1);
  auto const level = std::min<std::size_t>(static_cast<std::size_t>(63 - std::countl_zero(differs)) / bits, levels - 1);
  auto const slot = static_cast<std::size_t>(when >> (level * bits)) & (slots - 1);
  link.slot = static_cast<std::uint16_t>(level * slots + slot);
  auto& head = heads_[link.slot];
  link.previous = none;
  link.next = head;
  if (head != none) links_[head].previous = member;
  head = member;
  filled_[level] |= std::uint64_t{1} << slot;
}

void Wheel::set(std::uint32_t member, std::int64_t when_ms) {
  if (links_[member].when == when_ms) return;
  remove(member);
  if (when_ms == never) return;
  links_[member].when = when_ms;
  insert(member);
}

void Wheel::remove(std::uint32_t member) {
  auto& link = links_[member];
  if (link.when == never) return;
  link.when = never;
  if (link.next != none) links_[link.next].previous = link.previous;
  if (link.previous != none) links_[link.previous].next = link.next;
  else {
    heads_[link.slot] = link.next;
    if (link.next == none) filled_[link.slot / slots] &= ~(std::uint64_t{1} << (link.slot % slots));
  }
}

Wheel::Ahead Wheel::ahead() const {
  for (std::size_t level = 0; level < levels; ++level) {
    if (filled_[level] == 0) continue;
    // What waits on a level lies in its present turn, at or after the present slot: lower levels come first.
    auto const shift = level * bits;
    auto const present = static_cast<std::uint64_t>(now_) >> shift;
    auto const slot = static_cast<std::size_t>(std::countr_zero(filled_[level]));
    auto const begins = static_cast<std::int64_t>(((present & ~std::uint64_t{slots - 1}) | slot) << shift);
    return {level * slots + slot, std::max(begins, now_)};
  }
  return {};
}

bool Wheel::next(std::int64_t until_ms, std::uint32_t& member) {
  for (;;) {
    auto const first = ahead();
    if (first.begins > until_ms) break;
    now_ = first.begins;
    if (first.slot < slots) {
      member = heads_[first.slot];
      remove(member);
      return true;
    }
    // A slot of a higher level has come: what is in it goes to lower ones.
    auto waiting = heads_[first.slot];
    heads_[first.slot] = none;
    filled_[first.slot / slots] &= ~(std::uint64_t{1} << (first.slot % slots));
    while (waiting != none) {
      auto const after = links_[waiting].next;
      insert(waiting);
      waiting = after;
    }
  }
  now_ = std::max(now_, until_ms);
  return false;
}

std::int64_t Wheel::soonest() const { return ahead().begins; }

}  // namespace zhili::respond::rules
