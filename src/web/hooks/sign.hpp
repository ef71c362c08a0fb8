#pragma once
// How a message of a webhook is signed, as Standard Webhooks says. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace zhili::web::hooks {

/// "whsec_" and base64 of the key: what the receiver is given.
std::string secret_text(std::string_view key);

/// "v1," and base64 of HMAC-SHA256 over `id.timestamp.body`. `timestamp`: seconds since 1970.
std::string signature(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body);

}  // namespace zhili::web::hooks
