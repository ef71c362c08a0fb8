#include "app/control.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <map>
#include <ranges>
#include <vector>

#include "app/runtime.hpp"
#include "respond/photos.hpp"
#include "store/backup.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::app {

namespace {

using boost::json::object;
using core::Errc;
using core::fail;

constexpr int poll_ms = 200;

std::string socket_path(std::string const& data) { return data + "/zhili.sock"; }

/// false where the path is too long for a socket's address.
bool address_of(std::string const& path, sockaddr_un& out) {
  out = {};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof out.sun_path) return false;
  std::memcpy(out.sun_path, path.data(), path.size());
  return true;
}

std::string text(object const& o, char const* key) {
  auto const* value = o.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// Reads up to a line break; empty at the end or when it is too long.
std::string read_line(int socket, std::size_t bytes_max) {
  std::string out;
  char part[4096];
  while (out.size() < bytes_max) {
    auto const got = ::read(socket, part, sizeof part);
    if (got <= 0) return {};
    out.append(part, static_cast<std::size_t>(got));
    if (auto const end = out.find('\n'); end != std::string::npos) return out.substr(0, end);
  }
  return {};
}

void write_line(int socket, object const& answer) {
  auto const line = boost::json::serialize(answer) + "\n";
  for (std::size_t at = 0; at < line.size();) {
    auto const sent = ::send(socket, line.data() + at, line.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) return;
    at += static_cast<std::size_t>(sent);
  }
}

object answer_to(std::string const& line, Control::Handle const& handle) {
  boost::system::error_code error;
  auto const parsed = boost::json::parse(line, error);
  if (error || !parsed.is_object()) return {{"ok", false}, {"zh", "请求不对。"}, {"en", "The request is malformed."}};
  auto const& o = parsed.as_object();
  ControlRequest request{.what = text(o, "what")};
  for (auto const& [name, value] : o)
    if (value.is_string()) request.words.emplace(name, value.as_string());
  auto const done = handle(request);
  if (done) return {{"ok", true}, {"says", *done}};
  return {{"ok", false}, {"key", done.error().key}, {"zh", done.error().text.zh}, {"en", done.error().text.en}};
}

}  // namespace

Control::Control(int socket, std::string path, Handle handle) : socket_(socket), path_(std::move(path)), handle_(std::move(handle)) {
  thread_ = std::jthread([this](std::stop_token stop) { answer(std::move(stop)); });
}

Control::~Control() {
  thread_ = {};
  ::close(socket_);
  ::unlink(path_.c_str());
}

core::Result<std::unique_ptr<Control>> Control::open(std::string const& data, Handle handle) {
  auto const path = socket_path(data);
  sockaddr_un address{};
  auto const failed = [&] {
    return fail(Errc::unavailable, "control.socket",
                {fmt::format("开不了本机通道 {}：{}。请换一个短一些的数据目录。", path, std::strerror(errno)),
                 fmt::format("Cannot open the local socket {}: {}. Choose a shorter data directory.", path, std::strerror(errno))});
  };
  if (!address_of(path, address)) return failed();
  ::unlink(path.c_str());  // the lock of the data says that nobody else is there
  int const made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return failed();
  auto const mask = ::umask(0177);
  bool const bound = ::bind(made, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 && ::listen(made, 4) == 0;
  ::umask(mask);
  if (!bound) {
    ::close(made);
    return failed();
  }
  return std::unique_ptr<Control>(new Control(made, path, std::move(handle)));
}

void Control::answer(std::stop_token stop) {
  while (!stop.stop_requested()) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, poll_ms) <= 0) continue;
    int const peer = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0) continue;
    timeval const patience{2, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (auto const line = read_line(peer, request_bytes_max); !line.empty()) write_line(peer, answer_to(line, handle_));
    ::close(peer);
  }
}

std::optional<core::Result<std::string>> Control::ask(std::string const& data, ControlRequest const& request) {
  sockaddr_un address{};
  if (!address_of(socket_path(data), address)) return std::nullopt;
  int const peer = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return std::nullopt;
  if (::connect(peer, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
    ::close(peer);
    return std::nullopt;
  }
  object words{{"what", request.what}};
  for (auto const& [name, word] : request.words) words.emplace(name, word);
  write_line(peer, words);
  auto const line = read_line(peer, answer_bytes_max);
  ::close(peer);
  boost::system::error_code error;
  auto const parsed = boost::json::parse(line, error);
  if (error || !parsed.is_object())
    return core::Result<std::string>(fail(Errc::unavailable, "control.answer",
                                          {"正在运行的进程没有答复。请看它的日志。", "The serving process gave no answer; see its log."}));
  auto const& o = parsed.as_object();
  if (auto const* ok = o.if_contains("ok"); ok && ok->is_bool() && ok->as_bool()) return core::Result<std::string>(text(o, "says"));
  return core::Result<std::string>(fail(Errc::unavailable, text(o, "key"), {text(o, "zh"), text(o, "en")}));
}

namespace {

core::Result<std::string> back_up(ControlRequest const& request, OpenData const& data) {
  ZHILI_CHECK(store::backup(data.db, request.word("to")));
  // After the things that they are about: what came in between has its thing in no backup, and is only read when that is there.
  if (data.observations) ZHILI_CHECK(store::backup(*data.observations, request.word("to"), store::observations_name));
  // After the database: what its rows cite was on the disk before them.
  ZHILI_TRY(auto const photos, data.photos.copy_to(photos_folder(request.word("to"))));
  if (auto const keys_to = request.word("keys_to"); !keys_to.empty()) ZHILI_CHECK(data.vault.backup_keys(keys_to));
  return std::to_string(photos.damaged);
}

core::Result<std::string> retain(OpenData const& data) {
  ZHILI_TRY(auto const destroyed, data.vault.destroy_expired("system"));
  ZHILI_TRY(auto const forgotten, respond::forget_expired_photos(data.db, "system"));
  ZHILI_CHECK(web::sweep_photos(data.db, data.photos, web::photos_before_now()));
  return fmt::format("{} {}{}", destroyed.records, forgotten, destroyed.wiped ? "" : " *");
}

/// Who has the machine may do what an administrator may: it is the way back for one who forgot the password.
constexpr auto at_the_machine = "cli";

core::Result<std::string> add_user(ControlRequest const& request, organise::Accounts& accounts) {
  ZHILI_TRY(auto const made, accounts.make({.login = request.word("login"), .same_person_as = request.word("same_person_as"),
                                            .post = request.word("post"), .area = request.word("area")},
                                           at_the_machine));
  return made.one_time_password;
}

core::Result<std::string> list_users(store::Db& db, organise::Accounts const& accounts) {
  return db.read([&](store::Reader& reader) {
    std::map<std::string, std::vector<std::string>, std::less<>> posts_of;
    for (auto const& appointment : accounts.appointments(reader))
      posts_of[appointment.person].push_back(appointment.area.empty() ? appointment.post : appointment.post + "@" + appointment.area);
    std::string out;
    for (auto const& account : accounts.list(reader)) {
      auto const& posts = posts_of[account.person];
      out += fmt::format("{}\t{}\t{}\t{}\n", account.login, account.person, account.disabled ? "disabled" : account.must_change ? "new" : "active",
                         fmt::join(posts, " "));
    }
    return out;
  });
}

core::Result<std::int64_t> whole(ControlRequest const& request, std::string_view name) {
  auto const text = request.word(name);
  std::int64_t out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size()) return out;
  return fail(Errc::invalid, "control.number", {fmt::format("{} 应是整数。", name), fmt::format("{} is a whole number.", name)}, std::string(name));
}

core::Result<std::string> issue_key(ControlRequest const& request, organise::ApiKeys& keys) {
  organise::NewApiKey wanted{.holder = request.word("holder"), .scopes = {}};
  ZHILI_TRY(wanted.days, whole(request, "days"));
  auto const scopes = request.word("scopes");
  for (auto const word : std::views::split(scopes, ' ')) {
    ZHILI_TRY(auto const scope, organise::scope_from({word.begin(), word.end()}));
    wanted.scopes.push_back(scope);
  }
  ZHILI_TRY(auto issued, keys.issue(wanted, at_the_machine));
  return std::move(issued.secret);
}

core::Result<std::string> list_keys(OpenData const& data) {
  return data.db.read([&](store::Reader& reader) {
    std::string out;
    for (auto const& key : data.keys.list(reader)) {
      std::vector<std::string_view> scopes;
      for (auto const scope : key.scopes) scopes.push_back(organise::name(scope));
      out += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", key.id, key.holder, fmt::join(scopes, " "), core::to_iso(key.expires_at),
                         key.used_at ? core::to_iso(*key.used_at) : "-", key.revoked_at ? "revoked" : "active");
    }
    return out;
  });
}

core::Result<std::string> do_with_key(ControlRequest const& request, OpenData const& data) {
  if (request.what == "key_issue") return issue_key(request, data.keys);
  if (request.what == "key_list") return list_keys(data);
  if (request.what != "key_revoke") return fail(Errc::invalid, "control.what", {"不认识的请求。", "An unknown request."}, "what");
  ZHILI_TRY(auto const id, whole(request, "id"));
  ZHILI_CHECK(data.keys.revoke(id, at_the_machine));
  return std::string();
}

}  // namespace

core::Result<std::string> do_control(ControlRequest const& request, OpenData const& data) {
  if (request.what == "backup") return back_up(request, data);
  if (request.what == "retention") return retain(data);
  if (request.what.starts_with("key_")) return do_with_key(request, data);
  return fail(Errc::invalid, "control.what", {"不认识的请求。", "An unknown request."}, "what");
}

bool about_users(ControlRequest const& request) { return request.what.starts_with("user_"); }

core::Result<std::string> do_with_user(ControlRequest const& request, store::Db& db, organise::Accounts& accounts) {
  auto const login = request.word("login");
  if (request.what == "user_list") return list_users(db, accounts);
  if (request.what == "user_add") return add_user(request, accounts);
  if (request.what == "user_password") return accounts.reset_password(login, at_the_machine);
  auto const done = [&]() -> core::Result<> {
    if (request.what == "user_disable") return accounts.disable(login, at_the_machine);
    if (request.what == "user_enable") return accounts.enable(login, at_the_machine);
    if (request.what != "user_appoint") return fail(Errc::invalid, "control.what", {"不认识的请求。", "An unknown request."}, "what");
    ZHILI_CHECK(accounts.appoint({.login = login, .post = request.word("post"), .area = request.word("area")}, at_the_machine));
    return {};
  }();
  if (!done) return fail(done.error());
  return std::string();
}

}  // namespace zhili::app
