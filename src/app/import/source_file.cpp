#include "app/import/source_file.hpp"

#include <fmt/format.h>
#include <lzma.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr std::array<std::uint8_t, 6> xz_magic{0xFD, '7', 'z', 'X', 'Z', 0x00};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

struct SourceFile::Impl {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, CloseFile> file;
  std::uint64_t size = 0;
  std::uint64_t taken = 0;
  bool packed = false;
  bool at_end = false;
  lzma_stream xz = LZMA_STREAM_INIT;
  std::array<std::uint8_t, 64 * 1024> in{};

  ~Impl() { lzma_end(&xz); }

  core::Result<std::size_t> fill(void* to, std::size_t bytes) {
    auto const got = std::fread(to, 1, bytes, file.get());
    if (got < bytes && std::ferror(file.get()) != 0)
      return fail(Errc::unavailable, "file.read",
                  {fmt::format("读不了文件 {}：{}。", path.string(), std::strerror(errno)),
                   fmt::format("Cannot read {}: {}.", path.string(), std::strerror(errno))});
    taken += got;
    return got;
  }

  core::Result<std::size_t> unpack(std::span<char> out) {
    xz.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    xz.avail_out = out.size();
    while (xz.avail_out > 0 && !at_end) {
      if (xz.avail_in == 0) {
        ZHILI_TRY(xz.avail_in, fill(in.data(), in.size()));
        xz.next_in = in.data();
      }
      auto const status = lzma_code(&xz, xz.avail_in == 0 ? LZMA_FINISH : LZMA_RUN);
      if (status == LZMA_STREAM_END) at_end = true;
      else if (status != LZMA_OK)
        return fail(Errc::corrupt, "file.xz",
                    {fmt::format("{} 不是完整的 xz 文件（在第 {} 字节附近）。请重新下载或重新打包。", path.string(), taken),
                     fmt::format("{} is not a whole xz file (near byte {}). Fetch or pack it again.", path.string(), taken)},
                    {}, fmt::format("lzma status {}", static_cast<int>(status)));
    }
    return out.size() - xz.avail_out;
  }
};

SourceFile::SourceFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SourceFile::SourceFile(SourceFile&&) noexcept = default;
SourceFile& SourceFile::operator=(SourceFile&&) noexcept = default;
SourceFile::~SourceFile() = default;

core::Result<SourceFile> SourceFile::open(std::filesystem::path const& path) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->file.reset(std::fopen(path.c_str(), "rb"));
  std::error_code error;
  impl->size = std::filesystem::file_size(path, error);
  if (!impl->file || error)
    return fail(Errc::not_found, "file.open",
                {fmt::format("打不开文件 {}：{}。请检查路径和权限。", path.string(), std::strerror(errno)),
                 fmt::format("Cannot open {}: {}. Check the path and the permissions.", path.string(), std::strerror(errno))},
                "FILE");
  std::array<std::uint8_t, xz_magic.size()> head{};
  auto const got = std::fread(head.data(), 1, head.size(), impl->file.get());
  std::rewind(impl->file.get());
  impl->packed = got == head.size() && head == xz_magic;
  if (impl->packed && lzma_stream_decoder(&impl->xz, xz_memory_bytes_max, LZMA_CONCATENATED) != LZMA_OK)
    return fail(Errc::internal, "file.xz.start", {"xz 解包器起不来。", "The xz decoder could not be started."});
  return SourceFile(std::move(impl));
}

core::Result<std::size_t> SourceFile::read(std::span<char> out) {
  return impl_->packed ? impl_->unpack(out) : impl_->fill(out.data(), out.size());
}

std::uint64_t SourceFile::position() const { return impl_->taken - (impl_->packed ? impl_->xz.avail_in : 0); }
std::uint64_t SourceFile::size() const { return impl_->size; }

}  // namespace zhili::app
