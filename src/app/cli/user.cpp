// Verbs for accounts of the staff, for whoever has the machine: the first accounts, and the way back for an administrator who
// forgot the password.

#include <fmt/format.h>

#include "app/cli/owner.hpp"
#include "app/cli/verbs.hpp"

namespace zhili::app {

namespace {

ControlRequest request_of(std::string_view what, UserOptions const& options) {
  return {std::string(what),
          {{"login", options.login}, {"post", options.post}, {"area", options.area}, {"same_person_as", options.same_person_as}}};
}

/// Prints the login and its one-time password, and on another channel what to do with them.
Exit show_password(UserOptions const& options, core::Result<std::string> const& password) {
  auto const lang = options.common.lang;
  if (!password) return say_failure(password.error(), lang);
  fmt::print("{}  {}\n", options.login, *password);
  fmt::print(stderr, "{}\n", core::in(lang, {"这是一次性密码，只显示这一次；第一次登录时改成自己的密码。",
                                            "This password is for one use and shown this once; its owner chooses another when signing in."}));
  return Exit::done;
}

Exit do_quietly(UserOptions const& options, std::string_view what) {
  auto const done = ask_owner(options.common, request_of(what, options));
  return done ? Exit::done : say_failure(done.error(), options.common.lang);
}

}  // namespace

Exit user_add(UserOptions const& options) { return show_password(options, ask_owner(options.common, request_of("user_add", options))); }
Exit user_password(UserOptions const& options) {
  return show_password(options, ask_owner(options.common, request_of("user_password", options)));
}
Exit user_appoint(UserOptions const& options) { return do_quietly(options, "user_appoint"); }
Exit user_disable(UserOptions const& options) { return do_quietly(options, "user_disable"); }
Exit user_enable(UserOptions const& options) { return do_quietly(options, "user_enable"); }

Exit user_list(UserOptions const& options) {
  auto const lines = ask_owner(options.common, {"user_list"});
  if (!lines) return say_failure(lines.error(), options.common.lang);
  fmt::print("{}", *lines);
  return Exit::done;
}

}  // namespace zhili::app
