#pragma once
// All cases in columns, in memory: lists and counts are answered from here, whatever filters are combined.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/geo.hpp"
#include "core/time.hpp"
#include "respond/cases/words.hpp"
#include "store/db.hpp"

namespace zhili::respond {

inline constexpr std::size_t list_limit_max = 200;    ///< of a page
inline constexpr std::size_t piece_limit_max = 1'000;  ///< of a piece of an export
inline constexpr auto soon_window = std::chrono::hours(4);

/// A box on the map; `west` ≤ `east`.
struct MapBox {
  core::LatLon south_west;
  core::LatLon north_east;
};

/// Where a list goes on: behind this case.
struct After {
  core::Instant opened_at;
  std::int64_t id = 0;
};

/// What is wanted; what is not set does not narrow.
struct CaseFilter {
  enum class State : std::uint8_t { all, open, closed };
  State state = State::all;
  std::optional<Stage> stage = {};
  std::vector<std::string> items = {};   ///< any of them; empty: all
  std::vector<std::int64_t> areas = {};  ///< of the lowest level
  std::optional<std::string> department = {};
  std::optional<core::Instant> from = {};        ///< opened at or after
  std::optional<core::Instant> to = {};          ///< opened before
  bool by_closing = false;                       ///< from and to are of closing, not of opening
  std::optional<core::Instant> overdue_at = {};  ///< open, and due before this
  std::optional<core::Instant> soon_at = {};     ///< open, and due within soon_window of this
  std::optional<core::Instant> open_at = {};     ///< opened before this, and not closed before it; `overdue_at` beside it asks the same of then
  enum class Outcome : std::uint8_t { on_time, late };
  std::optional<Outcome> outcome = {};  ///< closed, with regard to its promise; none promised: neither
  std::optional<MapBox> box = {};
  bool public_only = false;  ///< leaves out what its reporter or its item keeps private
  std::optional<After> after = {};
  std::size_t limit = 50;  ///< 1…piece_limit_max
};

enum class CountBy : std::uint8_t { stage, area, item, department, outcome };

struct Count {
  std::string key;  ///< a stage's or outcome's name, an area's id, a code; empty: not known
  std::int64_t count = 0;
};

/// One case as filters see it. Its texts live as long as the index.
struct CaseFact {
  std::int64_t id = 0;
  core::Instant opened_at{};
  std::optional<core::Instant> due_at;
  std::optional<core::Instant> closed_at;
  std::string_view item;
  std::string_view department;          ///< empty: nobody's yet
  std::int64_t area = 0;                ///< of the lowest level; 0: not known
  std::optional<core::LatLon> place;
  Stage stage = Stage::none;
  bool is_private = false;
};

/// What filters look at, of every case: about 60 bytes each. A table of its own would need an index for each
/// combination of filters; here each costs the same walk along columns, some nanoseconds a case. It is made
/// from the table `casefile` and then follows the ledger, so it holds what any process has committed.
/// Thread-safe: readers walk along a state that never changes, and never wait.
class CaseIndex {
 public:
  CaseIndex();
  ~CaseIndex();

  /// Takes in what is new in the reader's snapshot; everything, the first time. To be called before asking,
  /// in the same snapshot. Cost: one look at the head of the ledger, and one row for each case that has
  /// changed.
  void follow(store::Reader& reader);

  /// The cases that fit, newest first, at most `filter.limit`.
  std::vector<std::int64_t> newest(CaseFilter const& filter) const;

  /// How many fit, by one property, most first; exact. Outcomes: on_time, late, no_promise, open, open_late.
  /// `filter.after` and `filter.limit` do not matter.
  std::vector<Count> count(CaseFilter const& filter, CountBy by, core::Instant now) const;

  /// How many fit, exact, as the sum of `count`, and cheaper.
  std::int64_t total(CaseFilter const& filter) const;

  /// Visits the cases that fit, youngest block first and each block by id; `filter.after` and `filter.limit` do not matter.
  void each(CaseFilter const& filter, std::function<void(CaseFact const&)> const& visit) const;

  /// How many cases it holds.
  std::size_t size() const;

  /// The same cases, and they stay as they are: for several questions that must not contradict each other. Cost: small.
  std::shared_ptr<CaseIndex const> frozen() const;
  /// The last ledger entry that it knows.
  store::Seq seq() const;

  struct Table;
  explicit CaseIndex(std::shared_ptr<Table const> table);

 private:
  std::mutex following_;
  std::atomic<std::shared_ptr<Table const>> table_;
};

}  // namespace zhili::respond
