// Verbs for the keys of other programs.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/owner.hpp"
#include "app/cli/verbs.hpp"

namespace zhili::app {

Exit key_issue(KeyOptions const& options) {
  auto const secret = ask_owner(options.common, {"key_issue",
                                                 {{"holder", options.holder},
                                                  {"scopes", fmt::format("{}", fmt::join(options.scopes, " "))},
                                                  {"days", std::to_string(options.days)}}});
  if (!secret) return say_failure(secret.error(), options.common.lang);
  fmt::print("{}\n", *secret);
  return Exit::done;
}

Exit key_list(KeyOptions const& options) {
  auto const lines = ask_owner(options.common, {"key_list", {}});
  if (!lines) return say_failure(lines.error(), options.common.lang);
  fmt::print("{}", *lines);
  return Exit::done;
}

Exit key_revoke(KeyOptions const& options) {
  auto const done = ask_owner(options.common, {"key_revoke", {{"id", std::to_string(options.id)}}});
  return done ? Exit::done : say_failure(done.error(), options.common.lang);
}

}  // namespace zhili::app
