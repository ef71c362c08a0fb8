// A file of records with anything in it is read to its end, whatever pieces it comes in: never a crash, never an endless
// loop, and what was read can be written and read again.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "sheet/csv_reader.hpp"

namespace {

using Record = std::vector<std::string>;
using zhili::sheet::CsvReader;
using zhili::sheet::CsvRecord;

struct Outcome {
  std::vector<Record> records;
  std::size_t faults = 0;
  bool operator==(Outcome const&) const = default;
};

Outcome read(std::string_view file, std::size_t piece) {
  std::size_t at = 0;
  CsvReader reader([&](char* to, std::size_t bytes) -> zhili::core::Result<std::size_t> {
    auto const n = std::min({piece, bytes, file.size() - at});
    std::memcpy(to, file.data() + at, n);
    at += n;
    return n;
  });
  Outcome out;
  std::uint64_t line = 0;
  for (CsvRecord record;;) {
    auto const more = reader.next(record);
    if (!more) {
      if (more.error().text.zh.empty() || more.error().text.en.empty() || ++out.faults > file.size() + 1) std::abort();
      continue;
    }
    if (!*more) return out;
    if (record.line <= line || record.fields.empty()) std::abort();
    line = record.line;
    out.records.emplace_back(record.fields.begin(), record.fields.end());
  }
}

std::string written(std::vector<Record> const& records) {
  std::string out;
  for (auto const& record : records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      out += i == 0 ? "\"" : ",\"";
      for (char const c : record[i]) out += c == '"' ? std::string("\"\"") : std::string(1, c);
      out += '"';
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const file(reinterpret_cast<char const*>(data), size);
  auto const whole = read(file, size + 1);
  if (whole != read(file, 3)) std::abort();
  auto const again = read(written(whole.records), size + 1);
  if (again.faults != 0 || again.records != whole.records) std::abort();
  return 0;
}
