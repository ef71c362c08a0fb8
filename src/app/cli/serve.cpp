#include <fmt/format.h>

#include <csignal>

#include "app/cli/signals.hpp"
#include "app/cli/verbs.hpp"
#include "app/service.hpp"

namespace zhili::app {

Exit serve(ServeOptions const& options) {
  auto const lang = options.common.lang;
  if (options.tls_certificate.empty() != options.tls_key.empty()) {
    fmt::print(stderr, "zhili: {}\n", core::in(lang, {"--tls-certificate 和 --tls-key 要一起给。", "Give --tls-certificate and --tls-key together."}));
    return Exit::usage;
  }
  StopSignals const signals;  // before any thread begins
  static core::SystemTime const time;
  auto service = Service::open(options.common, time, time);
  if (!service) return say_failure(service.error(), lang);
  auto const first = (*service)->accounts().first_administrator();
  if (!first) return say_failure(first.error(), lang);
  if (*first)
    fmt::print("{}\n{}  {}\n", core::in(lang, {"第一个管理员账号，一次性密码只显示这一次：", "the first administrator; the password is for one use and shown this once:"}),
               (*first)->account.login, (*first)->one_time_password);
  std::fflush(stdout);
  ServiceOptions how{.listen = options.listen};
  how.mqtt = options.mqtt;
  how.nats = options.nats;
  if (!options.tls_key.empty()) how.tls = web::TlsFiles{options.tls_certificate, options.tls_key};
  if (auto const started = (*service)->start(how); !started) return say_failure(started.error(), lang);
  fmt::print("{} {}://{}\n", core::in(lang, {"在听：", "listening at"}), how.tls ? "https" : "http", options.listen);
  std::fflush(stdout);
  while (signals.wait() == SIGHUP)
    if (auto const reloaded = (*service)->reload_tls(); !reloaded) say_failure(reloaded.error(), lang);
  (*service)->stop();
  return Exit::done;
}

}  // namespace zhili::app
