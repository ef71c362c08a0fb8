#include "respond/cases/codec.hpp"

#include <boost/json.hpp>

namespace zhili::respond {

namespace {

namespace json = boost::json;
using core::ClockStep;

constexpr std::string_view op_names[] = {"start", "pause", "resume", "stop", "grow", "set"};

void put(json::object& out, char const* key, std::string const& value) {
  if (!value.empty()) out[key] = value;
}
void put(json::object& out, char const* key, std::int64_t value) {
  if (value != 0) out[key] = value;
}
void put(json::object& out, char const* key, std::optional<core::Instant> const& at) {
  if (at) out[key] = core::to_ms(*at);
}

/// [clock, op, at (0: as the event), unit, budget, consumed, reason, by]; the last two only of a pause.
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

json::object opening_object(Opening const& opening) {
  json::object out{{"item", opening.item.code}};
  put(out, "signal", opening.signal);
  put(out, "incident", opening.incident);
  put(out, "pack", opening.item.pack);
  put(out, "version", opening.item.version);
  put(out, "condition", opening.condition);
  put(out, "received", core::to_ms(opening.received_at));
  put(out, "rule", opening.rule);
  if (opening.stage != Stage::registered) out["stage"] = name(opening.stage);
  put(out, "promised", opening.promised);
  put(out, "closed", opening.closed_at);
  put(out, "no", opening.external_no);
  put(out, "contradiction", opening.contradiction);
  return out;
}

/// Reads known fields and remembers whether one had another type.
class In {
 public:
  explicit In(json::object const& object) : object_(object) {}
  bool bad() const { return bad_; }

  std::string text(char const* key) {
    auto const* value = object_.if_contains(key);
    if (!value) return {};
    if (auto const* s = value->if_string()) return std::string(*s);
    bad_ = true;
    return {};
  }
  std::int64_t number(char const* key) { return value_number(object_.if_contains(key)); }
  std::optional<core::Instant> instant(char const* key) {
    if (!object_.contains(key)) return std::nullopt;
    return core::from_ms(number(key));
  }
  json::array const* array(char const* key) {
    auto const* value = object_.if_contains(key);
    if (value && !value->is_array()) bad_ = true;
    return value ? value->if_array() : nullptr;
  }
  json::object const* object(char const* key) {
    auto const* value = object_.if_contains(key);
    if (value && !value->is_object()) bad_ = true;
    return value ? value->if_object() : nullptr;
  }
  std::int64_t value_number(json::value const* value) {
    if (!value) return 0;
    if (auto const* i = value->if_int64()) return *i;
    bad_ = true;
    return 0;
  }
  std::string value_text(json::value const* value) {
    if (!value) return {};
    if (auto const* s = value->if_string()) return std::string(*s);
    bad_ = true;
    return {};
  }
  void is_bad() { bad_ = true; }

 private:
  json::object const& object_;
  bool bad_ = false;
};

json::value const* at(json::array const& array, std::size_t i) {
  return i < array.size() ? &array[i] : nullptr;
}

ClockStep step_from(json::value const& value, core::Instant event_at, In& in) {
  ClockStep step{.clock = {}, .op = ClockStep::Op::start, .at = event_at};
  auto const* parts = value.if_array();
  if (!parts || parts->size() < 6) return in.is_bad(), step;
  step.clock = in.value_text(at(*parts, 0));
  auto const op = in.value_text(at(*parts, 1));
  auto const* found = std::find(std::begin(op_names), std::end(op_names), op);
  if (found == std::end(op_names)) return in.is_bad(), step;
  step.op = static_cast<ClockStep::Op>(found - std::begin(op_names));
  if (auto const ms = in.value_number(at(*parts, 2)); ms != 0) step.at = core::from_ms(ms);
  if (auto const unit = core::unit_from(in.value_text(at(*parts, 3))))
    step.budget.unit = *unit;
  else
    in.is_bad();
  step.budget.amount = in.value_number(at(*parts, 4));
  step.consumed = in.value_number(at(*parts, 5));
  step.reason = in.value_text(at(*parts, 6));
  step.by = in.value_text(at(*parts, 7));
  return step;
}

Opening opening_from(json::object const& object, bool& bad) {
  In in(object);
  Opening out;
  out.signal = in.number("signal");
  out.incident = in.number("incident");
  out.item = {in.text("item"), in.text("pack"), in.text("version")};
  out.condition = in.text("condition");
  out.received_at = core::from_ms(in.number("received"));
  out.rule = in.text("rule");
  if (auto const text = in.text("stage"); !text.empty()) {
    auto const stage = stage_from(text);
    bad = bad || !stage;
    if (stage) out.stage = *stage;
  }
  out.promised = in.instant("promised");
  out.closed_at = in.instant("closed");
  out.external_no = in.text("no");
  out.contradiction = in.text("contradiction");
  bad = bad || in.bad();
  return out;
}

void read_lists(In& in, Event& event) {
  if (auto const* photos = in.array("photos"))
    for (auto const& photo : *photos) {
      auto const* pair = photo.if_array();
      if (!pair || pair->size() < 2) {
        in.is_bad();
        continue;
      }
      event.photos.push_back({in.value_text(at(*pair, 0)), in.value_text(at(*pair, 1))});
    }
  if (auto const* steps = in.array("clocks"))
    for (auto const& step : *steps) event.clocks.push_back(step_from(step, event.at, in));
}

tl::unexpected<core::Error> corrupt(std::string detail) {
  return core::fail(core::Errc::corrupt, "case.payload",
                    {"账本中有一条案卷记录无法读取。请运行 zhili ledger verify。",
                     "An entry of a case in the ledger cannot be read. Run zhili ledger verify."},
                    {}, std::move(detail));
}

}  // namespace

std::string encode(Event const& event) {
  json::object out;
  put(out, "of", event.actor_department);
  if (event.role != Role::system) out["as"] = name(event.role);
  put(out, "reason", event.reason);
  put(out, "department", event.department);
  put(out, "post", event.post);
  put(out, "person", event.person);
  put(out, "until", event.until);
  put(out, "n", event.number);
  put(out, "level", event.level);
  put(out, "what", event.what);
  put(out, "because", event.duty_because);
  if (!event.photos.empty()) {
    auto& photos = out["photos"].emplace_array();
    for (auto const& photo : event.photos) photos.push_back(json::array{json::string(photo.name), json::string(photo.shows)});
  }
  if (!event.clocks.empty()) {
    auto& clocks = out["clocks"].emplace_array();
    for (auto const& step : event.clocks) clocks.push_back(step_array(step, event.at));
  }
  if (event.opening) out["opening"] = opening_object(*event.opening);
  return json::serialize(out);
}

core::Result<Event> decode(core::EventKind kind, core::Instant when, std::string_view actor,
                           std::string_view payload) {
  boost::system::error_code error;
  auto const value = json::parse(json::string_view(payload.data(), payload.size()), error);
  if (error) return corrupt(error.message());
  auto const* object = value.if_object();
  if (!object) return corrupt("not an object");
  In in(*object);
  Event event{.kind = kind, .at = when, .actor = std::string(actor)};
  event.actor_department = in.text("of");
  if (auto const role = role_from(in.text("as"))) event.role = *role;
  event.reason = in.text("reason");
  event.department = in.text("department");
  event.post = in.text("post");
  event.person = in.text("person");
  event.until = in.instant("until");
  event.number = static_cast<int>(in.number("n"));
  event.level = static_cast<int>(in.number("level"));
  event.what = in.text("what");
  event.duty_because = in.text("because");
  read_lists(in, event);
  bool bad = in.bad();
  if (auto const* opening = in.object("opening")) event.opening = opening_from(*opening, bad);
  if (bad || in.bad()) return corrupt("a field has another type");
  return event;
}

}  // namespace zhili::respond
