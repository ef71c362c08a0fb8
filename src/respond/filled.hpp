#pragma once
// An empty text is NULL in the tables.

#include <optional>
#include <string>
#include <string_view>

namespace zhili::respond {

/// Lives as long as `text`.
inline std::optional<std::string_view> filled(std::string const& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace zhili::respond
