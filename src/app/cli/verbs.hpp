#pragma once
// What the command line asks for, verb by verb. cli.cpp reads the words; each verb's own file does the work.

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "organise/people/api_keys.hpp"

namespace zhili::app {

/// Exit codes of the program; the same in the documentation and in `zhili help`.
enum class Exit : int {
  done = 0,
  failed = 1,       ///< it was tried and could not be done; the message says why
  usage = 2,        ///< the command line is wrong
  findings = 3,     ///< the check ran and found something: a broken ledger, a bad pack, rejected rows
  unavailable = 4,  ///< the data is held by another process, or the database does not answer: try again
};

struct CommonOptions {
  core::Lang lang = core::Lang::en;
  std::string data = "./data";   ///< the data directory
  std::string database;          ///< postgresql://… ; empty: SQLite inside the data directory
  std::string packs;             ///< folder of packs; empty: beside the program
};

struct ServeOptions {
  CommonOptions common;
  std::string listen = "127.0.0.1:8080";
  std::string tls_certificate;
  std::string tls_key;
  std::string mqtt;             ///< where devices may speak MQTT; empty: nowhere
  std::string nats;             ///< a NATS server with their messages; empty: the one on loopback, if there is one
};

struct DemoOptions {
  CommonOptions common;
  std::string listen = "127.0.0.1:8080";
  double speed = 30;            ///< how many times faster than life
  std::uint64_t seed = 20260712;
  int days = 3;                 ///< days lived before the doors open
  bool fresh = false;
};

struct ImportOptions {
  CommonOptions common;
  std::string file;
  std::string profile;
  std::string rejects;          ///< empty: FILE.rejected.csv in the data directory
  bool quiet = false;
};

struct ImportPlacesOptions {
  CommonOptions common;
  std::string file;
  std::string kind;             ///< of features that do not say it
  std::string datum;            ///< wgs84, cgcs2000, gcj02 or bd09; empty: as the file says, else WGS 84
  std::string source;           ///< who says so: "survey:2026"; empty: import:FILE
  std::string rejects;          ///< empty: FILE.rejected.geojson in the data directory
  bool quiet = false;
};

struct InfoOptions {
  CommonOptions common;
  bool json = false;
};

struct LedgerVerifyOptions {
  CommonOptions common;
  std::string head;             ///< a head that was noted before; empty: none
  bool quiet = false;
};

struct LedgerProveOptions {
  CommonOptions common;
  std::int64_t seq = 0;
};

struct LedgerCheckOptions {
  CommonOptions common;
  std::string proof;
  std::string head;
};

struct BackupOptions {
  CommonOptions common;
  std::string to;
  std::string keys_to;
};

struct RestoreOptions {
  CommonOptions common;
  std::string from;
  std::string keys_from;
};

struct RetentionOptions {
  CommonOptions common;
};

struct VaultRotateOptions {
  CommonOptions common;
};

struct KeyOptions {
  CommonOptions common;
  std::string holder;
  std::vector<std::string> scopes;
  std::int64_t days = organise::key_days_default;
  std::int64_t id = 0;
};

struct UserOptions {
  CommonOptions common;
  std::string login;
  std::string post;
  std::string area;
  std::string same_person_as;
};

struct HotlineOptions {
  CommonOptions common;
  std::string file;
  std::string profile;
  std::int64_t since = 0;
};

struct DeviceOptions {
  CommonOptions common;
  std::string type;
  std::string serial;
  std::string name;
  std::string lat, lon;         ///< degrees of WGS 84
  std::string component;
  std::string area;
  std::string state;
  std::string file;
  std::string mode = "preview";
  std::string datum;            ///< of the file; empty: WGS 84
  std::string credentials;      ///< token or mqtt
  std::string result;           ///< file for the results of an import
  std::string overlap_hours;
};

struct RuleOptions {
  CommonOptions common;
  std::vector<std::string> folders;
  std::string rule;
  std::string from, to;         ///< a day of the city, or a time with its zone; empty: thirty days until now
  std::string reason;
};

struct PackOptions {
  CommonOptions common;
  std::vector<std::string> folders;
  bool json = false;
};

Exit serve(ServeOptions const& options);
Exit show_demo(DemoOptions const& options);
Exit import_requests(ImportOptions const& options);
Exit import_places(ImportPlacesOptions const& options);
Exit info(InfoOptions const& options);
Exit ledger_verify(LedgerVerifyOptions const& options);
Exit ledger_prove(LedgerProveOptions const& options);
Exit ledger_check(LedgerCheckOptions const& options);
Exit backup(BackupOptions const& options);
Exit restore(RestoreOptions const& options);
Exit retention(RetentionOptions const& options);
Exit vault_rotate(VaultRotateOptions const& options);
Exit key_issue(KeyOptions const& options);
Exit key_revoke(KeyOptions const& options);
Exit key_list(KeyOptions const& options);
Exit user_add(UserOptions const& options);
Exit user_appoint(UserOptions const& options);
Exit user_password(UserOptions const& options);
Exit user_disable(UserOptions const& options);
Exit user_enable(UserOptions const& options);
Exit user_list(UserOptions const& options);
Exit hotline_import(HotlineOptions const& options);
Exit hotline_replies(HotlineOptions const& options);
Exit device_list(DeviceOptions const& options);
Exit device_add(DeviceOptions const& options);
Exit device_import(DeviceOptions const& options);
Exit device_token(DeviceOptions const& options);
Exit rules_list(RuleOptions const& options);
Exit rules_check(RuleOptions const& options);
Exit rules_replay(RuleOptions const& options);
Exit rules_arm(RuleOptions const& options);
Exit rules_disarm(RuleOptions const& options);
Exit pack_check(PackOptions const& options);
Exit pack_list(PackOptions const& options);
Exit pack_similar(PackOptions const& options);

/// Says an error on stderr in the user's language and gives the exit code that belongs to it.
Exit say_failure(core::Error const& error, core::Lang lang);

}  // namespace zhili::app
