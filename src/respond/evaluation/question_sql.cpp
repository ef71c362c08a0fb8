#include "respond/evaluation/question_sql.hpp"

#include "store/among.hpp"

namespace zhili::respond::evaluation {

namespace {

constexpr std::int64_t no_key = -1;

}  // namespace

void Conditions::among(std::string const& what, std::vector<std::int64_t> const& values) {
  auto const wanted = store::among(values, args_);
  if (!text_.empty()) text_ += " AND ";
  text_ += what + wanted;
}

Numbers numbers_of(store::Reader& reader, Question const& question) {
  Numbers out;
  for (auto const& [dimension, codes] : question.only) {
    auto& numbers = out[dimension];
    for (auto const& code : codes)
      numbers.push_back(code.empty() ? 0
                                     : reader.value<std::int64_t>("SELECT id FROM evaluation_key WHERE dimension = ? AND code = ?", dimension, code)
                                           .value_or(no_key));
    if (numbers.empty()) numbers.push_back(no_key);
  }
  return out;
}

Conditions rows_of(Question const& question, Numbers const& numbers) {
  Conditions out;
  out.add("cohort = ?", question.cohort);
  out.add("day >= ?", question.from);
  out.add("day < ?", question.to);
  for (auto const& [dimension, of] : numbers) out.among(std::string(column(dimension)), of);
  if (question.public_only) out.add("(facts & ?) = 0", catalogue::bit(catalogue::Fact::not_public));
  return out;
}

void add_wanted(Conditions& to, Wanted const& wanted, std::string const& day, Day today) {
  // Whether something is due yet is not kept: it follows from its day and from whether it is open.
  auto const is_due_later = "(" + day + " >= ? AND (facts & ?) = 0)";
  auto const all = wanted.terms.all;
  auto const none = wanted.terms.none | wanted.none;
  if ((all & ~not_due_yet) != 0) to.add("(facts & ?) = ?", all & ~not_due_yet, all & ~not_due_yet);
  if ((all & not_due_yet) != 0) to.add(is_due_later, today, closed);
  if ((none & ~not_due_yet) != 0) to.add("(facts & ?) = 0", none & ~not_due_yet);
  if ((none & not_due_yet) != 0) to.add("NOT " + is_due_later, today, closed);
  if (wanted.any == 0) return;
  if ((wanted.any & not_due_yet) != 0)
    to.add("((facts & ?) <> 0 OR " + is_due_later + ")", wanted.any & ~not_due_yet, today, closed);
  else
    to.add("(facts & ?) <> 0", wanted.any);
}

}  // namespace zhili::respond::evaluation
