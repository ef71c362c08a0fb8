#pragma once
// The same request sent twice is one: clients repeat a POST when the answer was lost on the way.

#include <string>

#include "web/open311/backend.hpp"

namespace zhili::web::open311 {

/// Equal for requests that say the same with the same key: SHA-256 over the holder and every field. Who keeps requests
/// knows by it that one came before (respond::repeat_window).
std::string request_digest(NewRequest const& request);

/// What a sender's own id of a request makes of it: the same request, however often and however late it is sent again. Nobody
/// without the key can guess it.
std::string sent_as(std::string_view api_key, std::string_view own_id);

}  // namespace zhili::web::open311
