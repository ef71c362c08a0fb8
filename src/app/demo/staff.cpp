// What the staff of the demo city do: each step of a case by somebody who may, after a delay that people have.

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/demo/life.hpp"
#include "store/ledger.hpp"

namespace zhili::app::demo {

namespace {

using respond::Command;
using respond::Role;
using respond::SignalCommand;
using respond::Verb;

constexpr double wrong_department_share = 0.06;
constexpr double extension_share = 0.07;
constexpr double late_share = 0.12;
constexpr double rejected_share = 0.03;
constexpr double rated_share = 0.5;
constexpr double contacted_share = 0.85;

}  // namespace

respond::Actor Life::staff(Worker const& worker, Role role, std::string department) const {
  return {.ref = std::string(worker.ref), .roles = role, .department = std::move(department)};
}

std::vector<respond::Photo> Life::photos(MatterPtr const& matter, std::vector<std::string> const& shows, bool cured) {
  std::vector<respond::Photo> out;
  for (auto const& one : shows) {
    auto const kept = service_.photos().keep(photograph(matter, one, cured && one != "before"));
    if (kept) out.push_back({kept->name, one});
    else spdlog::warn("demo: {}", kept.error().text.en);
  }
  return out;
}

std::string Life::department_of(MatterPtr const& matter) const {
  auto const view = service_.case_state(matter->case_id);
  if (!view) return {};
  auto const* item = service_.catalogue().find(view->opening.item);
  auto const* condition = item ? item->condition(view->opening.condition) : nullptr;
  if (!condition) return {};
  auto const places = service_.places().now();
  auto const found = places->find(matter->place);
  auto const area = found.areas.empty() ? std::string() : found.areas.front()->code;
  auto const* holder = service_.installation().holder(condition->duty.function, area);
  return holder ? holder->department : service_.installation().default_department;
}

bool Life::act(MatterPtr const& matter, Command command, respond::Actor const& actor) {
  auto const done = service_.cases().execute(matter->case_id, command, actor);
  if (!done) spdlog::debug("demo: {} {}: {}", matter->case_id, name(command.verb), done.error().text.en);
  return done.has_value();
}

void Life::accept(respond::Id signal, MatterPtr matter) {
  auto const acceptor = staff(any(acceptors()), Role::acceptor);
  auto const run = [&](SignalCommand const& command) { return service_.signals().execute(signal, command, acceptor); };
  if (chance(0.8)) run({.verb = Verb::release});
  if (matter->case_id != 0) {
    if (run({.verb = Verb::join, .into = matter->case_id})) return;
  } else if (chance(rejected_share)) {
    run({.verb = Verb::reject, .reason = "不在本区范围内，已告知向市里反映的电话。"});
    return;
  }
  if (run({.verb = Verb::ask_check})) {
    plan(about(25), [this, signal, matter] { look(signal, matter); });
    return;
  }
  open(signal, matter);
}

void Life::look(respond::Id signal, MatterPtr matter) {
  auto const collector = staff(any(collectors()), Role::collector);
  bool const there = !chance(0.04);
  SignalCommand command{.verb = Verb::check, .found = there ? respond::Found::found : respond::Found::not_found};
  if (there) command.photos = photos(matter, {"near"}, false);
  service_.signals().execute(signal, command, collector);
  if (there) return plan(about(5), [this, signal, matter] { open(signal, matter); });
  auto const acceptor = staff(any(acceptors()), Role::acceptor);
  plan(about(10), [this, signal, acceptor] {
    service_.signals().execute(signal, {.verb = Verb::reject, .reason = "到现场看过，没有发现所说的情况。"}, acceptor);
  });
}

void Life::open(respond::Id signal, MatterPtr matter) {
  auto const acceptor = staff(any(acceptors()), Role::acceptor);
  // While this one was looked at, another report of the same matter may have become a case: nobody would work on a second.
  if (matter->case_id != 0 && service_.signals().execute(signal, {.verb = Verb::join, .into = matter->case_id}, acceptor)) return;
  auto const opened = service_.signals().execute(signal, {.verb = Verb::register_case}, acceptor);
  if (!opened) return spdlog::debug("demo: register {}: {}", signal, opened.error().text.en);
  matter->case_id = opened->case_id;
  plan(about(10), [this, matter] { dispatch(matter, false); });
}

void Life::dispatch(MatterPtr matter, bool second) {
  auto const right = department_of(matter);
  auto department = right;
  auto const& all = service_.installation().departments;
  if (!second && chance(wrong_department_share)) department = all[static_cast<std::size_t>(random_() % all.size())].code;
  auto const dispatcher = staff(any(dispatchers()), Role::dispatcher);
  Command command{.verb = Verb::dispatch};
  if (department != right) {
    command.department = department;
    command.reason = "看位置像是他们管的。";
  }
  if (!act(matter, command, dispatcher)) return;
  if (department == right) {
    auto const sent = service_.case_state(matter->case_id);  // a component's keeper goes before the holder of the function
    return plan(about(18), [this, matter, holder = sent ? sent->department : department] { take(matter, holder); });
  }
  plan(about(40), [this, matter, department] {
    auto const lead = staff(any(handlers()), Role::handler_lead, department);
    if (act(matter, {.verb = Verb::give_back, .reason = "不是本部门的职责。"}, lead))
      plan(about(15), [this, matter] { dispatch(matter, true); });
  });
}

void Life::take(MatterPtr matter, std::string department) {
  auto const worker = any(handlers());
  auto const handler = staff(worker, Role::handler, department);
  if (!act(matter, {.verb = Verb::take}, handler)) return;
  if (chance(contacted_share)) service_.phone().call_backs().contacted(matter->case_id, true, handler.ref);
  auto const view = service_.case_state(matter->case_id);
  auto const due = view ? service_.next_due(*view) : std::nullopt;
  auto const left = due ? std::max<core::Duration>(*due - time_.now(), std::chrono::minutes(20)) : std::chrono::hours(4);
  auto const share = chance(late_share) ? 1.3 : 0.15 + 0.6 * static_cast<double>(random_() % 100) / 100;
  auto const work = core::Duration(static_cast<std::int64_t>(static_cast<double>(left.count()) * share));
  if (due && chance(extension_share)) {
    act(matter, {.verb = Verb::ask_extension, .reason = "配件要从市里调，明天到。", .until = *due + std::chrono::hours(24)}, handler);
    plan(about(45), [this, matter] {
      act(matter, {.verb = Verb::grant, .reason = "情况属实，同意。"}, staff(leads().front(), Role::dispatcher_lead));
    });
  }
  plan(work, [this, matter, department, worker] { handle(matter, department, worker); });
}

void Life::handle(MatterPtr matter, std::string department, Worker worker) {
  Command command{.verb = Verb::report_back, .reason = std::string(matter->trouble->cure), .photos = photos(matter, {"near", "far", "before", "after"}, true)};
  if (!act(matter, command, staff(worker, Role::handler, department))) return;
  plan(about(12), [this, matter, department, worker] {
    act(matter, {.verb = Verb::send_to_verify}, staff(any(dispatchers()), Role::dispatcher));
    plan(about(50), [this, matter, department, worker] { verify(matter, department, worker); });
  });
}

void Life::verify(MatterPtr matter, std::string department, Worker worker) {
  auto const verifier = staff(any(verifiers()), Role::verifier);
  if (std::exchange(matter->planned_rework, false)) {
    if (act(matter, {.verb = Verb::fail, .reason = "现场还有残留，没有清干净。", .photos = photos(matter, {"near", "after"}, false)}, verifier))
      plan(about(90), [this, matter, department, worker] { handle(matter, department, worker); });
    return;
  }
  if (act(matter, {.verb = Verb::pass, .photos = photos(matter, {"near", "far", "after"}, true)}, verifier))
    plan(about(15), [this, matter] { close(matter); });
}

void Life::close(MatterPtr matter) {
  Command command{.verb = Verb::close, .reason = "现场符合结案条件。"};
  command.closing_condition_met = true;
  if (!act(matter, command, staff(any(acceptors()), Role::acceptor))) return;
  if (chance(0.8)) plan(about(30), [this, matter] { look_at_photos(matter); });
  if (chance(rated_share)) plan(about(240), [this, matter] { rate(matter); });
}

/// Photos that the work brought are public after somebody has looked at them.
void Life::look_at_photos(MatterPtr matter) {
  auto const state = service_.case_state(matter->case_id);
  if (!state) return;
  auto const signal = state->opening.signal;
  auto const seen = service_.db().read([&](store::Reader& reader) -> core::Result<std::int64_t> {
    ZHILI_TRY(auto const report, respond::SignalDesk::load(reader, signal));
    return report.released ? store::last_seq(reader) : 0;
  });
  if (seen.value_or(0) == 0) return;
  service_.signals().execute(signal, {.verb = Verb::release, .photos_until = *seen}, staff(any(acceptors()), Role::acceptor));
}

void Life::rate(MatterPtr matter) {
  Command command{.verb = Verb::rate};
  command.score = chance(0.75) ? 5 : chance(0.6) ? 4 : 1 + static_cast<int>(random_() % 3);
  act(matter, command, {.ref = "citizen", .roles = Role::citizen, .department = {}, .reporter = true});
}

}  // namespace zhili::app::demo
