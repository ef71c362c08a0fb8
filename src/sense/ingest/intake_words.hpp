#pragma once
// Why a batch is not taken at all. Inside of ingest only.

#include <string_view>

#include "core/result.hpp"

namespace zhili::sense::ingest {

inline constexpr std::string_view throttled_key = "ingest.throttled";
inline constexpr std::string_view full_key = "ingest.full";

tl::unexpected<core::Error> device_is_disabled();
tl::unexpected<core::Error> sends_too_much(double rate_per_s);
tl::unexpected<core::Error> intake_is_full();
tl::unexpected<core::Error> batch_is_too_long();

}  // namespace zhili::sense::ingest
