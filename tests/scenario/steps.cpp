// What people do.
#include "scenario/player.hpp"

namespace zhili::scenario {

namespace {

using respond::Verb;

struct Phrase {
  char const* words;
  Verb verb;
};

/// Longer phrases stand before the shorter ones that they begin with.
constexpr Phrase on_signal[] = {
    {"asks for a check of", Verb::ask_check},
    {"checks", Verb::check},
    {"registers", Verb::register_case},
    {"rejects", Verb::reject},
    {"joins", Verb::join},
    {"splits", Verb::split},
    {"tells", Verb::tell_apart},
    {"releases", Verb::release},
    {"objects to", Verb::appeal_rejection},
    {"decides", Verb::decide_rejection},
};
constexpr Phrase on_case[] = {
    {"dispatches", Verb::dispatch},
    {"handles", Verb::handle_on_spot},
    {"returns", Verb::give_back},
    {"settles", Verb::settle},
    {"takes", Verb::take},
    {"hands", Verb::hand_over},
    {"adds", Verb::add_joint},
    {"finishes", Verb::finish_joint},
    {"asks an extension of", Verb::ask_extension},
    {"asks a suspension of", Verb::ask_suspension},
    {"grants", Verb::grant},
    {"refuses", Verb::refuse},
    {"resumes", Verb::resume},
    {"reports back", Verb::report_back},
    {"sends", Verb::send_to_verify},
    {"passes", Verb::pass},
    {"fails", Verb::fail},
    {"cannot verify", Verb::unable},
    {"force closes", Verb::force_close},
    {"closes", Verb::close},
    {"reopens", Verb::reopen},
    {"supervises", Verb::supervise},
    {"replies to", Verb::reply},
    {"rates", Verb::rate},
    {"appeals against", Verb::appeal},
    {"decides", Verb::decide_appeal},
    {"joins", Verb::join},
    {"splits", Verb::split},
};

core::Error const* error_of(auto const& result) {
  return result ? nullptr : &result.error();
}

}  // namespace

void Player::step(Sentence const& sentence) {
  Reading words(sentence);
  if (world_step(words)) return;
  auto const who = words.take_first();
  if (script_.devices.contains(who) && words.begins("reads")) return reads(who, words);
  if (alarm_step(who, words)) return;
  auto subject = words;
  bool const about_case = subject.one_of(signals_).empty() && !subject.one_of(cases_).empty();
  if (about_case)
    for (auto const& phrase : on_case)
      if (words.begins(phrase.words)) return case_step(who, phrase.verb, words);
  for (auto const& phrase : on_signal)
    if (words.begins(phrase.words)) return signal_step(who, phrase.verb, words);
  if (words.begins("reports")) return report(who, words);
  wrong("not a step: " + who + " " + words.rest());
}

/// What no one does: time, the calendar.
bool Player::world_step(Reading& words) {
  if (words.begins("time passes")) {
    words.finish();
    return true;
  }
  if (!words.begins("the calendar makes")) return false;
  auto const reason = words.quoted();
  bool const worked = words.has("a workday");
  if (!worked && !words.has("a holiday")) wrong("the calendar makes DATE a holiday, or a workday");
  Sentence date{{words.take_first(), false}, {"00:00", false}};
  auto const day = take_when(date);
  if (!day || !day->date) wrong("the calendar needs a date");
  town_.change_calendar(town_.zone().civil(when(*day)), worked, reason);
  words.finish();
  return true;
}

std::vector<respond::Photo> Player::photos(Reading& words) {
  std::vector<respond::Photo> out;
  for (auto& shows : words.photos()) out.push_back({"photo-" + std::to_string(++photo_), shows});
  return out;
}

void Player::outcome(core::Error const* refused) {
  if (refused) refused_ = *refused;
}

/// `a reports 0102 as s1 "words"`, with `at X`, `nowhere`, `address "…"`, `name "…"`, `phone "…"`, `privately`,
/// `by device ID`.
void Player::report(std::string const& who, Reading words) {
  respond::Report report;
  auto const name = words.after("as");
  report.address = words.after("address");
  report.name = words.after("name");
  report.phone = words.after("phone");
  report.words_private = words.has("privately");
  bool const nowhere = words.has("nowhere");
  if (auto const at = words.after("at"); !at.empty())
    report.place = place(at);
  else if (report.address.empty() && !nowhere && script_.places.contains(who))
    report.place = place(who);
  if (auto const digest = words.after("by device"); !digest.empty()) report.digest = digest;
  report.words = words.quoted();
  report.item = words.take_first();
  words.finish();
  auto const by = actor(who);
  report.channel = by.roles.has(respond::Role::collector) ? "patrol"
                   : by.roles.has(respond::Role::system)  ? "sensor"
                                                          : "web";
  auto const received = town_.signals().receive(std::move(report), by);
  outcome(error_of(received));
  if (!received) return;
  if (name.empty()) wrong("a report needs a name: … as s1");
  signals_[name] = received->id;
  if (!received->token.empty()) told_[who].emplace_back(name, received->token);
}

void Player::signal_step(std::string const& who, Verb verb, Reading words) {
  respond::SignalCommand command;
  command.verb = verb;
  std::vector<respond::SignalDesk::Follower> along;
  for (auto other = words.after("together with"); !other.empty(); other = words.after("together with")) {
    if (!signals_.contains(other)) wrong("no such signal: " + other);
    along.push_back({signals_.at(other), actor(who)});
  }
  auto const name = words.one_of(signals_);
  if (name.empty()) wrong("no such signal: " + words.rest());
  auto const as = words.after("as");
  command.expected_version = words.number_after("having seen version", -1);
  command.rule = words.after("by rule");
  command.condition = words.after("on");
  command.photos = photos(words);
  if (verb == Verb::check) {
    command.found = words.has("not found") ? respond::Found::not_found
                    : words.has("found")   ? respond::Found::found
                    : words.has("unable")  ? respond::Found::unable
                                           : respond::Found::unasked;
  }
  command.upheld = words.has("upheld");
  words.has("dismissed");
  if (auto const into = words.after("to"); !into.empty()) {
    if (!cases_.contains(into)) wrong("no such case: " + into);
    command.into = cases_.at(into);
  }
  if (verb == Verb::tell_apart) {
    auto const other = words.after("apart from");
    if (!signals_.contains(other)) wrong("no such signal: " + other);
    command.into = signals_.at(other);
  }
  (verb == Verb::release ? command.words : command.reason) = words.quoted();
  words.finish();
  auto by = actor(who);
  for (auto const& [own, token] : told_[who]) by.reporter = by.reporter || own == name;
  auto const done = along.empty() ? town_.signals().execute(signals_.at(name), command, by)
                                  : town_.db().write([&](store::Writer& w) { return town_.signals().register_together(w, signals_.at(name), command, by, along); });
  outcome(error_of(done));
  if (!done || verb != Verb::register_case) return;
  if (as.empty()) wrong("a new case needs a name: … as c1");
  cases_[as] = done->case_id;
}

void Player::case_details(respond::Command& command, Reading& words) const {
  switch (command.verb) {
    case Verb::dispatch:
      command.department = words.after("to");
      return;
    case Verb::join:
      if (auto const into = words.after("to"); cases_.contains(into)) command.into = cases_.at(into);
      return;
    case Verb::settle:
      command.department = words.after("on");
      return;
    case Verb::hand_over:
      command.person = "staff:" + words.after("to");
      return;
    case Verb::add_joint:
      words.has("to");
      command.department = words.take_first();
      return;
    case Verb::handle_on_spot:
      words.has("on the spot");
      return;
    case Verb::send_to_verify:
      words.has("for verification");
      if (auto const to = words.after("to"); !to.empty()) {
        command.person = actor(to).ref;
        command.person_department = actor(to).department;
      }
      return;
    case Verb::close:
      command.closing_condition_met = !words.has("without looking");
      return;
    case Verb::rate:
      command.score = words.number_after("with", 0);
      return;
    case Verb::supervise:
      command.level = words.number_after("level", 0);
      return;
    case Verb::reply:
      command.number = words.number_after("number", 1);
      return;
    case Verb::ask_extension:
      command.clock = words.after("clock");
      return;
    case Verb::decide_appeal:
      command.upheld = words.has("upheld");
      words.has("dismissed");
      return;
    default:
      return;
  }
}

void Player::case_step(std::string const& who, Verb verb, Reading words) {
  respond::Command command;
  command.verb = verb;
  auto const name = words.one_of(cases_);
  command.expected_version = words.number_after("having seen version", -1);
  command.reason = words.quoted();
  if (auto const until = words.when_after("until")) command.until = when(*until);
  command.photos = photos(words);
  case_details(command, words);
  words.finish();
  auto by = actor(who);
  auto const id = cases_.at(name);
  for (auto const& [own, token] : told_[who]) by.reporter = by.reporter || signal(own).case_id == id;
  bool const moves = verb == Verb::join || verb == Verb::split;  // all reports of the case
  outcome(error_of(moves ? town_.signals().execute_on_case(id, command, by) : town_.cases().execute(id, command, by)));
}

}  // namespace zhili::scenario
