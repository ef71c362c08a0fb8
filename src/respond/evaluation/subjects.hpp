#pragma once
// Inside of evaluation: signals and cases read for counting.

#include <array>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/calendar.hpp"
#include "respond/evaluation/counted.hpp"
#include "store/db.hpp"

namespace zhili::respond::evaluation {

/// What is counted of a signal or case, with the codes of where it belongs; an empty code: nowhere.
struct Subject {
  Counted counted;  ///< without keys
  std::array<std::string, dimension_slots> codes{};
  std::string& code(Dimension dimension) { return codes[static_cast<std::size_t>(dimension)]; }
};

using Subjects = std::map<std::int64_t, Subject>;

/// Subjects that are read at once.
inline constexpr std::size_t subjects_per_look = 256;

/// Reads them by their ids, at most subjects_per_look; what is in no cohort is left out. An item is counted under the code that
/// it has now, along the maps of packs. Errors: corrupt (an entry). Cost: some questions for all of them, and a fold of each.
class SubjectReader {
 public:
  catalogue::Catalogue const& catalogue;
  core::Calendar const& calendar;
  core::Zone const& zone;
  /// As the ledger knew them after this entry; by default as they are.
  store::Seq until = std::numeric_limits<store::Seq>::max();

  core::Result<Subjects> read(store::Reader& reader, Cohort cohort, std::vector<std::int64_t> const& ids) const;

 private:
  core::Result<Subjects> cases(store::Reader& reader, std::vector<std::int64_t> const& ids) const;
  core::Result<Subjects> signals(store::Reader& reader, std::vector<std::int64_t> const& ids) const;
};

}  // namespace zhili::respond::evaluation
