#pragma once
// What the rows of photos say about the files: who may see them, and which nobody cites.

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "store/db.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web {

/// A photo that nobody cites may still be on its way into a report: only one that was kept longer ago is swept.
inline constexpr std::chrono::hours photo_sweep_after_hours{24};

/// Whether everybody may see the photo: some entry told to everybody brought it, its signal (of a case: the first
/// one) is released, and neither is private.
bool may_see_photo(store::Reader& reader, std::string_view name);

/// Pictures, in the order in which they came.
struct Pictures {
  std::vector<std::string> photos;  ///< names in the photo store
  std::vector<std::string> links;   ///< pictures elsewhere, which the report named
};

/// Everybody sees some of them, and those only once the signal is released; whoever is on duty sees all.
enum class PicturesFor : std::uint8_t { everybody, duty };

/// Those of each of these signals or cases that has any. One question, however many are asked for.
std::map<store::Seq, Pictures> pictures_of(store::Reader& reader, std::vector<store::Seq> const& subjects, PicturesFor whom);

/// Where a photo is served.
std::string photo_path(std::string_view name);

/// What was kept before this may be swept.
inline std::filesystem::file_time_type photos_before_now() {
  return std::filesystem::file_time_type::clock::now() - photo_sweep_after_hours;
}

/// Removes the files that no row cites and that were last kept before `kept_before`: what a crash between file and row left,
/// and what retention has forgotten. Counts the rest anew. Gives how many were removed. Thread-safe; small pieces of
/// work. Errors: those of the engine; unavailable (disk).
core::Result<std::int64_t> sweep_photos(store::Db& db, PhotoStore& photos, std::filesystem::file_time_type kept_before);

}  // namespace zhili::web
