#pragma once
// Publishes each month's figures as open data, once, and reads what was published.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "core/time.hpp"
#include "respond/open_figures/rows.hpp"
#include "store/db.hpp"

namespace zhili::respond::open_figures {

/// A month is published when so many days have gone by since its end: most of what was due in it is decided by then.
inline constexpr std::chrono::days settled_after_days{10};
/// And when nothing has changed in it for so long: nothing is published in the midst of an import.
inline constexpr std::chrono::minutes quiet_for_minutes{60};
/// Rows that are read at once.
inline constexpr std::size_t rows_per_read = 1'000;

struct Month {
  std::int64_t number = 0;  ///< year * 12 + month - 1
  core::Instant published_at{};
  std::int64_t rows = 0;
  std::string digest = {};  ///< SHA-256 in hex, as the ledger names it
  std::int64_t reports = 0;  ///< in all of its rows together
  std::int64_t cases = 0;
};
/// "2026-10".
std::string month_text(std::int64_t number);

/// All published months, the earliest first.
std::vector<Month> published_months(store::Reader& reader);

struct PublishedRow {
  std::int64_t month = 0;
  std::int64_t position = 0;
  Cohort cohort = Cohort::cases;
  Row row = {};
};
/// The next rows of a month behind `position` (-1: from its first), at most rows_per_read.
std::vector<PublishedRow> rows_behind(store::Reader& reader, std::int64_t month, std::int64_t position);

/// The rows as the digest is taken over them: a line each, cohort, area, group, item, outcome, number, with a tab between.
std::string canonical(Cohort cohort, std::vector<Row> const& rows);

/// Thread-safe, in any number of processes: a month that somebody else has published is left alone.
class Publisher {
 public:
  /// `areas`: those that there are now.
  Publisher(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue, core::Zone zone, std::function<std::vector<AreaNode>()> areas)
      : db_(db), catalogue_(std::move(catalogue)), zone_(zone), areas_(std::move(areas)) {}

  /// Publishes the months that are due, if evaluation has counted all there is, and gives how many. A month is looked at twice,
  /// quiet_for_minutes apart, and published if it is the same. What is kept private is not counted. Errors: those of the store.
  core::Result<std::int64_t> run_due(core::Instant now);

 private:
  struct Made {
    std::vector<std::pair<Cohort, std::vector<Row>>> parts;
    std::string digest;
  };
  struct Look {
    std::string digest;
    core::Instant since;
  };
  Structure structure() const;
  Made make(store::Reader& reader, std::int64_t month, Structure const& structure) const;
  static core::Result<bool> publish(store::Writer& writer, std::int64_t month, Made const& made);

  store::Db& db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  core::Zone zone_;
  std::function<std::vector<AreaNode>()> areas_;
  std::mutex looking_;
  std::map<std::int64_t, Look> seen_;  ///< under looking_
};

}  // namespace zhili::respond::open_figures
