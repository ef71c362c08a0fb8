#include "web/photo/photo.hpp"

#include "web/photo/bytes.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace picture {

tl::unexpected<core::Error> broken(std::string detail) {
  return fail(Errc::invalid, "photo.broken",
              {"照片文件不完整或已损坏，请重新拍摄或重新选择。",
               "The photo is cut off or damaged; please take or choose it again."},
              "photo", std::move(detail));
}

core::Result<> check_size(std::uint64_t width, std::uint64_t height, PhotoLimits const& limits) {
  if (width == 0 || height == 0) return broken("no pixels");
  if (width <= limits.edge_max_pixels && height <= limits.edge_max_pixels &&
      width * height <= limits.pixels_max)
    return {};
  auto const millions = std::to_string(limits.pixels_max / 1'000'000);
  auto const edge = std::to_string(limits.edge_max_pixels);
  return fail(
      Errc::limit, "photo.pixels",
      {"照片尺寸过大：最多 " + millions + " 百万像素，边长不超过 " + edge + " 像素。",
       "The photo is too large: at most " + millions + " megapixels, and no edge above " + edge + " pixels."},
      "photo");
}

}  // namespace picture

namespace {

auto not_a_photo(std::string_view bytes) {
  // What phones send by mistake most often deserves its own words.
  bool const heic = bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp";
  if (heic) {
    return fail(
        Errc::invalid, "photo.type",
        {"这是 HEIC/AVIF 或视频文件。请在手机相机设置中选“兼容性最佳”，或转为 JPEG 后上传。",
         "This is a HEIC, AVIF or video file. Set the camera to \"most compatible\", or send it as JPEG."},
        "photo");
  }
  return fail(Errc::invalid, "photo.type",
              {"这不是照片：内容既不是 JPEG、PNG，也不是 WebP（文件名不算数）。",
               "This is not a photo: by its content it is neither JPEG, PNG nor WebP (the file's name does "
               "not count)."},
              "photo");
}

}  // namespace

std::string_view media_type(PhotoType type) {
  switch (type) {
    case PhotoType::jpeg:
      return "image/jpeg";
    case PhotoType::png:
      return "image/png";
    case PhotoType::webp:
      return "image/webp";
  }
  return "";
}

std::string_view extension(PhotoType type) {
  switch (type) {
    case PhotoType::jpeg:
      return "jpg";
    case PhotoType::png:
      return "png";
    case PhotoType::webp:
      return "webp";
  }
  return "";
}

core::Result<CleanPhoto> clean_photo(std::string_view bytes, PhotoLimits const& limits) {
  if (bytes.size() > limits.bytes_max) {
    auto const mib = std::to_string(limits.bytes_max >> 20);
    return fail(
        Errc::limit, "photo.bytes",
        {"照片文件过大：最大 " + mib + " MiB。", "The photo file is too large: at most " + mib + " MiB."},
        "photo");
  }
  constexpr std::size_t least_bytes = 16;
  if (bytes.size() >= least_bytes) {
    if (bytes.starts_with("\xFF\xD8\xFF")) return picture::clean_jpeg(bytes, limits);
    if (bytes.starts_with("\x89PNG\r\n\x1A\n")) return picture::clean_png(bytes, limits);
    if (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return picture::clean_webp(bytes, limits);
  }
  return not_a_photo(bytes);
}

}  // namespace zhili::web
