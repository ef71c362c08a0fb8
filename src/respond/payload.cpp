#include "respond/payload.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace zhili::respond {

namespace json = boost::json;
using core::ClockStep;

namespace {

constexpr std::string_view op_names[] = {"start", "pause", "resume", "stop", "grow", "set"};

json::string_view name_of(std::string_view key) { return {key.data(), key.size()}; }

json::array step_array(ClockStep const& step, core::Instant event_at) {
  json::array out{json::string(step.clock),
                  json::string(op_names[static_cast<std::size_t>(step.op)]),
                  step.at == event_at ? 0 : core::to_ms(step.at),
                  json::string(core::name(step.budget.unit)),
                  step.budget.amount,
                  step.consumed};
  if (!step.reason.empty() || !step.by.empty()) {
    out.emplace_back(step.reason);
    out.emplace_back(step.by);
  }
  return out;
}

json::value const* at(json::array const& array, std::size_t i) {
  return i < array.size() ? &array[i] : nullptr;
}

}  // namespace

void put(json::object& out, std::string_view key, std::string const& value) {
  if (!value.empty()) out[name_of(key)] = value;
}
void put(json::object& out, std::string_view key, std::int64_t value) {
  if (value != 0) out[name_of(key)] = value;
}
void put(json::object& out, std::string_view key, std::optional<core::Instant> const& at) {
  if (at) out[name_of(key)] = core::to_ms(*at);
}
void put(json::object& out, std::string_view key, std::vector<std::string> const& values) {
  if (values.empty()) return;
  auto& array = out[name_of(key)].emplace_array();
  for (auto const& value : values) array.emplace_back(value);
}
void put(json::object& out, std::string_view key, std::vector<ClockStep> const& steps, core::Instant event_at) {
  if (steps.empty()) return;
  auto& array = out[name_of(key)].emplace_array();
  for (auto const& step : steps) array.push_back(step_array(step, event_at));
}

json::value const* Payload::find(char const* key) const { return object_.if_contains(key); }
bool Payload::has(char const* key) const { return object_.contains(key); }

std::optional<core::Instant> Payload::instant(char const* key) {
  if (!has(key)) return std::nullopt;
  return core::from_ms(number(key));
}

json::array const* Payload::array(char const* key) {
  auto const* value = find(key);
  if (value && !value->is_array()) bad_ = true;
  return value ? value->if_array() : nullptr;
}

json::object const* Payload::object(char const* key) {
  auto const* value = find(key);
  if (value && !value->is_object()) bad_ = true;
  return value ? value->if_object() : nullptr;
}

std::string Payload::text(json::value const* value) {
  if (!value) return {};
  if (auto const* s = value->if_string()) return std::string(*s);
  bad_ = true;
  return {};
}

std::int64_t Payload::number(json::value const* value) {
  if (!value) return 0;
  if (auto const* i = value->if_int64()) return *i;
  bad_ = true;
  return 0;
}

std::vector<std::string> Payload::texts(json::value const* value) {
  std::vector<std::string> out;
  if (!value) return out;
  if (!value->is_array()) return bad_ = true, out;
  for (auto const& one : value->get_array()) out.push_back(text(&one));
  return out;
}

std::vector<ClockStep> Payload::steps(char const* key, core::Instant event_at) {
  std::vector<ClockStep> out;
  if (auto const* all = array(key))
    for (auto const& one : *all) out.push_back(step(one, event_at));
  return out;
}

ClockStep Payload::step(json::value const& value, core::Instant event_at) {
  ClockStep out{.clock = {}, .op = ClockStep::Op::start, .at = event_at};
  auto const* parts = value.if_array();
  if (!parts || parts->size() < 6) return is_bad(), out;
  out.clock = text(at(*parts, 0));
  auto const* found = std::ranges::find(op_names, text(at(*parts, 1)));
  if (found == std::end(op_names)) return is_bad(), out;
  out.op = static_cast<ClockStep::Op>(found - std::begin(op_names));
  if (auto const ms = number(at(*parts, 2)); ms != 0) out.at = core::from_ms(ms);
  if (auto const unit = core::unit_from(text(at(*parts, 3))))
    out.budget.unit = *unit;
  else
    is_bad();
  out.budget.amount = number(at(*parts, 4));
  out.consumed = number(at(*parts, 5));
  out.reason = text(at(*parts, 6));
  out.by = text(at(*parts, 7));
  return out;
}

core::Result<json::object> parse_payload(std::string_view payload, char const* key, core::Text const& of) {
  boost::system::error_code error;
  auto value = json::parse(json::string_view(payload.data(), payload.size()), error);
  if (error) return bad_payload(key, of, error.message());
  if (!value.is_object()) return bad_payload(key, of, "not an object");
  return std::move(value.get_object());
}

tl::unexpected<core::Error> bad_payload(char const* key, core::Text const& of, std::string detail) {
  return core::fail(core::Errc::corrupt, key,
                    {"账本中有一条" + of.zh + "记录无法读取。请运行 zhili ledger verify。",
                     "An entry of a " + of.en + " in the ledger cannot be read. Run zhili ledger verify."},
                    {}, std::move(detail));
}

}  // namespace zhili::respond
