#include "web/hooks/hooks.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "store/digest.hpp"
#include "store/sealing.hpp"
#include "web/client/client.hpp"
#include "web/hooks/sign.hpp"
#include "web/utf8.hpp"

namespace zhili::web::hooks {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

namespace {

std::string joined(std::vector<std::string> const& words) { return fmt::format("{}", fmt::join(words, " ")); }

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

tl::unexpected<core::Error> bad(std::string field, core::Text text) { return fail(Errc::invalid, "hook." + field, std::move(text), std::move(field)); }

core::Result<> check(Wanted const& wanted) {
  if (wanted.name.empty() || count_characters(wanted.name) > hook_name_characters_max)
    return bad("name", {fmt::format("名称须有 1 到 {} 个字。", hook_name_characters_max), fmt::format("A name has 1 to {} characters.", hook_name_characters_max)});
  ZHILI_CHECK(client::check_url(wanted.url));
  if (wanted.url.size() > hook_url_bytes_max)
    return bad("url", {fmt::format("网址最长 {} 字节。", hook_url_bytes_max), fmt::format("An address has at most {} bytes.", hook_url_bytes_max)});
  for (auto const& [field, list] : {std::pair{"kinds", &wanted.filter.kinds}, {"items", &wanted.filter.items}}) {
    if (list->size() > hook_filters_max)
      return bad(field, {fmt::format("最多 {} 项。", hook_filters_max), fmt::format("At most {}.", hook_filters_max)});
    for (auto const& one : *list)
      if (one.empty() || one.find(' ') != std::string::npos)
        return bad(field, {"每项是一个不含空格的开头，例如 case.closed。", "Each is a beginning without blanks, such as case.closed."});
  }
  return {};
}

/// The address stays out of the ledger: some have a password in their path.
std::string payload_of(Wanted const& wanted) {
  return boost::json::serialize(object{{"name", wanted.name},
                                       {"kinds", joined(wanted.filter.kinds)},
                                       {"area", wanted.filter.area},
                                       {"items", joined(wanted.filter.items)},
                                       {"department", wanted.department},
                                       {"enabled", wanted.enabled}});
}

tl::unexpected<core::Error> no_hook() { return fail(Errc::not_found, "hook.unknown", {"没有这个推送。", "There is no such webhook."}, "id"); }

}  // namespace

struct Hooks::Inside {
  store::Db& db;
  store::Key key;
  std::string check_of(std::int64_t id) const;
};

std::string Hooks::Inside::check_of(std::int64_t id) const {
  auto const own = store::derive(key, fmt::format("webhook {}", id));
  return store::to_hex(store::sha256({reinterpret_cast<char const*>(own.data()), store::Key::size})).substr(0, 8);
}

core::Result<std::unique_ptr<Hooks>> Hooks::open(store::Db& db, std::filesystem::path const& key_file) {
  ZHILI_TRY(auto const key, store::master_key(key_file, true));
  return std::unique_ptr<Hooks>(new Hooks(std::make_unique<Inside>(Inside{db, key})));
}

Hooks::Hooks(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Hooks::~Hooks() = default;

std::string Hooks::key_of(std::int64_t id) const {
  auto const own = store::derive(inside_->key, fmt::format("webhook {}", id));
  return {reinterpret_cast<char const*>(own.data()), store::Key::size};
}

std::vector<Hook> Hooks::list(store::Reader& reader) const {
  std::vector<Hook> out;
  reader.each<std::int64_t, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t,
              std::optional<std::string>, std::int64_t>(
      "SELECT id, name, url, kinds, area, items, department, secret_check, enabled, stopped, made_at FROM hook ORDER BY id",
      [&](std::int64_t id, std::string name, std::string url, std::string kinds, std::string area, std::string items, std::string department, std::string secret_check,
          std::int64_t enabled, std::optional<std::string> stopped, std::int64_t made) {
        out.push_back({.id = id,
                       .wanted = {std::move(name), std::move(url), {.area = std::move(area), .items = split(items), .kinds = split(kinds)}, std::move(department), enabled != 0},
                       .stopped = stopped.value_or(""),
                       .made_at = core::from_ms(made),
                       .secret_lost = secret_check != inside_->check_of(id)});
      });
  return out;
}

core::Result<Made> Hooks::add(store::Writer& writer, Wanted const& wanted, std::string const& actor) const {
  ZHILI_CHECK(check(wanted));
  if (writer.value<std::int64_t>("SELECT count(*) FROM hook").value_or(0) >= static_cast<std::int64_t>(hooks_max))
    return fail(Errc::limit, "hook.many", {fmt::format("最多 {} 个推送。请先删去一个。", hooks_max), fmt::format("There are at most {} webhooks. Remove one first.", hooks_max)});
  auto const id = writer.append({.kind = EventKind::hook_set, .actor = actor, .payload = payload_of(wanted)});
  writer.exec("INSERT INTO hook (id, name, url, kinds, area, items, department, secret_check, enabled, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", id,
              wanted.name, wanted.url, joined(wanted.filter.kinds), wanted.filter.area, joined(wanted.filter.items), wanted.department, inside_->check_of(id),
              wanted.enabled, writer.now());
  return Made{id, secret_text(key_of(id))};
}

core::Result<> Hooks::change(std::int64_t id, Wanted const& wanted, std::string const& actor) {
  ZHILI_CHECK(check(wanted));
  return inside_->db.write([&](store::Writer& writer) -> core::Result<> {
    auto const changed = writer.exec("UPDATE hook SET name = ?, url = ?, kinds = ?, area = ?, items = ?, department = ?, enabled = ?, stopped = NULL WHERE id = ?", wanted.name,
                                     wanted.url, joined(wanted.filter.kinds), wanted.filter.area, joined(wanted.filter.items), wanted.department, wanted.enabled, id);
    if (changed == 0) return no_hook();
    writer.append({.kind = EventKind::hook_set, .subject = id, .actor = actor, .payload = payload_of(wanted)});
    return {};
  });
}

core::Result<> Hooks::remove(std::int64_t id, std::string const& actor) {
  return inside_->db.write([&](store::Writer& writer) -> core::Result<> {
    if (writer.exec("DELETE FROM hook WHERE id = ?", id) == 0) return no_hook();
    writer.exec("DELETE FROM hook_delivery WHERE hook = ?", id);
    writer.append({.kind = EventKind::hook_removed, .subject = id, .actor = actor, .payload = "{}"});
    return {};
  });
}

core::Result<> Hooks::stop(std::int64_t id, std::string const& why) {
  return inside_->db.write([&](store::Writer& writer) {
    if (writer.exec("UPDATE hook SET enabled = 0, stopped = ? WHERE id = ? AND enabled = 1", why, id) == 0) return;
    writer.append({.kind = EventKind::hook_stopped, .subject = id, .actor = "system", .payload = boost::json::serialize(object{{"why", why}})});
  });
}

}  // namespace zhili::web::hooks
