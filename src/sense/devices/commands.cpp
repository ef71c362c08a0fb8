#include "sense/devices/commands.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>

#include "sense/devices/changes.hpp"
#include "sense/devices/registering.hpp"
#include "store/ledger.hpp"

namespace zhili::sense::devices {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

namespace {

using OptionalInteger = std::optional<std::int64_t>;
constexpr std::string_view command_columns = "SELECT id, device, command, parameters, actor, state, made_at, expires_at, sent_at, done_at, result FROM device_command ";
constexpr std::string_view by_the_device = "device";

template <class... Args>
std::vector<Command> commands_where(store::Reader& r, std::string_view where, Args const&... args) {
  auto const at = [](OptionalInteger ms) { return ms ? std::optional(core::from_ms(*ms)) : std::nullopt; };
  std::vector<Command> out;
  r.each<std::int64_t, std::int64_t, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, OptionalInteger, OptionalInteger, std::string>(
      std::string(command_columns) + std::string(where),
      [&](std::int64_t id, std::int64_t device, std::string command, std::string parameters, std::string actor, std::int64_t state, std::int64_t made, std::int64_t expires, OptionalInteger sent,
          OptionalInteger done, std::string result) {
        out.push_back({id, device, std::move(command), std::move(parameters), std::move(actor), static_cast<CommandState>(state), core::from_ms(made), core::from_ms(expires), at(sent), at(done),
                       std::move(result)});
      },
      args...);
  return out;
}

std::optional<Command> oldest_open(store::Reader& r, Id device, core::Instant now) {
  auto found = commands_where(r, "WHERE device = ? AND state < 2 AND expires_at > ? ORDER BY id LIMIT 1", device, now);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::string step_payload(Command const& command) { return boost::json::serialize(object{{"command", command.id}}); }

void write_sent(store::Writer& w, Command& command) {
  command.state = CommandState::sent;
  command.sent_at = w.now();
  w.exec("UPDATE device_command SET state = ?, sent_at = ? WHERE id = ?", command.state, w.now(), command.id);
  w.append({.kind = EventKind::device_command_sent, .subject = command.device, .actor = "system", .payload = step_payload(command)});
}

core::Result<> check_device(std::optional<Device> const& device) {
  if (!device) return no_such_device();
  if (device->life == Life::active) return {};
  return fail(Errc::conflict, "device.command.not_active", {"这台设备没有启用，不能下命令。", "The device is not in use: nothing can be asked of it."}, "id");
}

}  // namespace

struct CommandDesk::Waiter {
  core::Instant until{};
  std::function<void(core::Result<std::optional<Command>>)> done;
};

CommandDesk::CommandDesk(store::Db& db, core::TimeSource const& time, std::shared_ptr<catalogue::Catalogue const> catalogue) : db_(db), time_(time), catalogue_(std::move(catalogue)) {
  followed_ = db_.read([](store::Reader& r) { return store::last_seq(r); }).value_or(0);
}

CommandDesk::~CommandDesk() { let_go(); }

void CommandDesk::let_go() {
  std::multimap<Id, Waiter> left;
  {
    std::lock_guard const lock(mutex_);
    left.swap(waiters_);
  }
  for (auto& [device, waiter] : left) waiter.done(std::nullopt);
}

core::Result<Command> CommandDesk::ask(store::Writer& w, NewCommand const& wanted, std::string const& actor) const {
  auto const device = DeviceDesk::find(w, wanted.device);
  ZHILI_CHECK(check_device(device));
  auto const* type = catalogue_->device_type(device->type);
  auto const* command = type ? type->command(wanted.command) : nullptr;
  if (!command)
    return fail(Errc::invalid, "device.command.unknown", {fmt::format("这种设备没有命令“{}”。", wanted.command), fmt::format("This type of device has no command \"{}\".", wanted.command)}, "command");
  ZHILI_TRY(auto parameters, checked_parameters(*command, wanted.parameters));
  auto const expires = wanted.expires.value_or(command->expires);
  if (expires.count() <= 0 || expires > command_expiry_max)
    return fail(Errc::invalid, "device.command.expires", {fmt::format("命令最多等 {} 小时。", command_expiry_max.count()), fmt::format("A command waits for {} hours at most.", command_expiry_max.count())}, "expires_s");
  if (wanted.mark.size() > command_mark_characters_max)
    return fail(Errc::invalid, "device.command.mark", {fmt::format("标记最多 {} 个字符。", command_mark_characters_max), fmt::format("A mark has at most {} characters.", command_mark_characters_max)}, "mark");
  if (!wanted.mark.empty())
    if (auto before = commands_where(w, "WHERE device = ? AND mark = ?", wanted.device, wanted.mark); !before.empty()) {
      if (before.front().command == wanted.command && before.front().parameters == parameters) return std::move(before.front());
      return fail(Errc::conflict, "device.command.mark", {"这个标记已经用在另一条命令上。", "This mark was used for another command."}, "mark");
    }
  auto const open = w.value<std::int64_t>("SELECT COUNT(*) FROM device_command WHERE device = ? AND state < 2", wanted.device).value_or(0);
  if (static_cast<std::size_t>(open) >= open_commands_max)
    return fail(Errc::limit, "device.command.queue", {fmt::format("已有 {} 条命令在等这台设备。请等它做完。", open), fmt::format("{} commands wait for this device already. Wait until they are done.", open)});
  Command out{.device = wanted.device, .command = wanted.command, .parameters = std::move(parameters), .actor = actor, .made_at = w.now(), .expires_at = w.now() + expires};
  // What is asked of a device in a home may tell how people live there.
  object payload{{"command", wanted.command}, {"expires", core::to_iso(out.expires_at)}};
  if (!device->is_private) payload["parameters"] = boost::json::parse(out.parameters);
  out.id = w.append({.kind = EventKind::device_command_asked, .subject = wanted.device, .actor = actor, .payload = boost::json::serialize(payload)});
  w.exec("INSERT INTO device_command (id, device, command, parameters, mark, actor, state, made_at, expires_at, result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')", out.id, out.device, out.command,
         out.parameters, wanted.mark, actor, out.state, w.now(), out.expires_at);
  return out;
}

core::Result<Command> CommandDesk::ask(NewCommand const& wanted, std::string const& actor) {
  ZHILI_TRY(auto out, db_.write([&](store::Writer& w) { return ask(w, wanted, actor); }));
  asked(wanted.device);
  return out;
}

core::Result<std::optional<Command>> CommandDesk::next(Id device) {
  ZHILI_TRY(auto seen, db_.read([&](store::Reader& r) { return oldest_open(r, device, time_.now()); }));
  if (!seen || seen->state == CommandState::sent) return seen;
  return db_.write([&](store::Writer& w) {
    auto out = oldest_open(w, device, w.now());
    if (out && out->state == CommandState::waiting) write_sent(w, *out);
    return out;
  });
}

void CommandDesk::next_later(Id device, core::Instant until, std::function<void(core::Result<std::optional<Command>>)> done) {
  auto const room = [&] {
    std::lock_guard const lock(mutex_);
    if (waiters_.size() >= waiting_devices_max) return false;
    waiters_.emplace(device, Waiter{until, done});
    return true;
  };
  bool const waits = until > time_.now() && room();
  auto found = next(device);
  if (!waits) return done(std::move(found));
  // Waits before it looks: what is asked in between is not missed.
  if (found && !*found) return;
  for (auto& waiter : take_waiters(device)) waiter.done(found);
}

std::vector<CommandDesk::Waiter> CommandDesk::take_waiters(Id device) {
  std::lock_guard const lock(mutex_);
  std::vector<Waiter> out;
  auto const [first, last] = waiters_.equal_range(device);
  for (auto at = first; at != last; ++at) out.push_back(std::move(at->second));
  waiters_.erase(first, last);
  return out;
}

void CommandDesk::asked(Id device) {
  auto waiting = take_waiters(device);
  if (waiting.empty()) return push(device);
  auto const found = next(device);
  if (found && !*found) {  // somebody else had it, and it is done
    std::lock_guard const lock(mutex_);
    for (auto& waiter : waiting) waiters_.emplace(device, std::move(waiter));
    return;
  }
  for (auto& waiter : waiting) waiter.done(found);
}

/// To a device that does not ask: handed over first and noted then, so that nothing is called sent that never left.
void CommandDesk::push(Id device) {
  if (channels_.empty()) return;
  struct Seen {
    std::optional<Command> command;
    std::string serial;
  };
  auto const seen = db_.read([&](store::Reader& r) { return Seen{oldest_open(r, device, time_.now()), r.value<std::string>("SELECT serial FROM device WHERE id = ?", device).value_or("")}; });
  if (!seen || !seen->command || seen->serial.empty()) return;
  for (auto* channel : channels_) {
    if (!channel->reaches(seen->serial) || !channel->deliver(seen->serial, *seen->command)) continue;
    if (auto const noted = next(device); !noted) spdlog::error("commands: {} {}", noted.error().text.en, noted.error().detail);
    return;
  }
}

core::Result<Command> CommandDesk::answer(Id device, Id id, CommandAnswer const& answer) {
  if (answer.result.size() > command_text_bytes_max || answer.result.find('\0') != std::string::npos)
    return fail(Errc::invalid, "device.command.result", {fmt::format("结果最多 {} 字节。", command_text_bytes_max), fmt::format("A result has at most {} bytes.", command_text_bytes_max)}, "result");
  auto const state = answer.done ? CommandState::acknowledged : CommandState::failed;
  auto const is_its_own = [&](std::optional<Command> const& command) { return command && command->device == device; };
  auto const none = [] { return fail(Errc::not_found, "device.command.none", {"这台设备没有这条命令。", "This device has no such command."}, "id"); };
  ZHILI_TRY(bool const there, db_.read([&](store::Reader& r) { return is_its_own(find(r, id)); }));
  if (!there) return none();  // numbers that were made up cost no write
  ZHILI_TRY(auto out, db_.write([&](store::Writer& w) -> core::Result<Command> {
    auto command = find(w, id);
    if (!is_its_own(command)) return none();
    if (command->state == state && command->result == answer.result) return std::move(*command);
    if (!is_open(command->state))
      return fail(Errc::conflict, "device.command.over",
                  {fmt::format("这条命令已经结束（{}）。", name(command->state)), fmt::format("This command is over ({}).", name(command->state))}, "id");
    command->state = state;
    command->result = answer.result;
    command->done_at = w.now();
    if (!command->sent_at) command->sent_at = w.now();
    w.exec("UPDATE device_command SET state = ?, result = ?, done_at = ?, sent_at = ? WHERE id = ?", state, answer.result, w.now(), command->sent_at, id);
    object payload{{"command", id}};
    if (!answer.result.empty() && w.value<std::int64_t>("SELECT is_private FROM device WHERE id = ?", device) == 0) payload["result"] = answer.result;
    w.append({.kind = answer.done ? EventKind::device_command_acknowledged : EventKind::device_command_failed, .subject = device, .actor = std::string(by_the_device),
              .payload = boost::json::serialize(payload)});
    return std::move(*command);
  }));
  asked(device);
  return out;
}

core::Result<std::size_t> CommandDesk::run_due(core::Instant now) {
  std::size_t expired = 0;
  std::vector<Id> devices;
  for (;;) {
    ZHILI_TRY(auto const due, db_.read([&](store::Reader& r) {
      return commands_where(r, "WHERE state < 2 AND expires_at <= ? ORDER BY expires_at LIMIT ?", now, static_cast<std::int64_t>(expired_of_piece));
    }));
    if (due.empty()) break;
    ZHILI_CHECK(db_.write([&](store::Writer& w) {
      for (auto const& command : due) {
        if (w.exec("UPDATE device_command SET state = ?, done_at = ? WHERE id = ? AND state < 2", CommandState::expired, w.now(), command.id) == 0) continue;
        w.append({.kind = EventKind::device_command_expired, .subject = command.device, .actor = "system", .payload = step_payload(command)});
        devices.push_back(command.device);
        ++expired;
      }
    }));
    if (due.size() < expired_of_piece) break;
  }
  for (auto const device : devices) asked(device);
  std::vector<Waiter> over;
  {
    std::lock_guard const lock(mutex_);
    for (auto at = waiters_.begin(); at != waiters_.end();) {
      if (at->second.until > now) {
        ++at;
        continue;
      }
      over.push_back(std::move(at->second));
      at = waiters_.erase(at);
    }
  }
  for (auto& waiter : over) waiter.done(std::nullopt);
  return expired;
}

core::Result<> CommandDesk::follow() {
  Changes changes;
  {
    std::lock_guard const lock(following_);
    ZHILI_TRY(changes, db_.read([&](store::Reader& r) { return changes_after(r, followed_, EventKind::device_command_asked, EventKind::device_command_expired); }));
    followed_ = changes.last;
  }
  for (auto const device : changes.devices) {
    bool const waits = [&] {
      std::lock_guard const lock(mutex_);
      return waiters_.contains(device);
    }();
    if (waits || !channels_.empty()) asked(device);
  }
  return {};
}

std::vector<Command> CommandDesk::list(store::Reader& r, Id device, Id before, std::size_t limit) {
  constexpr Id newest = INT64_MAX;
  return commands_where(r, "WHERE device = ? AND id < ? ORDER BY id DESC LIMIT ?", device, before == 0 ? newest : before, static_cast<std::int64_t>(limit));
}

std::optional<Command> CommandDesk::find(store::Reader& r, Id id) {
  auto found = commands_where(r, "WHERE id = ?", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void CommandDesk::add_channel(CommandChannel& channel) { channels_.push_back(&channel); }

}  // namespace zhili::sense::devices
