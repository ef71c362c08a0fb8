#include "respond/evaluation/tally.hpp"

#include <algorithm>

#include "respond/evaluation/question_sql.hpp"
#include "store/among.hpp"

namespace zhili::respond::evaluation {

namespace {

using store::Reader;

constexpr auto not_public = catalogue::bit(catalogue::Fact::not_public);

/// A stretch of whole days, months or years, as cells number them; both ends included.
struct Stretch {
  Length length;
  std::int64_t first;
  std::int64_t last;
};

/// The fewest cells that make up these days: years where whole, then months, then days.
std::vector<Stretch> stretches(Day from, Day to) {
  std::vector<Stretch> out;
  auto const add = [&](Length length, std::int64_t number) {
    if (!out.empty() && out.back().length == length && out.back().last + 1 == number) out.back().last = number;
    else out.push_back({length, number, number});
  };
  while (from < to) {
    auto const month = core::holding(core::PeriodKind::month, from);
    auto const year = core::holding(core::PeriodKind::year, from);
    if (year.from == from && year.to <= to) {
      add(Length::year, core::year_number(from));
      from = year.to;
    } else if (month.from == from && month.to <= to) {
      add(Length::month, core::month_number(from));
      from = month.to;
    } else {
      add(Length::day, from++);
    }
  }
  return out;
}

std::pair<Day, Day> days_of(Stretch const& stretch) {
  switch (stretch.length) {
    case Length::day: return {stretch.first, stretch.last + 1};
    case Length::month: return {core::first_day_of_month(stretch.first), core::first_day_of_month(stretch.last + 1)};
    case Length::year: return {core::first_day_of_month(stretch.first * 12), core::first_day_of_month((stretch.last + 1) * 12)};
  }
  return {};
}

class Counting {
 public:
  Counting(Reader& reader, Dimension by, Question const& question)
      : reader_(reader), by_(by), question_(question), numbers_(numbers_of(reader, question)), within_(within_of(question, by)) {}

  Tally run() {
    if (question_.subjects) {
      count_rows(question_, false);
      if (auto part = question_; question_.cohort == Cohort::cases && (part.from = std::max(part.from, part.today)) < part.to) count_rows(part, true);
      return std::move(out_);
    }
    for (auto const& stretch : stretches(question_.from, question_.to)) count(stretch, false);
    if (question_.cohort == Cohort::cases)
      for (auto const& stretch : days_to_come()) count(stretch, true);
    return std::move(out_);
  }

 private:
  /// The one other dimension that is narrowed; nothing where there are several.
  static std::optional<Dimension> within_of(Question const& question, Dimension by) {
    Dimension out = Dimension::none;
    for (auto const& [dimension, codes] : question.only) {
      if (dimension == by) continue;
      if (out != Dimension::none) return std::nullopt;
      out = dimension;
    }
    return out;
  }

  std::vector<Stretch> days_to_come() const {
    auto const from = std::max(question_.from, question_.today);
    if (from >= question_.to) return {};
    return {{Length::day, from, question_.to - 1}};
  }

  /// `to_come`: only what is open on those days, which is not due yet.
  void count(Stretch const& stretch, bool to_come) {
    if (within_ && is_kept(question_.cohort, by_, *within_, stretch.length)) return count_cells(stretch, to_come);
    auto part = question_;
    std::tie(part.from, part.to) = days_of(stretch);
    count_rows(part, to_come);
  }

  void count_rows(Question const& part, bool to_come) {
    auto const key = std::string(column(by_));
    each_part_of(part, numbers_, [&](Conditions where) {
      if (to_come) where.add("(facts & ?) = 0", closed);
      using N = std::int64_t;
      reader_.each<N, N, N, N, N, N, N>(
          "SELECT " + key + ", facts, count(*), CAST(sum(dispatches) AS BIGINT), CAST(sum(returns) AS BIGINT), CAST(sum(reworks) AS BIGINT), "
              "CAST(sum(minutes) AS BIGINT) FROM evaluation_fact WHERE " + where.text() + " GROUP BY " + key + ", facts",
          [&](N of, N facts, N number, N dispatches, N returns, N reworks, N minutes) {
            take(of, static_cast<std::uint64_t>(facts), {number, dispatches, returns, reworks, minutes}, to_come);
          },
          where.args());
    });
  }

  void count_cells(Stretch const& stretch, bool to_come) {
    auto const where = cells_of(stretch);
    if (to_come) {
      reader_.each<std::int64_t, std::string_view>("SELECT key, open_sums FROM evaluation_cell WHERE " + where.text() + " AND open_sums <> ''",
                                                   [&](std::int64_t key, std::string_view open) {
                                                     for (auto const& [facts, sums] : FactSums::of(open)) take(key, facts, sums, true);
                                                   },
                                                   where.args());
      return;
    }
    reader_.each<std::int64_t, std::string_view, std::string_view>("SELECT key, open_sums, ended_sums FROM evaluation_cell WHERE " + where.text(),
                                                                   [&](std::int64_t key, std::string_view open, std::string_view ended) {
                                                                     add(key, FactSums::of(ended));
                                                                     add(key, FactSums::of(open));
                                                                   },
                                                                   where.args());
  }

  void add(std::int64_t key, FactSums sums) {
    if (question_.public_only) {
      sums.drop(not_public);
      if (sums.empty()) return;  // nobody learns that something private is here
    }
    out_[key].add(sums);
  }

  void take(std::int64_t key, std::uint64_t facts, Sums const& sums, bool to_come) {
    if (question_.public_only && (facts & not_public) != 0) return;
    auto& of = out_[key];
    of.add(to_come ? facts | not_due_yet : facts, sums);
    if (to_come) of.add(facts, sums, -1);
  }

  Conditions cells_of(Stretch const& stretch) const {
    Conditions out;
    out.add("slice = ?", slice_of(question_.cohort, by_, *within_, stretch.length));
    if (stretch.first == stretch.last) {
      out.add("period = ?", stretch.first);
    } else {
      out.add("period >= ?", stretch.first);
      out.add("period <= ?", stretch.last);
    }
    if (*within_ != Dimension::none) out.among("within_key", numbers_.at(*within_));
    if (auto const own = numbers_.find(by_); own != numbers_.end()) out.among("key", own->second);
    return out;
  }

  Reader& reader_;
  Dimension by_;
  Question const& question_;
  Numbers numbers_;
  std::optional<Dimension> within_;
  Tally out_;
};

bool fits(Wanted const& wanted, std::uint64_t facts) {
  return wanted.terms.fit(facts) && (facts & wanted.none) == 0 && (wanted.any == 0 || (facts & wanted.any) != 0);
}

/// Days, latest first and at most `limit`, on which some row may be wanted: by the cells of the narrowest dimension that has
/// cells of days, some weeks at a time.
std::vector<std::int64_t> days_with(Reader& reader, Question const& question, Numbers const& numbers, Wanted const& wanted, std::size_t limit) {
  constexpr Day days_per_look = 31;
  auto by = Dimension::source;
  for (auto const dimension : {Dimension::item, Dimension::department, Dimension::function, Dimension::area})
    if (numbers.contains(dimension) && is_kept(question.cohort, dimension, Dimension::none, Length::day)) by = dimension;
  auto const slice = slice_of(question.cohort, by, Dimension::none, Length::day);
  auto const last = reader.value<std::int64_t>("SELECT COALESCE(max(period), -1) FROM evaluation_cell WHERE slice = ? AND period >= ? AND period < ?", slice,
                                               question.from, question.to);
  std::vector<std::int64_t> out;
  for (auto to = last.value_or(-1) + 1; to > question.from && out.size() < limit; to -= days_per_look) {
    Conditions where;
    where.add("slice = ?", slice);
    where.add("period >= ?", std::max(question.from, to - days_per_look));
    where.add("period < ?", to);
    if (auto const own = numbers.find(by); own != numbers.end()) where.among("key", own->second);
    reader.each<std::int64_t, std::string_view, std::string_view>(
        "SELECT period, open_sums, ended_sums FROM evaluation_cell WHERE " + where.text() + " ORDER BY period DESC",
        [&](std::int64_t day, std::string_view open, std::string_view ended) {
          if (!out.empty() && out.back() == day) return;
          auto const to_come = question.cohort == Cohort::cases && day >= question.today ? not_due_yet : 0;
          auto const some = [&](std::string_view text, std::uint64_t also) {
            auto const sums = FactSums::of(text);
            return std::ranges::any_of(sums, [&](auto const& entry) { return fits(wanted, entry.first | also); });
          };
          if (some(open, to_come) || some(ended, 0)) out.push_back(day);
        },
        where.args());
  }
  if (out.size() > limit) out.resize(limit);
  return out;
}

using N = std::int64_t;

void add_listed(Reader& reader, Conditions const& where, std::size_t limit, std::vector<Listed>& to) {
  auto args = where.args();
  args.emplace_back(static_cast<std::int64_t>(limit));
  reader.each<N, N, N, N, N, N>(
      "SELECT subject, day, dispatches, returns, reworks, minutes FROM evaluation_fact WHERE " + where.text() + " ORDER BY day DESC, subject DESC LIMIT ?",
      [&](N subject, N day, N dispatches, N returns, N reworks, N minutes) { to.push_back({subject, day, {1, dispatches, returns, reworks, minutes}}); },
      args);
}

}  // namespace

Tally tally(Reader& reader, Dimension by, Question const& question) { return Counting(reader, by, question).run(); }

std::unordered_map<std::int64_t, std::string> codes_of(Reader& reader, Tally const& tally) {
  constexpr std::size_t keys_per_look = 256;
  std::vector<std::int64_t> keys;
  for (auto const& [key, sums] : tally)
    if (key != 0) keys.push_back(key);
  std::unordered_map<std::int64_t, std::string> out{{0, ""}};
  for (std::size_t at = 0; at < keys.size(); at += keys_per_look) {
    std::vector const some(keys.begin() + static_cast<std::ptrdiff_t>(at),
                           keys.begin() + static_cast<std::ptrdiff_t>(std::min(at + keys_per_look, keys.size())));
    std::vector<store::Value> args;
    auto const wanted = store::among(some, args);
    reader.each<std::int64_t, std::string>("SELECT id, code FROM evaluation_key WHERE id" + wanted,
                                           [&](std::int64_t id, std::string code) { out[id] = std::move(code); }, args);
  }
  return out;
}

std::vector<Listed> listed(Reader& reader, Question const& question, Wanted const& wanted, std::optional<Behind> behind, std::size_t limit) {
  if (wanted.nobody) return {};
  limit = std::clamp<std::size_t>(limit, 1, listed_max);
  auto part = question;
  if (behind) part.to = std::min(part.to, behind->day + 1);
  auto const numbers = numbers_of(reader, question);
  std::vector<Listed> out;
  auto const add = [&](Conditions where) {
    add_wanted(where, wanted, "day", question.today);
    if (behind) where.add("(day < ? OR subject < ?)", behind->day, behind->subject);
    add_listed(reader, where, limit, out);
  };
  if (question.subjects) {
    each_part_of(part, numbers, add);
    std::ranges::sort(out, [](Listed const& a, Listed const& b) { return std::pair(a.day, a.subject) > std::pair(b.day, b.subject); });
    if (out.size() > limit) out.resize(limit);
    return out;
  }
  // As many days as there may be lines on a page: each has at least one that is wanted, unless several filters meet.
  while (out.size() < limit && part.from < part.to) {
    auto const days = days_with(reader, part, numbers, wanted, limit);
    if (days.empty()) break;
    auto where = rows_of(part, numbers);
    where.among("day", days);
    add(std::move(where));
    if (days.size() < limit) break;
    part.to = days.back();
  }
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace zhili::respond::evaluation
