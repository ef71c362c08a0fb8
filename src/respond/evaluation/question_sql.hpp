#pragma once
// Inside of evaluation: a question as conditions of SQL.

#include <algorithm>
#include <string>
#include <vector>

#include "respond/evaluation/subjects.hpp"
#include "respond/evaluation/tally.hpp"

namespace zhili::respond::evaluation {

inline constexpr auto not_due_yet = catalogue::bit(catalogue::Fact::not_due_yet);
inline constexpr auto closed = catalogue::bit(catalogue::Fact::closed);

/// Conditions joined by AND, with their arguments.
class Conditions {
 public:
  template <class... Values>
  void add(std::string const& piece, Values const&... values) {
    if (!text_.empty()) text_ += " AND ";
    text_ += piece;
    (args_.emplace_back(static_cast<std::int64_t>(values)), ...);
  }
  void among(std::string const& what, std::vector<std::int64_t> const& values);

  std::string const& text() const { return text_; }
  std::vector<store::Value> const& args() const { return args_; }

 private:
  std::string text_;
  std::vector<store::Value> args_;
};

/// The numbers of the codes of each dimension that is narrowed; a code that was never counted has a number that no row has.
using Numbers = std::map<Dimension, std::vector<std::int64_t>>;
Numbers numbers_of(store::Reader& reader, Question const& question);

/// Rows of evaluation_fact of the question.
Conditions rows_of(Question const& question, Numbers const& numbers);

/// The same in parts where subjects are named: visit(Conditions) for some of them after others.
template <class Visit>
void each_part_of(Question const& question, Numbers const& numbers, Visit&& visit) {
  if (!question.subjects) return visit(rows_of(question, numbers));
  auto const& ids = *question.subjects;
  for (std::size_t at = 0; at < ids.size(); at += subjects_per_look) {
    auto where = rows_of(question, numbers);
    auto const end = std::min(at + subjects_per_look, ids.size());
    where.among("subject", {ids.begin() + static_cast<std::ptrdiff_t>(at), ids.begin() + static_cast<std::ptrdiff_t>(end)});
    visit(std::move(where));
  }
}

/// What is wanted, of rows (`day` is the day's column) that have their day and facts in columns.
void add_wanted(Conditions& to, Wanted const& wanted, std::string const& day, Day today);

}  // namespace zhili::respond::evaluation
