#include "scenario/player.hpp"

#include <fmt/format.h>

namespace zhili::scenario {

namespace {

constexpr std::size_t timers_per_pass = 1'000;
constexpr int max_passes = 10'000;  ///< timers that are refused again and again must not hang the test
constexpr auto rules_looked_at_every = std::chrono::minutes(1);

core::Instant midnight(core::Civil day) {
  day.second = 0;
  return need(core::Zone::find("Asia/Shanghai")).instant(day);
}

}  // namespace

Player::Player(Script const& script, std::filesystem::path const& folder, std::string const& database_url)
    : script_(script), time_(midnight(script.day)), town_(script, folder, database_url, time_) {}

std::string Player::play() {
  int number = 0;
  try {
    for (auto const& line : script_.lines) {
      number = line.number;
      play(line);
    }
    while (!coming_.empty()) pass_time(coming_.begin()->first);
    if (refused_ && !refusal_is_expected_)
      wrong("the last step was refused: " + refused_->text.en + " (" + refused_->key + ")");
  } catch (std::exception const& error) {
    return fmt::format("{}: {}", number, error.what());
  }
  return {};
}

void Player::play(Line const& line) {
  if (line.expectation) return expect(line.words);
  if (refused_ && !refusal_is_expected_)
    wrong("the step before was refused: " + refused_->text.en + " (" + refused_->key + ")");
  refused_.reset();
  refusal_is_expected_ = false;
  auto const at = when(*line.when);
  if (!line.repeat) {
    pass_time(at);
    return do_step(line);
  }
  auto last = *line.when;
  last.second = line.repeat->until_second;
  auto until = when(last);
  if (until < at) until += std::chrono::hours(24);
  coming_.insert({at, {&line, until}});
  pass_time(at);
}

void Player::do_step(Line const& line) {
  Sentence one;
  auto const play_one = [&] {
    if (!one.empty() && !refused_) step(std::exchange(one, {}));
  };
  for (auto const& word : line.words) {
    if (word == ";") play_one();
    else one.push_back(word);
  }
  play_one();
}

/// What goes on while other things happen: nothing of it may be refused, because nobody would look.
void Player::do_coming() {
  auto const now = time_.now();
  while (!coming_.empty() && coming_.begin()->first <= now) {
    auto const [at, it] = *coming_.begin();
    coming_.erase(coming_.begin());
    auto kept = std::exchange(refused_, {});
    do_step(*it.line);
    if (refused_) wrong(fmt::format("what goes on since line {} was refused: {} ({})", it.line->number, refused_->text.en, refused_->key));
    refused_ = std::move(kept);
    if (auto const next = at + it.line->repeat->every; next <= it.until) coming_.insert({next, it});
  }
}

void Player::pass_time(core::Instant until) {
  if (until < time_.now()) wrong("time runs back; write the date in front of the step");
  for (int at_once = 0; at_once < max_passes;) {
    auto const before = time_.now();
    auto const due =
        need(town_.db().read([](store::Reader& reader) { return respond::Clockwork::next_due(reader); }));
    auto next = due && *due <= until ? std::max(*due, before) : until;
    if (town_.has_devices()) next = std::min(next, before + rules_looked_at_every);
    if (!coming_.empty()) next = std::min(next, std::max(coming_.begin()->first, before));
    time_.set(next);
    auto const fires = due && *due <= next;
    if (fires) need(town_.clockwork().run_due(next, timers_per_pass));
    town_.look(script_);
    do_coming();
    if (!fires && next == until) return;
    at_once = next == before ? at_once + 1 : 0;
  }
  time_.set(until);
}

respond::Actor Player::actor(std::string const& who) const {
  auto const person = script_.people.find(who);
  if (person == script_.people.end()) {
    if (!script_.places.contains(who)) wrong("nobody is called " + who);
    return {"citizen", respond::Role::citizen, "", false};
  }
  auto const& [names, own_department] = person->second;
  respond::Roles roles;
  for (std::size_t at = 0; at < names.size();) {  // one person may be several: handler+dispatcher_lead
    auto const end = std::min(names.find('+', at), names.size());
    roles = roles | need(respond::role_from(names.substr(at, end - at)));
    at = end + 1;
  }
  if (roles.has(respond::Role::citizen)) return {"citizen", roles, "", false};
  if (roles.has(respond::Role::system)) return {"system", roles, "", false};
  return {"staff:" + who, roles, own_department.empty() ? town_.department_of_role(names) : own_department,
          false};
}

core::LatLon Player::place(std::string const& name) const {
  auto const found = script_.places.find(name);
  if (found == script_.places.end()) wrong("the drawing has no place " + name);
  return found->second;
}

respond::CaseState Player::state(std::string const& case_name) {
  auto const id = cases_.at(case_name);
  return need(town_.db().read([&](store::Reader& reader) { return respond::CaseDesk::load(reader, id); }));
}

respond::SignalState Player::signal(std::string const& name) {
  auto const id = signals_.at(name);
  return need(town_.db().read([&](store::Reader& reader) { return respond::SignalDesk::load(reader, id); }));
}

void Player::wrong(std::string const& what) {
  throw std::runtime_error(what);
}

}  // namespace zhili::scenario
