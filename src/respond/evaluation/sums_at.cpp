#include "respond/evaluation/sums_at.hpp"

#include <algorithm>

#include "respond/evaluation/question_sql.hpp"

namespace zhili::respond::evaluation {

namespace {

std::string const& code_of(Subject const& subject, Dimension dimension) { return subject.codes[static_cast<std::size_t>(dimension)]; }

bool is_asked(Question const& question, std::int64_t id, Subject const& subject) {
  auto const& counted = subject.counted;
  if (counted.cohort != question.cohort || counted.day < question.from || counted.day >= question.to) return false;
  if (question.public_only && (counted.facts & catalogue::bit(catalogue::Fact::not_public)) != 0) return false;
  if (question.subjects && !std::ranges::binary_search(*question.subjects, id)) return false;
  return std::ranges::all_of(question.only, [&](auto const& only) { return std::ranges::find(only.second, code_of(subject, only.first)) != only.second.end(); });
}

}  // namespace

std::map<std::string, FactSums> SumsAt::by(Dimension by, Question const& question) const {
  std::map<std::string, FactSums> out;
  if (reader_ != nullptr) {
    auto const kept = tally(*reader_, by, question);
    auto const codes = codes_of(*reader_, kept);
    for (auto const& [key, sums] : kept) out[codes.at(key)].add(sums);
  }
  auto const add = [&](Some const& some, std::int64_t times) {
    for (auto const& [id, subject] : some) {
      if (!is_asked(question, id, subject)) continue;
      auto const& counted = subject.counted;
      bool const later = counted.cohort == Cohort::cases && counted.day >= question.today && (counted.facts & closed) == 0;
      out[code_of(subject, by)].add(later ? counted.facts | not_due_yet : counted.facts, counted.sums, times);
    }
  };
  add(come_, 1);
  add(gone_, -1);
  return out;
}

}  // namespace zhili::respond::evaluation
