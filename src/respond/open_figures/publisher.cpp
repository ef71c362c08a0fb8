#include "respond/open_figures/publisher.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "core/period.hpp"
#include "respond/evaluation/fact_sums.hpp"
#include "respond/evaluation/keeper.hpp"
#include "store/digest.hpp"

namespace zhili::respond::open_figures {

namespace {

using evaluation::Dimension;
using evaluation::Length;

constexpr std::array cohorts{Cohort::signals, Cohort::cases};
constexpr std::int64_t months_per_year = 12;

/// Months before `before` in which something is counted and that are not published.
std::vector<std::int64_t> months_to_publish(store::Reader& reader, std::int64_t before) {
  std::vector<std::int64_t> out;
  for (auto const& [month] : reader.rows<std::int64_t>(
           "SELECT DISTINCT period FROM evaluation_cell WHERE slice IN (?, ?) AND period < ? AND period NOT IN (SELECT month FROM open_month) ORDER BY period",
           evaluation::slice_of(Cohort::signals, Dimension::source, Dimension::none, Length::month),
           evaluation::slice_of(Cohort::cases, Dimension::source, Dimension::none, Length::month), before))
    out.push_back(month);
  return out;
}

/// What everybody may know of is counted.
std::vector<Count> counts_of(store::Reader& reader, Cohort cohort, std::int64_t month) {
  std::vector<Count> out;
  reader.each<std::string, std::string, std::string, std::string>(
      "SELECT COALESCE(a.code, ''), COALESCE(i.code, ''), c.open_sums, c.ended_sums FROM evaluation_cell c LEFT JOIN evaluation_key a ON a.id = c.within_key "
      "LEFT JOIN evaluation_key i ON i.id = c.key WHERE c.slice = ? AND c.period = ? ORDER BY c.within_key, c.key",
      [&](std::string const& area, std::string const& item, std::string const& open, std::string const& ended) {
        std::int64_t id = 0;
        std::from_chars(area.data(), area.data() + area.size(), id);
        for (auto const* text : {&open, &ended})
          for (auto const& [facts, sums] : evaluation::FactSums::of(*text))
            if ((facts & catalogue::bit(catalogue::Fact::not_public)) == 0) out.push_back({id, item, outcome_of(cohort, facts), sums.number});
      },
      evaluation::slice_of(cohort, Dimension::item, Dimension::area, Length::month), month);
  return out;
}

}  // namespace

std::string month_text(std::int64_t number) {
  return fmt::format("{:04}-{:02}", number / months_per_year, number % months_per_year + 1);
}

std::string canonical(Cohort cohort, std::vector<Row> const& rows) {
  std::string out;
  for (auto const& row : rows)
    fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\t{}\t{}\n", name(cohort), row.area, row.group, row.item,
                   row.outcome ? words(*row.outcome).name : std::string_view(), row.number);
  return out;
}

std::vector<Month> published_months(store::Reader& reader) {
  std::vector<Month> out;
  using N = std::int64_t;
  reader.each<N, N, N, std::string, N, N>("SELECT month, published_at, row_count, digest, reports, cases FROM open_month ORDER BY month",
                                          [&](N month, N at, N rows, std::string digest, N reports, N cases) {
                                            out.push_back({month, core::from_ms(at), rows, std::move(digest), reports, cases});
                                          });
  return out;
}

std::vector<PublishedRow> rows_behind(store::Reader& reader, std::int64_t month, std::int64_t position) {
  std::vector<PublishedRow> out;
  using N = std::int64_t;
  reader.each<N, N, N, std::string, std::string, N, N>(
      "SELECT position, cohort, area, item_group, item, outcome, number FROM open_figure WHERE month = ? AND position > ? ORDER BY position LIMIT ?",
      [&](N at, N cohort, N area, std::string group, std::string item, N outcome, N number) {
        out.push_back({month, at, static_cast<Cohort>(cohort),
                       {area, std::move(group), std::move(item), outcome == 0 ? std::nullopt : std::optional(static_cast<Outcome>(outcome)), number}});
      },
      month, position, rows_per_read);
  return out;
}

Structure Publisher::structure() const {
  Structure out{.areas = areas_()};
  for (auto const* item : catalogue_->items()) out.group_of_item.emplace(item->code, item->group.code);
  return out;
}

Publisher::Made Publisher::make(store::Reader& reader, std::int64_t month, Structure const& structure) const {
  Made out;
  std::string text;
  for (auto const cohort : cohorts) {
    out.parts.emplace_back(cohort, published_rows(cohort, counts_of(reader, cohort, month), structure));
    text += canonical(cohort, out.parts.back().second);
  }
  out.digest = store::to_hex(store::sha256(text));
  return out;
}

core::Result<bool> Publisher::publish(store::Writer& w, std::int64_t month, Made const& made) {
  if (w.value<std::int64_t>("SELECT id FROM open_month WHERE month = ?", month)) return false;  // another process was faster
  std::int64_t rows = 0;
  std::map<Cohort, std::int64_t> told;
  for (auto const& [cohort, part] : made.parts) {
    rows += static_cast<std::int64_t>(part.size());
    for (auto const& row : part) told[cohort] += row.number;
  }
  auto const id = w.append({core::EventKind::open_figures_published, 0, "system",
                            fmt::format(R"({{"month":"{}","rows":{},"digest":"sha-256:{}"}})", month_text(month), rows, made.digest)});
  w.exec("INSERT INTO open_month (month, id, published_at, row_count, reports, cases, digest) VALUES (?,?,?,?,?,?,?)", month, id, w.now(), rows,
         told[Cohort::signals], told[Cohort::cases], made.digest);
  std::int64_t position = 0;
  for (auto const& [cohort, part] : made.parts)
    for (auto const& row : part)
      w.exec("INSERT INTO open_figure (month, position, cohort, area, item_group, item, outcome, number) VALUES (?,?,?,?,?,?,?,?)", month, position++, cohort,
             row.area, row.group, row.item, row.outcome ? static_cast<std::int64_t>(*row.outcome) : 0, row.number);
  return true;
}

core::Result<std::int64_t> Publisher::run_due(core::Instant now) {
  auto const before = core::month_number(core::day_of(now - settled_after_days, zone_));
  std::lock_guard const lock(looking_);
  std::map<std::int64_t, Made> quiet;
  std::map<std::int64_t, Look> seen;
  ZHILI_CHECK(db_.read([&](store::Reader& reader) {
    if (!evaluation::position(reader).complete()) return;
    auto const all = structure();
    for (auto const month : months_to_publish(reader, before)) {
      auto made = make(reader, month, all);
      auto const last = seen_.find(month);
      auto const since = last != seen_.end() && last->second.digest == made.digest ? last->second.since : now;
      if (now - since >= quiet_for_minutes) quiet.emplace(month, std::move(made));
      else seen.emplace(month, Look{std::move(made.digest), since});
    }
  }));
  seen_ = std::move(seen);
  std::int64_t published = 0;
  for (auto const& [month, made] : quiet) {
    ZHILI_TRY(auto const done, db_.write([&](store::Writer& writer) { return publish(writer, month, made); }));
    published += done ? 1 : 0;
  }
  return published;
}

}  // namespace zhili::respond::open_figures
