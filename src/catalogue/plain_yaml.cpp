#include "catalogue/plain_yaml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "catalogue/schema.hpp"

namespace zhili::catalogue {

core::Result<PlainYaml> read_plain(std::filesystem::path const& file) {
  std::error_code error;
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file, error)) {
    return core::fail(core::Errc::not_found, "file.none",
                      {fmt::format("文件 {} 不存在或不能读", file.string()),
                       fmt::format("the file {} is not there or cannot be read", file.string())},
                      file.string());
  }
  std::string text(max_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  PlainYaml read;
  read.root = read_yaml(text, file.filename().string(), read.findings);
  if (read.findings.empty() && !read.root.is_map()) {
    read.findings.push_back({file.filename().string(),
                             1,
                             1,
                             "file.map",
                             {"文件不是由“键: 值”组成", "the file is not made of “key: value”"},
                             {"对照同类文件的写法", "compare it with another file of its kind"}});
  }
  return read;
}

core::Result<> as_error(std::filesystem::path const& file, std::vector<Finding> const& findings) {
  if (findings.empty()) return {};
  Finding const& first = findings.front();
  return core::fail(core::Errc::invalid, first.key,
                    {fmt::format("{} 有 {} 处错误；第一处：{}。{}", file.filename().string(), findings.size(),
                                 first.what.zh, first.mend.zh),
                     fmt::format("{} has {} mistakes; the first: {}; {}", file.filename().string(),
                                 findings.size(), first.what.en, first.mend.en)},
                    fmt::format("{}:{}:{}", first.file, first.line, first.column),
                    render(findings, core::Lang::en));
}

void only_known(Node const& map, std::vector<std::string> const& known, Report& report) {
  for (auto const& key : map.keys) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    std::string const meant = nearest(key.text, known);
    std::string const list = fmt::format("{}", fmt::join(known, ", "));
    report.at(key, "file.unknown",
              {fmt::format("这里没有“{}”这一项", key.text), fmt::format("there is no “{}” here", key.text)},
              {fmt::format("{}可用的有：{}", meant.empty() ? "" : fmt::format("是不是“{}”？", meant), list),
               fmt::format("{}what may stand here: {}",
                           meant.empty() ? "" : fmt::format("did you mean “{}”? ", meant), list)});
  }
}

std::string need_text(Node const& map, char const* key, Report& report) {
  auto const text = map.str(key);
  if (text.empty()) {
    report.also(map, "file.missing", {fmt::format("缺少“{}”", key), fmt::format("“{}” is missing", key)},
                {fmt::format("加上 {}: …", key), fmt::format("add {}: …", key)});
  }
  return std::string(text);
}

std::map<std::string, std::string, std::less<>> word_map(Node const* map, Report& report) {
  std::map<std::string, std::string, std::less<>> words;
  if (map == nullptr || !map->is_map()) return words;
  for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i) {
    if (map->children[i].is_scalar()) {
      words.emplace(map->keys[i].text, map->children[i].text);
    } else {
      report.at(map->keys[i], "file.word",
                {fmt::format("“{}”要对应一个词", map->keys[i].text),
                 fmt::format("“{}” needs one word", map->keys[i].text)},
                {"写成 键: 词", "write key: word"});
    }
  }
  return words;
}

}  // namespace zhili::catalogue
