// States as bytes: kept, and taken up again.

#include "respond/rules/engine_inside.hpp"
#include "respond/rules/packing.hpp"

namespace zhili::respond::rules {

namespace {

constexpr std::uint8_t state_form = 1;

/// What every state begins with, whatever its rule.
struct Head {
  std::uint8_t form = state_form;
  std::uint8_t flags = 0;
  Severity severity = Severity::info;
  std::uint8_t rings = 0;     ///< 1: times of raises follow
  std::uint32_t sequence = 0;
  std::int64_t clock = 0;
  std::int64_t next = never_ms;
  std::int32_t lag_ms = 0;
  std::uint32_t words = 0;
  std::uint32_t windows = 0;
  std::uint32_t waiting = 0;  ///< readings that wait for their turn
};
constexpr std::uint32_t raised_flags = flag_raised | flag_fault | flag_flapping;

std::uint32_t words_of_instance(Engine::Inside const& it, std::uint32_t instance) {
  auto const& program = it.programs[it.cells[instance].program];
  auto const sources = it.instances[instance].sources.size();
  return static_cast<std::uint32_t>(program.own_words + (sources > program.properties ? 2 * sources : 0));
}

bool read_head(std::string_view& state, Head& head) {
  return get(state, head) && head.form == state_form && static_cast<std::size_t>(head.severity) < catalogue::rules::severities && (head.flags >> broken_shift) <= static_cast<int>(Broken::internal);
}

void note_seen(Engine::Inside& it, std::uint32_t instance, std::int64_t position) {
  if (it.seen.empty()) it.seen.resize(it.instances.size());
  it.seen[instance] = position;
  it.seen_max = std::max(it.seen_max, position);
}

}  // namespace

void Engine::save(std::uint32_t instance, std::string& out) const {
  auto const& it = *inside_;
  auto const& cell = it.cells[instance];
  auto const ring = it.flaps.find(instance);
  auto const buffer = it.buffers.find(instance);
  Head const head{.flags = cell.flags, .severity = cell.severity, .rings = static_cast<std::uint8_t>(ring != it.flaps.end() ? 1 : 0), .sequence = cell.sequence, .clock = cell.clock,
                  .next = cell.next, .lag_ms = cell.lag_ms, .words = words_of_instance(it, instance), .windows = static_cast<std::uint32_t>(it.window_count(instance)),
                  .waiting = buffer == it.buffers.end() ? 0 : static_cast<std::uint32_t>(buffer->second.waiting.size())};
  put(out, head);
  out.append(reinterpret_cast<char const*>(it.words.data() + cell.words), head.words * sizeof(std::uint64_t));
  for (std::uint32_t i = 0; i < head.windows; ++i) it.windows[cell.windows + i].save(out);
  if (head.rings) put(out, ring->second);
  if (head.waiting == 0) return;
  put(out, buffer->second.newest_ms);
  for (auto const& one : buffer->second.waiting) put(out, one);
}

bool Engine::load(std::uint32_t instance, std::string_view state, std::int64_t position) {
  auto& it = *inside_;
  Head head;
  if (!read_head(state, head) || head.words != words_of_instance(it, instance) || head.windows != it.window_count(instance) || state.size() < head.words * sizeof(std::uint64_t)) return false;
  std::vector<std::uint64_t> words(head.words);
  for (auto& word : words) get(state, word);
  std::vector<WindowState> windows(head.windows);
  for (auto& window : windows)
    if (!window.load(state)) return false;
  FlapRing ring;
  Buffer buffer;
  if (head.rings && !get(state, ring)) return false;
  if (head.waiting > 0) {
    if (head.waiting > 2 * reorder_readings_max || !get(state, buffer.newest_ms)) return false;
    buffer.waiting.resize(head.waiting);
    for (auto& one : buffer.waiting)
      if (!get(state, one) || one.source >= it.instances[instance].sources.size()) return false;
  }
  if (!state.empty()) return false;
  auto& cell = it.cells[instance];
  std::copy(words.begin(), words.end(), it.words.begin() + cell.words);
  std::move(windows.begin(), windows.end(), it.windows.begin() + cell.windows);
  cell.flags = head.flags;
  cell.severity = head.severity;
  cell.sequence = head.sequence;
  cell.clock = head.clock;
  cell.next = head.next;
  cell.lag_ms = head.lag_ms;
  cell.armed = never_ms;
  it.wheel.remove(instance);
  if (head.rings) it.flaps[instance] = ring;
  else it.flaps.erase(instance);
  if (head.waiting > 0) it.buffers[instance] = std::move(buffer);
  else it.buffers.erase(instance);
  note_seen(it, instance, position);
  it.arm(instance);
  return true;
}

std::optional<Engine::Glimpse> Engine::glimpse(std::string_view state) {
  Head head;
  if (!read_head(state, head)) return std::nullopt;
  return Glimpse{(head.flags & flag_raised) != 0, (head.flags & flag_fault) != 0, head.severity, head.sequence};
}

std::string Engine::numbered(std::uint32_t sequence) {
  std::string out;
  put(out, Head{.sequence = sequence});
  return out;
}

bool Engine::inherit(std::uint32_t instance, std::string_view state, std::int64_t position) {
  auto& it = *inside_;
  Head head;
  if (!read_head(state, head)) return false;
  auto& cell = it.cells[instance];
  cell.flags = static_cast<std::uint8_t>(head.flags & raised_flags);
  cell.severity = head.severity;
  cell.sequence = head.sequence;
  note_seen(it, instance, position);
  it.touch(instance);
  return true;
}

}  // namespace zhili::respond::rules
