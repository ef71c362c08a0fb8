#include "store/lock_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace zhili::store {

namespace {

std::string owner_of(int fd) {
  std::array<char, 32> text{};
  auto const size = ::pread(fd, text.data(), text.size() - 1, 0);
  std::string out(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  out.erase(out.find_last_not_of("\n ") + 1);
  return out.empty() ? "?" : out;
}

tl::unexpected<core::Error> cannot_make(std::filesystem::path const& path, int error) {
  return core::fail(
      core::Errc::unavailable, "store.directory",
      {fmt::format("无法写入数据目录：{}（{}）。请检查目录是否存在、权限是否正确。", path.string(),
                   std::strerror(error)),
       fmt::format("Cannot write to the data directory: {} ({}). Check that it exists and its permissions.",
                   path.string(), std::strerror(error))});
}

}  // namespace

core::Result<LockFile> LockFile::take(std::filesystem::path const& directory, std::string_view name) {
  auto const path = directory / fmt::format("{}.lock", name);
  LockFile lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (lock.fd_ < 0) return cannot_make(path, errno);
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return cannot_make(path, errno);
    auto const owner = owner_of(lock.fd_);
    return core::fail(
        core::Errc::unavailable, "store.owned",
        {fmt::format("数据目录 {} 正由进程 {} 使用。请先停止它，或通过它操作。", directory.string(), owner),
         fmt::format("The data directory {} belongs to process {}. Stop that process first, or ask it to do "
                     "the work.",
                     directory.string(), owner)});
  }
  auto const pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0)
    return cannot_make(path, errno);
  return lock;
}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace zhili::store
