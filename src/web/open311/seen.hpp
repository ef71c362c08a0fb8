#pragma once
// The same request sent twice is one: clients repeat a POST when the answer was lost on the way.

#include <optional>
#include <string>

#include "store/db.hpp"
#include "web/open311/backend.hpp"

namespace zhili::web::open311 {

/// How long an equal request of the same key counts as a repetition.
inline constexpr std::chrono::minutes repeat_window_minutes{10};

/// Equal for requests that say the same with the same key: SHA-256 over the holder and every field.
std::string request_digest(NewRequest const& request);

/// The signal of an equal request within the window.
std::optional<store::Seq> find_repeat(store::Reader& reader, std::string const& digest, core::Instant now);

/// Remembers the request; in the transaction that makes the signal. Forgets some that are past the window.
void remember_request(store::Writer& writer, std::string const& digest, store::Seq signal_id);

}  // namespace zhili::web::open311
