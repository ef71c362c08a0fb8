#pragma once
// The shell of alarms: what rules find out becomes alarms, inside of the rules' own transaction; what people do with them; and what follows
// by itself a moment later: reports, cases, the ends of suppressions.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "respond/alarms/alarm.hpp"
#include "respond/alarms/surroundings.hpp"
#include "respond/alarms/windows.hpp"
#include "respond/cases/desk.hpp"
#include "respond/rules/transition.hpp"
#include "respond/signals/desk.hpp"
#include "store/db.hpp"

namespace zhili::respond::alarms {

/// Alarms that a window's beginning or end changes in one piece of work; requests go in between.
inline constexpr std::size_t alarms_per_piece = 200;
/// Follow-ups (reports, cases) that are done in one piece of work.
inline constexpr std::size_t followed_per_piece = 4;
/// After a follow-up that could not be done because something did not answer.
inline constexpr auto follow_retry_after = std::chrono::minutes(1);
/// What a report of an alarm says it came by.
inline constexpr std::string_view sensor_channel = "sensor";

/// Thread-safe. What it is given outlives it.
class AlarmDesk final : public rules::AlarmSink {
 public:
  struct Parts {
    store::Db& db;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    SignalDesk& signals;
    CaseDesk& cases;
    Surroundings const& surroundings;
  };
  explicit AlarmDesk(Parts parts) : parts_(std::move(parts)) {}

  /// What rules found out, in the order in which it happened. (rule, subject, sequence) is applied once: what came before changes nothing.
  /// Never refuses a transition; errors are those of the store. Cost: some statements for each, whatever the number of old alarms.
  core::Result<> transitions(store::Writer& writer, std::span<rules::Transition const> happened) override;
  /// Calls what on_work() was given.
  void committed(std::span<rules::Transition const> happened) override;
  /// Called when there may be something for run_due(), on whichever thread; it must not block. Set before anything else is called.
  void on_work(std::function<void()> wake) { wake_ = std::move(wake); }

  /// What somebody does. Whether they may is asked before. Errors: those of decide(); not_found.
  core::Result<AlarmState> execute(store::Writer& writer, Id alarm, Command const& command, By by);
  /// The same as a piece of work of its own: on the disk when it returns.
  core::Result<AlarmState> execute(Id alarm, Command const& command, By by);

  /// Sets a maintenance window; what stands and fits is suppressed when it begins. Gives its id. Errors: those of check(); limit
  /// (windows_open_max).
  core::Result<std::int64_t> set_window(store::Writer& writer, Window wanted);
  /// Ends it now, or takes it back before it begins. Errors: not_found; conflict (it is over).
  core::Result<> end_window(store::Writer& writer, std::int64_t window, std::string const& reason, std::string const& actor);

  /// Does what is due at `now`, at most `limit` things, in small pieces of work, each once however many processes try: reports and cases of
  /// alarms that were raised, cases that are told of what became of their alarm, windows that begin and end. Gives how many this call did;
  /// 0: nothing was due. Blocks; not for a request's thread.
  core::Result<std::size_t> run_due(core::Instant now, std::size_t limit);
  /// When the next thing is due.
  static std::optional<core::Instant> next_due(store::Reader& reader);

  /// As its row has it. Errors: not_found.
  static core::Result<AlarmState> load(store::Reader& reader, Id alarm);
  /// The same from its entries. Errors: not_found, corrupt.
  static core::Result<AlarmState> fold(store::Reader& reader, Id alarm);

 private:
  class Batch;
  core::Result<bool> put(store::Writer& writer, AlarmState& state, Command const& command, By const& by);
  core::Result<std::size_t> follow_up(core::Instant now, std::size_t limit);
  core::Result<> follow_alone(Id alarm, core::Instant now);
  core::Result<> follow(store::Writer& writer, Id alarm);
  core::Result<std::int64_t> case_of(store::Writer& writer, AlarmState const& state, std::int64_t signal, catalogue::Item const& item, std::string const& condition, core::Text& waits);
  core::Result<> signal_of(store::Writer& writer, AlarmState& state);
  core::Result<> tell_case(store::Writer& writer, AlarmState const& state, std::int64_t case_id, std::string_view told);
  core::Result<std::size_t> begin_windows(core::Instant now, std::size_t limit);
  core::Result<std::optional<Id>> begin_piece(store::Writer& writer, Id window, Id after);
  core::Result<std::size_t> end_windows(core::Instant now, std::size_t limit);
  core::Result<bool> end_piece(store::Writer& writer, Id window);
  core::Result<std::size_t> end_suppressions(core::Instant now, std::size_t limit);
  Keeper keeper_of(std::string_view opens, Where const& where) const;

  Parts parts_;
  std::function<void()> wake_;
};

}  // namespace zhili::respond::alarms
