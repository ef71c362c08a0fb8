#pragma once
// Inside of rules: the engine's memory, and how it goes through it.

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "respond/rules/engine.hpp"
#include "respond/rules/hours.hpp"
#include "respond/rules/program.hpp"
#include "respond/rules/wheel.hpp"
#include "respond/rules/window.hpp"

namespace zhili::respond::rules {

inline constexpr std::int64_t never_ms = std::numeric_limits<std::int64_t>::max();

/// From a stream's number to its place in a list. Open addressing; made once.
class StreamTable {
 public:
  void make(std::vector<std::int64_t> const& streams);
  /// `nothing` where it is not in.
  std::uint32_t find(std::int64_t stream) const {
    if (keys_.empty()) return nothing;
    for (auto slot = slot_of(stream);; slot = (slot + 1) & mask_) {
      if (keys_[slot].place == nothing || keys_[slot].stream == stream) return keys_[slot].place;
    }
  }
  static constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();

 private:
  struct Key {
    std::int64_t stream = 0;
    std::uint32_t place = nothing;
  };
  std::size_t slot_of(std::int64_t stream) const { return static_cast<std::size_t>((static_cast<std::uint64_t>(stream) * 0x9E37'79B9'7F4A'7C15ULL) >> shift_); }
  std::vector<Key> keys_;
  std::size_t mask_ = 0;
  int shift_ = 0;
};

/// What of an instance is touched by each reading.
struct Cell {
  std::int64_t clock = 0;         ///< its own time: of the last thing that happened
  std::int64_t next = never_ms;   ///< when time alone changes something, in its own time
  std::int64_t armed = never_ms;  ///< when the wheel wakes it
  std::uint32_t words = 0;        ///< first of its memory
  std::uint32_t windows = 0;      ///< first of its windows
  std::uint32_t known = 0;        ///< first of its parameters, then 24 hours for each `usual`
  std::int32_t lag_ms = 0;        ///< how much later than its rule's lateness its readings come
  std::uint32_t sequence = 0;
  std::uint16_t program = 0;
  Severity severity = Severity::info;
  std::uint8_t flags = 0;
};
inline constexpr std::uint8_t flag_raised = 1, flag_fault = 2, flag_flapping = 4, flag_hours_known = 8, flag_in_hours = 16;
inline constexpr int broken_shift = 5;

/// A reading that waits for its turn.
struct Waiting {
  std::int64_t at_ms = 0;
  std::int64_t received_ms = 0;
  double value = 0;
  std::uint16_t source = 0;
  Quality quality = 0;
  ValueType type = ValueType::number;
};
struct Buffer {
  std::vector<Waiting> waiting = {};  ///< by (time, source)
  std::int64_t newest_ms = 0;         ///< of all that came
};

/// The times of the last raises.
struct FlapRing {
  std::array<std::int64_t, catalogue::rules::flap_times_max> raised{};
  std::uint32_t count = 0;
};

/// What happens at an instance.
struct Moment {
  std::int64_t at = 0;
  int heard = -1;        ///< property that gave a sign of life; -1: time passes
  bool in_place = true;  ///< the reading is in its place in time
  bool told = false;     ///< its value counts
  bool changed = false;  ///< and is another than before
  double value = 0;
  std::uint16_t source = 0;
  int counted() const { return in_place && told ? heard : -1; }  ///< the property whose windows and numbers it counts in
};

struct Engine::Inside {
  struct Route {
    std::uint32_t instance = 0;
    std::uint16_t source = 0;
    std::uint8_t property = 0;
    bool one_of_several = false;  ///< its property has several streams there, so each has words of its own
  };

  // made once (make.cpp)
  std::vector<Rule> rules;
  std::vector<Program> programs;
  std::vector<Instance> instances;
  core::Zone zone = core::Zone::utc();
  std::optional<core::Calendar> calendar;
  StreamTable table;
  std::vector<std::uint32_t> route_begin;  // by place of the stream; one more at the end
  std::vector<Route> routes;
  std::vector<std::string> units;
  std::vector<std::vector<std::uint16_t>> unit_of;  // by program and its own number
  std::vector<double> known;
  core::Result<> make(Knowledge const& knowledge);

  // memory
  std::vector<Cell> cells;
  std::vector<std::uint64_t> words;
  std::vector<WindowState> windows;
  std::unordered_map<std::uint32_t, Buffer> buffers;  // of rules with a lateness
  std::unordered_map<std::uint32_t, FlapRing> flaps;
  Wheel wheel{0};
  std::int64_t now = 0;
  std::int64_t position = 0;
  std::vector<std::int64_t> seen;  // positions that loaded states have taken in
  std::int64_t seen_max = 0;
  std::vector<std::vector<Spell>> spells;  // by program and clock
  LocalHour hour{};
  std::vector<Found> found;
  Counts counts;

  // what changed since it was saved
  struct Mark {
    bool dirty = false;
    std::int64_t position = 0, mark = 0;
  };
  std::vector<Mark> marks;
  std::vector<std::uint32_t> dirty_groups;
  std::int64_t mark = 0;
  std::int64_t before = 0;  // position before what is taken now
  void touch(std::uint32_t instance) {
    auto& one = marks[instance / group_instances];
    if (one.dirty) return;
    one = {true, before, mark};
    dirty_groups.push_back(static_cast<std::uint32_t>(instance / group_instances));
  }

  // steps (steps.cpp)
  std::array<double, program_steps_max> number{};
  std::array<Tri, program_steps_max> truth{};
  std::int64_t due = never_ms;  // the earliest deadline of the steps that were gone through
  Broken trouble = Broken::no;
  std::uint32_t sensor = 0;     // that is looked at: index in sources
  void run(std::uint32_t instance, Part const& part, Moment const& moment) {
    if (!part.empty()) run_steps(instance, part.first, part.end, moment);
  }
  void run_steps(std::uint32_t instance, std::uint16_t first, std::uint16_t end, Moment const& moment);
  void run_sensors(std::uint32_t instance, std::uint16_t at, Moment const& moment);
  void run_window(std::uint32_t instance, std::uint16_t at, Moment const& moment);
  void run_memory(std::uint32_t instance, std::uint16_t at, Moment const& moment);
  double arithmetic(Step const& step);
  Tri clock_holds(std::uint16_t program, std::uint16_t clock, std::int64_t at);
  double usual_at(std::uint32_t instance, Step const& step, std::int64_t at);
  void due_at(std::int64_t when) { due = when < due ? when : due; }
  WindowState& window_of(std::uint32_t instance, std::uint16_t plan, std::uint32_t source);
  std::pair<std::uint32_t, std::uint32_t> sources_of(std::uint32_t instance, std::uint8_t property) const;
  std::uint32_t last_word(std::uint32_t instance, std::uint8_t property, std::uint32_t source, bool of_source) const;
  std::int64_t time_word(std::uint32_t at) const { return static_cast<std::int64_t>(words[at]); }
  double value_word(std::uint32_t at) const { return words[at] == 0 ? not_known : std::bit_cast<double>(words[at + 1]); }

  // judging (judge.cpp)
  void judge(std::uint32_t instance, Moment const& moment);
  void enter_hours(std::uint32_t instance, Moment const& moment);
  bool judge_fault(std::uint32_t instance, Moment const& moment);
  void judge_raised(std::uint32_t instance, Moment const& moment);
  void raise(std::uint32_t instance, Moment const& moment);
  void tell(std::uint32_t instance, TransitionKind kind, Moment const& moment, Part const* part);
  void show(std::uint32_t instance, Moment const& moment, Part const& part, Found& out);
  void stop(std::uint32_t instance, Broken why);
  void forget(std::uint32_t instance, std::uint16_t first, std::uint16_t end);
  void forget_windows(std::uint32_t instance);
  Broken broken(std::uint32_t instance) const { return static_cast<Broken>(cells[instance].flags >> broken_shift); }
  std::size_t window_count(std::uint32_t instance) const;

  // feeding (feed.cpp)
  void take(Batch const& batch, Clock clock);
  void take(Route const& route, Reading const& reading, std::int64_t received_ms);
  void apply(Route const& route, Waiting const& reading);
  void remember(Route const& route, Waiting const& reading, Moment& moment);
  void pass_deadlines(std::uint32_t instance, std::int64_t before_ms);
  void pass_one(std::uint32_t instance);
  void hold_back(Route const& route, Waiting const& reading);
  void release(std::uint32_t instance);
  std::uint32_t own_word(Route const& route) const {
    auto const& cell = cells[route.instance];
    return cell.words + (route.one_of_several ? programs[cell.program].own_words + 2U * route.source : 2U * route.property);
  }
  Waiting const* first_waiting(std::uint32_t instance) const;
  std::int64_t front_due(std::uint32_t instance) const;
  void wake(std::uint32_t instance);
  void arm(std::uint32_t instance);
  void advance(std::int64_t now_ms);
};

}  // namespace zhili::respond::rules
