#include "catalogue/outward_reader.hpp"

#include <fmt/format.h>

#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"

namespace zhili::catalogue {

namespace {

std::chrono::seconds read_ask_every(Node const& node, Report& report) {
  auto const* at = node.get("ask_every_seconds");
  if (at == nullptr) return Peer{}.ask_every;
  std::string_view rest = at->text;
  auto const number = take_number(rest);
  if (number && rest.empty() && *number >= ask_every_least_s.count() && *number <= ask_every_most_s.count()) return std::chrono::seconds(*number);
  report.at(*at, "installation.ask_every",
            {fmt::format("ask_every_seconds 要是 {} 到 {} 的整数", ask_every_least_s.count(), ask_every_most_s.count()),
             fmt::format("ask_every_seconds is a whole number from {} to {}", ask_every_least_s.count(), ask_every_most_s.count())},
            {"例如 60", "for example 60"});
  return Peer{}.ask_every;
}

Peer read_peer(Node const& key, Node const& node, Report& report) {
  only_known(node, {"name", "url", "jurisdiction", "key_file", "department", "services", "ask_every_seconds"}, report);
  Peer out;
  out.code = key.text;
  out.name = read_text(node.get("name"));
  if (out.name.zh.empty() || out.name.en.empty())
    report.at(key, "installation.name",
              {fmt::format("“{}”缺少中英文名称", key.text), fmt::format("“{}” lacks a name in both languages", key.text)},
              {"加上 name: {zh: …, en: …}", "add name: {zh: …, en: …}"});
  out.url = need_text(node, "url", report);
  while (out.url.ends_with('/')) out.url.pop_back();
  out.jurisdiction = node.str("jurisdiction");
  out.key_file = need_text(node, "key_file", report);
  out.department = need_text(node, "department", report);
  out.services = word_map(node.get("services"), report);
  out.ask_every = read_ask_every(node, report);
  return out;
}

}  // namespace

std::string_view Peer::service_of(std::string_view item) const {
  std::string_view best_prefix;
  std::string_view best;
  for (auto const& [prefix, theirs] : services)
    if (item.starts_with(prefix) && (best.empty() || prefix.size() > best_prefix.size())) best_prefix = prefix, best = theirs;
  return best;
}

Outbound read_outbound(Node const& root, Report& report) {
  Outbound out;
  auto const* node = root.get("outbound");
  if (node == nullptr) return out;
  only_known(*node, {"inside_allowed", "ca_file"}, report);
  if (auto const* list = node->get("inside_allowed"); list != nullptr && list->is_list())
    for (auto const& one : list->children) out.inside_allowed.push_back(one.text);
  out.ca_file = node->str("ca_file");
  return out;
}

std::vector<Peer> read_peers(Node const& root, Report& report) {
  std::vector<Peer> out;
  auto const* map = root.get("exchanges");
  if (map == nullptr || !map->is_map()) return out;
  for (std::size_t i = 0; i < map->keys.size() && i < map->children.size(); ++i)
    out.push_back(read_peer(map->keys[i], map->children[i], report));
  return out;
}

}  // namespace zhili::catalogue
