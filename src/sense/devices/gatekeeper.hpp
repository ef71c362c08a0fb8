#pragma once
// Who a device is, by its secret; and what it may write. From memory, for every message.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "sense/devices/device.hpp"
#include "sense/devices/secret.hpp"
#include "store/db.hpp"

namespace zhili::sense::devices {

/// How often whoever runs the program calls follow(): a device that another process disables is refused here at most so much later.
inline constexpr std::chrono::milliseconds gate_follow_every{200};

/// What a credential is for.
enum class CredentialKind : std::uint8_t {
  token,  ///< HTTP: `Authorization: Bearer zd_…`
  mqtt    ///< MQTT: the serial number as user, `zm_…` as password
};
/// "token", "mqtt".
std::string_view name(CredentialKind kind);
std::optional<CredentialKind> credential_kind_from(std::string_view name);

/// A device that has shown who it is.
struct Pass {
  Id device = 0;
  Id credential = 0;
};

/// What others need to know of a device to take its messages.
struct GateDevice {
  Id device = 0;
  std::string serial = {};
  std::string type = {};
  Life life = Life::active;
  std::int64_t thing = 0;
  std::vector<DeviceStream> streams = {};
};

/// Thread-safe. What it is given outlives it.
///
/// Secrets have 256 random bits, so what is kept of them is one keyed hash and not a slow one: there is nothing to guess, and a slow
/// hash would let anybody spend the processor's time by sending wrong ones (decision 0053).
class Gatekeeper {
 public:
  /// Reads all devices and credentials. Errors: those of the store.
  static core::Result<std::unique_ptr<Gatekeeper>> open(store::Db& db, SecretKey const& key, core::TimeSource const& time);

  /// The device whose token this is; nothing: unknown, expired, disabled, of a device that is disabled or unclaimed. Notes that it was
  /// used. Cost: a BLAKE2b of 64 bytes and a look-up, below a microsecond; no allocation, a shared lock.
  std::optional<Pass> who(std::string_view token) const;
  /// The same for user and password of the MQTT endpoint.
  std::optional<Pass> who(std::string_view user, std::string_view password) const;

  /// A device writes its own streams and no others. False for 0.
  bool may_write(Id device, std::int64_t datastream) const { return device != 0 && owner(datastream) == device; }
  /// The device that writes a datastream; 0: none. Cost: a binary search.
  Id owner(std::int64_t datastream) const;
  /// The datastream that a device calls so; 0: it has none of that name.
  std::int64_t datastream(Id device, std::string_view stream) const;
  /// The device with this serial number, whatever its life; 0: none.
  Id with_serial(std::string_view serial) const;
  /// It is there and may send.
  bool admits(Id device) const;
  std::optional<GateDevice> find(Id device) const;
  /// Every device, in the order of their ids. Holds a shared lock meanwhile: `visit` must not call back.
  void each(std::function<void(GateDevice const&)> const& visit) const;

  /// Takes in what has changed, here or in another process on the same database. Whoever changes something calls it after the commit
  /// (DeviceDesk does); somebody calls it every `gate_follow_every`. Cost when nothing happened: one look-up.
  core::Result<> follow();
  /// Told after follow() which devices changed or are new, on the thread that called it. Set before anything follows; several may be
  /// added.
  void on_change(std::function<void(std::span<Id const>)> listener);

  /// When each credential was last used, as far as that is later than what was told before: for writing down. At most one caller.
  std::vector<std::pair<Id, core::Instant>> take_uses();

 private:
  struct Inside;
  explicit Gatekeeper(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;

 public:
  ~Gatekeeper();
};

}  // namespace zhili::sense::devices
