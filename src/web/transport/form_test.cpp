#include "web/form.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "web/transport/body.hpp"
#include "web/utf8.hpp"

namespace zhili::web {
namespace {

std::string code_of(core::Error const& error) {
  return error.key;
}
template <class T>
std::string code_of(core::Result<T> const& result) {
  return result ? "ok" : code_of(result.error());
}

TEST(Form, ReadsPairsInOrder) {
  auto const form = parse_form("a=1&b=%E6%B2%BB+x&a=2&empty=&flag&=v&&").value();
  EXPECT_EQ(form.get("a"), "1");
  EXPECT_EQ(form.all("a"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(form.get("b"), "治 x");
  EXPECT_FALSE(form.get("empty")) << "an empty parameter counts as an absent one";
  EXPECT_FALSE(form.get("flag"));
}

TEST(Form, RefusesWhatIsNotText) {
  for (auto const* text :
       {"a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "%FF=a", "a=%C0%80", "a=%ED%A0%80", "a=%F4%90%80%80"})
    EXPECT_EQ(code_of(parse_form(text)), "form.escape") << text;
}

TEST(Form, EncodesAndDecodesEveryByteOfText) {
  std::string const text = "a b+c/d?e=f&g%h#治理😀‏-._~";
  EXPECT_EQ(percent_decode(percent_encode(text), true), text);
}

TEST(Utf8, KnowsWellFormedFromBroken) {
  for (auto const* good : {"", "a", "é", "治", "😀", "\xEF\xBB\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_clean_utf8(good));
  for (auto const* bad :
       {"\x80", "\xC2", "\xE6\xB2", "\xC1\x81", "\xE0\x80\x80", "\xED\xBF\xBF", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_FALSE(is_clean_utf8(bad));
  EXPECT_FALSE(is_clean_utf8(std::string_view("a\0b", 3)));
  EXPECT_EQ(count_characters("a治😀"), 3U);
}

std::string const head = "Content-Disposition: form-data; name=";

TEST(Multipart, ReadsFieldsAndFiles) {
  std::string const body = "--x--y\r\n" + head + "\"words\"\r\n\r\n灯不亮\r\n--x--y\r\n" + head +
                           "photo; filename=\"a \\\"b\\\".jpg\"\r\nContent-Type: Image/JPEG; "
                           "q=1\r\n\r\n\r\n--x--\r\n\r\n--x--y--\r\n";
  auto const parts = parse_multipart(body, "multipart/form-data; charset=utf-8; boundary=\"x--y\"").value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].name, "words");
  EXPECT_FALSE(parts[0].filename);
  EXPECT_EQ(parts[0].content, "灯不亮");
  EXPECT_EQ(parts[1].filename, "a \"b\".jpg");
  EXPECT_EQ(parts[1].type, "image/jpeg");
  EXPECT_EQ(parts[1].content, "\r\n--x--\r\n") << "what only looks like a boundary is content";
}

TEST(Multipart, AnEmptyPartIsEmpty) {
  for (auto const* end : {"\r\n\r\n\r\n--B--", "\r\n\r\n--B--"}) {
    auto const parts =
        parse_multipart("--B\r\n" + head + "a" + end, "multipart/form-data; boundary=B").value();
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_EQ(parts[0].content, "");
  }
}

TEST(Multipart, RefusesWhatIsBroken) {
  std::string const type = "multipart/form-data; boundary=B";
  for (std::string const& body : std::vector<std::string>{
           std::string(), std::string("--B"), std::string("--C\r\n"), "--B\r\n" + head + "a\r\n\r\nv",
           "--B\r\n" + head + "a\r\n\r\nv\r\n--B", "--B\r\n\r\nv\r\n--B--",
           "--B\r\nno colon\r\n\r\nv\r\n--B--", "--B\r\n" + head + "\"a\r\n\r\nv\r\n--B--",
           "--B\r\nContent-Disposition: attachment; name=a\r\n\r\nv\r\n--B--",
           "--B\r\n" + head + "a\r\n" + head + "b\r\n\r\nv\r\n--B--",
           "--B\r\n" + head + "\xFF\r\n\r\nv\r\n--B--",
           "--B\r\n" + head + "a\r\nX: " + std::string(5000, 'x') + "\r\n\r\nv\r\n--B--",
           "--BX" + head + "a\r\n\r\nv\r\n--B--"})
    EXPECT_EQ(code_of(parse_multipart(body, type)), "form.multipart") << body;
  for (auto const* bad : {"multipart/form-data", "multipart/form-data; boundary=",
                          "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a"})
    EXPECT_EQ(code_of(parse_multipart("--B--", bad)), "form.boundary") << bad;
  EXPECT_EQ(code_of(parse_multipart("--B--", "multipart/form-data; boundary=" + std::string(71, 'b'))),
            "form.boundary");
}

TEST(Multipart, HasLimits) {
  std::string body;
  for (int i = 0; i < 5; ++i) body += "--B\r\n" + head + "a\r\n\r\n12345\r\n";
  body += "--B--";
  std::string const type = "multipart/form-data; boundary=B";
  EXPECT_EQ(code_of(parse_multipart(body, type, {.parts_max = 5})), "ok");
  EXPECT_EQ(code_of(parse_multipart(body, type, {.parts_max = 4})), "form.parts");
  EXPECT_EQ(code_of(parse_multipart(body, type, {.part_bytes_max = 5})), "ok");
  EXPECT_EQ(code_of(parse_multipart(body, type, {.part_bytes_max = 4})), "form.part_bytes");
}

Request json_request(std::string body, std::string const& type = "application/json; charset=utf-8") {
  Request request;
  request.headers.add("content-type", type);
  request.body = std::move(body);
  return request;
}

TEST(Json, IsReadWithinLimits) {
  EXPECT_EQ(read_json(json_request(R"({"words":"治理"})")).value().at("words").as_string(), "治理");
  EXPECT_EQ(code_of(read_json(json_request("{}", "text/plain"))), "body.type");
  EXPECT_EQ(code_of(read_json(json_request("{}", ""))), "body.type");
  for (std::string const& bad : {std::string(), std::string("{"), std::string("{} x"), std::string("{'a':1}"),
                                 std::string("\"\xFF\""), std::string("NaN"), std::string("{\"a\":01}")})
    EXPECT_EQ(code_of(read_json(json_request(bad))), "body.json") << bad;
}

TEST(Json, ABombOfDepthIsRefused) {
  auto const nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_EQ(code_of(read_json(json_request(nested(json_depth_max)))), "ok");
  EXPECT_EQ(code_of(read_json(json_request(nested(json_depth_max + 1)))), "body.json");
  EXPECT_EQ(code_of(read_json(json_request(std::string(1'000'000, '[')))), "body.json");
  EXPECT_EQ(
      code_of(read_json(json_request("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>", "text/xml"))),
      "body.type");
}

TEST(Body, GivesTheSameHoweverItIsCut) {
  std::string const bytes = "5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n000\r\nX: y\r\n\r\nGET /next";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    BodyReader reader(Framing::chunked, 0, 15);
    std::string_view rest(bytes);
    rest.remove_suffix(bytes.size() - cut);
    ASSERT_TRUE(reader.feed(rest)) << cut;
    std::string_view more = std::string_view(bytes).substr(cut - rest.size());
    ASSERT_TRUE(reader.feed(more)) << cut;
    EXPECT_TRUE(reader.done());
    EXPECT_EQ(reader.take(), "hello0123456789");
    EXPECT_EQ(more, "GET /next");
  }
}

}  // namespace
}  // namespace zhili::web
