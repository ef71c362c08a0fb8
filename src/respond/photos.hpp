#pragma once
// Photos that reports and steps of a case bring. What keeps them is not respond's business; that they are kept is.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/db.hpp"

namespace zhili::respond {

/// A photo is forgotten this long after it came, but not while its case is open.
inline constexpr std::chrono::days photo_kept_days{730};

/// Where photos are kept. Owned here; the program wires it to the photo store.
class PhotoShelf {
 public:
  virtual ~PhotoShelf() = default;
  /// Whether a photo of this name is on the disk. Asked on the writer's thread: must be as cheap as looking up a file.
  virtual bool has(std::string_view name) const = 0;
};

/// Whom a photo may be shown to. The numbers are stored: never change one.
enum class PhotoSight : std::uint8_t {
  inside = 0,     ///< kept back by a release, or of a step that is not told to everybody
  released = 1,   ///< everybody, once its signal is released
  undecided = 2,  ///< of a step of a case whose report is not released: decided with it
  late = 3        ///< came when its report was released already: nobody has looked whether everybody may see it
};

/// What one entry of the ledger brought.
struct Brought {
  store::Seq entry = 0;
  store::Seq subject = 0;  ///< signal or case
  std::vector<std::string> names = {};
  std::vector<std::string> urls = {};
  PhotoSight sight = PhotoSight::released;
};

/// Writes the rows, in the piece of work that appends the entry. Errors: not_found "photo.unknown" (a name that the
/// shelf does not have).
core::Result<> keep_photos(store::Writer& writer, PhotoShelf const& shelf, Brought const& brought);

/// Forgets the photos whose time is over: their rows go, and an entry for each says so. The files are no longer cited
/// then, and the photo store sweeps them. Gives how many. Errors: those of the engine. May be repeated after a crash.
core::Result<std::int64_t> forget_expired_photos(store::Db& db, std::string_view actor);

}  // namespace zhili::respond
