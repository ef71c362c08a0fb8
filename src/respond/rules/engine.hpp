#pragma once
// The pure core: rules as flat programs, a small state for each rule and subject, readings in, findings out. No clock, no database.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/rules/rule.hpp"
#include "core/calendar.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "respond/rules/reading.hpp"
#include "respond/rules/transition.hpp"

namespace zhili::respond::rules {

using catalogue::rules::Rule;

inline constexpr std::size_t instances_max = 4'000'000;      ///< of one engine
inline constexpr std::size_t sensors_of_place_max = 1'000;   ///< streams of one subject; what is beyond is not looked at, and said
inline constexpr std::size_t reorder_readings_max = 1'024;   ///< that wait at one subject; then the oldest goes first, in its place or not
/// A reading that comes in so long after its time is history and runs no rule.
inline constexpr core::Duration history_after = std::chrono::hours(24);
/// Of consecutive instances that are kept together: one row of a checkpoint.
inline constexpr std::size_t group_instances = 128;

/// A stream, and what it belongs to.
struct StreamOf {
  std::int64_t stream = 0;
  std::int64_t thing = 0;
  std::string place = {};        ///< key of the place that the thing stands at; empty: none, so it takes part in no rule of places
  std::string property = {};     ///< of a pack
  std::string device_type = {};  ///< of a pack; empty: none
};

/// A rule at a subject, with the streams that it looks at.
struct Instance {
  std::uint32_t rule = 0;  ///< index in the engine's rules
  Subject subject = {};
  struct Source {
    std::uint8_t property = 0;  ///< index in Rule::watch
    std::int64_t stream = 0;
    std::int64_t thing = 0;
  };
  std::vector<Source> sources = {};  ///< by property, then stream
};

/// Which rules run where: a subject is in when it has a stream of every property that the rule watches, of a type that the rule is for.
/// Ordered by subject, so that what one reading touches lies together. `left_out`: told of sensors beyond sensors_of_place_max.
std::vector<Instance> instances_of(std::span<Rule const> rules, std::span<StreamOf const> streams,
                                   std::function<void(Rule const&, Subject const&)> const& left_out = {});

/// Why an instance has stopped.
enum class Broken : std::uint8_t { no, division_by_zero, not_finite, wrong_type, refused, internal };
core::Text words(Broken broken);

/// A finding, with indices instead of words.
struct Found {
  std::uint32_t instance = 0;
  TransitionKind kind = TransitionKind::raise;
  Cause cause = Cause::reading;
  bool flapping = false;
  bool has_value = false;
  Severity severity = Severity::minor;
  catalogue::ValueKind value_kind = catalogue::ValueKind::number;
  std::uint32_t sequence = 0;
  std::uint16_t source = 0;       ///< index in Instance::sources
  std::uint16_t unit = 0;         ///< index in Engine::unit()
  std::int64_t at_ms = 0;
  double value = 0;
};

/// What is known beside readings.
struct Knowledge {
  core::Zone zone = core::Zone::utc();
  std::optional<core::Calendar> calendar = {};  ///< for `on workdays`; none: Monday to Friday
  /// The value of a parameter where a subject has its own, in the parameter's unit.
  std::function<std::optional<double>(Rule const&, Subject const&, std::string_view parameter)> parameter = {};
  /// For each hour of the local day what `quantile` of the readings stay below; NaN: unknown.
  std::function<std::optional<std::array<double, 24>>(Subject const&, std::string_view property, double quantile)> usual = {};
};

/// Runs rules over readings in the order of their times.
///
/// Each instance has its own time, that of the last reading it took in. A reading first lets pass what is due before it, then counts. Time
/// alone passes by advance(): what is due at T happens when the clock shows T + the rule's lateness + how much later than that the last
/// reading came in, so that a device behind the clock is judged by its own time. Readings of one time come before what is due at it.
///
/// A rule with a lateness keeps readings until everything before them must have come: its findings are those of the ordered stream as long
/// as no reading is later than that. Of one stream the same time is taken once. A reading older than its stream's newest is dropped; one
/// that is newer, and still comes after its place in time has passed, says how things stand now and does not count in windows and
/// "n times".
///
/// Pure: the same calls give the same findings. Not thread-safe. Cost of a reading: some tens of nanoseconds for each rule that looks at
/// its stream, no allocation but where a window grows. Cost of a deadline: constant.
class Engine {
 public:
  struct Counts {
    std::uint64_t readings = 0;    ///< taken in, once for each
    std::uint64_t evaluations = 0; ///< of rules, by readings and by time
    std::uint64_t late = 0;        ///< dropped: older than the newest of their stream, or twice
    std::uint64_t out_of_place = 0;///< taken in after their place in time had passed
    std::uint64_t history = 0;     ///< older than history_after
    std::uint64_t ignored = 0;     ///< flagged, or no numbers
    std::uint64_t unwatched = 0;   ///< of streams that no rule looks at
  };

  /// Errors: limit (instances_max, or a rule that needs too much state).
  static core::Result<std::unique_ptr<Engine>> make(std::vector<Rule> rules, std::vector<Instance> instances, Knowledge const& knowledge);
  ~Engine();
  Engine(Engine const&) = delete;

  /// Whether the clock goes on to when a batch was received before its readings count. It stands where older ones are still to come.
  enum class Clock { goes, stands };
  /// What is due before the batch was received happens, if the clock goes; then its readings count in their order.
  void take(Batch const& batch, Clock clock = Clock::goes);
  /// Everything that is due by `now` happens. Time never goes back: an earlier one does nothing.
  void advance(core::Instant now);
  /// When the next thing may be due; nothing: not before another reading. May be too early, never too late.
  std::optional<core::Instant> next_due() const;
  core::Instant now() const;

  /// What was found since clear_found(), in order.
  std::span<Found const> found() const;
  void clear_found();
  /// What is still to be written of it.
  void keep_found(std::vector<Found> rest);

  std::span<Rule const> rules() const;
  std::span<Instance const> instances() const;
  std::string const& unit(std::uint16_t index) const;
  Counts const& counts() const;
  bool is_raised(std::uint32_t instance) const;
  bool is_fault(std::uint32_t instance) const;
  Severity severity(std::uint32_t instance) const;
  std::uint32_t sequence(std::uint32_t instance) const;
  Broken broken(std::uint32_t instance) const;
  /// Stops an instance.
  void break_off(std::uint32_t instance, Broken why);
  /// Lets a broken instance begin anew.
  void mend(std::uint32_t instance);
  /// Ends what is raised or at fault, as a finding.
  void end(std::uint32_t instance, Cause why);

  // Keeping state. A state is bytes of the same machine kind (little-endian); it fits an instance of a rule of the same meaning with
  // the same streams.
  void save(std::uint32_t instance, std::string& out) const;
  /// False: it does not fit; then nothing is changed. `position`: readings up to there are in it and do not count again.
  bool load(std::uint32_t instance, std::string_view state, std::int64_t position);
  /// Of another instance or of an older rule: only whether it is raised or at fault, how grave, and its sequence. False: unreadable.
  bool inherit(std::uint32_t instance, std::string_view state, std::int64_t position);
  /// What a state says without its rule: whose rule or subject is gone.
  struct Glimpse {
    bool raised = false, fault = false;
    Severity severity = Severity::info;
    std::uint32_t sequence = 0;
  };
  /// Nothing: unreadable.
  static std::optional<Glimpse> glimpse(std::string_view state);
  /// A state that keeps nothing but the number of the last finding.
  static std::string numbered(std::uint32_t sequence);
  /// What was learned of an instance's `which`-th usual value.
  void set_usual(std::uint32_t instance, std::size_t which, std::array<double, 24> const& hours);
  /// What an instance asks to be learned: property and share, by `which`.
  std::vector<std::pair<std::uint8_t, double>> usuals(std::uint32_t instance) const;

  /// Groups of instances that changed since they were saved. Group g has the instances [g · group_instances, (g + 1) · group_instances).
  struct Dirty {
    std::uint32_t group = 0;
    std::int64_t position = 0;  ///< before it was changed first
    std::int64_t mark = 0;      ///< of set_mark() at that time
  };
  std::vector<Dirty> dirty() const;
  void saved(std::uint32_t group);
  void set_mark(std::int64_t mark);
  /// The last position that was taken.
  std::int64_t position() const;
  /// Up to which an instance's state has taken in readings: never less than position().
  std::int64_t position_of(std::uint32_t instance) const;
  void set_position(std::int64_t position);

  /// Memory of states in bytes, roughly.
  std::size_t bytes() const;

  struct Inside;

 private:
  explicit Engine(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace zhili::respond::rules
