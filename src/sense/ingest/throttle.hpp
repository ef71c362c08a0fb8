#pragma once
// How much one sender may send: a bucket that fills steadily and is emptied by what comes.

#include <algorithm>
#include <cstdint>

namespace zhili::sense::ingest {

/// Plain data. Time never runs backwards in it: an older time than the last counts as the last.
class TokenBucket {
 public:
  /// Takes `cost`, or nothing. What costs more than `burst` needs a full bucket.
  bool take(double cost, double rate_per_s, double burst, std::int64_t now_ms) {
    fill(rate_per_s, burst, now_ms);
    double const wanted = std::min(cost, burst);
    if (tokens_ < wanted) return false;
    tokens_ -= wanted;
    return true;
  }
  /// Until `cost` can be taken; 0: now.
  std::int64_t wait_ms(double cost, double rate_per_s, double burst, std::int64_t now_ms) {
    fill(rate_per_s, burst, now_ms);
    double const missing = std::min(cost, burst) - tokens_;
    return missing <= 0 ? 0 : static_cast<std::int64_t>(missing * 1000 / std::max(rate_per_s, 1e-6)) + 1;
  }

 private:
  void fill(double rate_per_s, double burst, std::int64_t now_ms) {
    if (begun_) tokens_ = std::min(burst, tokens_ + static_cast<double>(std::max<std::int64_t>(0, now_ms - at_ms_)) * rate_per_s / 1000);
    else tokens_ = burst;
    at_ms_ = begun_ ? std::max(at_ms_, now_ms) : now_ms;
    begun_ = true;
  }

  double tokens_ = 0;
  std::int64_t at_ms_ = 0;
  bool begun_ = false;
};

}  // namespace zhili::sense::ingest
