#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>

#include "store/digest.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

constexpr std::size_t hash_digits = 64;
constexpr std::string_view photo_cache = "public, max-age=3600";

auto disk_failed(std::filesystem::path const& path) {
  auto const reason = std::string(std::strerror(errno));
  return fail(Errc::unavailable, "photo.disk",
              {"照片无法存盘，请稍后再试。", "The photo could not be stored; please try again later."}, {},
              path.string() + ": " + reason);
}

auto no_such_photo() {
  return fail(Errc::not_found, "photo.unknown", {"没有这张照片。", "There is no such photo."});
}

/// The type that the name of a photo says; nothing if it is not the name of a photo.
std::optional<PhotoType> type_of(std::string_view name) {
  if (name.size() < hash_digits + 2 || name[hash_digits] != '.') return std::nullopt;
  if (!store::from_hex(name.substr(0, hash_digits))) return std::nullopt;
  for (auto const type : {PhotoType::jpeg, PhotoType::png, PhotoType::webp})
    if (name.substr(hash_digits + 1) == extension(type)) return type;
  return std::nullopt;
}

/// A descriptor that closes itself.
struct Descriptor {
  int fd;
  explicit Descriptor(int opened) : fd(opened) {}
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  Descriptor(Descriptor const&) = delete;
};

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool sync_directory(std::filesystem::path const& directory) {
  Descriptor const at(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return at.fd >= 0 && ::fsync(at.fd) == 0;
}

/// A name that no other writer uses at the same time, and that is never taken for a photo.
std::filesystem::path temporary_beside(std::filesystem::path const& path) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return path.string() + "." + std::to_string(random()) + ".tmp";
}

}  // namespace

PhotoStore::PhotoStore(std::filesystem::path directory, PhotoLimits limits)
    : directory_(std::move(directory)), limits_(limits) {}

core::Result<KeptPhoto> PhotoStore::keep(std::string_view bytes) {
  ZHILI_TRY(auto photo, clean_photo(bytes, limits_));
  auto const hash = store::to_hex(store::sha256(photo.bytes));
  KeptPhoto kept{hash + "." + std::string(extension(photo.type)), photo.type, photo.width, photo.height,
                 photo.bytes.size()};
  auto const folder = directory_ / hash.substr(0, 2);
  auto const path = folder / kept.name;
  std::error_code failed;
  // The rename below comes after the sync of the content, so a file of that name is whole; that its name is
  // on the disk is made sure again, because the one who wrote it may not have come so far.
  if (std::filesystem::exists(path, failed)) {
    if (!sync_directory(folder)) return disk_failed(folder);
    return kept;
  }
  bool const is_new = std::filesystem::create_directories(folder, failed);
  if (failed) {
    errno = failed.value();
    return disk_failed(folder);
  }
  auto const temporary = temporary_beside(path);
  bool good = false;
  {
    Descriptor const file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
    good = file.fd >= 0 && write_all(file.fd, photo.bytes) && ::fsync(file.fd) == 0;
  }
  good = good && ::rename(temporary.c_str(), path.c_str()) == 0;
  good = good && sync_directory(folder) && (!is_new || sync_directory(directory_));
  if (!good) {
    auto error = disk_failed(path);
    std::filesystem::remove(temporary, failed);
    return error;
  }
  return kept;
}

core::Result<std::string> PhotoStore::load(std::string_view name) const {
  if (!type_of(name)) return no_such_photo();
  std::ifstream file(directory_ / name.substr(0, 2) / name, std::ios::binary);
  if (!file) return no_such_photo();
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return disk_failed(directory_ / name);
  return bytes;
}

core::Result<> PhotoStore::remove(std::string_view name) {
  if (!type_of(name)) return {};
  auto const path = directory_ / name.substr(0, 2) / name;
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return disk_failed(path);
  return {};
}

void mount_photos(Router& router, PhotoStore const& store, std::function<bool(std::string_view)> may_see) {
  router.get("/photos/{name}", [&store, may_see = std::move(may_see)](Request const& request) {
    auto const name = request.param("name");
    auto const type = type_of(name);
    if (!type || !may_see(name)) return Response::problem(no_such_photo().value());
    auto bytes = store.load(name);
    if (!bytes) return Response::problem(bytes.error());
    Response response{.type = std::string(media_type(*type)), .body = std::move(*bytes)};
    response.headers.add("ETag", "\"" + std::string(name.substr(0, hash_digits)) + "\"");
    response.headers.add("Cache-Control", std::string(photo_cache));
    return response;
  });
}

}  // namespace zhili::web
