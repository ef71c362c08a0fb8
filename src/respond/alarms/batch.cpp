// Transitions of rules, as alarms.

#include <algorithm>
#include <set>

#include "respond/alarms/desk.hpp"
#include "respond/alarms/inside.hpp"
#include "store/among.hpp"

namespace zhili::respond::alarms {

namespace {

using rules::Transition;
using rules::TransitionKind;

/// A rule at a subject.
struct Source {
  std::string rule;
  std::string subject;
  auto operator<=>(Source const&) const = default;
};

struct SourceState {
  std::int64_t sequence = 0;
  Id fault = 0;
  bool changed = false;
};

constexpr std::size_t subjects_asked_at_once = 256;

/// Calls with the subjects of one rule, some at a time.
void by_rule(std::set<Source> const& all, std::function<void(std::string const& rule, std::vector<std::string> const& subjects)> const& ask) {
  std::vector<std::string> some;
  for (auto one = all.begin(); one != all.end();) {
    some.push_back(one->subject);
    auto const rule = one->rule;
    ++one;
    if (one != all.end() && one->rule == rule && some.size() < subjects_asked_at_once) continue;
    ask(rule, some);
    some.clear();
  }
}

bool is_fault(Transition const& t) { return t.kind == TransitionKind::fault || t.kind == TransitionKind::fault_over; }

/// The alarm that a transition is about. What is wrong with a device is the device's.
Source alarm_of(Transition const& t) {
  if (!is_fault(t)) return {t.rule, subject_name(t.subject)};
  return {std::string(fault_rule), t.thing != 0 ? "thing:" + std::to_string(t.thing) : subject_name(t.subject)};
}

core::Text with_place(core::Text says, Where const& where) {
  auto const fill = [](std::string& text, std::string_view mark, std::string const& by) {
    if (by.empty()) return;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) text.replace(at, mark.size(), by);
  };
  auto const either = [](std::string const& one, std::string const& other) { return one.empty() ? other : one; };
  fill(says.zh, "{place}", either(where.name.zh, where.thing_name.zh));
  fill(says.en, "{place}", either(where.name.en, where.thing_name.en));
  fill(says.zh, "{thing}", where.thing_name.zh);
  fill(says.en, "{thing}", where.thing_name.en);
  return says;
}

/// A rule's own words are about the place, and a silent device says nothing of that.
core::Text fault_words(Where const& where, std::string const& subject) {
  auto const& thing = where.thing_name;
  return {(thing.zh.empty() ? subject : thing.zh) + "没有数据，或数据一直不变", (thing.en.empty() ? subject : thing.en) + " sends nothing, or always the same"};
}

}  // namespace

/// One call of transitions(): everything is read first, some statements for hundreds of alarms, and written once at the end.
class AlarmDesk::Batch {
 public:
  Batch(AlarmDesk& desk, store::Writer& writer) : desk_(desk), w_(writer), windows_(open_windows(writer)) {}

  core::Result<> read(std::span<Transition const> happened) {
    std::set<Source> sources, alarms;
    for (auto const& t : happened) {
      sources.insert({t.rule, subject_name(t.subject)});
      alarms.insert(alarm_of(t));
    }
    std::vector<Id> faults;
    by_rule(sources, [&](std::string const& rule, std::vector<std::string> const& subjects) {
      std::vector<store::Value> args{rule};
      auto const sql = "SELECT subject, sequence, fault FROM alarm_source WHERE rule = ? AND subject" + store::among(subjects, args);
      w_.each<std::string, std::int64_t, std::int64_t>(sql, [&](std::string subject, std::int64_t sequence, std::int64_t fault) {
        if (fault != 0) faults.push_back(fault);
        sources_[{rule, std::move(subject)}] = {sequence, fault, false};
      }, args);
    });
    ZHILI_CHECK(read_alarms(alarms));
    for (auto const& [key, alarm] : alarms_)
      if (alarm.state.kind == Kind::fault) faults.push_back(alarm.state.id);
    read_holders(faults);
    return {};
  }

  core::Result<> take(Transition const& t) {
    auto& source = sources_[{t.rule, subject_name(t.subject)}];
    if (t.sequence <= source.sequence) return {};  // it came before
    source.sequence = t.sequence;
    source.changed = true;
    if (t.kind == TransitionKind::fault) return fault(t, source);
    if (t.kind == TransitionKind::fault_over) return fault_over(t, source);
    auto& alarm = alarms_[alarm_of(t)];
    if (t.kind == TransitionKind::clear) return put(alarm, {.verb = Verb::settle, .cause = t.cause}, t);
    auto command = says(t, Kind::condition);
    command.verb = t.kind == TransitionKind::raise ? Verb::raise : Verb::escalate;
    return put(alarm, std::move(command), t);
  }

  void write() {
    for (auto& [key, source] : sources_)
      if (source.changed)
        w_.exec("INSERT INTO alarm_source (rule, subject, sequence, fault) VALUES (?,?,?,?) ON CONFLICT (rule, subject) DO UPDATE SET sequence = excluded.sequence, fault = excluded.fault",
                key.rule, key.subject, source.sequence, source.fault);
    std::vector<Id> follow;
    for (auto& [key, alarm] : alarms_) {
      if (!alarm.changed) continue;
      if (alarm.is_new) insert_row(w_, alarm.state);
      else update_row(w_, alarm.state);
      if (has_follow_up(alarm.state)) follow.push_back(alarm.state.id);
    }
    set_due(w_, follow, DueKind::follow, w_.now());
  }

 private:
  struct Held {
    AlarmState state;
    bool changed = false;
    bool is_new = true;
  };

  core::Result<> read_alarms(std::set<Source> const& wanted) {
    core::Result<> outcome;
    by_rule(wanted, [&](std::string const& rule, std::vector<std::string> const& subjects) {
      std::vector<store::Value> args{rule};
      auto const sql = "SELECT " + std::string(row_columns) + " FROM alarm WHERE rule = ? AND subject" + store::among(subjects, args);
      auto const read = visit_rows(w_, sql, args, [&](AlarmState state) {
        Source key{state.rule, state.subject};
        alarms_[std::move(key)] = {std::move(state), false, false};
      });
      if (!read && outcome) outcome = read;
    });
    return outcome;
  }

  void read_holders(std::vector<Id>& faults) {
    std::ranges::sort(faults);
    faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
    for (std::size_t from = 0; from < faults.size(); from += subjects_asked_at_once) {
      std::vector<Id> const some(faults.begin() + static_cast<std::ptrdiff_t>(from), faults.begin() + static_cast<std::ptrdiff_t>(std::min(from + subjects_asked_at_once, faults.size())));
      std::vector<store::Value> args;
      auto const sql = "SELECT rule, subject, fault FROM alarm_source WHERE fault <> 0 AND fault" + store::among(some, args);
      w_.each<std::string, std::string, std::int64_t>(sql, [&](std::string rule, std::string subject, std::int64_t fault) {
        holders_[fault].insert({std::move(rule), std::move(subject)});
      }, args);
    }
  }

  Command says(Transition const& t, Kind kind) {
    Command out{.of = kind};
    auto const key = alarm_of(t);
    out.rule = key.rule;
    out.subject = key.subject;
    auto& finding = out.finding.emplace();
    finding.severity = t.severity;
    finding.flapping = t.flapping;
    finding.thing = t.thing;
    finding.stream = t.stream;
    finding.property = t.property;
    finding.value = {.kind = t.value_kind, .known = t.has_value, .number = t.has_value ? t.value : 0, .text = t.value_text, .unit = t.unit};
    finding.opens = kind == Kind::fault ? std::string() : t.opens;  // a device's fault says nothing about the place
    bool const of_device = kind == Kind::fault && t.thing != 0;
    finding.where = desk_.parts_.surroundings.where(w_, of_device ? rules::Subject{catalogue::rules::Scope::thing, std::to_string(t.thing)} : t.subject, t.thing);
    finding.says = kind == Kind::fault ? fault_words(finding.where, out.subject) : with_place(t.says, finding.where);
    finding.keeper = desk_.keeper_of(finding.opens, finding.where);
    out.suppression = suppressed_by(windows_, kind, out.rule, finding, w_.now());
    return out;
  }

  core::Result<> put(Held& alarm, Command const& command, Transition const& t) {
    ZHILI_TRY(auto const changed, desk_.put(w_, alarm.state, command, {.now = w_.now(), .happened = t.at}));
    alarm.changed = alarm.changed || changed;
    return {};
  }

  core::Result<> fault(Transition const& t, SourceState& source) {
    auto const key = alarm_of(t);
    auto& alarm = alarms_[key];
    if (source.fault != 0 && source.fault != alarm.state.id) ZHILI_CHECK(let_go(t, source));  // another device of the place
    auto command = says(t, Kind::fault);
    command.verb = Verb::raise;
    ZHILI_CHECK(put(alarm, command, t));
    source.fault = alarm.state.id;
    holders_[source.fault].insert({t.rule, subject_name(t.subject)});
    return {};
  }

  core::Result<> fault_over(Transition const& t, SourceState& source) {
    if (source.fault == 0) return {};
    return let_go(t, source);
  }

  /// The fault is over when no rule notices it any more.
  core::Result<> let_go(Transition const& t, SourceState& source) {
    auto const id = std::exchange(source.fault, 0);
    auto& holders = holders_[id];
    holders.erase({t.rule, subject_name(t.subject)});
    if (!holders.empty()) return {};
    auto found = alarms_.find(alarm_of(t));
    if (found == alarms_.end() || found->second.state.id != id) found = std::ranges::find_if(alarms_, [&](auto const& one) { return one.second.state.id == id; });
    if (found == alarms_.end()) {
      ZHILI_TRY(auto state, load(w_, id));
      Source key{state.rule, state.subject};
      found = alarms_.insert_or_assign(std::move(key), Held{std::move(state), false, false}).first;
    }
    return put(found->second, {.verb = Verb::settle, .cause = t.cause}, t);
  }

  AlarmDesk& desk_;
  store::Writer& w_;
  std::vector<Window> windows_;
  std::map<Source, SourceState> sources_;
  std::map<Source, Held> alarms_;
  std::unordered_map<Id, std::set<Source>> holders_;
};

core::Result<> AlarmDesk::transitions(store::Writer& writer, std::span<rules::Transition const> happened) {
  if (happened.empty()) return {};
  Batch batch(*this, writer);
  ZHILI_CHECK(batch.read(happened));
  for (auto const& t : happened) ZHILI_CHECK(batch.take(t));
  batch.write();
  return {};
}

void AlarmDesk::committed(std::span<rules::Transition const>) {
  if (wake_) wake_();
}

}  // namespace zhili::respond::alarms
