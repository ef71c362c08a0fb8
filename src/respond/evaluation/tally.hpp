#pragma once
// Reads what is counted: sums by one dimension, and the signals or cases behind them. All in the reader's one snapshot.

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "respond/evaluation/counted.hpp"
#include "store/db.hpp"

namespace zhili::respond::evaluation {

/// Which of a cohort, from its first day to before `to`. A dimension that is not in `only` is not narrowed; its codes are
/// alternatives, "" is "nowhere".
struct Question {
  Cohort cohort = Cohort::cases;
  Day from = 0;
  Day to = 0;
  std::map<Dimension, std::vector<std::string>> only = {};
  /// The day on which somebody asks: what is open and due on it or later is not due yet.
  Day today = 0;
  /// Only what everybody may see. Otherwise whoever counts the public list would learn by the difference how many are not in it.
  bool public_only = false;
  /// Only these, by their ids and in their order: those of a part of the map.
  std::optional<std::vector<std::int64_t>> subjects = {};
};

/// By key, how many have which facts (not_due_yet among them).
using Tally = std::unordered_map<std::int64_t, FactSums>;

/// The sums by one dimension. Cost: one index range of the cells where they are kept for this question (any period without a
/// filter; whole months and years with one filter, see is_kept); else a walk along the rows of the days, or one look for each
/// subjects_per_look subjects that are named.
Tally tally(store::Reader& reader, Dimension by, Question const& question);

/// The codes of keys, each once.
std::unordered_map<std::int64_t, std::string> codes_of(store::Reader& reader, Tally const& tally);

/// Which of a question are wanted.
struct Wanted {
  catalogue::Terms terms = {};
  std::uint64_t any = 0;   ///< if not 0: at least one of these
  std::uint64_t none = 0;  ///< none of these
  bool nobody = false;     ///< no list at all
};

/// Where a list goes on: behind this one.
struct Behind {
  Day day = 0;
  std::int64_t subject = 0;
};

struct Listed {
  std::int64_t subject = 0;
  Day day = 0;
  Sums sums = {};
};

inline constexpr std::size_t listed_max = 200;

/// The next of them, latest day first, at most `limit` (1…listed_max). Cost: days on which there are none are not looked at.
std::vector<Listed> listed(store::Reader& reader, Question const& question, Wanted const& wanted, std::optional<Behind> behind,
                           std::size_t limit);

}  // namespace zhili::respond::evaluation
