#pragma once
// Inside of rules: what a window over readings remembers. Counted in panes, kept up as readings come and go, never gone through again.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "respond/rules/program.hpp"

namespace zhili::respond::rules {

inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// One window of one stream or property. Panes are numbered from 1970; a reading is in pane time / pane_ms. Memory: at most
/// window_panes + 2 entries of 24 bytes, and as many as readings where those are fewer.
class WindowState {
 public:
  /// A reading in its place. Times grow.
  void add(WindowPlan const& plan, std::int64_t at_ms, double value);
  /// Lets go of panes before `first_pane`.
  void expire(WindowPlan const& plan, std::int64_t first_pane) {
    if (!entries_.empty() && head_ < entries_.size() && pane_at(plan, head_) < first_pane) expire_some(plan, first_pane);
  }
  void clear();

  bool is_empty() const { return head_ == entries_.size(); }
  /// When time alone takes the next pane away; the largest number: never.
  std::int64_t next_change(WindowPlan const& plan) const {
    return is_empty() ? std::numeric_limits<std::int64_t>::max() : (pane_at(plan, head_) + 1) * plan.pane_ms + plan.span_ms;
  }

  // NaN: nothing is known.
  double extreme() const { return is_empty() ? not_known : entries_[head_].value; }
  double sum() const;
  double count() const;
  /// Of the readings, once the window was watched for its whole length.
  double mean(WindowPlan const& plan, std::int64_t now_ms) const;
  /// When the window has been watched for its whole length; 0: nothing was read yet.
  std::int64_t whole_at(WindowPlan const& plan) const { return first_ms_ == 0 ? 0 : first_ms_ + plan.span_ms; }
  double rise() const { return first_ms_ == 0 ? not_known : newest_ - before_; }
  /// In units by second.
  double rate(WindowPlan const& plan) const;

  void save(std::string& out) const;
  /// False: unreadable. Moves `bytes` on.
  bool load(std::string_view& bytes);
  std::size_t bytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    double value = 0;        ///< extreme; sum; newest of its pane
    std::int64_t at = 0;     ///< pane; of rise the time
    double count = 0;        ///< of sums
  };
  std::int64_t pane_at(WindowPlan const& plan, std::size_t i) const { return plan.kind == WindowKind::rise ? entries_[i].at / plan.pane_ms : entries_[i].at; }
  void expire_some(WindowPlan const& plan, std::int64_t first_pane);
  void add_extreme(WindowPlan const& plan, std::int64_t pane, double value);
  void add_sum(std::int64_t pane, double value);
  void add_rise(WindowPlan const& plan, std::int64_t at_ms, double value);
  void make_room();

  // Sums: entries [head, front_) hold what they and all after them up to front_ come to; those from front_ on hold their own, which
  // is also in back_. So the whole is entries[head] + back_, and nothing is ever subtracted.
  std::vector<Entry> entries_;
  std::uint32_t head_ = 0;
  std::uint32_t front_ = 0;
  double back_sum_ = 0, back_count_ = 0;
  std::int64_t first_ms_ = 0;   ///< of the first reading since clear()
  double before_ = 0;           ///< rise: what held at the begin of the window
  std::int64_t before_ms_ = 0;
  double newest_ = 0;
  std::int64_t newest_ms_ = 0;
};

}  // namespace zhili::respond::rules
