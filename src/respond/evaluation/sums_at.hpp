#pragma once
// What is counted at one moment of the ledger, to the entry: for reports, whose figures must be counted again later.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "respond/evaluation/subjects.hpp"
#include "respond/evaluation/tally.hpp"

namespace zhili::respond::evaluation {

/// Kept sums with what has come since, or a count of all that there was. Lives no longer than its reader. Not thread-safe.
class SumsAt {
 public:
  using Some = std::vector<std::pair<std::int64_t, Subject>>;  ///< with their ids

  /// What is kept, without `gone` and with `come`.
  SumsAt(store::Reader& reader, Some come, Some gone) : reader_(&reader), come_(std::move(come)), gone_(std::move(gone)) {}
  /// These, and nothing else.
  explicit SumsAt(Some all) : come_(std::move(all)) {}

  /// By the codes of a dimension; what has come to nothing may be there, empty. Cost: of kept sums that of tally(); else a walk.
  std::map<std::string, FactSums> by(Dimension by, Question const& question) const;

 private:
  store::Reader* reader_ = nullptr;
  Some come_, gone_;
};

}  // namespace zhili::respond::evaluation
