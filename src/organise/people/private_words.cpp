#include "organise/people/private_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/plain_yaml.hpp"
#include "catalogue/values.hpp"
#include "organise/people/text_check.hpp"

namespace zhili::organise {

namespace {

using core::Errc;
using core::fail;

bool among(std::vector<std::string> const& all, std::string_view one) { return std::ranges::find(all, one) != all.end(); }

std::vector<std::string> texts_of(catalogue::Node const* list) {
  std::vector<std::string> out;
  if (list && list->is_list())
    for (auto const& one : list->children) out.push_back(one.text);
  return out;
}

core::Result<> check_purpose(WantedReading const& wanted, PrivateWordsRules const& rules) {
  auto const* purpose = rules.purpose(wanted.purpose);
  if (!purpose)
    return fail(Errc::invalid, "private.purpose", {"请选一个用途：为什么要看。", "Choose a purpose: why it has to be read."}, "purpose");
  if (purpose->note_needed && wanted.note.empty())
    return fail(Errc::invalid, "private.note", {"请写明是什么用途。", "Say which purpose it is."}, "note");
  if (characters(wanted.note) > purpose_note_chars_max)
    return fail(Errc::limit, "private.note",
                {fmt::format("用途说明最多 {} 字。", purpose_note_chars_max), fmt::format("At most {} characters say the purpose.", purpose_note_chars_max)},
                "note");
  return {};
}

}  // namespace

ReadingPurpose const* PrivateWordsRules::purpose(std::string_view code) const {
  auto const found = std::ranges::find(purposes, code, &ReadingPurpose::code);
  return found == purposes.end() ? nullptr : &*found;
}

core::Result<PrivateWordsRules> read_private_words_rules(std::filesystem::path const& file) {
  ZHILI_TRY(auto read, catalogue::read_plain(file));
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  catalogue::Report report(read.findings);
  auto const& root = read.root;
  catalogue::only_known(root, {"private_words", "purposes", "readers", "own_department", "readers_of_secret"}, report);
  catalogue::need_text(root, "private_words", report);
  PrivateWordsRules out{.readers = texts_of(root.get("readers")), .own_department = texts_of(root.get("own_department")),
                        .readers_of_secret = texts_of(root.get("readers_of_secret"))};
  if (auto const* purposes = root.get("purposes"); purposes && purposes->is_map())
    for (std::size_t i = 0; i < purposes->keys.size(); ++i) {
      auto const& one = purposes->children[i];
      catalogue::only_known(one, {"name", "note"}, report);
      out.purposes.push_back({purposes->keys[i].text, catalogue::read_text(one.get("name")), one.str("note") == "needed"});
    }
  if (out.purposes.empty() || out.readers.empty())
    report.also(root, "private_words.empty", {"要写明 purposes 和 readers", "purposes and readers must be given"},
                {"参照随程序来的 private-words.yaml", "see the private-words.yaml that comes with the program"});
  ZHILI_CHECK(catalogue::as_error(file, read.findings));
  return out;
}

core::Result<Grant const*> may_open(std::span<Grant const> grants, WantedReading const& wanted, PrivateWordsRules const& rules) {
  ZHILI_CHECK(check_purpose(wanted, rules));
  auto const& roles = wanted.secret ? rules.readers_of_secret : rules.readers;
  for (auto const& grant : grants) {
    if (!among(roles, grant.role) || !covers(grant, wanted.target)) continue;
    if (among(rules.own_department, grant.role) && !among(wanted.departments, grant.department)) continue;
    return &grant;
  }
  if (wanted.secret)
    return fail(Errc::forbidden, "private.secret",
                {"反映人要求保密，您的岗位看不到。需要联系时请找受理或回访岗位转达。",
                 "The reporter asked for secrecy and your post may not read this. Ask intake or call-back to pass on a message."});
  return fail(Errc::forbidden, "private.not_yours",
              {"您的岗位不办这件事，看不到反映人的联系方式和原话。",
               "None of your posts works on this, so what its reporter told in confidence stays closed."});
}

std::string purpose_text(std::string_view code, std::string_view note) {
  return note.empty() ? std::string(code) : fmt::format("{}: {}", code, note);
}

core::Text purpose_words(std::string_view kept, PrivateWordsRules const& rules) {
  auto const colon = kept.find(": ");
  auto const* purpose = rules.purpose(kept.substr(0, colon));
  if (!purpose) return {std::string(kept), std::string(kept)};
  if (colon == std::string_view::npos) return purpose->name;
  auto const note = kept.substr(colon + 2);
  return {fmt::format("{}：{}", purpose->name.zh, note), fmt::format("{}: {}", purpose->name.en, note)};
}

}  // namespace zhili::organise
