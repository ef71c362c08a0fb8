#include "web/exchange/outside_words.hpp"

#include <boost/json.hpp>

namespace zhili::web::exchange {

using boost::json::object;

namespace {

std::string with_reference(object payload, std::string_view status, std::optional<store::Sealed> const& sealed) {
  if (!status.empty()) payload["status"] = status;
  if (sealed) payload["private"] = boost::json::parse(sealed->reference());
  return boost::json::serialize(payload);
}

}  // namespace

std::string cut_to(std::string_view words, std::size_t bytes) {
  if (words.size() <= bytes) return std::string(words);
  auto end = bytes;
  while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;
  return std::string(words.substr(0, end)) + "…";
}

core::Result<std::optional<store::Sealed>> seal_words(store::Vault& vault, std::string_view words, core::Instant now) {
  if (words.empty()) return std::nullopt;
  return vault.seal({{"words", cut_to(words, outside_words_bytes_max)}}, now + outside_words_kept_for);
}

std::string said_payload(std::int64_t case_id, std::string_view status, std::optional<store::Sealed> const& sealed) {
  return with_reference({{"case", case_id}}, status, sealed);
}

std::string heard_payload(std::string_view update_id, std::string_view status, std::optional<store::Sealed> const& sealed) {
  return with_reference({{"update", update_id}}, status, sealed);
}

}  // namespace zhili::web::exchange
