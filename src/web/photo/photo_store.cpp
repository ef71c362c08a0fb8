#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

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
  // on the disk is made sure again, because the one who wrote it may not have come so far. Its new time keeps
  // a sweep from taking it before somebody cites it.
  if (::utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0) {
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
  ++files_;
  bytes_ += static_cast<std::int64_t>(kept.bytes);
  return kept;
}

std::filesystem::path PhotoStore::path_of(std::string_view name) const {
  return directory_ / name.substr(0, 2) / name;
}

bool PhotoStore::has(std::string_view name) const {
  return type_of(name) && ::access(path_of(name).c_str(), F_OK) == 0;
}

core::Result<std::string> PhotoStore::load(std::string_view name) const {
  if (!type_of(name)) return no_such_photo();
  std::ifstream file(path_of(name), std::ios::binary);
  if (!file) return no_such_photo();
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) return disk_failed(directory_ / name);
  return bytes;
}

core::Result<> PhotoStore::remove(std::string_view name) {
  if (name.size() < hash_digits || name.find('/') != std::string_view::npos) return {};
  auto const path = path_of(name);
  std::error_code failed;
  auto const bytes = std::filesystem::file_size(path, failed);
  if (::unlink(path.c_str()) == 0) {
    --files_;
    bytes_ -= failed ? 0 : static_cast<std::int64_t>(bytes);
  } else if (errno != ENOENT) {
    return disk_failed(path);
  }
  return {};
}

void PhotoStore::each(std::function<void(std::filesystem::directory_entry const&)> const& visit) const {
  std::error_code gone;  // files may vanish while we walk
  for (auto const& folder : std::filesystem::directory_iterator(directory_, gone))
    for (auto const& file : std::filesystem::directory_iterator(folder.path(), gone)) visit(file);
}

void PhotoStore::count() {
  PhotoCount counted;
  each([&](std::filesystem::directory_entry const& file) {
    std::error_code gone;
    auto const bytes = file.file_size(gone);
    if (gone) return;
    ++counted.files;
    counted.bytes += static_cast<std::int64_t>(bytes);
  });
  files_ = counted.files;
  bytes_ = counted.bytes;
}

core::Result<PhotoCount> PhotoStore::copy_to(std::filesystem::path const& directory) const {
  PhotoCount out;
  std::vector<std::string> names;
  each([&](std::filesystem::directory_entry const& file) {
    if (auto name = file.path().filename().string(); type_of(name)) names.push_back(std::move(name));
  });
  for (auto const& name : names) {
    auto const bytes = load(name);
    if (!bytes || store::to_hex(store::sha256(*bytes)) != name.substr(0, hash_digits)) {
      ++out.damaged;
      continue;
    }
    auto const to = directory / name.substr(0, 2) / name;
    std::error_code failed;
    std::filesystem::create_directories(to.parent_path(), failed);
    Descriptor const file(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
    if (file.fd < 0 || !write_all(file.fd, *bytes)) return disk_failed(to);
    ++out.files;
    out.bytes += static_cast<std::int64_t>(bytes->size());
  }
  if (out.files == 0) return out;
  Descriptor const at(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (at.fd < 0 || ::syncfs(at.fd) != 0) return disk_failed(directory);  // one sync for all, not one for each
  return out;
}

void mount_photos(Router& router, PhotoStore const& store, std::function<MaySee(Request const&, std::string_view)> may_see) {
  router.get("/photos/{name}", [&store, may_see = std::move(may_see)](Request const& request) {
    auto const name = request.param("name");
    auto const type = type_of(name);
    auto const who = type ? may_see(request, name) : MaySee::nobody;
    if (who == MaySee::nobody) return Response::problem(no_such_photo().value());
    auto bytes = store.load(name);
    if (!bytes) return Response::problem(bytes.error());
    Response response{.type = std::string(media_type(*type)), .body = std::move(*bytes)};
    response.headers.add("ETag", "\"" + std::string(name.substr(0, hash_digits)) + "\"");
    response.headers.add("Cache-Control", std::string(who == MaySee::everybody ? photo_cache : "private, no-store"));
    return response;
  });
}

}  // namespace zhili::web
