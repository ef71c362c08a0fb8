#pragma once
// What a pack says, as plain data. Read by everybody, written only by the loader.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/device_type.hpp"
#include "catalogue/indicators.hpp"
#include "catalogue/report_template.hpp"
#include "catalogue/rule_source.hpp"
#include "core/calendar.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::catalogue {

using core::Text;

/// A code with what it is called. Codes are strings everywhere: "0102" keeps its zero.
struct Named {
  std::string code;
  Text name;
};

enum class Kind : std::uint8_t { event, component, service };
/// "event", "component", "service".
std::string_view name(Kind kind);

/// The part of a case's life that a clock measures (lifecycle: D, H, V, T; and 核实 before registering).
enum class Phase : std::uint8_t { check, dispatch, handle, rework, verify, whole };
/// "check", "dispatch", "handle", "rework", "verify", "whole".
std::string_view name(Phase phase);
/// 处置 / Handling: what a clock of that phase is called unless it has a name of its own.
Text title(Phase phase);

/// One clock of a condition. A phase may have several, each with its own part: 停工, 处罚, 拆除.
struct ClockSpec {
  Phase phase = Phase::handle;
  std::string code;  ///< unique in its condition: "handle", or "handle/stop" where the phase has several
  Text name;         ///< 处置 / Handling; 停工 / Stop the works
  core::Budget budget;
};

/// Whose duty is asked first: events 先属地后属主 (place), components 先属主后属地 (owner).
enum class DutyBy : std::uint8_t { place, owner };

struct Duty {
  std::string function;  ///< the installation maps it to a department and a post
  DutyBy by = DutyBy::place;
  std::vector<std::string> joint;  ///< functions that help; the first one leads
};

enum class Occasion : std::uint8_t { never, citizen_reports, always };
/// "never", "citizen_reports", "always".
std::string_view name(Occasion occasion);

/// 核实 before the case is registered and 核查 after it was handled.
struct CheckRule {
  Occasion before = Occasion::never;
  Occasion after = Occasion::always;
  std::string by = "collector";  ///< a role
};

/// Photos that each step must bring: "near", "far", "reference", "before", "after".
struct Evidence {
  std::vector<std::string> report;
  std::vector<std::string> handle;
  std::vector<std::string> verify;
};

/// The row that fixes clocks, duty and closing condition (立案条件). What `extends` names is already filled
/// in.
struct Condition {
  std::string code;
  Text when;         ///< 立案条件
  Text closed_when;  ///< 结案条件
  Duty duty;
  std::vector<ClockSpec> clocks;  ///< in the order of the phases, then of the file
  CheckRule check;
  Evidence evidence;
  std::string basis;  ///< legal basis, free text; may be empty

  /// The clocks of one phase; may be none.
  std::vector<ClockSpec const*> clocks_of(Phase phase) const;
};

enum class AskType : std::uint8_t { text, long_text, number, datetime, list, multi_list };
/// The names of Open311: "string", "text", "number", "datetime", "singlevaluelist", "multivaluelist".
std::string_view open311_name(AskType type);
/// "text", "long_text", "number", "datetime", "list", "multi_list".
std::string_view name(AskType type);

/// A question of an item's own.
struct Ask {
  std::string code;
  AskType type = AskType::text;
  Text label;
  bool required = false;
  std::vector<Named> options;  ///< of lists, in the order of the file
};

/// How much each part counts when two reports are compared: shares of the sum of those that are known.
struct SameWeights {
  std::int32_t place = 0;
  std::int32_t time = 0;
  std::int32_t item = 0;
  std::int32_t asset = 0;
  std::int32_t text = 0;
};
/// A report of the same item joins an open case by itself within both and from that score on.
struct JoinRule {
  std::int32_t within_m = 0;
  core::Duration within_time{};
  std::int32_t score_percent = 0;
};
/// Two signals within both may be the same incident; a person confirms it, or `join` does.
struct SameThing {
  std::int32_t within_m = 0;
  core::Duration within_time{};
  SameWeights weights = {};
  std::vector<std::string> kin = {};  ///< other items that may tell of the same thing
  std::optional<JoinRule> join = {};
};
/// What items say that do not say it themselves.
struct SameThingDefaults {
  SameWeights weights;
  std::optional<SameThing> event, component, service;
};
/// 群发: that many people within both means one cause.
struct GroupAlert {
  std::int32_t people = 0;
  std::int32_t within_m = 0;
  core::Duration within_time{};
};
/// 多发: that many cases near one place within so many days.
struct Repeated {
  std::int32_t times = 0;
  std::int32_t within_m = 0;
  std::int32_t natural_days = 0;
};

/// Which definition a case follows: it keeps the version that it began with.
struct ItemRef {
  std::string code;
  std::string pack;
  std::string version;
  bool operator==(ItemRef const&) const = default;
};

/// A catalogue entry: event class, component class or public service.
struct Item {
  std::string code;  ///< unique in an installation; [A-Za-z0-9_-], as Open311 clients demand
  Kind kind = Kind::event;
  Text name;
  Named group;                     ///< 大类
  Text about;                      ///< one sentence of explanation; may be empty
  std::vector<std::string> words;  ///< what people call it, both languages mixed
  bool open = true;                ///< offered to residents and through Open311 (`public` in the pack)
  bool self_handle = false;        ///< a collector may put it right on the spot (自行处置)
  std::vector<Ask> asks;
  std::optional<SameThing> same_thing;
  std::optional<GroupAlert> group_alert;
  std::optional<Repeated> repeated;
  std::vector<Condition> conditions;  ///< at least one; the first is the usual one
  std::string source;                 ///< where the class comes from: "district list", "zhili", …
  std::string extends_item;  ///< "city-appearance/0415" where a lower level fills in an upper one's item
  std::string pack;
  std::string pack_version;
  std::vector<std::pair<std::string, std::string>> locks;  ///< element → pack that locked it

  /// Null where there is none of that code.
  Condition const* condition(std::string_view condition_code) const;
  ItemRef ref() const { return {code, pack, pack_version}; }
};

struct Role {
  std::string code;
  Text name;
  Text about;
};

/// What a city does, whoever does it there: drainage, sanitation. Installations map functions to departments.
struct Function {
  std::string code;
  Text name;
  Text about;
};

/// A rule, a score or a model that the program acts by or suggests by, as the public register of algorithms shows it.
struct Algorithm {
  std::string code;
  Text name;
  Text purpose;   ///< what it is for, and what it is not for
  bool acts = false;  ///< it acts by itself; otherwise a person decides
  Text owner;     ///< who answers for it
  Text basis;     ///< law, standard, publication or experience that it follows
  std::string version;
  Text uses;      ///< which data it looks at
  Text quality;   ///< what was measured, or that nothing was measured yet
  std::string measured_by;  ///< the command that prints the figure; may be empty
  std::vector<std::string> rules = {};  ///< those of its pack that it stands for
  std::string overruled_by; ///< a role
  Text overruling;          ///< how
};

/// One level of the area tree and how many digits it adds to a code (6+3+3+3 in the base pack).
struct AreaLevel {
  std::string code;  ///< "district", "street", "community", "grid"
  Text name;
  int digits = 0;
};

/// An old code and what statistics count it as from now on.
struct CodeMap {
  ItemRef from;
  std::string to_code;
  std::string to_condition;  ///< may be empty: whatever condition fits
};

/// A calendar as the pack gives it, with where its holidays come from.
struct CalendarEntry {
  std::string code;
  Text name;
  std::string source;
  core::Calendar calendar;
};

/// One pack in one version, checked, with everything that it says itself filled in.
struct Pack {
  std::string pack;     ///< its name: [a-z0-9-]
  std::string version;  ///< "2026.1"
  Text name;
  std::string level;  ///< "province", "city", "district", …; may be empty
  std::vector<std::pair<std::string, std::string>> needs;  ///< pack, exact version or ""
  std::vector<Role> roles;
  std::vector<Function> functions;
  std::vector<Named> groups;
  std::vector<AreaLevel> area_levels;
  std::vector<CalendarEntry> calendars;
  std::vector<Algorithm> algorithms;
  std::vector<Indicator> indicators;
  std::vector<Score> scores;
  std::vector<Item> items;
  std::vector<CodeMap> maps;
  std::vector<ReportTemplate> reports;
  std::vector<ObservedPropertyDef> properties;
  std::vector<DeviceType> device_types;
  std::vector<Dashboard> dashboards;
  std::vector<RuleSource> rules;  ///< unread; catalogue/rules/ reads them
  std::optional<SameThingDefaults> same_thing;
  std::string digest;  ///< SHA-256 of its files, hexadecimal
};

}  // namespace zhili::catalogue
