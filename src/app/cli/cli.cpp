#include "app/cli/cli.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "app/cli/completion.hpp"
#include "app/cli/verbs.hpp"

namespace zhili::app {

namespace {

core::Lang lang_of_environment() {
  for (auto const* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (auto const* value = std::getenv(name); value && *value)
      return std::string_view(value).starts_with("zh") ? core::Lang::zh : core::Lang::en;
  return core::Lang::en;
}

constexpr auto exit_codes =
    "Exit codes: 0 done; 1 could not be done; 2 wrong words on the command line; 3 the check found something; "
    "4 the data is held by another process or the database does not answer.";

/// Adds a verb, its options and what it does. `run` is called after everything has been read.
template <class Options>
class Verb {
 public:
  Verb(CLI::App& parent, char const* name, char const* what, Exit (*run)(Options const&), Exit& exit)
      : options_(std::make_shared<Options>()), app_(parent.add_subcommand(name, what)) {
    options_->common.lang = lang_of_environment();
    app_->footer(exit_codes);
    app_->add_option_function<std::string>(
            "--lang", [o = options_](std::string const& l) { o->common.lang = l == "zh" ? core::Lang::zh : core::Lang::en; },
            "language of messages: zh or en (default: as LANG says)")
        ->check(CLI::IsMember({"zh", "en"}));
    app_->callback([o = options_, run, &exit] { exit = run(*o); });
  }
  Verb& data() {
    app_->add_option("--data", options_->common.data, "data directory")->capture_default_str()->envname("ZHILI_DATA");
    app_->add_option("--database", options_->common.database,
                     "postgresql://… to keep the records there; default: SQLite in the data directory")
        ->envname("ZHILI_DATABASE");
    return *this;
  }
  Verb& packs() {
    app_->add_option("--packs", options_->common.packs, "folder of the packs (default: the one that came with the program)")
        ->envname("ZHILI_PACKS");
    return *this;
  }
  template <class Member>
  CLI::Option* option(char const* names, Member Options::*member, char const* what) {
    return app_->add_option(names, (*options_).*member, what)->capture_default_str();
  }
  void flag(char const* names, bool Options::*member, char const* what) { app_->add_flag(names, (*options_).*member, what); }

 private:
  std::shared_ptr<Options> options_;
  CLI::App* app_;
};

void add_serving(CLI::App& app, Exit& exit) {
  Verb<ServeOptions> serve_verb(app, "serve", "serve a data directory", serve, exit);
  serve_verb.data().packs();
  serve_verb.option("--listen", &ServeOptions::listen, "HOST:PORT to listen at; loopback unless told otherwise");
  serve_verb.option("--tls-certificate", &ServeOptions::tls_certificate, "PEM file with the certificate chain");
  serve_verb.option("--tls-key", &ServeOptions::tls_key, "PEM file with the private key");
  serve_verb.option("--mqtt", &ServeOptions::mqtt, "address on which devices may speak MQTT, such as 0.0.0.0:1883; nothing: none");
  serve_verb.option("--nats", &ServeOptions::nats, "URL of a NATS server that keeps messages of devices; nothing: the one on this machine, if there is one");

  Verb<DemoOptions> demo_verb(app, "demo", "show a small living city", show_demo, exit);
  demo_verb.data().packs();
  demo_verb.option("--listen", &DemoOptions::listen, "HOST:PORT to listen at");
  demo_verb.option("--speed", &DemoOptions::speed, "how many times faster than life")->check(CLI::Range(0.1, 3600.0));
  demo_verb.option("--seed", &DemoOptions::seed, "the same seed gives the same city and people");
  demo_verb.option("--days", &DemoOptions::days, "days of life before the doors open")->check(CLI::Range(0, 60));
  demo_verb.flag("--fresh", &DemoOptions::fresh, "begin again: throws the demo's data directory away");
}

void add_data(CLI::App& app, Exit& exit) {
  auto* import_app = app.add_subcommand("import", "take in the records of another system");
  import_app->require_subcommand(1);
  Verb<ImportOptions> requests(*import_app, "requests", "import service requests from a CSV file, plain or .xz", import_requests,
                               exit);
  requests.data().packs();
  requests.option("FILE", &ImportOptions::file, "the file")->required();
  requests.option("--profile", &ImportOptions::profile, "mapping profile: a name in the packs, or a file")->required();
  requests.option("--rejects", &ImportOptions::rejects, "where rows that cannot be taken go, with the reason");
  requests.flag("--quiet", &ImportOptions::quiet, "no progress bar");

  Verb<ImportPlacesOptions> places(*import_app, "places", "import areas, grids and registers from a GeoJSON file, plain or .xz",
                                   import_places, exit);
  places.data().packs();
  places.option("FILE", &ImportPlacesOptions::file, "the file: a FeatureCollection")->required();
  places.option("--kind", &ImportPlacesOptions::kind, "what features are that do not say it themselves")
      ->check(CLI::IsMember({"area", "grid", "duty_grid", "component", "building", "estate", "organisation", "road", "block", "water"}));
  places.option("--datum", &ImportPlacesOptions::datum, "datum of the coordinates, where the file does not say it (default: WGS 84)")
      ->check(CLI::IsMember({"wgs84", "cgcs2000", "gcj02", "bd09"}));
  places.option("--source", &ImportPlacesOptions::source,
                "who says so; survey… counts more than owner…, department…, patrol…, import… (default: import:FILE)");
  places.option("--rejects", &ImportPlacesOptions::rejects, "where features that cannot be taken go, with the reason");
  places.flag("--quiet", &ImportPlacesOptions::quiet, "no progress bar");

  Verb<InfoOptions> info_verb(app, "info", "say what a data directory holds", info, exit);
  info_verb.data();
  info_verb.flag("--json", &InfoOptions::json, "as JSON");

  Verb<BackupOptions> backup_verb(app, "backup", "copy the data while it is in use", backup, exit);
  backup_verb.data();
  backup_verb.option("--to", &BackupOptions::to, "directory for the copy; must not exist or be empty")->required();
  backup_verb.option("--keys-to", &BackupOptions::keys_to, "directory for the keys of personal fields: keep it apart");

  Verb<RestoreOptions> restore_verb(app, "restore", "make a data directory from a backup", restore, exit);
  restore_verb.data();
  restore_verb.option("--from", &RestoreOptions::from, "directory of the backup")->required();
  restore_verb.option("--keys-from", &RestoreOptions::keys_from, "directory of the keys");

  Verb<RetentionOptions> retention_verb(app, "retention", "destroy the keys of personal fields past their time", retention, exit);
  retention_verb.data();
}

void add_vault(CLI::App& app, Exit& exit) {
  auto* vault_app = app.add_subcommand("vault", "the keys of personal fields");
  vault_app->require_subcommand(1);
  Verb<VaultRotateOptions> rotate(*vault_app, "rotate", "replace the master key; stop the service first", vault_rotate, exit);
  rotate.data();
}

void add_ledger(CLI::App& app, Exit& exit) {
  auto* ledger_app = app.add_subcommand("ledger", "check and prove what happened");
  ledger_app->require_subcommand(1);
  Verb<LedgerVerifyOptions> verify(*ledger_app, "verify", "find any changed, missing or reordered entry", ledger_verify, exit);
  verify.data();
  verify.option("--head", &LedgerVerifyOptions::head, "a head that you noted before: it must be part of the chain");
  verify.flag("--quiet", &LedgerVerifyOptions::quiet, "no progress bar");
  Verb<LedgerProveOptions> prove(*ledger_app, "prove", "write a proof that one entry is in the ledger", ledger_prove, exit);
  prove.data();
  prove.option("SEQ", &LedgerProveOptions::seq, "number of the entry")->required();
  Verb<LedgerCheckOptions> check(*ledger_app, "check", "check a proof; needs no data", ledger_check, exit);
  check.option("PROOF", &LedgerCheckOptions::proof, "file with the proof, - for standard input")->required();
  check.option("--head", &LedgerCheckOptions::head, "the head that you trust, as verify prints it")->required();
}

void add_keys(CLI::App& app, Exit& exit) {
  auto* key_app = app.add_subcommand("key", "keys with which other programs talk to this one");
  key_app->require_subcommand(1);
  Verb<KeyOptions> issue(*key_app, "issue", "make a key; it is shown this once", key_issue, exit);
  issue.data().option("HOLDER", &KeyOptions::holder, "whose key it is")->required();
  issue.option("--scope", &KeyOptions::scopes, "what it may do: open311.write, hotline.write, sensing.write; several are allowed")->required();
  issue.option("--days", &KeyOptions::days, "how long it is good");
  Verb<KeyOptions> list(*key_app, "list", "list keys: number, holder, scopes, last day, last use, state", key_list, exit);
  list.data();
  Verb<KeyOptions> revoke(*key_app, "revoke", "revoke a key at once", key_revoke, exit);
  revoke.data().option("NUMBER", &KeyOptions::id, "the number of the key, as list shows it")->required();
}

void add_users(CLI::App& app, Exit& exit) {
  auto* user_app = app.add_subcommand("user", "accounts of the staff");
  user_app->require_subcommand(1);
  auto const verb = [&](char const* name, char const* what, Exit (*run)(UserOptions const&)) {
    Verb<UserOptions> out(*user_app, name, what, run, exit);
    out.data().packs();
    return out;
  };
  auto const login = [](Verb<UserOptions>& to) { to.option("LOGIN", &UserOptions::login, "small letters, digits, dots, hyphens")->required(); };
  auto const area = [](Verb<UserOptions>& to) { to.option("--area", &UserOptions::area, "only there: an area's code, or its beginning"); };
  auto add = verb("add", "make an account; its one-time password is shown this once", user_add);
  login(add);
  add.option("--post", &UserOptions::post, "post of the installation to which it is appointed");
  area(add);
  add.option("--same-person-as", &UserOptions::same_person_as, "login of another account of the same person");
  auto appoint = verb("appoint", "appoint somebody to one more post", user_appoint);
  login(appoint);
  appoint.option("POST", &UserOptions::post, "post of the installation, or administration")->required();
  area(appoint);
  auto password = verb("password", "give an account a new one-time password, shown this once", user_password);
  login(password);
  auto disable = verb("disable", "close an account and sign it out everywhere", user_disable);
  login(disable);
  auto enable = verb("enable", "open an account again", user_enable);
  login(enable);
  verb("list", "list accounts: login, person, state, posts", user_list);
}

void add_hotlines(CLI::App& app, Exit& exit) {
  auto* hotline_app = app.add_subcommand("hotline", "work orders of another hotline, and replies to it; the data must be served");
  hotline_app->require_subcommand(1);
  auto const profile = [](Verb<HotlineOptions>& to) { to.option("--profile", &HotlineOptions::profile, "the hotline's name in its profile")->required(); };
  Verb<HotlineOptions> import(*hotline_app, "import", "take a file of work orders; each is taken once", hotline_import, exit);
  import.data().option("FILE", &HotlineOptions::file, "the file, as the profile describes it")->required();
  profile(import);
  Verb<HotlineOptions> replies(*hotline_app, "replies", "print what happened to its orders, in its own form", hotline_replies, exit);
  replies.data();
  profile(replies);
  replies.option("--since", &HotlineOptions::since, "the number that the last call printed on standard error; 0: from the beginning");
}

void add_devices(CLI::App& app, Exit& exit) {
  auto* device_app = app.add_subcommand("device", "register devices and give them credentials; the data must be served");
  device_app->require_subcommand(1);
  auto const kinds = CLI::IsMember({"token", "mqtt"});
  Verb<DeviceOptions> list(*device_app, "list", "list devices: number, serial number, type, state, last seen, area, name", device_list, exit);
  list.data().option("--type", &DeviceOptions::type, "only of this type");
  list.option("--state", &DeviceOptions::state, "only in this state")->check(CLI::IsMember({"active", "silent", "fault", "disabled", "unclaimed"}));
  list.option("--area", &DeviceOptions::area, "only there: an area's code, or its beginning");
  Verb<DeviceOptions> add(*device_app, "add", "register one device; prints its number", device_add, exit);
  add.data().option("TYPE", &DeviceOptions::type, "type of a pack: water-gauge")->required();
  add.option("SERIAL", &DeviceOptions::serial, "serial number: letters, digits, - _ :")->required();
  add.option("--name", &DeviceOptions::name, "what it is called");
  add.option("--lat", &DeviceOptions::lat, "latitude in degrees, WGS 84");
  add.option("--lon", &DeviceOptions::lon, "longitude in degrees, WGS 84");
  add.option("--component", &DeviceOptions::component, "code of the component that it sits on");
  add.option("--area", &DeviceOptions::area, "code of an area");
  Verb<DeviceOptions> import(*device_app, "import", "register the devices of a CSV file; looks only unless told otherwise", device_import, exit);
  import.data().option("FILE", &DeviceOptions::file, "the file: type, serial, name, lat, lon, component, area, place")->required();
  import.option("--mode", &DeviceOptions::mode, "preview, all (or nothing), or good_lines")->check(CLI::IsMember({"preview", "all", "good_lines"}));
  import.option("--datum", &DeviceOptions::datum, "datum of the coordinates (default: WGS 84)")->check(CLI::IsMember({"wgs84", "cgcs2000", "gcj02", "bd09"}));
  import.option("--credentials", &DeviceOptions::credentials, "give each new device a token or an MQTT password")->check(kinds);
  import.option("--result", &DeviceOptions::result, "file for the results, with the credentials; must not exist");
  Verb<DeviceOptions> token(*device_app, "token", "give a device a new credential, shown this once; the one before ends after the overlap", device_token, exit);
  token.data().option("SERIAL", &DeviceOptions::serial, "serial number of the device")->required();
  token.option("--kind", &DeviceOptions::credentials, "token (HTTP) or mqtt (default: token)")->check(kinds);
  token.option("--overlap-hours", &DeviceOptions::overlap_hours, "how long both work (default: 24)")->check(CLI::Range(0, 720));
}

void add_rules(CLI::App& app, Exit& exit) {
  auto* rules_app = app.add_subcommand("rules", "rules over readings: as understood, as they stand, and what they would have found");
  rules_app->require_subcommand(1);
  Verb<RuleOptions> list(*rules_app, "list", "list rules: code, armed, severity, subjects, raised, at fault, broken, alarms in 30 days, name; the data must be served", rules_list, exit);
  list.data();
  Verb<RuleOptions> check(*rules_app, "check", "find every mistake in the rules of packs, with file and line; print sound ones as they are understood", rules_check, exit);
  check.option("DIR", &RuleOptions::folders, "folders of packs")->required();
  Verb<RuleOptions> replay(*rules_app, "replay", "run a rule over history: nothing is raised; the data must be served", rules_replay, exit);
  replay.data().option("--rule", &RuleOptions::rule, "code of the rule")->required();
  replay.option("--from", &RuleOptions::from, "a day (2026-06-01), or a time with its zone (default: 30 days before --to)");
  replay.option("--to", &RuleOptions::to, "the same (default: now)");
  auto const choose = [&](char const* name, char const* what, Exit (*run)(RuleOptions const&)) {
    Verb<RuleOptions> verb(*rules_app, name, what, run, exit);
    verb.data().option("RULE", &RuleOptions::rule, "code of the rule")->required();
    verb.option("--reason", &RuleOptions::reason, "why; it stands in the ledger")->required();
  };
  choose("arm", "let a rule raise alarms; what had stopped begins anew", rules_arm);
  choose("disarm", "let a rule raise no alarms; those that stand end", rules_disarm);
}

void add_packs(CLI::App& app, Exit& exit) {
  auto* pack_app = app.add_subcommand("pack", "check and compare scenario packs");
  pack_app->require_subcommand(1);
  Verb<PackOptions> check(*pack_app, "check", "find every mistake in packs, with file and line", pack_check, exit);
  check.packs().option("DIR", &PackOptions::folders, "folders of packs")->required();
  Verb<PackOptions> list(*pack_app, "list", "list the packs and their items", pack_list, exit);
  list.packs().flag("--json", &PackOptions::json, "as JSON");
  Verb<PackOptions> similar(*pack_app, "similar", "list the same, similar and repeated items", pack_similar, exit);
  similar.packs().flag("--json", &PackOptions::json, "as JSON");
}

Exit say_unknown_verb(std::string_view word) {
  fmt::print(stderr, "zhili: there is no verb '{}'. Try 'zhili help'.\n", word);
  return Exit::usage;
}

CLI::App const* verb_of(CLI::App const& app, std::string_view word) {
  auto const subs = app.get_subcommands([&](CLI::App const* sub) { return sub->get_name() == word; });
  return subs.empty() ? nullptr : subs.front();
}

void add_help(CLI::App& app, Exit& exit) {
  auto* help = app.add_subcommand("help", "say how to use the program, or a verb of it");
  auto words = std::make_shared<std::vector<std::string>>();
  auto shell = std::make_shared<std::string>();
  help->add_option("VERB", *words, "the verb");
  help->add_option("--completion", *shell, "print completion for a shell")->check(CLI::IsMember({"bash", "zsh"}));
  help->callback([&app, &exit, words, shell] {
    if (!shell->empty()) {
      std::fputs(completion(app, *shell).c_str(), stdout);
      return;
    }
    CLI::App const* at = &app;
    std::string path = app.get_name();
    for (auto const& word : *words) {
      at = verb_of(*at, word);
      if (!at) {
        exit = say_unknown_verb(word);
        return;
      }
      path += " " + word;
    }
    // Not at->help(): where verbs were read, that one speaks of the last of them.
    std::fputs(app.get_formatter()->make_help(at, path, CLI::AppFormatMode::Normal).c_str(), stdout);
  });
}

}  // namespace

int command_line(int argc, char** argv) {
  auto exit = Exit::done;
  CLI::App app{"zhili 治理/智理: a city operations platform", "zhili"};
  app.set_version_flag("--version", "zhili " ZHILI_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  add_serving(app, exit);
  add_data(app, exit);
  add_vault(app, exit);
  add_ledger(app, exit);
  add_keys(app, exit);
  add_users(app, exit);
  add_hotlines(app, exit);
  add_devices(app, exit);
  add_rules(app, exit);
  add_packs(app, exit);
  add_help(app, exit);
  if (argc > 1 && argv[1][0] != '-' && !verb_of(app, argv[1])) return static_cast<int>(say_unknown_verb(argv[1]));
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? static_cast<int>(Exit::done) : static_cast<int>(Exit::usage);
  }
  return static_cast<int>(exit);
}

}  // namespace zhili::app
