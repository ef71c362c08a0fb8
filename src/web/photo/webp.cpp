// WebP: a RIFF file. The coded picture is `VP8 ` (lossy, with `ALPH` for transparency) or `VP8L` (lossless).
#include "web/photo/bytes.hpp"

namespace zhili::web::picture {

namespace webp {

constexpr std::uint32_t has_alpha_flag = 0x10;
constexpr std::uint32_t has_exif_flag = 0x08;
constexpr std::uint32_t animated_flag = 0x02;

struct Parts {
  std::string_view alpha, picture, picture_type;
  std::uint32_t width = 0, height = 0;
  std::uint32_t canvas_width = 0, canvas_height = 0;  // of VP8X, if there is one
  std::uint32_t orientation = 1;
  bool lossless_alpha = false;
};

core::Result<> read_lossy(Parts& parts, std::string_view content) {
  constexpr std::size_t frame_header_bytes = 10;
  if (content.size() <= frame_header_bytes) return broken("VP8 header");
  auto const tag = little(content, 0, 2) | (byte_at(content, 2) << 16);
  bool const key_frame = (tag & 1) == 0;
  std::size_t const first_partition = tag >> 5;
  if (!key_frame || content.substr(3, 3) != "\x9D\x01\x2A" ||
      first_partition > content.size() - frame_header_bytes)
    return broken("VP8 header");
  parts.width = little(content, 6, 2) & 0x3FFF;
  parts.height = little(content, 8, 2) & 0x3FFF;
  return {};
}

core::Result<> read_lossless(Parts& parts, std::string_view content) {
  if (content.size() <= 5 || byte_at(content, 0) != 0x2F) return broken("VP8L header");
  auto const bits = little(content, 1, 4);
  if (bits >> 29 != 0) return broken("VP8L version");
  parts.width = (bits & 0x3FFF) + 1;
  parts.height = ((bits >> 14) & 0x3FFF) + 1;
  parts.lossless_alpha = ((bits >> 28) & 1) != 0;
  return {};
}

core::Result<> read_extended(Parts& parts, std::string_view content) {
  if (content.size() < 10) return broken("VP8X");
  if ((byte_at(content, 0) & animated_flag) != 0) {
    return core::fail(
        core::Errc::invalid, "photo.animated",
        {"不接受动画图片，请上传静态照片。", "Animated pictures are not taken; please send a still one."});
  }
  parts.canvas_width = (little(content, 4, 2) | (byte_at(content, 6) << 16)) + 1;
  parts.canvas_height = (little(content, 7, 2) | (byte_at(content, 9) << 16)) + 1;
  return {};
}

core::Result<> read_chunk(Parts& parts, std::string_view type, std::string_view content) {
  if (type == "VP8X") return read_extended(parts, content);
  if (type == "ALPH") {
    if (!parts.picture.empty() || !parts.alpha.empty() || content.empty()) return broken("ALPH");
    parts.alpha = content;
  } else if (type == "VP8 " || type == "VP8L") {
    if (!parts.picture.empty()) return broken("two pictures");
    parts.picture = content;
    parts.picture_type = type;
    return type == "VP8 " ? read_lossy(parts, content) : read_lossless(parts, content);
  } else if (type == "EXIF") {
    static constexpr std::string_view prefix("Exif\0\0", 6);  // some writers put it there as in JPEG
    parts.orientation = orientation_of(content.starts_with(prefix) ? content.substr(prefix.size()) : content);
  } else if (type == "ANIM" || type == "ANMF") {
    return broken("animation without its header");
  }
  return {};
}

void write(std::string& out, std::string_view type, std::string_view content) {
  out += type;
  put_little(out, static_cast<std::uint32_t>(content.size()), 4);
  out += content;
  if (content.size() % 2 != 0) out += '\0';
}

CleanPhoto build(Parts const& parts) {
  std::string chunks;
  bool const turned = parts.orientation != 1;
  if (turned || !parts.alpha.empty()) {
    bool const alpha = !parts.alpha.empty() || parts.lossless_alpha;
    std::string extended;
    put_little(extended, (alpha ? has_alpha_flag : 0) | (turned ? has_exif_flag : 0), 4);
    put_little(extended, parts.width - 1, 3);
    put_little(extended, parts.height - 1, 3);
    write(chunks, "VP8X", extended);
  }
  if (!parts.alpha.empty()) write(chunks, "ALPH", parts.alpha);
  write(chunks, parts.picture_type, parts.picture);
  if (turned) write(chunks, "EXIF", orientation_block(parts.orientation));
  std::string out = "RIFF";
  put_little(out, static_cast<std::uint32_t>(chunks.size() + 4), 4);
  return {PhotoType::webp, parts.width, parts.height, out + "WEBP" + chunks};
}

}  // namespace webp

core::Result<CleanPhoto> clean_webp(std::string_view bytes, PhotoLimits const& limits) {
  std::size_t const declared = little(bytes, 4, 4);
  if (declared < 4 || declared > bytes.size() - 8) return broken("cut off");
  bytes = bytes.substr(12, declared - 4);
  webp::Parts parts;
  while (!bytes.empty()) {
    if (bytes.size() < 8) return broken("cut off");
    std::size_t const length = little(bytes, 4, 4);
    if (length > bytes.size() - 8) return broken("cut off in a chunk");
    ZHILI_CHECK(webp::read_chunk(parts, bytes.substr(0, 4), bytes.substr(8, length)));
    bytes.remove_prefix(std::min(bytes.size(), 8 + length + length % 2));
  }
  if (parts.picture.empty()) return broken("no picture in it");
  if (parts.picture_type == "VP8L" && !parts.alpha.empty()) return broken("ALPH");
  ZHILI_CHECK(check_size(parts.width, parts.height, limits));
  bool const canvas_fits =
      parts.canvas_width == 0 || (parts.canvas_width == parts.width && parts.canvas_height == parts.height);
  if (!canvas_fits) return broken("canvas");
  return webp::build(parts);
}

}  // namespace zhili::web::picture
