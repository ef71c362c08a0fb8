#include "web/photo/photo.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>

#include "store/digest.hpp"
#include "web/photo/bytes.hpp"

namespace zhili::web {
namespace {

using picture::put_big;
using picture::put_little;

/// Pictures of 16 × 8 pixels as a browser's canvas writes them, with its colour profile.
std::string photo_file(std::string const& name) {
  std::ifstream file(std::string(ZHILI_SOURCE_DIR) + "/src/web/photo/testdata/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// An EXIF directory with the orientation and a secret behind it.
std::string secret_exif(std::uint32_t orientation) {
  return picture::orientation_block(orientation) + "SECRET GPS 34.86N 117.55E SECRET camera 42";
}

std::string jpeg_segment(char marker, std::string_view content) {
  std::string out{'\xFF', marker};
  put_big(out, static_cast<std::uint32_t>(content.size() + 2), 2);
  return out + std::string(content);
}

std::string png_chunk(std::string_view type, std::string_view content) {
  std::string out;
  put_big(out, static_cast<std::uint32_t>(content.size()), 4);
  auto const checked = std::string(type) + std::string(content);
  out += checked;
  auto const sum =
      crc32(0, reinterpret_cast<Bytef const*>(checked.data()), static_cast<uInt>(checked.size()));
  put_big(out, static_cast<std::uint32_t>(sum), 4);
  return out;
}

std::string webp_with(std::string bytes, std::string_view type, std::string_view content) {
  bytes += type;
  put_little(bytes, static_cast<std::uint32_t>(content.size()), 4);
  bytes += content;
  if (content.size() % 2 != 0) bytes += '\0';
  std::string size;
  put_little(size, static_cast<std::uint32_t>(bytes.size() - 8), 4);
  return bytes.replace(4, 4, size);
}

std::string dirty_jpeg(std::uint32_t orientation = 6) {
  auto bytes = photo_file("photo.jpg");
  auto const secrets = jpeg_segment('\xE1', std::string("Exif\0\0", 6) + secret_exif(orientation)) +
                       jpeg_segment('\xE1', "http://ns.adobe.com/xap/1.0/ <x>SECRET xmp</x>") +
                       jpeg_segment('\xED', "Photoshop 3.0 SECRET iptc") +
                       jpeg_segment('\xFE', "SECRET comment") + jpeg_segment('\xE2', "ICC_PROFILE SECRET");
  return bytes.insert(2, secrets) + "SECRET behind the end";
}

std::string dirty_png() {
  auto bytes = photo_file("photo.png");
  auto const at = std::string_view("\x89PNG\r\n\x1A\n").size() + 25;  // behind IHDR
  return bytes.insert(at, png_chunk("tEXt", std::string("Comment\0SECRET", 14)) +
                              png_chunk("iTXt", "XML:com.adobe.xmp SECRET") +
                              png_chunk("eXIf", secret_exif(3)) + png_chunk("tIME", "SECRET!") +
                              png_chunk("iCCP", "SECRET")) +
         "SECRET behind the end";
}

std::string dirty_webp(std::string const& name) {
  auto const bytes = webp_with(webp_with(photo_file(name), "EXIF", secret_exif(8)), "XMP ", "<x>SECRET</x>");
  return bytes + "SECRET behind the end";
}

std::string code(core::Result<CleanPhoto> const& result) {
  return result ? "ok" : result.error().key;
}

TEST(Photo, KnowsTheThreeTypesByContent) {
  for (auto const& [name, type] :
       {std::pair("photo.jpg", PhotoType::jpeg), std::pair("photo.png", PhotoType::png),
        std::pair("photo.webp", PhotoType::webp), std::pair("alpha.webp", PhotoType::webp),
        std::pair("lossless.webp", PhotoType::webp)}) {
    auto const clean = clean_photo(photo_file(name));
    ASSERT_TRUE(clean) << name << clean.error().detail;
    EXPECT_EQ(clean->type, type) << name;
    EXPECT_EQ(clean->width, 16U) << name;
    EXPECT_EQ(clean->height, 8U) << name;
    EXPECT_EQ(clean_photo(clean->bytes)->bytes, clean->bytes) << name << ": cleaning twice changes nothing";
  }
}

TEST(Photo, KeepsNothingButThePicture) {
  for (auto const& bytes : {dirty_jpeg(), dirty_png(), dirty_webp("photo.webp"), dirty_webp("alpha.webp"),
                            dirty_webp("lossless.webp")}) {
    ASSERT_NE(bytes.find("SECRET"), std::string::npos);
    auto const clean = clean_photo(bytes);
    ASSERT_TRUE(clean) << clean.error().detail;
    for (auto const* word : {"SECRET", "GPS", "ICC", "ICCP", "Adobe", "xmp"})
      EXPECT_EQ(clean->bytes.find(word), std::string::npos) << word << " in " << media_type(clean->type);
  }
}

TEST(Photo, DoesNotTouchThePixels) {
  auto const jpeg = photo_file("photo.jpg");
  auto const scan = jpeg.substr(jpeg.find("\xFF\xDA"));
  EXPECT_NE(clean_photo(dirty_jpeg())->bytes.find(scan), std::string::npos);
  auto const png = photo_file("photo.png");
  auto const data = png.substr(png.find("IDAT"), 61);
  EXPECT_NE(clean_photo(dirty_png())->bytes.find(data), std::string::npos);
  auto const webp = photo_file("photo.webp");
  auto const frame = webp.substr(webp.find("VP8 ") + 8);
  EXPECT_NE(clean_photo(dirty_webp("photo.webp"))->bytes.find(frame.substr(0, frame.size() - 1)),
            std::string::npos);
}

TEST(Photo, KeepsTheOrientationAlone) {
  for (std::uint32_t orientation = 1; orientation <= 8; ++orientation) {
    auto const bytes = clean_photo(dirty_jpeg(orientation))->bytes;
    auto const at = bytes.find(std::string("Exif\0\0", 6));
    if (orientation == 1) {
      EXPECT_EQ(at, std::string::npos);
      continue;
    }
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(picture::orientation_of(std::string_view(bytes).substr(at + 6)), orientation);
  }
  EXPECT_NE(clean_photo(dirty_png())->bytes.find(picture::orientation_block(3)), std::string::npos);
  EXPECT_NE(clean_photo(dirty_webp("photo.webp"))->bytes.find(picture::orientation_block(8)),
            std::string::npos);
}

TEST(Photo, ReadsOrientationOfEitherByteOrderAndSurvivesNonsense) {
  std::string little("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0", 26);
  EXPECT_EQ(picture::orientation_of(little), 6U);
  little[18] = 9;
  EXPECT_EQ(picture::orientation_of(little), 1U);
  for (std::size_t n = 0; n < little.size(); ++n) EXPECT_EQ(picture::orientation_of(little.substr(0, n)), 1U);
  EXPECT_EQ(picture::orientation_of(std::string("II*\0\xFF\xFF\xFF\xFF", 8)), 1U);
}

TEST(Photo, RefusesAPhotoThatIsNotAPhotoAndSaysSo) {
  for (std::string_view const bytes :
       {std::string_view("hello, I am holiday.jpg"), std::string_view("GIF89a\1\0\1\0\0\0\0;  padding"),
        std::string_view("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        std::string_view("<!DOCTYPE html><script>"), std::string_view("%PDF-1.7 and some more bytes"),
        std::string_view("MZ and some more bytes here"), std::string_view("")}) {
    auto const refused = clean_photo(bytes);
    EXPECT_EQ(code(refused), "photo.type") << bytes;
    EXPECT_NE(refused.error().text.zh.find("不是照片"), std::string::npos);
    EXPECT_NE(refused.error().text.en.find("not a photo"), std::string::npos);
  }
  auto const heic =
      clean_photo(std::string_view("\0\0\0\x18"
                                   "ftypheic\0\0\0\0mif1",
                                   20));
  EXPECT_EQ(code(heic), "photo.type");
  EXPECT_NE(heic.error().text.en.find("HEIC"), std::string::npos);
}

TEST(Photo, RefusesEveryTruncation) {
  for (auto const* name : {"photo.jpg", "photo.png", "photo.webp", "alpha.webp", "lossless.webp"}) {
    auto const bytes = photo_file(name);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      auto const result = clean_photo(std::string_view(bytes).substr(0, n));
      ASSERT_FALSE(result) << name << " cut to " << n;
      ASSERT_TRUE(result.error().key == "photo.broken" || result.error().key == "photo.type")
          << result.error().key;
    }
  }
}

TEST(Photo, RefusesHeadersWithoutAPicture) {
  EXPECT_EQ(
      code(clean_photo(std::string("\xFF\xD8") + jpeg_segment('\xE0', "JFIF and no more") + "\xFF\xD9")),
      "photo.broken");
  EXPECT_EQ(code(clean_photo(std::string("\xFF\xD8\xFF\xE0") + std::string(40, 'x'))), "photo.broken");
  auto const png = photo_file("photo.png");
  EXPECT_EQ(code(clean_photo(png.substr(0, 33) + png_chunk("IEND", ""))), "photo.broken");
  EXPECT_EQ(code(clean_photo(webp_with(std::string("RIFF\0\0\0\0WEBP", 12), "EXIF", secret_exif(1)))),
            "photo.broken");
}

TEST(Photo, AFlippedBitInAPngIsSeen) {
  auto const good = photo_file("photo.png");
  for (std::size_t at = 8; at < good.size(); ++at) {
    auto bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    EXPECT_FALSE(clean_photo(bytes)) << at;
  }
}

std::string png_of(std::uint32_t width, std::uint32_t height, std::size_t unpacked) {
  std::string header;
  put_big(header, width, 4);
  put_big(header, height, 4);
  header += std::string("\x08\0\0\0\0", 5);
  std::string const zeros(unpacked, '\0');
  std::string packed(compressBound(unpacked), '\0');
  auto size = static_cast<uLongf>(packed.size());
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<Bytef const*>(zeros.data()),
           unpacked);
  packed.resize(size);
  return "\x89PNG\r\n\x1A\n" + png_chunk("IHDR", header) + png_chunk("IDAT", packed) + png_chunk("IEND", "");
}

TEST(Photo, RefusesTooManyPixelsBeforeUnpacking) {
  EXPECT_EQ(code(clean_photo(png_of(100, 10, 1010))), "ok");
  EXPECT_EQ(code(clean_photo(png_of(60'000, 60'000, 10))), "photo.pixels");
  EXPECT_EQ(code(clean_photo(png_of(15'000, 15'000, 10))), "photo.pixels");
  EXPECT_EQ(code(clean_photo(png_of(17'000, 1, 10))), "photo.pixels");
  EXPECT_EQ(code(clean_photo(png_of(0, 10, 10))), "photo.broken");
  PhotoLimits limits;
  limits.pixels_max = 127;
  for (auto const* name : {"photo.jpg", "photo.png", "photo.webp", "lossless.webp"})
    EXPECT_EQ(code(clean_photo(photo_file(name), limits)), "photo.pixels") << name;
}

TEST(Photo, RefusesAPngBomb) {
  EXPECT_EQ(code(clean_photo(png_of(10, 10, 5'000'000))), "photo.broken");
  EXPECT_EQ(code(clean_photo(png_of(10, 10, 109))), "photo.broken");
}

TEST(Photo, RefusesAJpegWithEndlessScans) {
  auto const good = photo_file("photo.jpg");
  auto const scan = good.substr(good.find("\xFF\xDA"), good.size() - 2 - good.find("\xFF\xDA"));
  auto bytes = good.substr(0, good.size() - 2);
  for (int i = 0; i < 200; ++i) bytes += scan;
  EXPECT_EQ(code(clean_photo(bytes + "\xFF\xD9")), "photo.broken");
}

TEST(Photo, RefusesTooManyBytes) {
  PhotoLimits limits;
  limits.bytes_max = 100;
  EXPECT_EQ(code(clean_photo(photo_file("photo.jpg"), limits)), "photo.bytes");
}

TEST(Photo, RefusesAnimations) {
  auto const png = photo_file("photo.png");
  EXPECT_EQ(code(clean_photo(std::string(png).insert(33, png_chunk("acTL", std::string(8, '\0'))))),
            "photo.animated");
  auto webp = photo_file("photo.webp");
  webp[20] = static_cast<char>(webp[20] | 2);
  EXPECT_EQ(code(clean_photo(webp)), "photo.animated");
}

struct PhotoFolder : testing::Test {
  std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("zhili_photo_" + std::to_string(::getpid()));
  ~PhotoFolder() override { std::filesystem::remove_all(directory); }
  std::size_t files() const {
    std::size_t n = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(directory))
      n += entry.is_regular_file();
    return n;
  }
};

TEST_F(PhotoFolder, KeepsAPhotoOnceUnderItsHash) {
  PhotoStore store(directory);
  auto const kept = store.keep(dirty_jpeg());
  ASSERT_TRUE(kept) << kept.error().detail;
  EXPECT_EQ(store.keep(dirty_jpeg() + "other trailing bytes")->name, kept->name);
  EXPECT_EQ(files(), 1U);
  auto const bytes = store.load(kept->name);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(kept->name, store::to_hex(store::sha256(*bytes)) + ".jpg");
  EXPECT_TRUE(std::filesystem::exists(directory / kept->name.substr(0, 2) / kept->name));
  EXPECT_TRUE(store.remove(kept->name));
  EXPECT_EQ(store.load(kept->name).error().key, "photo.unknown");
  EXPECT_EQ(files(), 0U);
}

TEST_F(PhotoFolder, LeavesNothingOfARefusedPhoto) {
  PhotoStore store(directory);
  EXPECT_FALSE(store.keep("not a photo at all"));
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST_F(PhotoFolder, ANameThatIsNoPhotoNameReachesNoFile) {
  PhotoStore const store(directory);
  std::filesystem::create_directories(directory / "..");
  for (auto const* name : {"../../etc/passwd", "", "a.jpg", "..", "/etc/passwd"})
    EXPECT_EQ(store.load(name).error().key, "photo.unknown");
}

TEST_F(PhotoFolder, SaysSoWhenTheDiskDoesNotTakeIt) {
  std::ofstream(directory) << "a file where the folder should be";
  PhotoStore store(directory);
  auto const kept = store.keep(photo_file("photo.png"));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, core::Errc::unavailable);
}

}  // namespace
}  // namespace zhili::web
