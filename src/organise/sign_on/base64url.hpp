#pragma once
// RFC 4648, section 5, without padding: how tokens and passkeys write bytes.

#include <optional>
#include <string>
#include <string_view>

namespace zhili::organise {

std::string to_base64url(std::string_view bytes);
/// Nothing if it is not exactly the form that the other function writes.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace zhili::organise
