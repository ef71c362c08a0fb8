#pragma once
// Who may open what somebody told in confidence, and for what. Pure: nothing here opens anything.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "organise/people/access.hpp"

namespace zhili::organise {

inline constexpr std::size_t purpose_note_chars_max = 200;

struct ReadingPurpose {
  std::string code;
  core::Text name;
  bool note_needed = false;  ///< the code alone does not say it
};

/// As packs/base/rules/private-words.yaml has them.
struct PrivateWordsRules {
  std::vector<ReadingPurpose> purposes = {};
  std::vector<std::string> readers = {};            ///< roles
  std::vector<std::string> own_department = {};     ///< of these, those who may only where their department has the case
  std::vector<std::string> readers_of_secret = {};  ///< roles, where secrecy was asked for

  ReadingPurpose const* purpose(std::string_view code) const;
};

/// Errors: not_found, invalid (place and all findings in `detail`).
core::Result<PrivateWordsRules> read_private_words_rules(std::filesystem::path const& file);

struct WantedReading {
  Target target = {};
  std::vector<std::string> departments = {};  ///< that work on it; none before there is a case
  bool secret = false;
  std::string purpose = {};
  std::string note = {};
};

/// The grant by which somebody may. Errors: forbidden (the text says what would be needed), invalid (`purpose`, `note`), limit
/// (`note`).
core::Result<Grant const*> may_open(std::span<Grant const> grants, WantedReading const& wanted, PrivateWordsRules const& rules);

/// What the ledger keeps: "contact", "other: the owner asked for it".
std::string purpose_text(std::string_view code, std::string_view note);
/// What the reporter reads of it.
core::Text purpose_words(std::string_view kept, PrivateWordsRules const& rules);

}  // namespace zhili::organise
