// What devices read, and the alarms that come of it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "scenario/player.hpp"

namespace zhili::scenario {

namespace {

namespace alarms = respond::alarms;
namespace ingest = sense::ingest;
using catalogue::rules::Severity;

constexpr std::size_t alarms_looked_at_max = 200;

struct AlarmPhrase {
  char const* words;
  alarms::Verb verb;
};
constexpr AlarmPhrase on_alarm[] = {
    {"acknowledges alarm", alarms::Verb::acknowledge}, {"comments on alarm", alarms::Verb::comment}, {"suppresses alarm", alarms::Verb::suppress},
    {"clears alarm", alarms::Verb::clear},             {"reopens alarm", alarms::Verb::reopen},
};

std::optional<double> number_in(std::string const& text) {
  double out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

/// Takes `22 cm`, `true`, `dark` off the words, as this stream says it.
void add_value(ingest::Batch& batch, std::int64_t datastream, std::int64_t t_ms, catalogue::DeviceType const& type, catalogue::StreamType const& stream, Reading& words) {
  auto const text = words.take_first();
  auto const truth = text == "true" || text == "false";
  auto const number = number_in(text);
  auto const fits = stream.kind == catalogue::ValueKind::boolean ? truth : stream.kind == catalogue::ValueKind::text ? !text.empty() : number.has_value();
  if (!fits) throw std::runtime_error(fmt::format("\"{}\" is no value of {}", text, stream.id));
  if (stream.kind == catalogue::ValueKind::boolean) {
    batch.add_truth(datastream, t_ms, text == "true").device_words = true;
  } else if (stream.kind == catalogue::ValueKind::text) {
    batch.add_text(datastream, t_ms, text).device_words = true;
  } else if (stream.kind == catalogue::ValueKind::count) {
    batch.add_count(datastream, t_ms, static_cast<std::int64_t>(*number)).device_words = true;
  } else {
    auto& row = batch.add(datastream, t_ms, *number);
    auto const unit = words.first();
    row.device_words = unit.empty() || type.stream(unit) != nullptr;
    if (!row.device_words) batch.more_of(row).unit = words.take_first();
  }
}

/// A name that is new is for something new: two names of one case would hide that it is one.
bool names(std::map<std::string, respond::Id>& all, std::string const& name, respond::Id id) {
  if (id == 0) return false;
  if (auto const known = all.find(name); known != all.end()) return known->second == id;
  if (std::ranges::any_of(all, [&](auto const& one) { return one.second == id; })) return false;
  all[name] = id;
  return true;
}

}  // namespace

/// `g1 reads [STREAM] VALUE [UNIT] …`: the way of a gateway, which hears what is wrong with it.
void Player::reads(std::string const& device, Reading words) {
  auto const& type = *town_.runtime().catalogue()->device_type(script_.devices.at(device).type);
  auto const id = town_.device(device);
  ingest::Batch batch;
  while (!words.empty()) {
    auto const* stream = type.stream(words.first());
    if (stream) words.take_first();
    else if (batch.rows.empty()) stream = &type.streams.front();
    else wrong(fmt::format("a {} has no stream {}", type.id, words.first()));
    add_value(batch, town_.sensing().devices().gate().datastream(id, stream->id), core::to_ms(time_.now()), type, *stream, words);
  }
  if (batch.rows.empty()) wrong(device + " reads nothing");
  auto const receipt = need(town_.sensing().intake().take({.way = ingest::Way::lines, .device = id}, std::move(batch)));
  if (!receipt.problems.empty()) {
    auto const& first = receipt.problems.front();
    core::Error const refused{core::Errc::invalid, first.key, first.text, first.field};
    outcome(&refused);
  }
  town_.look(script_);
}

/// `alarm` taken: `RULE [at PLACE] [of DEVICE]`, or any rule's. What was asked for is put in words.
std::vector<alarms::Line> Player::alarms(Reading& words, std::string& asked) {
  auto const device = words.after("of");
  auto const letter = words.after("at");
  if (!device.empty() && !script_.devices.contains(device)) wrong("there is no device " + device);
  if (!letter.empty()) place(letter);
  if (!town_.has_devices()) return {};
  auto all = need(town_.db().read([&](store::Reader& reader) { return alarms::list_alarms(reader, {.which = alarms::Filter::Which::all, .sights = {{}}}, std::nullopt, alarms_looked_at_max); }));
  std::erase_if(all, [&](alarms::Line const& line) {
    auto const& where = line.alarm.finding.where;
    return (!device.empty() && where.device != town_.device(device)) || (!letter.empty() && where.at != place(letter));
  });
  asked = fmt::format("{}{}{}{}", device.empty() ? "" : " of ", device, letter.empty() ? "" : " at ", letter);
  return all;
}

alarms::Line Player::alarm(Reading& words) {
  auto const rule = words.take_first();
  std::string asked;
  auto all = alarms(words, asked);
  std::string there;
  for (auto const& line : all) there += "\n  " + alarm_words(line);
  std::erase_if(all, [&](alarms::Line const& line) { return line.alarm.rule != rule; });
  if (all.size() != 1) wrong(fmt::format("there {} alarm {}{}; all:{}", all.empty() ? "is no" : "is more than one", rule, asked, there.empty() ? " none" : there));
  return all.front();
}

std::string Player::alarm_words(alarms::Line const& line) const {
  auto const& it = line.alarm;
  auto const time = [&](core::Instant at) { return core::to_iso(at, town_.zone()).substr(0, 19); };
  return fmt::format("{} of {}: {} {} since {}{}, {} times, \"{}\", {}{}", it.rule, it.subject, catalogue::rules::name(it.finding.severity), alarms::name(it.state), time(it.raised_at),
                     it.cleared_at ? " until " + time(*it.cleared_at) : "", it.times, it.finding.says.zh, line.case_id == 0 ? "no case" : fmt::format("case {}", line.case_id),
                     it.waits.en.empty() ? "" : ", waits: " + it.waits.en);
}

/// `[at WHEN] alarm RULE [at PLACE] [of DEVICE] …`: what it is, and when it came to be so.
void Player::expect_alarm(std::optional<When> const& at, Reading words) {
  auto const line = alarm(words);
  auto const asked = words.rest();
  while (!words.empty())
    if (!one_of_alarm(line, words)) wrong(fmt::format("expected alarm {}; it is {}", asked, alarm_words(line)));
  auto const since = line.alarm.cleared_at.value_or(line.alarm.raised_at);
  if (at && when(*at) != since) wrong(fmt::format("expected it at {}; it is {}", core::to_iso(when(*at), town_.zone()).substr(0, 16), alarm_words(line)));
}

/// `no alarm [RULE] [at PLACE] [of DEVICE]`: none that stands.
void Player::expect_no_alarm(Reading words) {
  std::string asked;
  auto all = alarms(words, asked);
  auto const rule = words.take_first();
  words.finish();
  for (auto const& line : all)
    if (alarms::stands(line.alarm.state) && (rule.empty() || line.alarm.rule == rule)) wrong(fmt::format("expected no alarm {}{}; there is {}", rule, asked, alarm_words(line)));
}

/// One property of an alarm; false where it is not so.
bool Player::one_of_alarm(alarms::Line const& line, Reading& words) {
  auto const& it = line.alarm;
  if (words.has("opens no case")) return line.case_id == 0;
  if (auto const name = words.after("opens"); !name.empty()) return names(cases_, name, line.case_id);
  if (auto const name = words.after("reports"); !name.empty()) return names(signals_, name, it.signal);
  if (words.has("says")) {
    auto const text = words.quoted();
    return it.finding.says.zh == text || it.finding.says.en == text;
  }
  if (auto const times = words.number_after("times", -1); times >= 0) return it.times == times;
  if (auto const duty = words.after("duty"); !duty.empty()) return it.finding.keeper.department == duty;
  if (words.has("stands")) return alarms::stands(it.state);
  auto const word = words.take_first();
  if (auto const severity = catalogue::rules::severity_from(word)) return it.finding.severity == *severity;
  if (auto const state = alarms::state_from(word)) return it.state == *state;
  wrong("not what an alarm can be: " + word);
}

/// `dora acknowledges alarm RULE at PLACE ["words"]`, and what else people do with it; false: something else is meant.
bool Player::alarm_step(std::string const& who, Reading words) {
  for (auto const& phrase : on_alarm) {
    if (!words.begins(phrase.words)) continue;
    alarms::Command command{.verb = phrase.verb};
    command.reason = words.quoted();
    if (auto const until = words.when_after("until")) command.suppression = alarms::Suppression{.until = when(*until)};
    auto const line = alarm(words);
    words.finish();
    auto const by = actor(who);
    auto const done = town_.sensing().alarms().desk().execute(line.alarm.id, command, {.actor = by.ref, .department = by.department, .now = time_.now(), .happened = time_.now()});
    if (!done) outcome(&done.error());
    town_.look(script_);
    return true;
  }
  return false;
}

}  // namespace zhili::scenario
