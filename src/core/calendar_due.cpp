// due() and used(): hours are a position in counted time, days are steps from the start at the same local
// time.
#include <algorithm>

#include "core/calendar_table.hpp"

namespace zhili::core {

namespace {

bool in_days(Unit unit) {
  return unit == Unit::work_days || unit == Unit::natural_days;
}

tl::unexpected<Error> never(Calendar const& calendar) {
  return fail(
      Errc::invalid, "calendar.no_time",
      {"日历“" + calendar.code() + "”在可计算的年份内没有足够的时间，时限永远走不完。请补上工作时段。",
       "The calendar \"" + calendar.code() +
           "\" has too little counted time for this budget to be ever used up. Add work hours to it."});
}

/// The marks at which whole days are full, seen from a start: mark(0) is the start rolled into counted time.
class DayMarks {
 public:
  static std::optional<DayMarks> from(DayTable const& table, Instant start) {
    auto const rolled = table.roll(start);
    if (!rolled) return std::nullopt;
    return DayMarks(table, *rolled);
  }
  Instant start() const { return start_; }

  std::optional<Instant> mark(std::int64_t n) const {
    if (n == 0) return start_;
    auto const day = table_->nth_day_after(day_, n);
    if (!day) return std::nullopt;
    return table_->roll(table_->at_time(*day, second_) + below_second_);
  }

  /// The last mark that is not after `at`, which is not before the start.
  std::int64_t marks_until(Instant at) const {
    auto const day = day_no(table_->zone().civil(at));
    auto n = std::max<std::int64_t>(0, table_->days_before(day + 1) - table_->days_before(day_ + 1));
    while (n > 0 && mark(n).value_or(Instant::max()) > at) --n;
    return n;
  }

 private:
  DayMarks(DayTable const& table, Instant start) : table_(&table), start_(start) {
    auto const civil = table.zone().civil(start);
    day_ = day_no(civil);
    second_ = civil.second;
    below_second_ = start - std::chrono::floor<std::chrono::seconds>(start);
  }
  DayTable const* table_;
  Instant start_;
  DayNo day_;
  int second_;
  Duration below_second_;
};

std::optional<Instant> due_in_days(DayTable const& table, Amount amount, Instant start) {
  auto const one = parts_of_one(Unit::work_days);
  auto const marks = DayMarks::from(table, start);
  if (!marks) return std::nullopt;
  auto const full = marks->mark(amount / one);
  auto const part = amount % one;
  if (!full || part == 0) return full;
  auto const next = marks->mark(amount / one + 1);
  if (!next) return std::nullopt;
  auto const from = table.position(*full);
  auto const length = table.position(*next) - from;
  auto const ms = (part * length + one - 1) / one;  // rounded up: reached, not nearly
  return table.at_position(from + std::max<std::int64_t>(1, ms));
}

Amount used_in_days(DayTable const& table, Instant from, Instant to) {
  auto const one = parts_of_one(Unit::work_days);
  auto const marks = DayMarks::from(table, from);
  if (!marks || to <= marks->start()) return 0;
  auto const full = marks->marks_until(to);
  auto const begin = marks->mark(full);
  auto const end = marks->mark(full + 1);
  if (!begin || !end) return full * one;
  auto const base = table.position(*begin);
  auto const length = table.position(*end) - base;
  if (length <= 0) return full * one;
  auto const passed = std::min(table.position(to) - base, length);
  return full * one + passed * one / length;
}

}  // namespace

Result<Instant> due(Budget budget, Instant start, Calendar const& calendar) {
  if (budget.amount <= 0) return start;
  auto const& table = calendar.compiled().table(budget.unit);
  if (!in_days(budget.unit) && table.continuous()) return start + Duration{budget.amount};
  auto const at = in_days(budget.unit) ? due_in_days(table, budget.amount, start)
                                       : table.at_position(table.position(start) + budget.amount);
  if (!at) return never(calendar);
  return *at;
}

Amount used(Unit unit, Instant from, Instant to, Calendar const& calendar) {
  if (to <= from) return 0;
  auto const& table = calendar.compiled().table(unit);
  if (in_days(unit)) return used_in_days(table, from, to);
  if (table.continuous()) return (to - from).count();
  return table.position(to) - table.position(from);
}

}  // namespace zhili::core
