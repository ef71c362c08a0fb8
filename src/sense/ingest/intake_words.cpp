#include "sense/ingest/intake_words.hpp"

#include <fmt/format.h>

#include "sense/ingest/intake.hpp"

namespace zhili::sense::ingest {

using core::Errc;
using core::fail;

tl::unexpected<core::Error> device_is_disabled() {
  return fail(Errc::forbidden, "ingest.disabled", {"这台设备已停用，不再接收它的数据。请联系管理员。", "This device is disabled: nothing is taken from it. Ask whoever runs this installation."});
}

tl::unexpected<core::Error> sends_too_much(double rate_per_s) {
  return fail(Errc::limit, std::string(throttled_key),
              {fmt::format("这台设备发得太快：平均每秒最多 {} 条读数。这一批没有接收，请按 Retry-After 等待后重发。", rate_per_s),
               fmt::format("This device sends too much: {} readings a second on average. Nothing of this batch was taken; wait as Retry-After says and send it again.", rate_per_s)});
}

tl::unexpected<core::Error> intake_is_full() {
  return fail(Errc::limit, std::string(full_key),
              {"等待入库的数据太多。这一批没有接收，请按 Retry-After 等待后重发。", "Too much waits to be stored. Nothing of this batch was taken; wait as Retry-After says and send it again."});
}

tl::unexpected<core::Error> batch_is_too_long() {
  return fail(Errc::invalid, "ingest.batch",
              {fmt::format("一批最多 {} 条读数，请分几批发送。", batch_observations_max), fmt::format("A batch has at most {} observations. Send it in parts.", batch_observations_max)});
}

}  // namespace zhili::sense::ingest
