#include "app/import/source_file.hpp"

#include <fmt/format.h>
#include <lzma.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include "app/import/batch_queue.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;

constexpr std::array<std::uint8_t, 6> xz_magic{0xFD, '7', 'z', 'X', 'Z', 0x00};

constexpr std::size_t block_bytes = 256 * 1024;
constexpr std::size_t blocks_ahead = 4;

/// What was unpacked and waits to be read.
struct Block {
  core::Result<std::string> bytes;
  std::uint64_t position = 0;  ///< in the packed file, after it
};

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
  // Unpacking goes on while what was unpacked is read. The members above are then the thread's alone.
  BatchQueue<Block> ahead{blocks_ahead};
  Block current{std::string(), 0};
  std::size_t read_of_current = 0;
  std::thread unpacking;

  ~Impl() {
    ahead.close();
    if (unpacking.joinable()) unpacking.join();
    lzma_end(&xz);
  }

  void unpack_all() {
    for (bool more = true; more;) {
      std::string bytes(block_bytes, '\0');
      auto const got = unpack(bytes);
      more = got && *got > 0;
      if (got) bytes.resize(*got);
      auto const position = taken - xz.avail_in;
      if (!ahead.push(got ? Block{std::move(bytes), position} : Block{fail(got.error()), position})) return;
    }
    ahead.close();
  }

  /// From the blocks that were unpacked; an error stays the answer.
  core::Result<std::size_t> take(std::span<char> out) {
    while (current.bytes && read_of_current == current.bytes->size()) {
      auto next = ahead.pop();
      if (!next) return 0;
      current = std::move(*next);
      read_of_current = 0;
    }
    if (!current.bytes) return fail(current.bytes.error());
    auto const count = std::min(out.size(), current.bytes->size() - read_of_current);
    std::memcpy(out.data(), current.bytes->data() + read_of_current, count);
    read_of_current += count;
    return count;
  }

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
  if (impl->packed) impl->unpacking = std::thread([it = impl.get()] { it->unpack_all(); });
  return SourceFile(std::move(impl));
}

core::Result<std::size_t> SourceFile::read(std::span<char> out) {
  return impl_->packed ? impl_->take(out) : impl_->fill(out.data(), out.size());
}

std::uint64_t SourceFile::position() const { return impl_->packed ? impl_->current.position : impl_->taken; }
std::uint64_t SourceFile::size() const { return impl_->size; }

}  // namespace zhili::app
