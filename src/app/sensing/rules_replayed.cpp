// A rule over the history that is kept: for its page and for `zhili rules replay`.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "app/sensing/rules_at_work.hpp"
#include "sense/devices/desk.hpp"

namespace zhili::app {

namespace observations = sense::observations;
namespace rules = respond::rules;

namespace {

rules::Reading past_reading(observations::Observation const& one) {
  using Kind = observations::ValueKind;
  rules::Reading out{.stream = one.id.datastream, .at_ms = core::to_ms(one.phenomenon_time), .value = one.value.number, .quality = one.flags};
  switch (one.value.kind) {
    case Kind::number: break;
    case Kind::truth: out.type = rules::ValueType::truth; [[fallthrough]];
    case Kind::count: out.value = static_cast<double>(one.value.integer); break;
    case Kind::text:
    case Kind::json:
      out.type = rules::ValueType::text;
      out.value = rules::text_number(one.value.text);
      break;
  }
  return out;
}

class KeptPast final : public rules::Past {
 public:
  explicit KeptPast(observations::ObservationStore const& store) : store_(store) {}
  core::Result<> each(std::int64_t stream, core::Instant from, core::Instant until, std::function<bool(rules::Reading const&)> const& visit) const override {
    return store_.each(stream, from, until, [&](observations::Observation const& one) { return visit(past_reading(one)); });
  }

 private:
  observations::ObservationStore const& store_;
};

using OwnValues = std::map<std::pair<std::string, std::string>, double>;                             // by subject and parameter
using UsualHours = std::map<std::tuple<std::string, std::string, double>, std::array<double, 24>>;  // by subject, property and share

OwnValues own_values(store::Reader& reader, std::string const& rule) {
  OwnValues out;
  reader.each<std::string, std::string, double>("SELECT subject, parameter, value FROM rule_parameter WHERE rule = ?", [&](std::string subject, std::string id, double value) { out[{std::move(subject), std::move(id)}] = value; }, rule);
  return out;
}

UsualHours usual_hours(store::Reader& reader) {
  UsualHours out;
  reader.each<std::string, std::string, double, store::BlobView>("SELECT subject, property, share, hours FROM rule_usual", [&](std::string subject, std::string property, double share, store::BlobView hours) {
    auto& values = out[{std::move(subject), std::move(property), share}];
    if (hours.bytes.size() == sizeof values) std::memcpy(values.data(), hours.bytes.data(), sizeof values);
  });
  return out;
}

}  // namespace

core::Result<rules::Replayed> RulesAtWork::replay(std::string const& id, core::Instant from, core::Instant until, std::function<bool(std::size_t, std::size_t)> const& progress) {
  auto const rule = std::ranges::find(rules_, id, &rules::Rule::id);
  if (rule == rules_.end())
    return core::fail(core::Errc::not_found, "rule.unknown", {fmt::format("没有规则“{}”。zhili rules list 列出全部规则。", id), fmt::format("There is no rule \"{}\"; zhili rules list names them all.", id)}, "rule");
  std::vector<rules::StreamOf> streams;
  ZHILI_CHECK(visit([&](rules::StreamOf stream) { streams.push_back(std::move(stream)); }));
  ZHILI_TRY(auto const learnt, parts_.db.read([&](store::Reader& reader) { return std::pair{own_values(reader, id), usual_hours(reader)}; }));
  rules::Knowledge const knowledge{.zone = parts_.zone, .calendar = parts_.calendar,
                                   .parameter = [&own = learnt.first](rules::Rule const&, rules::Subject const& subject, std::string_view parameter) -> std::optional<double> {
                                     auto const found = own.find({rules::text_of(subject), std::string(parameter)});
                                     return found == own.end() ? std::nullopt : std::optional(found->second);
                                   },
                                   .usual = [&usual = learnt.second](rules::Subject const& subject, std::string_view property, double share) -> std::optional<std::array<double, 24>> {
                                     auto const found = usual.find({rules::text_of(subject), std::string(property), share});
                                     return found == usual.end() ? std::nullopt : std::optional(found->second);
                                   }};
  return rules::replay(*rule, streams, knowledge, KeptPast(parts_.observations), from, until, progress);
}

web::RuleSubject RulesAtWork::subject(rules::Subject const& subject, std::int64_t thing) {
  auto const called = words(subject, thing);
  auto const device = thing == 0 ? std::nullopt : parts_.db.read([&](store::Reader& reader) { return sense::devices::DeviceDesk::of_thing(reader, thing); }).value_or(std::nullopt);
  return {.place = called.place, .thing = called.thing, .is_private = device && device->is_private};
}

}  // namespace zhili::app
