#include "sense/ingest/lines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "sense/ingest/json_scan.hpp"

namespace zhili::sense::ingest {
namespace {

std::int64_t stream_number(std::string_view stream) { return stream == "level" ? 31 : stream == "pump" ? 32 : stream == "状态" ? 34 : 0; }

Batch batch_from(std::string_view text, std::int64_t stream = 0) {
  Batch out;
  LineReader(stream_number).read(text, out, stream);
  return out;
}

TEST(Lines, EveryForm) {
  auto const batch = batch_from(
      "{\"s\":\"level\",\"t\":1700000000000,\"v\":12.5}\n"
      "[\"level\",1700000000001,13]\r\n"
      "\n"
      "[\"pump\",true]\n"
      " { \"v\" : -1e2 , \"s\" : \"level\" , \"t\" : \"2023-11-14T22:13:20.250Z\" , \"u\" : \"m\" } \n"
      "{\"t\":1700000000002,\"v\":{\"level\":14,\"pump\":false,\"状态\":\"开\\u0041\\n\"}}\n"
      "{\"d\":77,\"v\":{\"a\":[1,2]}}\n"
      "[77,1700000000003,\"x\",\"cm\"]");
  EXPECT_EQ(batch.unread_count, 0U) << (batch.unread.empty() ? "" : batch.unread[0].problem.text.en);
  ASSERT_EQ(batch.size(), 9U);
  auto const& rows = batch.rows;
  EXPECT_EQ(rows[0].datastream, 31);
  EXPECT_EQ(rows[0].phenomenon_ms, 1'700'000'000'000);
  EXPECT_EQ(rows[0].number, 12.5);
  EXPECT_TRUE(rows[0].device_words);
  EXPECT_EQ(rows[1].number, 13);
  EXPECT_EQ(rows[2].kind, ValueKind::truth);
  EXPECT_EQ(rows[2].phenomenon_ms, time_absent);
  EXPECT_EQ(rows[2].line, 4U) << "blank lines count";
  EXPECT_EQ(rows[3].number, -100);
  EXPECT_EQ(rows[3].phenomenon_ms, 1'700'000'000'250);
  EXPECT_EQ(batch.find_more(rows[3])->unit, "m");
  EXPECT_EQ(rows[4].number, 14);
  EXPECT_EQ(rows[6].datastream, 34);
  EXPECT_EQ(batch.text(rows[6]), "开A\n");
  EXPECT_EQ(rows[6].phenomenon_ms, 1'700'000'000'002);
  EXPECT_EQ(rows[7].datastream, 77);
  EXPECT_FALSE(rows[7].device_words);
  EXPECT_EQ(rows[7].kind, ValueKind::json);
  EXPECT_EQ(batch.text(rows[7]), "{\"a\":[1,2]}");
  EXPECT_EQ(batch.text(rows[8]), "x");
}

TEST(Lines, ATopicThatNamesTheStreamNeedsOnlyTheValue) {
  auto const batch = batch_from("12.5\n{\"v\":13,\"t\":1700000000000}\n\"open\"\ntrue\n", 31);
  ASSERT_EQ(batch.size(), 4U);
  EXPECT_EQ(batch.unread_count, 0U);
  for (auto const& row : batch.rows) EXPECT_EQ(row.datastream, 31);
  EXPECT_TRUE(batch.rows[0].device_words && batch.rows[1].device_words);
  EXPECT_EQ(batch.rows[1].phenomenon_ms, 1'700'000'000'000);
}

struct BadLine {
  std::string_view line;
  std::string_view key, field;
};

TEST(Lines, EveryMistakeIsToldWithItsLineAndField) {
  BadLine const cases[] = {
      {"hello", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":1", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":1}}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":01}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":.5}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":1.}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":+1}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":NaN}", "ingest.json", ""},
      {"{\"s\":\"level\",\"v\":1,}", "ingest.json", ""},
      {"{\"s\":\"lev\\u0000el\",\"v\":1}", "ingest.json", ""},
      {"{\"s\":\"\xff\",\"v\":1}", "ingest.json", ""},
      {"{\"s\":\"\\ud800\",\"v\":1}", "ingest.json", ""},
      {"[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]", "ingest.json", ""},
      {"12.5", "ingest.line", ""},
      {"[]", "ingest.line", ""},
      {"[\"level\"]", "ingest.line", ""},
      {"[\"level\",1,2,\"m\",5]", "ingest.line", ""},
      {"{\"s\":\"level\"}", "ingest.line", "v"},
      {"{}", "ingest.line", "v"},
      {"{\"v\":1}", "ingest.stream", "s"},
      {"{\"s\":5,\"v\":1}", "ingest.stream", "s"},
      {"{\"s\":\"\",\"v\":1}", "ingest.stream", "s"},
      {"{\"s\":\"lvel\",\"v\":1}", "ingest.stream", "s"},
      {"{\"v\":{\"level\":1,\"lvel\":2}}", "ingest.stream", "s"},
      {"{\"d\":0,\"v\":1}", "ingest.stream", "d"},
      {"{\"d\":1.5,\"v\":1}", "ingest.stream", "d"},
      {"{\"d\":1,\"s\":\"level\",\"v\":1}", "ingest.line", ""},
      {"{\"s\":\"level\",\"s\":\"level\",\"v\":1}", "ingest.line", ""},
      {"{\"s\":\"level\",\"value\":1}", "ingest.line", ""},
      {"{\"s\":\"level\",\"t\":\"yesterday\",\"v\":1}", "ingest.time", "t"},
      {"{\"s\":\"level\",\"t\":1.5,\"v\":1}", "ingest.time", "t"},
      {"{\"s\":\"level\",\"t\":999999999999999999,\"v\":1}", "ingest.time", "t"},
      {"{\"s\":\"level\",\"t\":null,\"v\":1}", "ingest.time", "t"},
      {"{\"s\":\"level\",\"v\":null}", "ingest.value", "v"},
      {"{\"s\":\"level\",\"v\":1e999}", "ingest.value", "v"},
      {"{\"s\":\"level\",\"v\":1,\"u\":5}", "ingest.unit", "u"},
  };
  for (auto const& one : cases) {
    auto const batch = batch_from("{\"s\":\"level\",\"v\":1}\n" + std::string(one.line) + "\n[\"level\",2]\n");
    EXPECT_EQ(batch.size(), 2U) << one.line;
    ASSERT_EQ(batch.unread_count, 1U) << one.line;
    auto const& problem = batch.unread[0].problem;
    EXPECT_EQ(problem.line, 2U);
    EXPECT_EQ(problem.key, one.key) << one.line;
    EXPECT_EQ(problem.field, one.field) << one.line;
    EXPECT_TRUE(problem.text.en.starts_with("line 2: ")) << problem.text.en;
    EXPECT_NE(problem.text.zh.find("第 2 行"), std::string::npos);
    EXPECT_EQ(batch.rows[1].line, 3U);
  }
}

TEST(Lines, ALineThatIsPartlyGoodIsNotTaken) {
  auto const batch = batch_from("{\"v\":{\"level\":1,\"pump\":true,\"nothing\":3}}\n");
  EXPECT_EQ(batch.size(), 0U);
  EXPECT_TRUE(batch.bytes.empty());
}

TEST(Lines, AMegabyteOfGarbageIsNotReadToItsEnd) {
  std::string lines;
  while (lines.size() < 1'000'000) lines += "garbage\n";
  auto batch = batch_from(lines);
  EXPECT_EQ(batch.unread_count, bad_lines_tried_max + 1);
  EXPECT_EQ(batch.unread.size(), unread_told_max);
  batch = batch_from(std::string(1'000'000, '['));
  EXPECT_EQ(batch.unread_count, 1U);
  EXPECT_EQ(batch.unread[0].problem.key, "ingest.line_bytes");
  EXPECT_LE(batch.unread[0].sent.size(), 4'096U);
}

TEST(Lines, GoodLinesAreFoundAmongManyBadOnes) {
  std::string lines = "[\"level\",1]\n";
  for (int i = 0; i < 1'000; ++i) lines += "garbage\n";
  lines += "[\"level\",2]\n";
  auto const batch = batch_from(lines);
  EXPECT_EQ(batch.size(), 2U);
  EXPECT_EQ(batch.unread_count, 1'000U);
}

TEST(Lines, NumbersAreReadExactly) {
  auto const read = [](std::string const& text) {
    double value = 0;
    std::int64_t integer = 0;
    JsonScan scan(text);
    EXPECT_NE(scan.number(value, integer), JsonScan::Number::none) << text;
    EXPECT_TRUE(scan.at_end()) << text;
    return value;
  };
  for (auto const* text : {"0", "-0", "0.1", "12.5", "9007199254740993", "123456789012345678", "1234567890123456789", "0.30000000000000004", "1e22", "1e23", "5e-324", "1.7976931348623157e308",
                           "0.000000000000000000000001", "123456.789012345678901234567890", "4.35", "0.000001"})
    EXPECT_EQ(read(text), std::strtod(text, nullptr)) << text;
  EXPECT_TRUE(std::isinf(read("1e999")));
  EXPECT_EQ(read("1e-999"), 0);
  EXPECT_EQ(read("0.0" + std::string(400, '0') + "1"), 0);
  EXPECT_TRUE(std::isinf(read(std::string(400, '9') + "e-5")));
  std::mt19937_64 random(20'260'712);
  for (int i = 0; i < 20'000; ++i) {
    char text[64];
    double const value = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 160) - 80);
    std::snprintf(text, sizeof text, i % 2 == 0 ? "%.*f" : "%.*e", static_cast<int>(random() % 12), value);
    EXPECT_EQ(read(text), std::strtod(text, nullptr)) << text;
  }
}

}  // namespace
}  // namespace zhili::sense::ingest
