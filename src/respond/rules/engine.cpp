#include "respond/rules/engine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "respond/rules/engine_inside.hpp"

namespace zhili::respond::rules {

std::string_view name(TransitionKind kind) {
  switch (kind) {
    case TransitionKind::raise: return "raise";
    case TransitionKind::escalate: return "escalate";
    case TransitionKind::clear: return "clear";
    case TransitionKind::fault: return "fault";
    case TransitionKind::fault_over: return "fault_over";
  }
  return "";
}

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::reading: return "reading";
    case Cause::time: return "time";
    case Cause::rule_gone: return "rule_gone";
    case Cause::subject_gone: return "subject_gone";
  }
  return "";
}

std::string text_of(Subject const& subject) { return fmt::format("{}:{}", catalogue::rules::name(subject.scope), subject.id); }

std::optional<Subject> subject_from(std::string_view text) {
  using catalogue::rules::Scope;
  auto const colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  for (auto const scope : {Scope::thing, Scope::place})
    if (text.substr(0, colon) == catalogue::rules::name(scope)) return Subject{scope, std::string(text.substr(colon + 1))};
  return std::nullopt;
}

core::Text words(Broken broken) {
  switch (broken) {
    case Broken::no: return {};
    case Broken::division_by_zero: return {"除以了零", "it divided by zero"};
    case Broken::not_finite: return {"算出的数太大", "it came to a number that is too large"};
    case Broken::wrong_type: return {"读数的类型与属性不符", "a reading is not of the property's kind"};
    case Broken::refused: return {"告警无法记录", "its alarm could not be kept"};
    case Broken::internal: return {"程序内部错误", "a defect of the program"};
  }
  return {};
}

Engine::Engine(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Engine::~Engine() = default;

core::Result<std::unique_ptr<Engine>> Engine::make(std::vector<Rule> rules, std::vector<Instance> instances, Knowledge const& knowledge) {
  if (instances.size() > instances_max || rules.size() > std::numeric_limits<std::uint16_t>::max()) {
    return core::fail(core::Errc::limit, "rules.instances", {fmt::format("规则与对象的组合有 {} 个，最多 {}", instances.size(), instances_max),
                                                              fmt::format("rules and subjects make {} pairs, at most {}", instances.size(), instances_max)});
  }
  auto inside = std::make_unique<Inside>();
  inside->rules = std::move(rules);
  inside->instances = std::move(instances);
  ZHILI_CHECK(inside->make(knowledge));
  return std::unique_ptr<Engine>(new Engine(std::move(inside)));
}

void Engine::take(Batch const& batch, Clock clock) { inside_->take(batch, clock); }
void Engine::advance(core::Instant now) { inside_->advance(core::to_ms(now)); }
std::optional<core::Instant> Engine::next_due() const {
  auto const soonest = inside_->wheel.soonest();
  return soonest == Wheel::never ? std::nullopt : std::optional(core::from_ms(soonest));
}
core::Instant Engine::now() const { return core::from_ms(inside_->now); }
std::span<Found const> Engine::found() const { return inside_->found; }
void Engine::clear_found() { inside_->found.clear(); }
void Engine::keep_found(std::vector<Found> rest) { inside_->found = std::move(rest); }
std::span<Rule const> Engine::rules() const { return inside_->rules; }
std::span<Instance const> Engine::instances() const { return inside_->instances; }
std::string const& Engine::unit(std::uint16_t index) const { return inside_->units[index]; }
Engine::Counts const& Engine::counts() const { return inside_->counts; }
bool Engine::is_raised(std::uint32_t instance) const { return (inside_->cells[instance].flags & flag_raised) != 0; }
bool Engine::is_fault(std::uint32_t instance) const { return (inside_->cells[instance].flags & flag_fault) != 0; }
Severity Engine::severity(std::uint32_t instance) const { return inside_->cells[instance].severity; }
std::uint32_t Engine::sequence(std::uint32_t instance) const { return inside_->cells[instance].sequence; }
Broken Engine::broken(std::uint32_t instance) const { return inside_->broken(instance); }

void Engine::break_off(std::uint32_t instance, Broken why) {
  inside_->touch(instance);
  inside_->stop(instance, why);
}

void Engine::mend(std::uint32_t instance) {
  auto& it = *inside_;
  if (it.broken(instance) == Broken::no) return;
  auto& cell = it.cells[instance];
  it.touch(instance);
  it.stop(instance, Broken::no);
  it.forget(instance, 0, it.programs[cell.program].own_words);
  it.forget_windows(instance);
  cell.flags = static_cast<std::uint8_t>(cell.flags & (flag_raised | flag_fault | flag_flapping));
}

void Engine::end(std::uint32_t instance, Cause why) {
  auto& it = *inside_;
  auto& cell = it.cells[instance];
  auto const end_one = [&](std::uint8_t flag, TransitionKind kind) {
    if (!(cell.flags & flag)) return;
    it.touch(instance);
    it.tell(instance, kind, {.at = std::max(cell.clock, it.now)}, nullptr);
    it.found.back().cause = why;
    cell.flags = static_cast<std::uint8_t>(cell.flags & ~flag);
  };
  end_one(flag_fault, TransitionKind::fault_over);
  end_one(flag_raised, TransitionKind::clear);
}

std::vector<Engine::Dirty> Engine::dirty() const {
  std::vector<Dirty> out;
  for (auto const group : inside_->dirty_groups) out.push_back({group, inside_->marks[group].position, inside_->marks[group].mark});
  return out;
}

void Engine::saved(std::uint32_t group) {
  inside_->marks[group].dirty = false;
  std::erase(inside_->dirty_groups, group);
}

void Engine::set_mark(std::int64_t mark) { inside_->mark = mark; }
std::int64_t Engine::position() const { return inside_->position; }
std::int64_t Engine::position_of(std::uint32_t instance) const { return inside_->seen.empty() ? inside_->position : std::max(inside_->position, inside_->seen[instance]); }
void Engine::set_position(std::int64_t position) { inside_->position = inside_->before = position; }

void Engine::set_usual(std::uint32_t instance, std::size_t which, std::array<double, 24> const& hours) {
  auto& it = *inside_;
  auto const first = it.cells[instance].known + it.rules[it.cells[instance].program].parameters.size() + 24 * which;
  std::ranges::copy(hours, it.known.begin() + static_cast<std::ptrdiff_t>(first));
}

std::vector<std::pair<std::uint8_t, double>> Engine::usuals(std::uint32_t instance) const {
  std::vector<std::pair<std::uint8_t, double>> out;
  for (auto const& plan : inside_->programs[inside_->cells[instance].program].usuals) out.emplace_back(plan.property, plan.quantile);
  return out;
}

std::size_t Engine::bytes() const {
  auto const& it = *inside_;
  std::size_t out = it.cells.capacity() * sizeof(Cell) + it.words.capacity() * sizeof(std::uint64_t) + it.windows.capacity() * sizeof(WindowState) + it.known.capacity() * sizeof(double) +
                    it.routes.capacity() * sizeof(Inside::Route) + it.instances.size() * (24 + 4 + sizeof(Instance));
  for (auto const& window : it.windows) out += window.bytes();
  for (auto const& instance : it.instances) out += instance.sources.capacity() * sizeof(Instance::Source);
  return out;
}

}  // namespace zhili::respond::rules
