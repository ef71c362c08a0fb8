#pragma once
// One process owns a data directory.

#include <filesystem>
#include <string_view>

#include "core/result.hpp"

namespace zhili::store {

/// Held as long as it lives, and let go by the system when the process dies, however it dies.
class LockFile {
 public:
  /// The file is DIRECTORY/NAME.lock. Errors: unavailable (another process holds it, whose pid is named; or
  /// the file cannot be made).
  static core::Result<LockFile> take(std::filesystem::path const& directory, std::string_view name);
  LockFile() = default;
  LockFile(LockFile&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  explicit LockFile(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace zhili::store
