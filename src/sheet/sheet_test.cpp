#include "sheet/sheet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zhili::sheet {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Sheet small(std::string text) {
  return {.name = "按部门", .columns = {{"部门"}, {"应结案"}, {"按期结案率", Form::share}}, .rows = {{std::move(text), std::int64_t{8}, 0.75}}};
}

TEST(Csv, KeepsCommasQuotesAndLines) {
  auto sheet = small("a,\"b\"\nc");
  sheet.notes = {"2026 年 7 月"};
  EXPECT_EQ(csv(sheet), "\xEF\xBB\xBF" "2026 年 7 月\r\n部门,应结案,按期结案率\r\n\"a,\"\"b\"\"\nc\",8,0.75\r\n");
}

TEST(Csv, MakesNoFormulaOfWhatSomebodyWrote) {
  for (auto const* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
    EXPECT_THAT(csv(small(text)), HasSubstr(std::string("\"'") + text)) << text;
  EXPECT_THAT(csv(small("1-2")), HasSubstr("\r\n1-2,"));
  EXPECT_THAT(csv({.name = "n", .columns = {{"n"}}, .rows = {{std::int64_t{-3}}}}), HasSubstr("\r\n-3\r\n")) << "a number stays a number";
}

TEST(Xlsx, IsAZipFileAndTheSameBytesForTheSameInput) {
  std::vector<Sheet> const sheets{small("=1+1"), {.name = "a[b]:c", .columns = {{"x"}}, .rows = {}}};
  auto const made_at = core::from_ms(1'767'225'600'000);
  auto const one = xlsx(sheets, made_at);
  ASSERT_TRUE(one) << one.error().detail;
  EXPECT_THAT(*one, StartsWith("PK"));
  EXPECT_EQ(*one, *xlsx(sheets, made_at));
}

TEST(Xlsx, RefusesWhatTheFormatCannotHold) {
  auto const long_cell = xlsx(std::vector{small(std::string(xlsx_cell_chars_max + 1, 'x'))}, {});
  ASSERT_FALSE(long_cell);
  EXPECT_EQ(long_cell.error().key, "sheet.cell");
  Sheet many{.name = "many", .columns = {{"x"}}, .rows = {}};
  many.rows.resize(xlsx_rows_max);
  auto const too_many = xlsx(std::vector{many}, {});
  ASSERT_FALSE(too_many);
  EXPECT_EQ(too_many.error().key, "sheet.rows");
}

}  // namespace
}  // namespace zhili::sheet
