#pragma once
// Photos: looked at, cleaned of everything but the picture, and kept by their content.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/result.hpp"
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

/// The folder of photos: DIR/xx/<name>, where xx are the first two digits. Thread-safe, also between
/// processes.
class PhotoStore {
 public:
  explicit PhotoStore(std::filesystem::path directory, PhotoLimits limits = {});

  /// Cleans and keeps a photo; returns when it is on the disk. The same photo twice is one file.
  /// Errors: those of clean_photo; unavailable (disk).
  core::Result<KeptPhoto> keep(std::string_view bytes);
  /// Errors: not_found (also if `name` is not a photo's name); unavailable (disk).
  core::Result<std::string> load(std::string_view name) const;
  /// Forgets a photo; nothing happens if there is none.
  core::Result<> remove(std::string_view name);

 private:
  std::filesystem::path directory_;
  PhotoLimits limits_;
};

/// Serves GET /photos/{name}: those that `may_see` (the released ones), 404 for all others. All three must
/// outlive the server.
void mount_photos(Router& router, PhotoStore const& store,
                  std::function<bool(std::string_view name)> may_see);

}  // namespace zhili::web
