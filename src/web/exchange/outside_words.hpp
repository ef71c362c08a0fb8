#pragma once
// What another system wrote in its own words. They may name people, so they are sealed like a reporter's: the ledger has a reference and the
// vault the words, until their time is over.

#include <optional>
#include <string>

#include "store/vault.hpp"

namespace zhili::web::exchange {

/// As long as what reporters told in confidence.
inline constexpr auto outside_words_kept_for = std::chrono::days(730);
inline constexpr std::size_t outside_words_bytes_max = 16 * 1024;  ///< of one message; the rest is cut off
/// Of a status or an id that another system made up.
inline constexpr std::size_t outside_name_bytes_max = 255;

/// Nothing for no words. Blocks, and must not run on the writer's thread. Errors: those of Vault::seal.
core::Result<std::optional<store::Sealed>> seal_words(store::Vault& vault, std::string_view words, core::Instant now);

/// At most `bytes`, and no half of a character at the end; "…" where something was cut off.
std::string cut_to(std::string_view words, std::size_t bytes);

/// What the ledger keeps of a message.
std::string said_payload(std::int64_t case_id, std::string_view status, std::optional<store::Sealed> const& sealed);
std::string heard_payload(std::string_view update_id, std::string_view status, std::optional<store::Sealed> const& sealed);

}  // namespace zhili::web::exchange
