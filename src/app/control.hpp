#pragma once
// The local door of a serving process: other verbs ask it for what only the owner of the data may do.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/result.hpp"
#include "organise/people/accounts.hpp"
#include "organise/people/api_keys.hpp"
#include "store/db.hpp"
#include "store/vault.hpp"
#include "web/photo/photo.hpp"

namespace zhili::app {

/// What can be asked for, and the words that it needs.
struct ControlRequest {
  std::string what;  ///< "backup", "retention", "key_issue", "user_add" and others of control.cpp
  std::map<std::string, std::string, std::less<>> words = {};

  /// Empty if it was not given.
  std::string word(std::string_view name) const {
    auto const found = words.find(name);
    return found == words.end() ? std::string() : found->second;
  }
};

/// Answers at DATA/zhili.sock, which only the owner of the files may open; one request at a time, each on one line of JSON.
class Control {
 public:
  static constexpr std::size_t request_bytes_max = 16 * 1024;
  static constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;

  using Handle = std::function<core::Result<std::string>(ControlRequest const&)>;
  /// Errors: unavailable (the socket cannot be made).
  static core::Result<std::unique_ptr<Control>> open(std::string const& data, Handle handle);
  ~Control();

  /// Asks the process that owns DATA. Nothing: no process answers there. Errors: what the owner says.
  static std::optional<core::Result<std::string>> ask(std::string const& data, ControlRequest const& request);

 private:
  Control(int socket, std::string path, Handle handle);
  void answer(std::stop_token stop);

  int socket_;
  std::string path_;
  Handle handle_;
  std::jthread thread_;
};

/// Data that this process has open.
struct OpenData {
  store::Db& db;
  store::Vault& vault;
  web::PhotoStore& photos;
  organise::ApiKeys& keys;
  store::Db* observations = nullptr;  ///< nothing: there are none
};

/// Does what a request asks. What it says, by request: backup: how many photos are damaged and were left out; retention: "KEYS PHOTOS",
/// with " *" behind it if it has to be run again; key_issue: the key; key_list: a line for each.
core::Result<std::string> do_control(ControlRequest const& request, OpenData const& data);

/// Whether a request is for do_with_user: those alone need to know the installation's posts.
bool about_users(ControlRequest const& request);
/// The same for accounts. user_add, user_password: the one-time password; user_list: a line for each account.
core::Result<std::string> do_with_user(ControlRequest const& request, store::Db& db, organise::Accounts& accounts);

}  // namespace zhili::app
