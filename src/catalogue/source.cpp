#include "catalogue/source.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "store/digest.hpp"

namespace zhili::catalogue {
namespace {

namespace fs = std::filesystem;

bool stays_inside(fs::path const& folder, fs::path const& file) {
  std::error_code error;
  auto const base = fs::weakly_canonical(folder, error).string() + "/";
  auto const real = fs::weakly_canonical(file, error).string();
  return !error && real.starts_with(base);
}

std::optional<std::string> read_text(fs::path const& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(max_file_bytes + 1,
                   '\0');  // one more than allowed, so that the reader can say that it is too large
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

std::string Source::digest() const {
  std::string all;
  for (auto const& [file, text] : files) {
    all += fmt::format("{} {}\n", file, text.size());
    all += text;
  }
  return store::to_hex(store::sha256(all));
}

std::string Source::to_json() const {
  boost::json::object object;
  for (auto const& [file, text] : files) object[file] = text;
  return boost::json::serialize(object);
}

Source Source::from_json(std::string_view text) {
  Source source;
  boost::system::error_code error;
  auto const value = boost::json::parse(text, error);
  if (error || !value.is_object()) return source;
  for (auto const& member : value.as_object()) {
    if (member.value().is_string())
      source.files[std::string(member.key())] = std::string(member.value().as_string());
  }
  return source;
}

std::vector<Node const*> includes(Node const& head) {
  std::vector<Node const*> found;
  Node const* const list = head.get("include");
  if (list == nullptr || !list->is_list()) return found;
  for (auto const& one : list->children) {
    if (one.is_scalar() && one.text.find("..") == std::string::npos && !one.text.starts_with('/'))
      found.push_back(&one);
  }
  return found;
}

Source read_source(fs::path const& folder, std::vector<Finding>& findings) {
  Source source;
  std::string const name(pack_file);
  auto head = read_text(folder / name);
  if (!head) {
    findings.push_back({name,
                        0,
                        0,
                        "pack.file.none",
                        {"没有 pack.yaml 文件，或不能读", "there is no pack.yaml, or it cannot be read"},
                        {"目录写到含有 pack.yaml 的那一级", "name the folder that has the pack.yaml"}});
    return source;
  }
  std::vector<Finding> later;  // the reader says them again, with the rest
  Node const tree = read_yaml(*head, name, later);
  source.files[name] = std::move(*head);
  std::size_t total = 0;
  for (Node const* include : includes(tree)) {
    auto text =
        stays_inside(folder, folder / include->text) ? read_text(folder / include->text) : std::nullopt;
    if (!text) {
      findings.push_back({name,
                          include->line,
                          include->column,
                          "pack.include.none",
                          {fmt::format("文件 {} 不存在或不能读", include->text),
                           fmt::format("the file {} is not there or cannot be read", include->text)},
                          {"改正路径，或补上文件", "mend the path, or add the file"}});
      continue;
    }
    total += text->size();
    if (total > max_pack_bytes) {
      findings.push_back({name,
                          include->line,
                          include->column,
                          "pack.large",
                          {fmt::format("整个包超过 {} 字节", max_pack_bytes),
                           fmt::format("the pack as a whole has more than {} bytes", max_pack_bytes)},
                          {"分成几个包", "make it several packs"}});
      break;
    }
    source.files[include->text] = std::move(*text);
  }
  return source;
}

}  // namespace zhili::catalogue
