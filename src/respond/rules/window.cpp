#include "respond/rules/window.hpp"

#include <algorithm>

#include "respond/rules/packing.hpp"

namespace zhili::respond::rules {

namespace {
constexpr std::uint32_t entries_loaded_max = 4 * catalogue::rules::window_panes;
}

void WindowState::clear() {
  entries_.clear();
  head_ = front_ = 0;
  back_sum_ = back_count_ = 0;
  first_ms_ = before_ms_ = newest_ms_ = 0;
  before_ = newest_ = 0;
}

void WindowState::add(WindowPlan const& plan, std::int64_t at_ms, double value) {
  if (first_ms_ == 0) {
    first_ms_ = before_ms_ = at_ms;
    before_ = value;
  }
  if (plan.kind == WindowKind::sums) add_sum(at_ms / plan.pane_ms, value);
  else if (plan.kind == WindowKind::rise) add_rise(plan, at_ms, value);
  else add_extreme(plan, at_ms / plan.pane_ms, value);
}

/// What was let go stands in front: it is overwritten before more memory is asked for.
void WindowState::make_room() {
  if (head_ == 0 || entries_.size() < entries_.capacity()) return;
  entries_.erase(entries_.begin(), entries_.begin() + head_);
  front_ = front_ > head_ ? front_ - head_ : 0;
  head_ = 0;
}

/// Values in order of their greatness: what a newer one outdoes can never be the extreme again.
void WindowState::add_extreme(WindowPlan const& plan, std::int64_t pane, double value) {
  bool const least = plan.kind == WindowKind::least;
  while (entries_.size() > head_ && (least ? entries_.back().value >= value : entries_.back().value <= value)) entries_.pop_back();
  if (entries_.size() > head_ && entries_.back().at == pane) return;  // a better one leaves with it
  make_room();
  entries_.push_back({value, pane, 0});
}

void WindowState::add_sum(std::int64_t pane, double value) {
  back_sum_ += value;
  back_count_ += 1;
  if (entries_.size() > front_ && entries_.size() > head_ && entries_.back().at == pane) {
    entries_.back().value += value;
    entries_.back().count += 1;
    return;
  }
  make_room();
  entries_.push_back({value, pane, 1});
}

void WindowState::add_rise(WindowPlan const& plan, std::int64_t at_ms, double value) {
  newest_ = value;
  newest_ms_ = at_ms;
  if (entries_.size() > head_ && entries_.back().at / plan.pane_ms == at_ms / plan.pane_ms) {
    entries_.back() = {value, at_ms, 0};
    return;
  }
  make_room();
  entries_.push_back({value, at_ms, 0});
}

void WindowState::expire_some(WindowPlan const& plan, std::int64_t first_pane) {
  while (head_ < entries_.size() && pane_at(plan, head_) < first_pane) {
    if (plan.kind == WindowKind::rise) {
      before_ = entries_[head_].value;
      before_ms_ = entries_[head_].at;
    }
    if (plan.kind == WindowKind::sums && head_ >= front_) {  // the front is used up: all that is there becomes the front
      double sum = 0, count = 0;
      for (auto i = entries_.size(); i > head_; --i) {
        sum += entries_[i - 1].value;
        count += entries_[i - 1].count;
        entries_[i - 1].value = sum;
        entries_[i - 1].count = count;
      }
      front_ = static_cast<std::uint32_t>(entries_.size());
      back_sum_ = back_count_ = 0;
    }
    ++head_;
  }
  if (head_ == entries_.size()) {
    entries_.clear();
    head_ = front_ = 0;
    back_sum_ = back_count_ = 0;
  }
}

double WindowState::sum() const {
  if (first_ms_ == 0) return not_known;
  return (head_ < front_ ? entries_[head_].value : 0) + back_sum_;
}

double WindowState::count() const {
  if (first_ms_ == 0) return not_known;
  return (head_ < front_ ? entries_[head_].count : 0) + back_count_;
}

double WindowState::mean(WindowPlan const& plan, std::int64_t now_ms) const {
  if (is_empty() || now_ms - first_ms_ < plan.span_ms) return not_known;
  return sum() / count();
}

double WindowState::rate(WindowPlan const& plan) const {
  if (first_ms_ == 0) return not_known;
  auto const ms = std::min(newest_ms_ - before_ms_, plan.span_ms);
  return ms <= 0 ? not_known : rise() / (static_cast<double>(ms) / 1000);
}

void WindowState::save(std::string& out) const {
  put(out, static_cast<std::uint32_t>(entries_.size() - head_));
  put(out, front_ > head_ ? front_ - head_ : 0U);
  put(out, back_sum_);
  put(out, back_count_);
  put(out, first_ms_);
  put(out, before_);
  put(out, before_ms_);
  put(out, newest_);
  put(out, newest_ms_);
  for (auto i = head_; i < entries_.size(); ++i) put(out, entries_[i]);
}

bool WindowState::load(std::string_view& bytes) {
  std::uint32_t size = 0;
  if (!get(bytes, size) || size > entries_loaded_max || !get(bytes, front_) || front_ > size) return false;
  if (!get(bytes, back_sum_) || !get(bytes, back_count_) || !get(bytes, first_ms_) || !get(bytes, before_) || !get(bytes, before_ms_) || !get(bytes, newest_) || !get(bytes, newest_ms_)) return false;
  head_ = 0;
  entries_.resize(size);
  for (auto& entry : entries_)
    if (!get(bytes, entry)) return false;
  return true;
}

}  // namespace zhili::respond::rules
