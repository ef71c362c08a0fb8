// A client of the MQTT door that says anything: never a crash, never an endless loop; what is said in pieces means the same as what is said at
// once.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "web/mqtt/session.hpp"

namespace {

using namespace zhili::web::mqtt;

struct Outcome {
  std::string sent;
  std::vector<std::string> published, subscribed;
  bool goes_on = true;
  bool operator==(Outcome const&) const = default;
};

Outcome speak(std::string_view said, std::size_t piece) {
  Outcome out;
  Session session({.who = [](std::string_view user, std::string_view) -> std::optional<Who> {
                     if (user.starts_with('x')) return std::nullopt;
                     return Who{.source = {.device = 7}, .serial = std::string(user)};
                   },
                   .take = [&](std::span<Publish const> all) {
                     for (auto const& one : all) out.published.push_back(std::to_string(one.id) + ' ' + std::string(one.topic) + ' ' + std::string(one.payload));
                   },
                   .subscribed = [&](Subscription const& one) { out.subscribed.push_back(one.asked); },
                   .unsubscribed = [&](std::string const& one) { out.subscribed.push_back('-' + one); }});
  while (!said.empty() && out.goes_on) {
    auto const n = std::min(piece, said.size());
    out.goes_on = session.feed(said.substr(0, n), out.sent);
    said.remove_prefix(n);
  }
  for (auto const& one : session.subscriptions())
    if (subscription_from(one.asked) && !matches(one.filter, one.filter) && !one.has_wildcards()) std::abort();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  std::string_view const said(reinterpret_cast<char const*>(data), size);
  if (speak(said, size + 1) != speak(said, 1)) std::abort();
  return 0;
}
