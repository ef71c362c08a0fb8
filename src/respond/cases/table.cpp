#include "respond/cases/table.hpp"

namespace zhili::respond {

namespace {

using enum Verb;
using K = core::EventKind;
using G = Guard;
using R = Role;
using S = Stage;
using W = Which;
using E = Effect;

constexpr auto on_signal = Subject::signal;
constexpr auto on_case = Subject::a_case;
constexpr Stages at_work{S::dispatched, S::handling};
constexpr Stages ended{S::closed, S::evaluated};
constexpr Roles hands{R::handler, R::handler_lead};
constexpr Roles judges{R::verifier, R::collector};
constexpr Roles closers{R::acceptor, R::dispatcher};

// clang-format off
constexpr Row table[] = {
  // A signal: collected → registered, rejected or merged.
  {on_signal, collect, S::none, {R::citizen, R::collector, R::acceptor, R::system, R::importer}, {},
   To::stage, S::collected, {}, K::signal_received},
  {on_signal, ask_check, S::collected, R::acceptor, G::check_asked_for,
   To::stage, S::checking, {{W::check, E::start}}, K::signal_check_asked},
  {on_signal, check, S::checking, R::collector, {G::not_reporter, G::photo_if_found},
   To::stage, S::collected, {{W::check, E::stop}}, K::signal_checked},
  {on_signal, register_case, S::collected, R::acceptor, G::checked_if_needed,
   To::stage, S::registered, {}, K::signal_registered},
  {on_signal, register_case, S::collected, R::system, G::rule_named,
   To::stage, S::registered, {}, K::signal_registered},
  {on_signal, reject, S::collected, R::acceptor, G::reason,
   To::stage, S::rejected, {}, K::signal_rejected},
  {on_signal, join, {S::collected, S::registered}, {R::acceptor, R::dispatcher}, {G::case_to_join, G::own_case_untouched},
   To::stage, S::merged, {}, K::signal_merged},
  {on_signal, join, S::collected, R::system, {G::rule_named, G::case_to_join},
   To::stage, S::merged, {}, K::signal_merged},
  {on_signal, join, S::merged, {R::acceptor, R::dispatcher}, {G::with_its_case, G::case_to_join},
   To::stage, S::merged, {}, K::signal_merged},
  {on_signal, tell_apart, {S::collected, S::checking, S::registered}, {R::acceptor, R::dispatcher}, G::another_report,
   To::same, S::none, {}, K::signal_told_apart},
  {on_signal, split, S::merged, {R::acceptor, R::dispatcher}, G::reason,
   To::before, S::none, {}, K::signal_split},
  {on_signal, release, {S::collected, S::checking, S::registered, S::merged}, R::acceptor, {G::not_released, G::reason_if_withheld},
   To::same, S::none, {}, K::signal_released},
  {on_signal, appeal_rejection, S::rejected, R::citizen, {G::reporter, G::no_appeal_yet, G::within_appeal, G::reason},
   To::same, S::none, {}, K::signal_appealed},
  {on_signal, appeal_rejection, S::rejected, hands, {G::no_appeal_yet, G::within_appeal, G::reason},
   To::same, S::none, {}, K::signal_appealed},
  {on_signal, decide_rejection, S::rejected, {R::supervisor, R::evaluator}, {G::other_post, G::appeal_pending, G::reason},
   To::by_decision, S::none, {}, K::signal_appeal_decided},
  {on_signal, appeal_release, {S::collected, S::checking, S::registered, S::merged}, R::citizen,
   {G::reporter, G::something_withheld, G::no_release_appeal_yet, G::reason},
   To::same, S::none, {}, K::signal_release_appealed},
  {on_signal, decide_release, {S::collected, S::checking, S::registered, S::merged}, {R::acceptor, R::supervisor},
   {G::not_releaser, G::release_appeal_pending, G::reason},
   To::same, S::none, {}, K::signal_release_decided},
  {on_signal, archive_signal, S::rejected, R::system, {G::no_appeal_pending, G::keeping_over},
   To::stage, S::archived, {}, K::signal_archived},
  {on_signal, expire, S::checking, R::system, G::clock_over,
   To::same, S::none, {}, K::clock_expired},
  {on_signal, reproject, S::checking, R::system, {G::clocks_running, G::reason},
   To::same, S::none, {{W::every, E::recount}}, K::clock_reprojected},

  // A case begins.
  {on_case, register_case, S::none, {R::acceptor, R::system}, G::opening,
   To::stage, S::registered, {{W::whole, E::from_receipt}, {W::dispatch, E::start}}, K::case_registered},
  {on_case, record, S::none, R::importer, G::opening,
   To::as_source_says, S::none, {}, K::case_recorded},
  {on_case, adopt, open_stages | S::closed, {R::acceptor, R::dispatcher_lead}, {G::recorded, G::reason},
   To::same, S::none, {{W::every, E::of_stage}}, K::case_adopted},

  // Who does it.
  {on_case, dispatch, S::registered, {R::dispatcher, R::dispatcher_lead}, {G::returns_left, G::department},
   To::stage, S::dispatched, {{W::dispatch, E::stop}, {W::dispute, E::stop}, {W::handle, E::take_up}}, K::case_dispatched},
  {on_case, settle, S::registered, R::dispatcher_lead, {G::disputed, G::department, G::reason},
   To::stage, S::dispatched, {{W::dispatch, E::stop}, {W::dispute, E::stop}, {W::handle, E::take_up}}, K::case_settled},
  {on_case, settle, S::registered, R::system, {G::disputed, G::dispute_over, G::department},
   To::stage, S::dispatched, {{W::dispatch, E::stop}, {W::dispute, E::stop}, {W::handle, E::take_up}}, K::case_settled},
  {on_case, give_back, S::dispatched, hands, {G::own_department, G::within_return, G::reason},
   To::stage, S::registered, {{W::handle, E::pause}, {W::dispatch, E::go_on}, {W::dispute, E::start}}, K::case_returned},
  {on_case, handle_on_spot, S::registered, R::collector, {G::item_self_handled, G::evidence_handle},
   To::stage, S::reported_back, {{W::dispatch, E::stop}, {W::dispute, E::stop}, {W::verify, E::start}}, K::case_self_handled},
  {on_case, join, S::registered, {R::acceptor, R::dispatcher}, G::case_to_join,
   To::stage, S::merged, {}, K::case_merged},
  {on_case, split, S::merged, {R::acceptor, R::dispatcher}, G::reason,
   To::before, S::none, {}, K::case_split},

  // The work.
  {on_case, take, S::dispatched, hands, G::own_department,
   To::stage, S::handling, {}, K::case_taken},
  {on_case, hand_over, S::handling, R::handler_lead, {G::own_department, G::reason, G::person},
   To::same, S::none, {}, K::case_handed_over},
  {on_case, add_joint, S::handling, R::handler_lead, {G::own_department, G::reason, G::department},
   To::same, S::none, {}, K::case_joint_added},
  {on_case, add_joint, S::handling, R::dispatcher, {G::reason, G::department},
   To::same, S::none, {}, K::case_joint_added},
  {on_case, finish_joint, S::handling, hands, G::joint_department,
   To::same, S::none, {}, K::case_joint_done},
  {on_case, ask_extension, at_work, hands, {G::own_department, G::nothing_asked, G::reason, G::until_extends},
   To::same, S::none, {}, K::case_extension_asked},
  {on_case, ask_suspension, at_work, hands, {G::own_department, G::nothing_asked, G::reason, G::until_ahead},
   To::same, S::none, {}, K::case_suspension_asked},
  {on_case, grant, at_work, R::dispatcher_lead, {G::not_asker, G::extension_asked},
   To::same, S::none, {{W::handle, E::grow}, {W::whole, E::grow}}, K::case_extension_decided},
  {on_case, grant, at_work, R::dispatcher_lead, {G::not_asker, G::suspension_asked},
   To::stage, S::suspended, {{W::handle, E::pause}, {W::whole, E::pause}}, K::case_suspension_decided},
  {on_case, refuse, at_work, R::dispatcher_lead, {G::not_asker, G::extension_asked, G::reason},
   To::same, S::none, {}, K::case_extension_decided},
  {on_case, refuse, at_work, R::dispatcher_lead, {G::not_asker, G::suspension_asked, G::reason},
   To::same, S::none, {}, K::case_suspension_decided},
  {on_case, resume, S::suspended, R::dispatcher_lead, G::reason,
   To::stage, S::handling, {{W::handle, E::go_on}, {W::whole, E::go_on}}, K::case_resumed},
  {on_case, resume, S::suspended, R::system, G::suspension_over,
   To::stage, S::handling, {{W::handle, E::go_on}, {W::whole, E::go_on}}, K::case_resumed},
  {on_case, report_back, S::handling, hands, {G::handler, G::joint_finished, G::evidence_handle},
   To::stage, S::reported_back, {{W::handle, E::stop}, {W::verify, E::start}}, K::case_reported_back},
  {on_case, report_back, S::handling, R::collector, {G::handler, G::evidence_handle},
   To::stage, S::reported_back, {{W::handle, E::stop}, {W::verify, E::start}}, K::case_reported_back},

  // Who judges it.
  {on_case, send_to_verify, S::reported_back, R::dispatcher, G::verifier_apart,
   To::stage, S::verifying, {{W::verify, E::go_on}}, K::case_verification_sent},
  {on_case, pass, S::verifying, judges, {G::not_own_work, G::assigned_verifier, G::evidence_verify},
   To::stage, S::verified, {{W::verify, E::stop}}, K::case_verified},
  {on_case, fail, S::verifying, judges, {G::not_own_work, G::assigned_verifier, G::reason},
   To::stage, S::handling, {{W::verify, E::stop}, {W::handle, E::rework}}, K::case_reworked},
  {on_case, unable, S::verifying, judges, {G::not_own_work, G::assigned_verifier, G::reason},
   To::stage, S::reported_back, {{W::verify, E::stop}}, K::case_verification_unable},
  {on_case, close, S::verified, closers, {G::not_own_work, G::closing_condition},
   To::stage, S::closed, {{W::every, E::stop}}, K::case_closed},
  {on_case, force_close, open_stages, R::dispatcher_lead, {G::not_own_work, G::reason},
   To::stage, S::closed, {{W::every, E::stop}}, K::case_force_closed},
  {on_case, reopen, ended, R::citizen, {G::reporter, G::within_reopening, G::reason},
   To::stage, S::registered, {{W::every, E::stop}, {W::dispatch, E::start}, {W::whole, E::go_on}}, K::case_reopened},
  {on_case, reopen, ended, {R::acceptor, R::supervisor}, G::reason,
   To::stage, S::registered, {{W::every, E::stop}, {W::dispatch, E::start}, {W::whole, E::go_on}}, K::case_reopened},

  // Who watches over it.
  {on_case, supervise, open_stages, R::supervisor, {G::reason, G::until_ahead, G::level},
   To::same, S::none, {{W::supervision, E::start}}, K::case_supervised},
  {on_case, reply, open_stages, {R::handler, R::handler_lead, R::dispatcher}, {G::duty_holder, G::supervision_open, G::reason},
   To::same, S::none, {{W::supervision, E::stop}}, K::case_supervision_replied},
  {on_case, rate, S::closed, R::citizen, {G::reporter, G::not_rated, G::within_rating, G::score},
   To::same, S::none, {}, K::case_rated},
  {on_case, appeal, S::closed, hands, {G::own_department, G::no_appeal_yet, G::within_appeal, G::reason},
   To::same, S::none, {{W::appeal, E::start}}, K::case_appealed},
  {on_case, decide_appeal, S::closed, R::evaluator, {G::other_post, G::appeal_pending, G::reason},
   To::same, S::none, {{W::appeal, E::stop}}, K::case_appeal_decided},
  {on_case, evaluate, S::closed, R::system, {G::no_appeal_pending, G::evaluation_due},
   To::stage, S::evaluated, {}, K::case_evaluated},
  {on_case, archive, S::evaluated, R::system, G::keeping_over,
   To::stage, S::archived, {}, K::case_archived},

  // What time does.
  {on_case, expire, open_stages | S::closed, R::system, G::clock_over,
   To::same, S::none, {}, K::clock_expired},
  {on_case, reproject, open_stages | S::closed, R::system, {G::clocks_running, G::reason},
   To::same, S::none, {{W::every, E::recount}}, K::clock_reprojected},

  // What a sensor says of it later.
  {on_case, hear_alarm, open_stages, R::system, {},
   To::same, S::none, {}, K::case_alarm_told},
};
// clang-format on

}  // namespace

std::span<Row const> rows() {
  return table;
}

Roles who_may(Subject subject, Verb verb, Stage stage) {
  Roles may;
  for (auto const& row : table)
    if (row.subject == subject && row.verb == verb && row.from.has(stage)) may = may | row.who;
  return may;
}

Role role_in(Roles row, Roles actor) {
  for (auto const role : all_roles)
    if (row.has(role) && actor.has(role)) return role;
  return Role::system;
}

}  // namespace zhili::respond
