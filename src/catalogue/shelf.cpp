#include "catalogue/shelf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "catalogue/pack.hpp"

namespace zhili::catalogue {
namespace {

bool is_pack_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

core::Error first_of(std::string const& pack, std::vector<Finding> const& findings) {
  Finding const& first = findings.front();
  core::Error error;
  error.code = first.key == "pack.file.none" ? core::Errc::not_found : core::Errc::invalid;
  error.key = first.key;
  error.text = {
      fmt::format("包 {} 有 {} 处错误；第一处：{}。{}", pack, findings.size(), first.what.zh, first.mend.zh),
      fmt::format("the pack {} has {} mistakes; the first: {}; {}", pack, findings.size(), first.what.en,
                  first.mend.en)};
  error.field = fmt::format("{}/{}:{}:{}", pack, first.file, first.line, first.column);
  error.detail = render(findings, core::Lang::en);
  return error;
}

}  // namespace

ShelfEntry const* Shelf::read(std::string const& name) {
  if (!is_pack_name(name)) return nullptr;
  if (auto const found = entries_.find(name); found != entries_.end()) {
    return found->second->reading ? nullptr : found->second.get();
  }
  std::error_code error;
  if (!std::filesystem::is_directory(root_ / name, error)) return nullptr;
  auto const [at, is_new] = entries_.emplace(name, std::make_unique<ShelfEntry>());
  ShelfEntry& entry = *at->second;
  entry.source = read_source(root_ / name, entry.findings);
  FindDraft const find = [this](std::string const& pack, std::string const& version) -> Draft const* {
    ShelfEntry const* const needed = read(pack);
    if (needed == nullptr || (!version.empty() && needed->draft.pack.version != version)) return nullptr;
    return &needed->draft;
  };
  if (!entry.source.files.empty()) entry.draft = read_draft(entry.source, name, find, entry.findings);
  auto const place = [](Finding const& f) { return std::tie(f.file, f.line, f.column); };
  std::stable_sort(entry.findings.begin(), entry.findings.end(),
                   [&](auto const& a, auto const& b) { return place(a) < place(b); });
  if (entry.findings.size() >= max_findings) {
    entry.findings.resize(max_findings - 1);
    entry.findings.push_back({std::string(pack_file),
                              0,
                              0,
                              "pack.findings.more",
                              {"错误太多，后面的没有列出", "there are more mistakes than are listed"},
                              {"改正上面的，再检查一遍", "mend these and check again"}});
  }
  entry.reading = false;
  order_.push_back(name);
  return &entry;
}

std::vector<Finding> check_pack(std::filesystem::path const& folder) {
  std::error_code error;
  auto const real = std::filesystem::weakly_canonical(folder, error);
  Shelf shelf(real.parent_path());
  ShelfEntry const* const entry = shelf.read(real.filename().string());
  if (entry == nullptr) {
    return {{folder.string(),
             0,
             0,
             "pack.folder.none",
             {"没有这个目录，或目录名不是小写字母、数字和连字符",
              "there is no such folder, or its name is not small letters, digits and hyphens"},
             {"目录写到含有 pack.yaml 的那一级", "name the folder that has the pack.yaml"}}};
  }
  auto findings = entry->findings;
  for (auto const& [need, version] : entry->draft.pack.needs) {
    ShelfEntry const* const needed = shelf.read(need);
    if (needed == nullptr || needed == entry || needed->findings.empty()) continue;
    findings.push_back(
        {std::string(pack_file),
         0,
         0,
         "pack.needs.broken",
         {fmt::format("依赖的包 {} 有 {} 处错误", need, needed->findings.size()),
          fmt::format("the needed pack {} has {} mistakes", need, needed->findings.size())},
         {fmt::format("先检查它：zhili pack check {}", (real.parent_path() / need).string()),
          fmt::format("check it first: zhili pack check {}", (real.parent_path() / need).string())}});
  }
  return findings;
}

core::Result<std::vector<ReadPack>> read_sources(std::filesystem::path const& root,
                                                 std::vector<std::string> const& names) {
  Shelf shelf(root);
  for (auto const& name : names) {
    if (shelf.read(name) != nullptr) continue;
    return core::fail(core::Errc::not_found, "pack.none",
                      {fmt::format("{} 里没有包 {}", root.string(), name),
                       fmt::format("there is no pack {} in {}", name, root.string())},
                      name);
  }
  std::vector<ReadPack> packs;
  for (auto const& name : shelf.order()) {
    ShelfEntry const& entry = *shelf.read(name);
    if (!entry.findings.empty()) return core::fail(first_of(name, entry.findings));
    packs.push_back({entry.source, entry.draft.pack});
  }
  return packs;
}

core::Result<std::vector<Pack>> read_packs(std::filesystem::path const& root,
                                           std::vector<std::string> const& names) {
  ZHILI_TRY(auto read, read_sources(root, names));
  std::vector<Pack> packs;
  for (auto& one : read) packs.push_back(std::move(one.pack));
  return packs;
}

core::Result<std::shared_ptr<Catalogue const>> read_catalogue(std::filesystem::path const& root,
                                                              std::vector<std::string> const& names) {
  ZHILI_TRY(auto packs, read_packs(root, names));
  return Catalogue::make(std::move(packs));
}

}  // namespace zhili::catalogue
