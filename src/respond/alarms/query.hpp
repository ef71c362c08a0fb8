#pragma once
// Lists and counts of alarms, for those who may see them.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "respond/alarms/alarm.hpp"
#include "store/db.hpp"

namespace zhili::respond::alarms {

inline constexpr std::size_t alarms_page_max = 500;
inline constexpr std::size_t sights_max = 256;  ///< of one person: their posts, and the items of each

/// What somebody may see: alarms that lie within all that is set.
struct Sight {
  std::string area = {};        ///< prefix of codes
  std::string item = {};        ///< prefix of the item that the alarm opens
  std::string department = {};  ///< whose it is
  bool faults_only = false;
  bool operator==(Sight const&) const = default;
  bool sees(AlarmState const& alarm) const;
  bool everything() const { return *this == Sight{}; }
};

/// raised: newest first. urgency: what nobody has taken note of, then acknowledged, suppressed, cleared; of each the gravest first, then the newest.
enum class Order : std::uint8_t { raised, urgency };

struct Filter {
  enum class Which : std::uint8_t { open, cleared, all };
  Which which = Which::open;
  std::vector<Sight> sights = {};  ///< of whoever asks; none: they see nothing
  std::optional<Severity> severity = {};
  std::optional<Kind> kind = {};
  std::optional<State> state = {};
  std::string area = {};           ///< prefix of codes
  std::int64_t thing = 0;
  std::vector<std::string> rules = {};  ///< one of them; none: of all rules
  std::string place = {};
  std::int64_t case_id = 0;        ///< those whose report stands in this case
  Order order = Order::raised;
};

/// Behind which line a page begins: as that line was when it was read, for an alarm moves when it changes and its place in the list does not.
struct After {
  core::Instant raised_at{};
  Id id = 0;
  State state = State::raised;        ///< looked at by Order::urgency only, as is severity
  Severity severity = Severity::info;
};

struct Line {
  AlarmState alarm;
  std::int64_t case_id = 0;  ///< in which its report stands now; 0: none
};

/// In the filter's order. What does not change while somebody pages is on one page, once; what does may be on two, or on none that is still to come.
/// Cost: a page of open alarms a walk over the open ones at most; of cleared ones over one index. Errors: corrupt.
core::Result<std::vector<Line>> list_alarms(store::Reader& reader, Filter const& filter, std::optional<After> const& after, std::size_t limit);
/// Errors: not_found.
core::Result<Line> alarm_line(store::Reader& reader, Id alarm);

/// Of alarms that stand.
struct Counts {
  std::array<std::array<std::int64_t, catalogue::rules::severities>, all_states.size()> conditions{};  ///< by state, then by severity
  std::int64_t faults = 0;                ///< of devices, that are not suppressed
  std::optional<core::Instant> oldest_unacknowledged = {};  ///< raised_at; conditions only
  std::int64_t of(Severity severity) const;                 ///< conditions that stand and are not suppressed
  std::int64_t of(State state) const;
};
/// `filter.which` is open, and severity, kind, state of it are not looked at. Cost: a walk over the open ones.
Counts count_alarms(store::Reader& reader, Filter const& filter);

/// The gravest alarm that stands and is not suppressed at each thing, "critical" … "info"; empty: none. Faults of devices count.
std::vector<std::string> gravest_of(store::Reader& reader, std::vector<std::int64_t> const& things);

}  // namespace zhili::respond::alarms
