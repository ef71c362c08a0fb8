// PNG (ISO/IEC 15948): chunks with a checksum; the picture is one zlib stream.
#include <zlib.h>

#include <array>
#include <memory>

#include "web/photo/bytes.hpp"

namespace zhili::web::picture {

namespace png {

constexpr std::string_view signature("\x89PNG\r\n\x1A\n", 8);
constexpr std::size_t inflate_window_bytes = 64 * 1024;

struct Header {
  std::uint32_t width = 0, height = 0, depth = 0, colour = 0, interlace = 0;
};

core::Result<Header> read_header(std::string_view content, PhotoLimits const& limits) {
  if (content.size() != 13) return broken("IHDR");
  Header h{big(content, 0, 4), big(content, 4, 4), byte_at(content, 8), byte_at(content, 9),
           byte_at(content, 12)};
  bool const low_depth = h.depth == 1 || h.depth == 2 || h.depth == 4;
  bool const good_depth =
      h.depth == 8 || (h.depth == 16 && h.colour != 3) || (low_depth && (h.colour == 0 || h.colour == 3));
  bool const good_colour = h.colour == 0 || h.colour == 2 || h.colour == 3 || h.colour == 4 || h.colour == 6;
  if (!good_depth || !good_colour || h.interlace > 1 || byte_at(content, 10) != 0 ||
      byte_at(content, 11) != 0)
    return broken("IHDR");
  ZHILI_CHECK(check_size(h.width, h.height, limits));
  return h;
}

/// Bytes of the picture when it is unpacked: each row has a filter byte before it.
std::uint64_t unpacked_bytes(Header const& h) {
  static constexpr std::array<std::uint64_t, 7> channels = {1, 0, 3, 1, 2, 0, 4};
  auto const bits = channels[h.colour] * h.depth;
  auto const plane = [&](std::uint64_t w, std::uint64_t rows) {
    return w == 0 ? 0 : rows * (1 + (w * bits + 7) / 8);
  };
  if (h.interlace == 0) return plane(h.width, h.height);
  struct Pass {
    std::uint64_t x, y, dx, dy;
  };
  static constexpr Pass passes[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  std::uint64_t sum = 0;
  for (auto const& p : passes)
    sum += plane((h.width + p.dx - 1 - p.x) / p.dx, (h.height + p.dy - 1 - p.y) / p.dy);
  return sum;
}

/// Unpacks the pieces of the stream and throws the outcome away: it must end exactly where the picture does.
class Inflater {
 public:
  explicit Inflater(std::uint64_t expected) : left_(expected) { good_ = inflateInit(&stream_) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(Inflater const&) = delete;

  void feed(std::string_view piece) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    while (good_ && stream_.avail_in > 0) {
      if (ended_) good_ = false;  // something hides behind the stream
      stream_.next_out = window_.get();
      stream_.avail_out = inflate_window_bytes;
      int const state = ended_ ? Z_STREAM_END : inflate(&stream_, Z_NO_FLUSH);
      auto const n = inflate_window_bytes - stream_.avail_out;
      ended_ = state == Z_STREAM_END;
      good_ = good_ && (state == Z_OK || ended_) && n <= left_;
      left_ -= std::min<std::uint64_t>(n, left_);
    }
  }
  bool complete() const { return good_ && ended_ && left_ == 0; }

 private:
  z_stream stream_{};
  std::unique_ptr<Bytef[]> window_ = std::make_unique<Bytef[]>(inflate_window_bytes);
  std::uint64_t left_;
  bool good_ = false;
  bool ended_ = false;
};

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<Bytef const*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

void write(std::string& out, std::string_view type, std::string_view content) {
  put_big(out, static_cast<std::uint32_t>(content.size()), 4);
  auto const begin = out.size();
  out += type;
  out += content;
  put_big(out, checksum(std::string_view(out).substr(begin)), 4);
}

bool is_part_of_the_picture(std::string_view type) {
  return type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "gAMA" || type == "cHRM" ||
         type == "sRGB";
}

}  // namespace png

core::Result<CleanPhoto> clean_png(std::string_view bytes, PhotoLimits const& limits) {
  using namespace png;
  CleanPhoto out{PhotoType::png, 0, 0, std::string(signature)};
  std::unique_ptr<Inflater> picture;
  std::uint32_t orientation = 1;
  std::size_t at = signature.size();
  for (;;) {
    if (at + 12 > bytes.size()) return broken("cut off");
    std::size_t const length = big(bytes, at, 4);
    if (length > bytes.size() - at - 12) return broken("cut off in a chunk");
    auto const type = bytes.substr(at + 4, 4);
    auto const content = bytes.substr(at + 8, length);
    if (checksum(bytes.substr(at + 4, length + 4)) != big(bytes, at + 8 + length, 4))
      return broken("checksum");
    at += length + 12;
    if ((picture == nullptr) != (type == "IHDR")) return broken("IHDR");
    if (type == "IHDR") {
      ZHILI_TRY(auto const header, read_header(content, limits));
      out.width = header.width;
      out.height = header.height;
      picture = std::make_unique<Inflater>(unpacked_bytes(header));
      write(out.bytes, type, content);
    } else if (type == "acTL") {
      return core::fail(
          core::Errc::invalid, "photo.animated",
          {"不接受动画图片，请上传静态照片。", "Animated pictures are not taken; please send a still one."});
    } else if (is_part_of_the_picture(type)) {
      if (type == "IDAT") picture->feed(content);
      write(out.bytes, type, content);
    } else if (type == "eXIf") {
      orientation = orientation_of(content);
    } else if (type == "IEND") {
      break;
    } else if ((byte_at(type, 0) & 0x20) == 0) {
      return broken("unknown critical chunk");
    }
  }
  if (!picture->complete()) return broken("the picture is not whole");
  if (orientation != 1) write(out.bytes, "eXIf", orientation_block(orientation));
  write(out.bytes, "IEND", {});
  return out;
}

}  // namespace zhili::web::picture
