#include "sheet/csv_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace zhili::sheet {
namespace {

/// All records of a text that is handed over `step` bytes at a time; a broken record shows as {"!key"}.
std::vector<std::vector<std::string>> read_all(std::string const& text, std::size_t step) {
  std::size_t at = 0;
  CsvReader reader([&](char* to, std::size_t bytes) -> core::Result<std::size_t> {
    auto const n = std::min({step, bytes, text.size() - at});
    std::memcpy(to, text.data() + at, n);
    at += n;
    return n;
  });
  std::vector<std::vector<std::string>> out;
  CsvRecord record;
  for (;;) {
    auto const got = reader.next(record);
    if (!got) out.push_back({"!" + got.error().key});
    else if (!*got) return out;
    else out.emplace_back(record.fields.begin(), record.fields.end());
  }
}

using Rows = std::vector<std::vector<std::string>>;

TEST(Csv, ReadsWhatRfc4180Allows) {
  std::string const text = "\xEF\xBB\xBF" "a,\"b, \"\"c\"\"\",d\r\n\r\n1,\"two\nlines\",\n,,\"\"\nlast";
  Rows const expected{{"a", "b, \"c\"", "d"}, {"1", "two\nlines", ""}, {"", "", ""}, {"last"}};
  for (std::size_t step : {1U, 2U, 3U, 7U, 1000U}) EXPECT_EQ(read_all(text, step), expected) << "step " << step;
}

TEST(Csv, AQuoteThatNeverClosesLosesOneLineOnly) {
  EXPECT_EQ(read_all("a,b\nx,\"y\n1,2\n3,4\n", 5), (Rows{{"a", "b"}, {"!csv.quote"}, {"1", "2"}, {"3", "4"}}));
}

TEST(Csv, CountsLinesWhereARecordBegins) {
  std::string const text = "h\n\"1\n2\"\nz\n";
  std::size_t at = 0;
  CsvReader reader([&](char* to, std::size_t bytes) -> core::Result<std::size_t> {
    auto const n = std::min(bytes, text.size() - at);
    std::memcpy(to, text.data() + at, n);
    at += n;
    return n;
  });
  CsvRecord record;
  std::vector<std::uint64_t> lines;
  while (*reader.next(record)) lines.push_back(record.line);
  EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 2, 4}));
}

}  // namespace
}  // namespace zhili::sheet
