#pragma once
// What devices are told to do: asked by people, delivered one at a time, acknowledged or not. Every step is an entry of the ledger.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "sense/devices/device.hpp"
#include "store/db.hpp"

namespace zhili::sense::devices {

/// Commands of one device that wait or are sent; more are refused.
inline constexpr std::size_t open_commands_max = 20;
/// Of a text parameter, and of what a device says when it is done.
inline constexpr std::size_t command_text_bytes_max = 1'000;
inline constexpr std::size_t command_mark_characters_max = 200;
inline constexpr std::chrono::hours command_expiry_max{24};
/// Devices that wait for a command at the same time; more are answered at once.
inline constexpr std::size_t waiting_devices_max = 100'000;
/// Commands that are ended in one piece of work.
inline constexpr std::size_t expired_of_piece = 500;

enum class CommandState : std::uint8_t { waiting, sent, acknowledged, failed, expired };
/// "waiting", "sent", "acknowledged", "failed", "expired".
std::string_view name(CommandState state);
inline bool is_open(CommandState state) { return state == CommandState::waiting || state == CommandState::sent; }

struct Command {
  Id id = 0;
  Id device = 0;
  std::string command = {};     ///< of the type: "switch"
  std::string parameters = {};  ///< JSON object, checked
  std::string actor = {};
  CommandState state = CommandState::waiting;
  core::Instant made_at{};
  core::Instant expires_at{};
  std::optional<core::Instant> sent_at = {};
  std::optional<core::Instant> done_at = {};
  std::string result = {};      ///< what the device says; may be empty
};

struct NewCommand {
  Id device = 0;
  std::string command = {};
  std::string parameters = "{}";  ///< JSON object
  /// The caller's own mark: the same one again is the same command, and nothing is asked twice. Empty: none.
  std::string mark = {};
  std::optional<core::Duration> expires = {};  ///< nothing: as the type says
};

/// What a device says of a command that it was sent.
struct CommandAnswer {
  bool done = true;
  std::string result = {};
};

/// Parameters as they are kept: those of the type, each of its kind, within its range, with numbers in its unit. Pure.
/// Errors: invalid, `field` "parameters.level": what it must be.
core::Result<std::string> checked_parameters(catalogue::CommandType const& type, std::string_view json);

/// Brings commands to devices that do not ask for them: MQTT. Owned here; whoever speaks with devices is behind it. Thread-safe.
class CommandChannel {
 public:
  virtual ~CommandChannel() = default;
  /// The device is reachable by it now.
  virtual bool reaches(std::string_view serial) const = 0;
  /// Hands over; it may arrive more than once, with the same id. False: it could not, and it goes on waiting.
  virtual bool deliver(std::string_view serial, Command const& command) = 0;
};

/// Thread-safe. What it is given outlives it.
class CommandDesk {
 public:
  CommandDesk(store::Db& db, core::TimeSource const& time, std::shared_ptr<catalogue::Catalogue const> catalogue);
  ~CommandDesk();

  /// Puts a command into the device's queue. Who may is the caller's to check; the ledger names `actor`.
  /// Errors: not_found (device), conflict (it is disabled or unclaimed; the mark was used for something else), invalid (command,
  /// parameters, expires), limit.
  core::Result<Command> ask(NewCommand const& wanted, std::string const& actor);
  core::Result<Command> ask(store::Writer& w, NewCommand const& wanted, std::string const& actor) const;
  /// After the commit of one that was asked with a Writer.
  void asked(Id device);

  /// The command that the device is to do now: the oldest that is open; from then on it is sent. The same again until it is answered
  /// or expires, so that one that got lost on the way is not lost; the device knows it by its id. Nothing: none is open.
  core::Result<std::optional<Command>> next(Id device);
  /// The same, waiting for one until `until`: `done` is called once, on another thread or on this one. With the end of the desk,
  /// it is called with nothing.
  void next_later(Id device, core::Instant until, std::function<void(core::Result<std::optional<Command>>)> done);
  /// Errors: not_found (not a command of this device), conflict (it was answered before otherwise, has expired, or was never sent),
  /// invalid (result). The same answer again is no error.
  core::Result<Command> answer(Id device, Id command, CommandAnswer const& answer);

  /// Ends what is over, and answers those who have waited long enough. Called every second or so. Gives how many expired.
  core::Result<std::size_t> run_due(core::Instant now);
  /// Takes in what other processes have asked for devices that wait here. Cost when nothing happened: one look-up.
  core::Result<> follow();

  /// The newest first, at most `limit`, with ids below `before` (0: all).
  static std::vector<Command> list(store::Reader& r, Id device, Id before, std::size_t limit);
  static std::optional<Command> find(store::Reader& r, Id command);

  /// Answers all who wait, with nothing: the program ends.
  void let_go();

  /// At most a few; set before anything is asked.
  void add_channel(CommandChannel& channel);
  /// A channel says that a device has come: what waits for it is delivered.
  void reachable(Id device) { asked(device); }

 private:
  struct Waiter;
  void push(Id device);
  std::vector<Waiter> take_waiters(Id device);

  store::Db& db_;
  core::TimeSource const& time_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  std::mutex mutex_;
  std::multimap<Id, Waiter> waiters_;
  store::Seq followed_ = 0;
  std::mutex following_;
  std::vector<CommandChannel*> channels_;
};

}  // namespace zhili::sense::devices
