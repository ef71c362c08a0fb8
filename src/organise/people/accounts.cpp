#include "organise/people/accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ranges>

#include "organise/people/password.hpp"
#include "organise/people/sessions.hpp"

namespace zhili::organise {

using core::Errc;
using core::EventKind;
using core::fail;
namespace json = boost::json;

namespace {

constexpr std::string_view account_columns = "SELECT id, login, person, disabled, must_change, made_at FROM account ";
constexpr std::string_view appointment_columns = "SELECT id, person, post, area, items, from_at, until_at FROM appointment ";
constexpr std::string_view absence_columns = "SELECT id, person, deputy, from_at, until_at FROM absence ";
using Integer = std::int64_t;
using Text = std::string;

template <class... Args>
std::vector<Account> accounts_where(store::Reader& reader, std::string_view where, Args const&... args) {
  std::vector<Account> out;
  for (auto& [id, login, person, disabled, must_change, made] :
       reader.rows<Integer, Text, Text, Integer, Integer, Integer>(std::string(account_columns) + std::string(where), args...))
    out.push_back({id, std::move(login), std::move(person), disabled != 0, must_change != 0, core::from_ms(made)});
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (auto const word : std::views::split(text, ' '))
    if (!word.empty()) out.emplace_back(word.begin(), word.end());
  return out;
}

template <class... Args>
std::vector<Appointment> appointments_where(store::Reader& reader, std::string_view where, Args const&... args) {
  std::vector<Appointment> out;
  for (auto& [id, person, post, area, items, from, until] :
       reader.rows<Integer, Text, Text, Text, Text, Integer, std::optional<Integer>>(
           std::string(appointment_columns) + std::string(where), args...))
    out.push_back({id, std::move(person), std::move(post), std::move(area), words_of(items), core::from_ms(from),
                   until ? std::optional(core::from_ms(*until)) : std::nullopt});
  return out;
}

template <class... Args>
std::vector<Absence> absences_where(store::Reader& reader, std::string_view where, Args const&... args) {
  std::vector<Absence> out;
  for (auto& [id, person, deputy, from, until] : reader.rows<Integer, Text, Text, Integer, Integer>(
           std::string(absence_columns) + std::string(where), args...))
    out.push_back({id, std::move(person), std::move(deputy), core::from_ms(from), core::from_ms(until)});
  return out;
}

core::Result<> check_login(std::string_view login) {
  auto const good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; };
  if (!login.empty() && login.size() <= login_characters_max && login.front() >= 'a' && login.front() <= 'z' &&
      std::ranges::all_of(login, good))
    return {};
  return fail(Errc::invalid, "account.login",
              {fmt::format("登录名由小写字母、数字、点和短横组成，以字母开头，最多 {} 个字符。", login_characters_max),
               fmt::format("A login has small letters, digits, dots and hyphens, begins with a letter, and has at most {} "
                           "characters.",
                           login_characters_max)},
              "login");
}

core::Result<> check_codes(NewAppointment const& wanted) {
  auto const digits_and_letters = [](std::string_view code) {
    return std::ranges::all_of(code, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; });
  };
  if (!digits_and_letters(wanted.area))
    return fail(Errc::invalid, "appointment.area",
                {"区域是区域编码或其开头几位，例如 370402001；留空表示全部。",
                 "An area is a code of the area tree, or its beginning, such as 370402001; empty stands for every area."},
                "area");
  if (wanted.items.size() > items_of_appointment_max ||
      !std::ranges::all_of(wanted.items, [&](auto const& i) { return !i.empty() && digits_and_letters(i); }))
    return fail(Errc::invalid, "appointment.items",
                {fmt::format("事项是事项编码或其开头几位，例如 03，最多 {} 个；不填表示全部。", items_of_appointment_max),
                 fmt::format("Items are codes of items, or their beginnings, such as 03, at most {}; none stands for all.",
                             items_of_appointment_max)},
                "items");
  return {};
}

std::string about(json::object object) { return json::serialize(object); }

}  // namespace

core::Text administration_name() { return {"系统管理岗", "Administration"}; }

Accounts::Accounts(store::Db& db, catalogue::Installation const& installation, core::TimeSource const& time)
    : db_(db), time_(time) {
  posts_.push_back({std::string(administration_post), std::string(administrator_role), ""});
  for (auto const& post : installation.posts) posts_.push_back({post.code, post.role, post.department});
}

core::Result<Account> Accounts::need(store::Reader& reader, std::string const& login, std::string const& field) const {
  if (auto found = find(reader, login)) return std::move(*found);
  return fail(Errc::not_found, "account.unknown",
              {fmt::format("没有账号「{}」。", login), fmt::format("There is no account \"{}\".", login)}, field);
}

core::Result<Made> Accounts::make(NewAccount const& wanted, std::string const& actor) {
  ZHILI_CHECK(check_login(wanted.login));
  NewAppointment const first{.login = wanted.login, .post = wanted.post, .area = wanted.area};
  if (!wanted.post.empty()) ZHILI_CHECK(check(first));
  Made made;
  if (wanted.password.empty())
    made.one_time_password = one_time_password();
  else
    ZHILI_CHECK(check_password(wanted.password, wanted.login));
  ZHILI_TRY(auto const hash, hash_password(wanted.password.empty() ? made.one_time_password : wanted.password));
  auto const stored = db_.write([&](store::Writer& w) -> core::Result<Account> {
    if (find(w, wanted.login))
      return fail(Errc::conflict, "account.taken",
                  {fmt::format("登录名「{}」已有人用。", wanted.login), fmt::format("The login \"{}\" is taken.", wanted.login)},
                  "login");
    Account account{.login = wanted.login, .person = wanted.login, .must_change = wanted.password.empty(), .made_at = w.now()};
    if (!wanted.same_person_as.empty()) {
      ZHILI_TRY(auto const other, need(w, wanted.same_person_as, "same_person_as"));
      account.person = other.person;
    }
    account.id = w.append({.kind = EventKind::account_made,
                           .actor = actor,
                           .payload = about({{"login", account.login}, {"person", account.person}})});
    w.exec("INSERT INTO account (id, login, person, disabled, must_change, password, made_at) "
           "VALUES (?, ?, ?, 0, ?, ?, ?)",
           account.id, account.login, account.person, account.must_change, hash, account.made_at);
    if (!wanted.post.empty()) ZHILI_CHECK(appoint(w, first, actor));
    return account;
  });
  if (!stored) return fail(stored.error());
  made.account = *stored;
  return made;
}

core::Result<> Accounts::check(NewAppointment const& wanted) const {
  if (std::ranges::find(posts_, wanted.post, &PostDuty::post) == posts_.end())
    return fail(Errc::invalid, "appointment.post",
                {fmt::format("本地没有岗位「{}」；岗位写在 installation.yaml 里。", wanted.post),
                 fmt::format("There is no post \"{}\" here; posts are written in installation.yaml.", wanted.post)},
                "post");
  return check_codes(wanted);
}

core::Result<std::int64_t> Accounts::appoint(store::Writer& w, NewAppointment const& wanted, std::string const& actor) const {
  ZHILI_CHECK(check(wanted));
  ZHILI_TRY(auto const account, need(w, wanted.login, "login"));
  auto const from = wanted.from.value_or(w.now());
  if (wanted.until && *wanted.until <= from)
    return fail(Errc::invalid, "appointment.until",
                {"结束时间应在开始时间之后。", "An appointment ends after it begins."}, "until");
  json::array items(wanted.items.begin(), wanted.items.end());
  json::object said{{"person", account.person}, {"post", wanted.post}, {"area", wanted.area}, {"items", std::move(items)},
                    {"from", core::to_iso(from)}};
  if (wanted.until) said["until"] = core::to_iso(*wanted.until);
  auto const id = w.append({.kind = EventKind::appointed, .actor = actor, .payload = about(std::move(said))});
  w.exec("INSERT INTO appointment (id, person, post, area, items, from_at, until_at) VALUES (?, ?, ?, ?, ?, ?, ?)", id,
         account.person, wanted.post, wanted.area, fmt::format("{}", fmt::join(wanted.items, " ")), from, wanted.until);
  return id;
}

core::Result<std::int64_t> Accounts::appoint(NewAppointment const& wanted, std::string const& actor) {
  return db_.write([&](store::Writer& w) { return appoint(w, wanted, actor); });
}

/// One whose post does not end: a city that nobody administrates from some day on is noticed too late.
core::Result<> Accounts::keep_one_administrator(store::Writer& writer) const {
  auto const left = writer.value<Integer>(
      "SELECT COUNT(*) FROM appointment p WHERE p.post = ? AND p.area = '' AND p.items = '' AND p.from_at <= ? AND "
      "p.until_at IS NULL AND EXISTS (SELECT 1 FROM account a WHERE a.person = p.person AND a.disabled = 0)",
      administration_post, writer.now());
  if (left.value_or(0) > 0) return keep_one_present(writer);
  return fail(Errc::conflict, "account.last_administrator",
              {"这样就没有长期的管理员了；请先任命另一位，不写到期。", "Nobody would be left to administrate for good: appoint somebody else first, without an end."});
}

core::Result<> Accounts::keep_one_present(store::Writer& writer) const {
  std::vector<std::string> people;
  for (auto& [person] : writer.rows<Text>("SELECT DISTINCT person FROM account WHERE disabled = 0")) people.push_back(std::move(person));
  auto const appointed = appointments_where(writer, "WHERE post = ?", administration_post);
  auto const away = absences_where(writer, "WHERE until_at > ?", writer.now());
  auto const without = first_without(administrator_role, writer.now(), people, appointed, away, posts_);
  if (!without) return {};
  auto const at = core::to_iso(*without);
  return fail(Errc::conflict, "account.no_administrator_present",
              {fmt::format("{} 起没有管理员在岗；请指定另一位代岗，或先再任命一位管理员。", at),
               fmt::format("From {} on every administrator would be away: name a deputy who is there, or appoint another administrator first.", at)},
              "deputy");
}

core::Result<> Accounts::end_appointment(std::int64_t id, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const ended = w.exec("UPDATE appointment SET until_at = ? WHERE id = ? AND (until_at IS NULL OR until_at > ?)", w.now(),
                              id, w.now());
    if (ended == 0)
      return fail(Errc::conflict, "appointment.ended",
                  {"没有这项任命，或它已经结束。", "There is no such appointment, or it has ended."}, "id");
    w.append({.kind = EventKind::appointment_ended, .subject = id, .actor = actor, .payload = "{}"});
    return keep_one_administrator(w);
  });
}

core::Result<std::int64_t> Accounts::set_absence(store::Writer& w, NewAbsence const& wanted, std::string const& actor) const {
  if (wanted.until <= wanted.from || wanted.until - wanted.from > absence_max)
    return fail(Errc::invalid, "absence.until",
                {fmt::format("离岗须有结束时间，且不超过 {} 天。", absence_max.count()),
                 fmt::format("An absence ends after it begins, within {} days.", absence_max.count())},
                "until");
  ZHILI_TRY(auto const account, need(w, wanted.login, "login"));
  std::string deputy;
  if (!wanted.deputy.empty()) {
    ZHILI_TRY(auto const found, need(w, wanted.deputy, "deputy"));
    deputy = found.person;
    if (deputy == account.person || found.disabled)
      return fail(Errc::invalid, "absence.deputy",
                  {"代岗的须是另一个在用账号的人。", "Who stands in is another person, with an account in use."}, "deputy");
  }
  auto const id = w.append({.kind = EventKind::absence_set,
                            .actor = actor,
                            .payload = about({{"person", account.person},
                                              {"deputy", deputy},
                                              {"from", core::to_iso(wanted.from)},
                                              {"until", core::to_iso(wanted.until)}})});
  w.exec("INSERT INTO absence (id, person, deputy, from_at, until_at) VALUES (?, ?, ?, ?, ?)", id, account.person, deputy,
         wanted.from, wanted.until);
  ZHILI_CHECK(keep_one_present(w));
  return id;
}

core::Result<std::int64_t> Accounts::set_absence(NewAbsence const& wanted, std::string const& actor) {
  return db_.write([&](store::Writer& w) { return set_absence(w, wanted, actor); });
}

core::Result<> Accounts::end_absence(std::int64_t id, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const known = absence(w, id);
    if (!known) return fail(Errc::not_found, "absence.id", {"没有这段离岗。", "There is no such absence."}, "id");
    if (known->until <= w.now()) return fail(Errc::conflict, "absence.over", {"这段离岗已经结束。", "This absence is over."}, "id");
    w.exec("UPDATE absence SET until_at = ? WHERE id = ?", std::max(known->from, w.now()), id);
    w.append({.kind = EventKind::absence_ended, .subject = id, .actor = actor, .payload = "{}"});
    return {};
  });
}

core::Result<> Accounts::disable(std::string const& login, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const account, need(w, login, "login"));
    if (account.disabled) return {};
    w.exec("UPDATE account SET disabled = 1 WHERE id = ?", account.id);
    end_sessions(w, account.id);
    w.append({.kind = EventKind::account_disabled, .subject = account.id, .actor = actor, .payload = "{}"});
    return keep_one_administrator(w);
  });
}

core::Result<> Accounts::enable(std::string const& login, std::string const& actor) {
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const account, need(w, login, "login"));
    if (!account.disabled) return {};
    w.exec("UPDATE account SET disabled = 0 WHERE id = ?", account.id);
    w.append({.kind = EventKind::account_enabled, .subject = account.id, .actor = actor, .payload = "{}"});
    return {};
  });
}

void Accounts::keep_password(store::Writer& w, Account const& account, std::string const& hash, bool one_time, std::string const& actor) const {
  w.exec("UPDATE account SET password = ?, must_change = ? WHERE id = ?", hash, one_time, account.id);
  end_sessions(w, account.id);
  forget_failures(w, account.login);
  w.append({.kind = EventKind::password_set, .subject = account.id, .actor = actor, .payload = about({{"one_time", one_time}})});
}

core::Result<> Accounts::set_password(std::string const& login, std::string const& password, std::string const& actor) {
  ZHILI_CHECK(check_password(password, login));
  ZHILI_TRY(auto const hash, hash_password(password));
  return db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const account, need(w, login, "login"));
    keep_password(w, account, hash, false, actor);
    return {};
  });
}

core::Result<std::string> Accounts::reset_password(std::string const& login, std::string const& actor) {
  auto const password = one_time_password();
  ZHILI_TRY(auto const hash, hash_password(password));
  auto const done = db_.write([&](store::Writer& w) -> core::Result<> {
    ZHILI_TRY(auto const account, need(w, login, "login"));
    keep_password(w, account, hash, true, actor);
    return {};
  });
  if (!done) return fail(done.error());
  return password;
}

core::Result<std::optional<Made>> Accounts::first_administrator() {
  ZHILI_TRY(auto const any, db_.read([](store::Reader& r) { return r.value<Integer>("SELECT id FROM account LIMIT 1").has_value(); }));
  if (any) return std::nullopt;
  auto made = make({.login = "admin", .post = std::string(administration_post)}, "system");
  if (!made) {
    if (made.error().key == "account.taken") return std::nullopt;  // another process was first
    return fail(made.error());
  }
  return std::optional(std::move(*made));
}

std::vector<Account> Accounts::list(store::Reader& reader) const { return accounts_where(reader, "ORDER BY login"); }

std::optional<Account> Accounts::find(store::Reader& reader, std::string_view login) const {
  auto found = accounts_where(reader, "WHERE login = ?", login);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Appointment> Accounts::appointments(store::Reader& reader, std::string_view person) const {
  if (person.empty()) return appointments_where(reader, "ORDER BY person, id");
  return appointments_where(reader, "WHERE person = ? ORDER BY id", person);
}

std::vector<Absence> Accounts::absences(store::Reader& reader, std::string_view person) const {
  if (person.empty()) return absences_where(reader, "ORDER BY from_at, id");
  return absences_where(reader, "WHERE person = ? ORDER BY from_at, id", person);
}

std::optional<Absence> Accounts::absence(store::Reader& reader, std::int64_t id) const {
  auto found = absences_where(reader, "WHERE id = ?", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Grant> Accounts::grants(store::Reader& reader, std::string_view person) const {
  auto const now = time_.now();
  auto away = absences_where(reader, "WHERE person = ? AND until_at > ?", person, now);
  auto appointed = appointments(reader, person);
  std::vector<std::string> absent;
  for (auto& absence : absences_where(reader, "WHERE deputy = ? AND until_at > ?", person, now)) {
    if (std::ranges::find(absent, absence.person) == absent.end()) absent.push_back(absence.person);
    away.push_back(std::move(absence));
  }
  for (auto const& other : absent)
    for (auto& theirs : appointments(reader, other)) appointed.push_back(std::move(theirs));
  return grants_of(person, now, appointed, away, posts_);
}

}  // namespace zhili::organise
