#pragma once
// Photos: looked at, cleaned of everything but the picture, and kept by their content.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "respond/photos.hpp"
#include "web/http.hpp"

namespace zhili::web {

enum class PhotoType : std::uint8_t { jpeg, png, webp };

/// "image/jpeg", …
std::string_view media_type(PhotoType type);
/// "jpg", "png", "webp"
std::string_view extension(PhotoType type);

struct PhotoLimits {
  std::size_t bytes_max = 12 * 1024 * 1024;
  std::uint64_t pixels_max = 64'000'000;
  std::uint32_t edge_max_pixels = 16'000;
};

struct CleanPhoto {
  PhotoType type = PhotoType::jpeg;
  std::uint32_t width = 0;  ///< as stored; the orientation may turn it
  std::uint32_t height = 0;
  std::string bytes;
};

/// Finds the type by content, checks the structure to its end, and keeps nothing but the picture: no EXIF
/// (place, camera, time), XMP, IPTC, comments, texts, colour profile, thumbnails, nor what follows the end.
/// The pixels are not touched; the orientation is kept in an EXIF block that holds nothing else. Pure; cost:
/// linear. Errors: "photo.type" (none of JPEG, PNG, WebP), "photo.broken" (cut off, or not what it says),
/// "photo.bytes", "photo.pixels", "photo.animated".
core::Result<CleanPhoto> clean_photo(std::string_view bytes, PhotoLimits const& limits = {});

struct KeptPhoto {
  std::string name;  ///< SHA-256 of the cleaned bytes and the extension: "<64 hex digits>.jpg"
  PhotoType type = PhotoType::jpeg;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t bytes = 0;
};

/// How a walk through the photos ended.
struct PhotoCount {
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t damaged = 0;  ///< content that is not what the name says, or a file that cannot be read
};

/// The folder of photos: DIR/xx/<name>, where xx are the first two digits. Thread-safe, also between
/// processes.
class PhotoStore final : public respond::PhotoShelf {
 public:
  explicit PhotoStore(std::filesystem::path directory, PhotoLimits limits = {});

  /// Cleans and keeps a photo; returns when it is on the disk. The same photo twice is one file.
  /// Errors: those of clean_photo; unavailable (disk).
  core::Result<KeptPhoto> keep(std::string_view bytes);
  bool has(std::string_view name) const override;
  /// Errors: not_found (also if `name` is not a photo's name); unavailable (disk).
  core::Result<std::string> load(std::string_view name) const;
  /// Removes a file; nothing happens if there is none.
  core::Result<> remove(std::string_view name);

  /// Visits every file: photos, whose time says when they were last kept, and under other names what writes that
  /// were cut off left behind.
  void each(std::function<void(std::filesystem::directory_entry const& file)> const& visit) const;
  /// Copies what the other folder does not have and syncs it. A damaged photo is counted and left out.
  /// Errors: unavailable (disk).
  core::Result<PhotoCount> copy_to(std::filesystem::path const& directory) const;
  /// As last counted, with what came and went since.
  PhotoCount size() const { return {files_, bytes_, 0}; }
  void count();

 private:
  std::filesystem::path path_of(std::string_view name) const;

  std::filesystem::path directory_;
  PhotoLimits limits_;
  std::atomic<std::int64_t> files_{0};
  std::atomic<std::int64_t> bytes_{0};
};

/// Who may see a photo. What only this person may see is kept by no cache.
enum class MaySee : std::uint8_t { nobody, everybody, this_person };

/// Serves GET /photos/{name} to those who `may_see` it, 404 to all others. All three must outlive the server.
void mount_photos(Router& router, PhotoStore const& store,
                  std::function<MaySee(Request const&, std::string_view name)> may_see);

}  // namespace zhili::web
