// JSON lines with anything in them are read to their end: never a crash; every row belongs to a line that is JSON; a line that is told as bad
// leaves nothing behind; and a line alone is read as it is among others.
#include <boost/json.hpp>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sense/ingest/lines.hpp"
#include "sense/ingest/quarantine.hpp"

namespace {

namespace ingest = zhili::sense::ingest;

std::int64_t named(std::string_view stream) { return stream.empty() || stream.size() > 8 ? 0 : static_cast<std::int64_t>(stream.size()); }

ingest::Batch read(std::string_view text, std::int64_t stream) {
  ingest::Batch out;
  ingest::LineReader(named).read(text, out, stream);
  return out;
}

std::vector<std::string> texts(ingest::Batch const& batch, std::uint32_t line) {
  std::vector<std::string> out;
  for (auto const& row : batch.rows)
    if (line == 0 || row.line == line) out.push_back(ingest::observation_text(batch, row));
  return out;
}

bool is_json(std::string_view line) {
  boost::json::error_code failed;
  boost::json::parse(line, failed);
  return !failed || failed == boost::json::error::exponent_overflow;  // ours reads 0e99999999999
}

void check(std::string_view file, std::int64_t stream) {
  auto const batch = read(file, stream);
  std::set<std::uint32_t> bad;
  for (auto const& unread : batch.unread) {
    if (unread.problem.text.zh.empty() || unread.problem.text.en.empty() || unread.problem.key.empty()) std::abort();
    bad.insert(unread.problem.line);
  }
  if (batch.unread.size() > batch.unread_count) std::abort();
  std::uint32_t number = 0;
  while (!file.empty() && number < 50) {
    ++number;
    auto const end = file.find('\n');
    auto const line = file.substr(0, end);
    file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
    auto const rows = texts(batch, number);
    if (!rows.empty() && (bad.contains(number) || !is_json(line))) std::abort();
    if (texts(read(line, stream), 0) != rows) std::abort();
  }
  for (auto const& row : batch.rows)
    if (auto const again = ingest::observation_from(ingest::observation_text(batch, row)); !again || again->rows.size() != 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const file(reinterpret_cast<char const*>(data), size);
  check(file, 0);
  check(file, 31);
  return 0;
}
