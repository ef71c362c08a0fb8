#include "catalogue/text_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/yaml.hpp"

namespace zhili::catalogue {
namespace {

constexpr char32_t TAB = 0x09;
constexpr char32_t CR = 0x0D;

bool is_direction_mark(char32_t c) {
  return c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

bool is_hidden(char32_t c) {
  return c == 0x200B || c == 0x2060 || (c == 0xFEFF) || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_control(char32_t c) {
  return (c < 0x20 && c != TAB && c != CR) || (c >= 0x7F && c < 0xA0);
}

class LineChecker {
 public:
  LineChecker(std::string const& file, std::vector<Finding>& findings) : file_(file), findings_(findings) {}

  void line(std::string_view line, int number) {
    number_ = number;
    line_ = line;
    if (line.size() > max_line_bytes) {
      add(max_line_bytes, "pack.line.long",
          {fmt::format("这一行有 {} 字节，一行最多 {} 字节", line.size(), max_line_bytes),
           fmt::format("this line has {} bytes; a line may have {}", line.size(), max_line_bytes)},
          {"把它分成几行", "break it into several lines"});
    }
    indent();
    for (std::size_t at = 0; at < line.size();) {
      std::size_t const length = utf8_length(line, at);
      if (length == 0) {
        add(at, "pack.utf8", {"这里的字节不是 UTF-8 文字", "the bytes here are not UTF-8 text"},
            {"用 UTF-8 编码保存文件", "save the file as UTF-8"});
        return;  // what follows in this line would only repeat it
      }
      character(utf8_code(line, at, length), at);
      at += length;
    }
  }

 private:
  void indent() {
    std::size_t const end = std::min(line_.find_first_not_of(" \t"), line_.size());
    std::size_t const tab = line_.substr(0, end).find('\t');
    if (tab == std::string_view::npos || end == line_.size()) return;
    add(tab, "pack.tab", {"缩进里有制表符（Tab）", "there is a tab in the indent"},
        {"缩进只用空格，每级两个", "indent with spaces only, two for each level"});
  }

  void character(char32_t c, std::size_t at) {
    if (c == 0) {
      add(at, "pack.nul", {"这里有一个空字符（NUL）", "there is a NUL character here"},
          {"删去它；文件可能不是文本", "remove it; the file may not be text"});
    } else if (is_control(c)) {
      add(at, "pack.control",
          {fmt::format("这里有控制字符 U+{:04X}", static_cast<unsigned>(c)),
           fmt::format("there is a control character U+{:04X} here", static_cast<unsigned>(c))},
          {"删去它", "remove it"});
    } else if (is_direction_mark(c) || (is_hidden(c) && !(number_ == 1 && at == 0))) {
      add(at, "pack.hidden",
          {fmt::format("这里有看不见的字符 U+{:04X}，会让人看到的与程序读到的不同", static_cast<unsigned>(c)),
           fmt::format(
               "there is a hidden character U+{:04X} here: people would see other text than the program",
               static_cast<unsigned>(c))},
          {"删去它", "remove it"});
    }
  }

  void add(std::size_t at, char const* key, core::Text what, core::Text mend) {
    if (findings_.size() >= max_findings) return;
    findings_.push_back({file_, number_, column_of(line_, at), key, std::move(what), std::move(mend)});
  }

  std::string const& file_;
  std::vector<Finding>& findings_;
  std::string_view line_;
  int number_ = 0;
};

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char const first = byte(at);
  std::size_t length = 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF)
    length = 2;
  else if (first >= 0xE0 && first <= 0xEF)
    length = 3;
  else if (first >= 0xF0 && first <= 0xF4)
    length = 4;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80) return 0;
  }
  unsigned char const second = byte(at + 1);
  if (first == 0xE0 && second < 0xA0) return 0;   // overlong
  if (first == 0xED && second >= 0xA0) return 0;  // surrogate
  if (first == 0xF0 && second < 0x90) return 0;   // overlong
  if (first == 0xF4 && second >= 0x90) return 0;  // above U+10FFFF
  return length;
}

char32_t utf8_code(std::string_view text, std::size_t at, std::size_t length) {
  auto const byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  switch (length) {
    case 1:
      return byte(0);
    case 2:
      return ((byte(0) & 0x1FU) << 6U) | (byte(1) & 0x3FU);
    case 3:
      return ((byte(0) & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU);
    default:
      return ((byte(0) & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) |
             (byte(3) & 0x3FU);
  }
}

int column_of(std::string_view line, std::size_t bytes) {
  auto const before = line.substr(0, bytes);
  auto const starts = std::count_if(before.begin(), before.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; });
  return static_cast<int>(starts) + 1;
}

bool check_characters(std::string_view text, std::string const& file, std::vector<Finding>& findings) {
  std::size_t const before = findings.size();
  if (before >= max_findings) return false;
  LineChecker checker(file, findings);
  int number = 0;
  while (!text.empty() && findings.size() < max_findings) {
    std::size_t const end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    checker.line(line, ++number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return findings.size() == before;
}

}  // namespace zhili::catalogue
