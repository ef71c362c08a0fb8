#include "organise/people/rates.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

namespace zhili::organise {

std::string counted_address(std::string_view address) {
  std::string const text(address.substr(0, address.find('%')));  // without the zone of a link
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  constexpr std::array<unsigned char, 12> ipv4_in_ipv6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  auto const counted = std::ranges::equal(std::span(bytes).first(12), ipv4_in_ipv6) ? std::span(bytes).last(4) : std::span(bytes).first(8);
  return fmt::format("{:02x}", fmt::join(counted, ""));
}

std::optional<core::Instant> Rate::full(std::string_view name, core::Instant now) const {
  auto const found = windows_.find(name);
  if (found == windows_.end() || found->second.times < most_) return std::nullopt;
  auto const until = found->second.began + within_;
  return now < until ? std::optional(until) : std::nullopt;
}

void Rate::add(std::string_view name, core::Instant now) {
  if (windows_.size() >= rate_names_max) std::erase_if(windows_, [&](auto const& w) { return now >= w.second.began + within_; });
  if (windows_.size() >= rate_names_max) windows_.clear();
  auto& window = windows_[std::string(name)];
  if (now >= window.began + within_) window = {now, 0};
  ++window.times;
}

std::optional<core::Instant> Rate::full_until(std::string_view name, core::Instant now) {
  std::lock_guard const lock(mutex_);
  return full(name, now);
}

void Rate::count(std::string_view name, core::Instant now) {
  std::lock_guard const lock(mutex_);
  add(name, now);
}

core::Result<> Rate::take(std::string_view name, core::Instant now) {
  std::lock_guard const lock(mutex_);
  auto const until = full(name, now);
  if (!until) {
    add(name, now);
    return {};
  }
  auto const seconds = std::chrono::ceil<std::chrono::seconds>(*until - now).count();
  return core::fail(core::Errc::limit, "rate.full",
                    {fmt::format("请求太频繁，请 {} 秒后再试。", seconds), fmt::format("Too many requests: try again in {} seconds.", seconds)});
}

}  // namespace zhili::organise
