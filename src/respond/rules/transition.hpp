#pragma once
// What rules find out. Owned by the rules; whoever keeps alarms adapts.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalogue/rules/rule.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::respond::rules {

using catalogue::rules::Severity;

/// What a rule is about: a thing, or a place with all that stands there.
struct Subject {
  catalogue::rules::Scope scope = catalogue::rules::Scope::thing;
  std::string id = {};  ///< number of the Thing, or the key that Subjects gives the place
  auto operator<=>(Subject const&) const = default;
};
/// "thing:12", "place:C0504-17".
std::string text_of(Subject const& subject);
/// Of such a text; nothing: it is none.
std::optional<Subject> subject_from(std::string_view text);

enum class TransitionKind : std::uint8_t {
  raise,
  escalate,   ///< graver than it was; an alarm never becomes less grave, it ends
  clear,
  fault,      ///< the device is silent or stuck: no word about the place. An alarm that is raised stays
  fault_over
};
/// "raise", "escalate", "clear", "fault", "fault_over".
std::string_view name(TransitionKind kind);

enum class Cause : std::uint8_t {
  reading,      ///< a reading made it so
  time,         ///< time passed: a "for", a silence
  rule_gone,    ///< clear, fault_over: the rule is not in force or disarmed
  subject_gone  ///< clear, fault_over: the thing or its streams are gone
};
/// "reading", "time", "rule_gone", "subject_gone".
std::string_view name(Cause cause);

/// One step of one alarm. (rule, subject, sequence) names it for ever: `sequence` counts 1, 2, 3 … for each rule and subject.
struct Transition {
  std::string rule = {};
  Subject subject = {};
  std::int64_t sequence = 0;
  TransitionKind kind = TransitionKind::raise;
  Cause cause = Cause::reading;
  core::Instant at{};              ///< in the time of the readings
  Severity severity = Severity::minor;  ///< from here on; of clear: what it was
  bool flapping = false;           ///< it goes on and off too often; it stays raised until it was calm
  std::int64_t thing = 0;          ///< whose reading decided; of silence: who is silent
  std::int64_t stream = 0;
  std::string property = {};       ///< of that stream
  // what {value} is
  catalogue::ValueKind value_kind = catalogue::ValueKind::number;
  bool has_value = false;
  double value = 0;                ///< number, count; truth as 0 or 1
  std::string value_text = {};     ///< kind text: the word's code
  std::string unit = {};           ///< UCUM
  // from the rule
  core::Text says = {};            ///< {value} is filled in; {place} and {thing} where Subjects knows them, else left
  std::string opens = {};          ///< "item/condition"; empty: no case
  std::string alert = {};
};

/// Whoever keeps alarms.
class AlarmSink {
 public:
  virtual ~AlarmSink() = default;
  /// Called inside of the transaction that keeps the rules' state, in the order in which things happened. Each transition comes exactly
  /// once: what is undone with its transaction comes again. An error undoes the transaction; `busy` and `unavailable` are tried again,
  /// with any other each transition is offered alone, and a rule whose transition is refused stops at that subject (broken).
  virtual core::Result<> transitions(store::Writer& writer, std::span<Transition const> happened) = 0;
  /// After the commit, on the keeper's thread.
  virtual void committed(std::span<Transition const> /*happened*/) {}
};

}  // namespace zhili::respond::rules
