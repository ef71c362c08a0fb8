#pragma once
// Reading a file that may be packed with xz, in constant memory.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "core/result.hpp"

namespace zhili::app {

/// A file to be read from its beginning. Packed files (.xz, known by their first bytes) are unpacked on the way, on a
/// thread that stays a few blocks ahead; their memory is bounded by `xz_memory_bytes_max`. Not thread-safe.
class SourceFile {
 public:
  static constexpr std::uint64_t xz_memory_bytes_max = 128ULL << 20;

  /// Errors: not_found, unavailable (cannot be read).
  static core::Result<SourceFile> open(std::filesystem::path const& path);
  SourceFile(SourceFile&&) noexcept;
  SourceFile& operator=(SourceFile&&) noexcept;
  ~SourceFile();

  /// Fills `out` from its front; 0 at the end. Errors: corrupt (broken or cut-off xz, or more memory needed than
  /// allowed), unavailable.
  core::Result<std::size_t> read(std::span<char> out);
  /// How much of the file on the disk has been taken in, of `size()`: for progress.
  std::uint64_t position() const;
  std::uint64_t size() const;

 private:
  struct Impl;
  explicit SourceFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace zhili::app
