#include "catalogue/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <unordered_map>

#include "catalogue/text_check.hpp"

namespace zhili::catalogue {
namespace {

/// Ends the reading of a file that is over a limit; its finding is already there.
struct Stop {};

bool is_old_boolean(std::string_view text) {
  static constexpr std::array<std::string_view, 6> words{"yes", "no", "on", "off", "y", "n"};
  if (text.empty() || text.size() > 3) return false;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::find(words.begin(), words.end(), lower) != words.end();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t const end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, std::string const& file, std::vector<Finding>& findings)
      : lines_(lines_of(text)), file_(file), findings_(findings) {}

  void OnDocumentStart(YAML::Mark const& mark) override {
    if (++documents_ == 2) {
      add(mark, "pack.documents",
          {"文件里有第二个文档（---）", "there is a second document (---) in the file"},
          {"一个文件只写一个文档；多的部分另存为文件并写进 include",
           "write one document in a file; move the rest to a file of its own and name it under include"});
      throw Stop{};
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    check_anchor(mark, anchor);
    put(node(mark, Node::Type::null));
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override {
    no_anchors(mark);
    put(node(mark, Node::Type::null));
  }
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                std::string const& value) override {
    check_anchor(mark, anchor);
    check_tag(mark, tag);
    Node made = node(mark, Node::Type::scalar);
    made.quoted = tag == "!";
    made.text = value;
    check_scalar(mark, made);
    put(std::move(made));
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Type::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Type::map);
  }
  void OnMapEnd() override { close(); }

  Node root() { return std::move(root_); }
  void add(YAML::Mark const& mark, char const* key, core::Text what, core::Text mend) {
    if (findings_.size() >= max_findings) throw Stop{};
    Node const at = node(mark, Node::Type::null);
    findings_.push_back({file_, at.line, at.column, key, std::move(what), std::move(mend)});
  }

 private:
  struct Frame {
    Node node;
    bool has_key = false;
    std::unordered_map<std::string, int> lines = {};  // key → where it was first
  };

  Node node(YAML::Mark const& mark, Node::Type type) const {
    Node made;
    made.type = type;
    made.file = file_;
    made.line = std::max(mark.line, 0) + 1;
    made.column = std::max(mark.column, 0) + 1;
    auto const line = static_cast<std::size_t>(made.line - 1);
    if (line < lines_.size())
      made.column = column_of(lines_[line], static_cast<std::size_t>(made.column - 1));
    return made;
  }

  void open(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor, Node::Type type) {
    check_anchor(mark, anchor);
    check_tag(mark, tag);
    if (stack_.size() >= max_depth_levels) {
      add(mark, "pack.deep",
          {fmt::format("嵌套超过 {} 层", max_depth_levels),
           fmt::format("nested deeper than {} levels", max_depth_levels)},
          {"写得平一些", "write it flatter"});
      throw Stop{};
    }
    if (waits_for_key()) {
      add(mark, "pack.key.kind", {"键不是一个词", "the key is not a word"},
          {"键写成一个词，例如 \"0102\"", "write the key as one word, for example \"0102\""});
      throw Stop{};
    }
    count(mark);
    stack_.push_back({node(mark, type)});
  }

  void close() {
    Node done = std::move(stack_.back().node);
    stack_.pop_back();
    attach(std::move(done));
  }

  void put(Node made) {
    count(YAML::Mark{});
    attach(std::move(made));
  }

  void attach(Node made) {
    if (stack_.empty()) {
      root_ = std::move(made);
      return;
    }
    Frame& top = stack_.back();
    if (top.node.type == Node::Type::list) {
      top.node.children.push_back(std::move(made));
    } else if (!top.has_key) {
      check_key(top, made);
      top.node.keys.push_back(std::move(made));
      top.has_key = true;
    } else {
      top.node.children.push_back(std::move(made));
      top.has_key = false;
    }
  }

  bool waits_for_key() const {
    return !stack_.empty() && stack_.back().node.type == Node::Type::map && !stack_.back().has_key;
  }

  void check_key(Frame& map, Node const& key) {
    if (findings_.size() >= max_findings) throw Stop{};
    auto const find = [&](char const* code, core::Text what, core::Text mend) {
      findings_.push_back({file_, key.line, key.column, code, std::move(what), std::move(mend)});
    };
    if (!key.is_scalar() || key.text.empty()) {
      find("pack.key.kind", {"键是空的", "the key is empty"},
           {"写上键，或删去这一行", "write a key, or remove the line"});
      return;
    }
    if (key.text.size() > max_key_bytes) {
      find("pack.key.long",
           {fmt::format("键长过 {} 字节", max_key_bytes),
            fmt::format("the key is longer than {} bytes", max_key_bytes)},
           {"写短一些", "make it shorter"});
    } else if (!key.quoted && looks_like_number(key.text)) {
      find("pack.code.number",
           {fmt::format("编码 {} 没有引号：程序会把它当作数字，开头的零会丢失", key.text),
            fmt::format("the code {} has no quotes: programs read it as a number, and a leading zero is lost",
                        key.text)},
           {fmt::format("写成 \"{}\"", key.text), fmt::format("write \"{}\"", key.text)});
    }
    auto const [same, is_new] = map.lines.try_emplace(key.text, key.line);
    if (!is_new) {
      find("pack.key.twice",
           {fmt::format("键“{}”出现两次，先前在第 {} 行", key.text, same->second),
            fmt::format("the key “{}” is there twice, before this in line {}", key.text, same->second)},
           {"留下一个，或改名", "keep one of them, or rename it"});
    }
  }

  void check_scalar(YAML::Mark const& mark, Node const& scalar) {
    if (scalar.text.size() > max_scalar_bytes) {
      add(mark, "pack.text.long",
          {fmt::format("文字超过 {} 字节", max_scalar_bytes),
           fmt::format("the text is longer than {} bytes", max_scalar_bytes)},
          {"写短一些", "make it shorter"});
      throw Stop{};
    }
    if (!scalar.quoted && is_old_boolean(scalar.text)) {
      add(mark, "pack.boolean",
          {fmt::format("{} 没有引号：有的程序当作文字，有的当作“是/否”", scalar.text),
           fmt::format("{} has no quotes: some programs read a word, some a yes or no", scalar.text)},
          {fmt::format("文字写成 \"{}\"；是或否写成 true 或 false", scalar.text),
           fmt::format("for the word write \"{}\"; for yes or no write true or false", scalar.text)});
    }
  }

  void check_anchor(YAML::Mark const& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) no_anchors(mark);
  }
  void no_anchors(YAML::Mark const& mark) {
    add(mark, "pack.anchor", {"这里用了锚点或引用（& *）", "an anchor or alias (& *) is used here"},
        {"把内容写出来；立案条件之间用 extends 继承", "write it out; between conditions use extends"});
  }
  void check_tag(YAML::Mark const& mark, std::string const& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    add(mark, "pack.tag", {"这里有类型标签（!…）", "there is a type tag (!…) here"},
        {"删去标签；文字加引号就是文字", "remove it; a word in quotes is text"});
  }
  void count(YAML::Mark const& mark) {
    if (++nodes_ <= max_nodes) return;
    add(mark, "pack.large",
        {fmt::format("文件里的值超过 {} 个", max_nodes),
         fmt::format("the file has more than {} values", max_nodes)},
        {"分成几个文件，写进 include", "split it into files and name them under include"});
    throw Stop{};
  }

  std::vector<std::string_view> lines_;
  std::string const& file_;
  std::vector<Finding>& findings_;
  std::vector<Frame> stack_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

void not_yaml(Builder& builder, YAML::Exception const& problem) {
  builder.add(
      problem.mark, "pack.yaml",
      {fmt::format("YAML 语法错误（{}）", problem.msg), fmt::format("this is not YAML ({})", problem.msg)},
      {"看这一行和上一行：引号、冒号后的空格、括号和缩进是否齐全",
       "look at this line and the one before it: quotes, a space after each colon, brackets, indent"});
}

}  // namespace

Node const* Node::get(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size() && i < children.size(); ++i) {
    if (keys[i].text == key) return &children[i];
  }
  return nullptr;
}

std::string_view Node::str(std::string_view key) const {
  Node const* const found = get(key);
  return found != nullptr && found->is_scalar() ? std::string_view(found->text) : std::string_view{};
}

bool looks_like_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 40) return false;
  bool digit = false;
  int dots = 0;
  for (char const c : text) {
    if (c >= '0' && c <= '9')
      digit = true;
    else if (c == '.')
      ++dots;
    else
      return false;
  }
  return digit && dots <= 1;
}

Node read_yaml(std::string_view text, std::string const& file, std::vector<Finding>& findings) {
  if (text.size() > max_file_bytes) {
    findings.push_back({file,
                        0,
                        0,
                        "pack.file.large",
                        {fmt::format("文件有 {} 字节，最多 {} 字节", text.size(), max_file_bytes),
                         fmt::format("the file has {} bytes; it may have {}", text.size(), max_file_bytes)},
                        {"分成几个文件，写进 include", "split it into files and name them under include"}});
    return {};
  }
  if (!check_characters(text, file, findings)) return {};
  Builder builder(text, file, findings);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (Stop const&) {
    return {};
  } catch (YAML::Exception const& problem) {
    try {
      not_yaml(builder, problem);
    } catch (Stop const&) {
    }
    return {};
  }
  return builder.root();
}

}  // namespace zhili::catalogue
