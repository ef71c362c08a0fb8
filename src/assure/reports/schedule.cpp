// Reports that draft themselves.
#include "assure/reports/desk.hpp"

namespace zhili::assure::reports {

namespace {

constexpr std::string_view schedule = "SELECT done_to FROM report_schedule WHERE template = ? AND area = ?";

}  // namespace

/// Moves the schedule on and keeps the report in one transaction: behind the lock that all processes share, whoever finds the
/// schedule where it was drafts the report, and the other finds it moved.
core::Result<bool> Desk::draft_due(catalogue::ReportTemplate const& form, std::string const& area, Span span, core::Instant done_to) {
  NewReport const wanted{.form = form.code, .scope = {.area = area}, .span = span};
  ZHILI_TRY(auto const made, take(form, wanted.scope, span, {}, {}));
  return db_.write([&](store::Writer& w) -> core::Result<bool> {
    auto const moved = w.exec("UPDATE report_schedule SET done_to = ? WHERE template = ? AND area = ? AND done_to = ?", span.to, form.code, area, done_to);
    if (moved == 0) return false;
    insert(w, form, wanted, made, "system", span.to);
    return true;
  });
}

core::Result<std::size_t> Desk::work_off(catalogue::ReportTemplate const& form, std::string const& area, core::Instant now) {
  ZHILI_TRY(auto const subject, source_.subject({.area = area}));
  auto const& zone = subject.zone;
  auto const last = last_due(form.period, form.schedule->minute, now, zone);
  ZHILI_TRY(auto const kept, db_.read([&](store::Reader& r) { return r.value<std::int64_t>(schedule, form.code, area); }));
  if (!kept) {  // a new schedule begins with the period that runs now, and does not write the history
    return db_.write([&](store::Writer& w) -> core::Result<std::size_t> {
      if (!w.value<std::int64_t>(schedule, form.code, area))
        w.exec("INSERT INTO report_schedule (template, area, done_to) VALUES (?,?,?)", form.code, area, last.to);
      return 0;
    });
  }
  std::vector<Span> open;  // youngest first
  auto const done_to = core::from_ms(*kept);
  for (auto span = last; span.from >= done_to && open.size() < catch_up_periods_max; span = before(span, zone)) open.push_back(span);
  std::size_t drafted = 0;
  auto from = done_to;
  for (auto span = open.rbegin(); span != open.rend(); ++span) {
    ZHILI_TRY(auto const mine, draft_due(form, area, *span, from));
    drafted += mine ? 1 : 0;
    from = span->to;
  }
  return drafted;
}

core::Result<std::size_t> Desk::run_due(core::Instant now) {
  std::size_t drafted = 0;
  for (auto const* form : catalogue_->reports()) {
    if (!form->schedule) continue;
    for (auto const& area : source_.areas(form->schedule->level)) {
      ZHILI_TRY(auto const some, work_off(*form, area, now));
      drafted += some;
    }
  }
  return drafted;
}

}  // namespace zhili::assure::reports
