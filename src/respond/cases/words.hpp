#pragma once
// The words of a case's life: stages, roles, verbs.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace zhili::respond {

/// A small set of an enum's values (at most 64 of them).
template <class E>
class Set {
 public:
  constexpr Set() = default;
  constexpr Set(E one) : bits_(bit(one)) {}  // NOLINT: a value is a set of one
  constexpr Set(std::initializer_list<E> all) {
    for (auto one : all) bits_ |= bit(one);
  }
  constexpr bool has(E one) const { return (bits_ & bit(one)) != 0; }
  constexpr bool meets(Set other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Set operator|(Set other) const { return Set(bits_ | other.bits_, 0); }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool operator==(Set const&) const = default;

 private:
  constexpr Set(std::uint64_t bits, int) : bits_(bits) {}
  static constexpr std::uint64_t bit(E one) { return std::uint64_t{1} << static_cast<unsigned>(one); }
  std::uint64_t bits_ = 0;
};

/// Where a signal or a case stands. The numbers are stored: never change one.
enum class Stage : std::uint8_t {
  none = 0,  ///< before the first entry
  // states of a signal
  collected = 1,
  checking = 2,
  rejected = 3,
  merged = 4,
  // `registered` is the end of a signal's own life and the beginning of a case's
  registered = 10,
  dispatched = 11,
  handling = 12,
  reported_back = 13,
  verifying = 14,
  verified = 15,
  closed = 16,
  evaluated = 17,
  archived = 18,
  suspended = 19
};
inline constexpr std::array all_stages{
    Stage::none,       Stage::collected,  Stage::checking,  Stage::rejected,      Stage::merged,
    Stage::registered, Stage::dispatched, Stage::handling,  Stage::reported_back, Stage::verifying,
    Stage::verified,   Stage::closed,     Stage::evaluated, Stage::archived,      Stage::suspended};
using Stages = Set<Stage>;
/// Stages in which somebody still has to act on the case.
inline constexpr Stages open_stages{Stage::registered,    Stage::dispatched, Stage::handling,
                                    Stage::reported_back, Stage::verifying,  Stage::verified,
                                    Stage::suspended};
std::string_view name(Stage stage);  ///< "reported_back"
core::Text title(Stage stage);
core::Result<Stage> stage_from(std::string_view name);

/// What somebody may be here. One person may be several.
enum class Role : std::uint8_t {
  citizen,
  collector,
  acceptor,
  dispatcher,
  dispatcher_lead,
  handler,
  handler_lead,
  verifier,
  supervisor,
  evaluator,
  system,
  importer
};
inline constexpr std::array all_roles{Role::citizen,      Role::collector,       Role::acceptor,
                                      Role::dispatcher,   Role::dispatcher_lead, Role::handler,
                                      Role::handler_lead, Role::verifier,        Role::supervisor,
                                      Role::evaluator,    Role::system,          Role::importer};
using Roles = Set<Role>;
std::string_view name(Role role);  ///< "dispatcher_lead"; importer is "import"
core::Text title(Role role);
core::Result<Role> role_from(std::string_view name);

/// What can be done. One verb, one or more rows of the table in table.hpp.
enum class Verb : std::uint8_t {
  // with a signal
  collect,
  ask_check,
  check,
  register_case,
  reject,
  join,
  split,
  tell_apart,
  release,
  appeal_rejection,
  decide_rejection,
  appeal_release,
  decide_release,
  archive_signal,
  // with a case
  dispatch,
  handle_on_spot,
  give_back,
  settle,
  take,
  hand_over,
  add_joint,
  finish_joint,
  ask_extension,
  ask_suspension,
  grant,
  refuse,
  resume,
  report_back,
  send_to_verify,
  pass,
  fail,
  unable,
  close,
  force_close,
  reopen,
  supervise,
  reply,
  rate,
  evaluate,
  appeal,
  decide_appeal,
  archive,
  record,
  adopt,
  expire,
  reproject,
  hear_alarm
};
inline constexpr std::size_t verb_count = static_cast<std::size_t>(Verb::hear_alarm) + 1;
std::string_view name(Verb verb);  ///< "send_to_verify"; as the API and scenarios write it
core::Text title(Verb verb);
core::Result<Verb> verb_from(std::string_view name);

}  // namespace zhili::respond
