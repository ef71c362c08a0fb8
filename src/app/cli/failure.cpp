#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "app/cli/verbs.hpp"

namespace zhili::app {

Exit say_failure(core::Error const& error, core::Lang lang) {
  auto const& text = core::in(lang, error.text);
  fmt::print(stderr, "zhili: {}\n", text);
  if (!error.detail.empty()) fmt::print(stderr, "  {}\n", error.detail);
  return error.code == core::Errc::unavailable || error.code == core::Errc::busy ? Exit::unavailable : Exit::failed;
}

}  // namespace zhili::app
