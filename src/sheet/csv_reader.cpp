#include "sheet/csv_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace zhili::sheet {

namespace {

using core::Errc;
using core::fail;

constexpr std::size_t chunk_bytes = 256 * 1024;
constexpr std::size_t not_found = std::string::npos;

/// The position of the line break that ends the record, or not_found. Quotes toggle; a doubled quote toggles twice.
std::size_t record_end(char const* text, std::size_t from, std::size_t bytes, bool& quoted) {
  for (std::size_t i = from; i < bytes; ++i) {
    if (text[i] == '"') quoted = !quoted;
    else if (text[i] == '\n' && !quoted) return i;
  }
  return not_found;
}

}  // namespace

CsvReader::CsvReader(Fill fill, char delimiter) : fill_(std::move(fill)), delimiter_(delimiter) {}

core::Result<bool> CsvReader::more() {
  if (at_end_) return false;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + chunk_bytes) buffer_.resize(end_ + chunk_bytes);
  ZHILI_TRY(auto const got, fill_(buffer_.data() + end_, chunk_bytes));
  at_end_ = got == 0;
  end_ += got;
  return got > 0;
}

core::Result<std::size_t> CsvReader::find_end() {
  bool quoted = false;
  std::size_t seen = 0;
  for (;;) {
    auto const at = record_end(buffer_.data() + begin_, seen, end_ - begin_, quoted);
    if (at != not_found) return at;
    seen = end_ - begin_;
    if (seen > record_bytes_max) break;
    ZHILI_TRY(bool const got, more());
    if (got) continue;
    if (!quoted) return end_ - begin_;
    break;
  }
  // A quote never closes: give up this line only, so that one slip does not swallow the file.
  auto const* start = buffer_.data() + begin_;
  auto const* nl = static_cast<char const*>(std::memchr(start, '\n', end_ - begin_));
  auto const line = line_;
  begin_ += nl ? static_cast<std::size_t>(nl - start) + 1 : end_ - begin_;
  ++line_;
  return fail(Errc::invalid, "csv.quote",
              {fmt::format("第 {} 行的引号没有合上，或这一条超过 {} 字节。请把字段里的引号写成两个。", line, record_bytes_max),
               fmt::format("Line {}: a quote is never closed, or the record is longer than {} bytes. Write a quote inside a "
                           "field twice.", line, record_bytes_max)},
              fmt::format("line {}", line));
}

core::Result<bool> CsvReader::split(std::string_view raw, CsvRecord& out) {
  out.fields.clear();
  unquoted_.clear();
  unquoted_.reserve(raw.size());  // views into it must not move
  std::size_t at = 0;
  for (;;) {
    if (out.fields.size() == fields_max)
      return fail(Errc::limit, "csv.fields",
                  {fmt::format("第 {} 行超过 {} 个字段。", out.line, fields_max),
                   fmt::format("Line {} has more than {} fields.", out.line, fields_max)});
    if (at < raw.size() && raw[at] == '"') {
      auto const start = unquoted_.size();
      for (++at; at < raw.size(); ++at) {
        if (raw[at] != '"') unquoted_ += raw[at];
        else if (at + 1 < raw.size() && raw[at + 1] == '"') unquoted_ += raw[++at];
        else break;
      }
      auto const tail = std::min(raw.find(delimiter_, std::min(at + 1, raw.size())), raw.size());
      if (at + 1 < tail) unquoted_ += raw.substr(at + 1, tail - at - 1);
      out.fields.push_back(std::string_view(unquoted_).substr(start));
      at = tail;
    } else {
      auto const tail = std::min(raw.find(delimiter_, at), raw.size());
      out.fields.push_back(raw.substr(at, tail - at));
      at = tail;
    }
    if (at >= raw.size()) return true;
    ++at;
  }
}

core::Result<> CsvReader::skip_byte_order_mark() {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  started_ = true;
  while (end_ < mark.size() && !at_end_) ZHILI_CHECK(more());
  if (std::string_view(buffer_.data(), end_).starts_with(mark)) begin_ = mark.size();
  return {};
}

core::Result<bool> CsvReader::next(CsvRecord& out) {
  if (!started_) ZHILI_CHECK(skip_byte_order_mark());
  for (;;) {
    if (begin_ == end_) {
      ZHILI_TRY(bool const got, more());
      if (!got && begin_ == end_) return false;
    }
    out.line = line_;
    ZHILI_TRY(auto const length, find_end());
    std::string_view raw(buffer_.data() + begin_, length);
    begin_ = std::min(end_, begin_ + length + 1);
    line_ += 1 + static_cast<std::uint64_t>(std::count(raw.begin(), raw.end(), '\n'));
    if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
    if (raw.empty()) continue;
    out.raw = raw;
    return split(raw, out);
  }
}

}  // namespace zhili::sheet
