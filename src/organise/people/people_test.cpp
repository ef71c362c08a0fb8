// Accounts and sessions of an office, on both databases.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "organise/people/accounts.hpp"
#include "organise/people/password.hpp"
#include "organise/people/sessions.hpp"
#include "store/ledger.hpp"
#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using core::EventKind;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto good = "three wet boots";
constexpr auto office = "192.0.2.7";

catalogue::Installation town() {
  catalogue::Installation out;
  out.departments = {{.code = "drainage", .name = {"排水所", "Drainage"}, .area = ""}};
  out.posts = {{.code = "drainage-desk", .name = {"处置岗", "Desk"}, .department = "drainage", .role = "handler"},
               {.code = "drainage-lead", .name = {"负责人", "Lead"}, .department = "drainage", .role = "handler_lead"}};
  return out;
}

class PeopleTest : public testing::TestWithParam<test::Engine> {
 protected:
  std::string made(std::string const& login, std::string const& same = "") {
    auto const out = accounts.make({.login = login, .same_person_as = same, .password = good}, "staff:admin");
    EXPECT_TRUE(out) << out.error().text.en;
    return out ? out->account.person : "";
  }
  core::Result<SignedIn> sign_in(std::string const& login, std::string const& password = good, std::string const& from = office) {
    return sessions.sign_in(login, password, from);
  }
  std::vector<std::string> roles(std::string const& person) {
    std::vector<std::string> out;
    auto const grants = db->read([&](store::Reader& r) { return accounts.grants(r, person); });
    for (auto const& g : *grants) out.push_back(g.role);
    return out;
  }
  std::vector<store::Recorded> ledger() {
    return *db->read([](store::Reader& r) { return store::entries_after(r, 0, 1'000); });
  }

  test::TempDb db{GetParam()};
  catalogue::Installation const installation = town();
  Accounts accounts{*db, installation, db.time};
  Sessions sessions{*db, accounts, db.time};
};
INSTANTIATE_TEST_SUITE_P(Engines, PeopleTest, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& engine) { return test::name_of(engine.param); });

TEST_P(PeopleTest, TheFirstStartMakesOneAdministratorWithAPasswordForOneUse) {
  auto const first = accounts.first_administrator();
  ASSERT_TRUE(first && *first);
  EXPECT_THAT(roles("admin"), ElementsAre("administrator"));
  EXPECT_TRUE(sign_in("admin", (*first)->one_time_password)->account.must_change);
  ASSERT_TRUE(accounts.set_password("admin", good, "staff:admin"));
  EXPECT_FALSE(sign_in("admin")->account.must_change);
  EXPECT_EQ(accounts.first_administrator()->has_value(), false) << "only where nobody has an account";
}

TEST_P(PeopleTest, SomebodyIsAlwaysLeftToAdministrate) {
  ASSERT_TRUE(accounts.first_administrator());
  EXPECT_EQ(accounts.disable("admin", "staff:admin").error().key, "account.last_administrator");
  auto const own = db->read([&](store::Reader& r) { return accounts.appointments(r, "admin"); });
  EXPECT_EQ(accounts.end_appointment(own->front().id, "staff:admin").error().key, "account.last_administrator");
  EXPECT_THAT(roles("admin"), SizeIs(1)) << "what was refused left nothing behind";
  made("dora");
  made("cai");
  ASSERT_TRUE(accounts.appoint({.login = "cai", .post = "administration", .until = db.time.now() + std::chrono::days(30)}, "staff:admin"));
  EXPECT_EQ(accounts.disable("admin", "staff:admin").error().key, "account.last_administrator") << "after thirty days nobody would be left";
  ASSERT_TRUE(accounts.appoint({.login = "dora", .post = "administration"}, "staff:admin"));
  EXPECT_TRUE(accounts.disable("admin", "staff:dora"));
}

TEST_P(PeopleTest, ASecondAccountOfAPersonIsTheSamePerson) {
  EXPECT_EQ(made("dora"), "dora");
  EXPECT_EQ(made("dora-lead", "dora"), "dora");
  ASSERT_TRUE(accounts.appoint({.login = "dora-lead", .post = "drainage-lead"}, "staff:admin"));
  EXPECT_EQ(sign_in("dora")->account.person, sign_in("dora-lead")->account.person);
}

TEST_P(PeopleTest, WhatIsWrongWithANewAccountIsSaidByField) {
  made("dora");
  auto const why = [&](NewAccount const& wanted) { return accounts.make(wanted, "staff:admin").error(); };
  EXPECT_EQ(why({.login = "Dora"}).field, "login");
  EXPECT_EQ(why({.login = ""}).field, "login");
  EXPECT_EQ(why({.login = "dora"}).key, "account.taken");
  EXPECT_EQ(why({.login = "ming", .same_person_as = "nobody"}).field, "same_person_as");
  EXPECT_EQ(why({.login = "ming", .password = "short"}).field, "password");
  EXPECT_EQ(why({.login = "ming", .password = "aaaaaaaaaaaa"}).field, "password");
  EXPECT_EQ(why({.login = "ming", .password = "I am Ming, hello"}).field, "password");
}

TEST_P(PeopleTest, AppointmentsAreCheckedAgainstTheInstallation) {
  made("dora");
  auto const why = [&](NewAppointment const& wanted) { return accounts.appoint(wanted, "staff:admin").error(); };
  EXPECT_EQ(why({.login = "dora", .post = "night-watch"}).field, "post");
  EXPECT_EQ(why({.login = "dora", .post = "drainage-desk", .area = "37%"}).field, "area");
  EXPECT_EQ(why({.login = "dora", .post = "drainage-desk", .items = {""}}).field, "items");
  EXPECT_EQ(why({.login = "nobody", .post = "drainage-desk"}).key, "account.unknown");
  EXPECT_EQ(why({.login = "dora", .post = "drainage-desk", .until = db.time.now()}).field, "until");
}

TEST_P(PeopleTest, ADeputyStandsInForAWeekAndNotLonger) {
  made("dora");
  made("ming");
  ASSERT_TRUE(accounts.appoint({.login = "dora", .post = "drainage-lead"}, "staff:admin"));
  auto const monday = db.time.now() + std::chrono::hours(24);
  ASSERT_TRUE(accounts.set_absence({.login = "dora", .deputy = "ming", .from = monday, .until = monday + std::chrono::hours(24 * 7)}, "staff:dora"));
  ASSERT_TRUE(accounts.set_absence({.login = "dora", .deputy = "ming", .from = monday, .until = monday + std::chrono::hours(24)}, "staff:dora"));
  EXPECT_THAT(roles("ming"), IsEmpty());
  db.time.set(monday);
  EXPECT_THAT(roles("ming"), Contains("handler_lead"));
  EXPECT_THAT(roles("dora"), IsEmpty());
  db.time.advance(std::chrono::hours(24 * 7));
  EXPECT_THAT(roles("ming"), IsEmpty());
  EXPECT_THAT(roles("dora"), ElementsAre("handler_lead"));
  EXPECT_EQ(accounts.set_absence({.login = "dora", .deputy = "dora", .from = monday, .until = monday + std::chrono::hours(1)}, "x").error().field, "deputy");
}

TEST_P(PeopleTest, AnAbsenceEndsBeforeItsTime) {
  made("dora");
  made("ming");
  ASSERT_TRUE(accounts.appoint({.login = "dora", .post = "drainage-lead"}, "staff:admin"));
  auto const week = [&] { return accounts.set_absence({.login = "dora", .deputy = "ming", .from = db.time.now(), .until = db.time.now() + std::chrono::hours(24 * 7)}, "staff:dora"); };
  auto const id = week();
  db.time.advance(std::chrono::hours(1));
  EXPECT_THAT(roles("dora"), IsEmpty());
  ASSERT_TRUE(accounts.end_absence(*id, "staff:dora"));
  EXPECT_THAT(roles("dora"), ElementsAre("handler_lead"));
  EXPECT_THAT(roles("ming"), IsEmpty());
  EXPECT_EQ(accounts.end_absence(*id, "staff:dora").error().key, "absence.over");
  EXPECT_EQ(accounts.end_absence(*id + 1'000, "staff:dora").error().code, Errc::not_found);
  auto const later = accounts.set_absence({.login = "dora", .from = db.time.now() + std::chrono::hours(5), .until = db.time.now() + std::chrono::hours(9)}, "staff:dora");
  ASSERT_TRUE(accounts.end_absence(*later, "staff:dora")) << "one that has not begun never begins";
  db.time.advance(std::chrono::hours(6));
  EXPECT_THAT(roles("dora"), ElementsAre("handler_lead"));
}

TEST_P(PeopleTest, AdministratorsAreNotAllAwayAtOnce) {
  ASSERT_TRUE(accounts.first_administrator());
  made("dora");
  made("ming");
  auto const days = [&](int n) { return db.time.now() + std::chrono::hours(24 * n); };
  auto const leave = [&](std::string const& who, std::string const& deputy, int from, int until) {
    return accounts.set_absence({.login = who, .deputy = deputy, .from = days(from), .until = days(until)}, "staff:admin");
  };
  EXPECT_EQ(leave("admin", "", 3, 5).error().key, "account.no_administrator_present");
  ASSERT_TRUE(leave("ming", "", 4, 8)) << "somebody without a post may go when they like";
  EXPECT_EQ(leave("admin", "ming", 3, 5).error().key, "account.no_administrator_present") << "the deputy leaves on the fourth day";
  ASSERT_TRUE(leave("admin", "dora", 3, 5));
  EXPECT_EQ(accounts.disable("dora", "staff:admin").error().key, "account.no_administrator_present") << "the deputy is needed";
  ASSERT_TRUE(accounts.appoint({.login = "dora", .post = "administration"}, "staff:admin"));
  ASSERT_TRUE(leave("admin", "", 20, 25)) << "dora is there";
  EXPECT_EQ(leave("dora", "", 24, 30).error().key, "account.no_administrator_present");
  ASSERT_TRUE(leave("dora", "", 25, 30));
}

TEST_P(PeopleTest, AWrongLoginAndAWrongPasswordGetTheSameAnswer) {
  made("dora");
  auto const password = sign_in("dora", "not this one").error();
  auto const login = sign_in("doro").error();
  EXPECT_EQ(password.key, "sign_in.wrong");
  EXPECT_EQ(login.key, password.key);
  EXPECT_EQ(login.text, password.text);

}

TEST_P(PeopleTest, TenWrongPasswordsLockALoginForAWhileWhetherItExistsOrNot) {
  made("dora");
  for (auto const* login : {"dora", "nobody"}) {
    for (int i = 0; i < sign_in_failures_max; ++i) EXPECT_EQ(sign_in(login, "wrong words").error().key, "sign_in.wrong");
    EXPECT_EQ(sign_in(login).error().key, "sign_in.locked");
  }
  std::vector<EventKind> kinds;
  auto const all = ledger();
  for (auto const& e : all) kinds.push_back(e.kind);
  EXPECT_EQ(std::ranges::count(kinds, EventKind::account_locked), 1) << "of the one that there is";
  db.time.advance(sign_in_lock);
  EXPECT_TRUE(sign_in("dora"));
}

TEST_P(PeopleTest, ANewPasswordFromTheAdministratorUnlocks) {
  made("dora");
  for (int i = 0; i < sign_in_failures_max; ++i) EXPECT_FALSE(sign_in("dora", "wrong words"));
  auto const fresh = accounts.reset_password("dora", "staff:admin");
  ASSERT_TRUE(fresh);
  EXPECT_TRUE(sign_in("dora", *fresh)->account.must_change);
}

TEST_P(PeopleTest, AnAddressThatTriesManyLoginsIsShutOut) {
  made("dora");
  for (int i = 0; i < address_failures_max; ++i) EXPECT_FALSE(sign_in("guess" + std::to_string(i), "wrong words", "198.51.100.9"));
  EXPECT_EQ(sign_in("dora", good, "198.51.100.9").error().key, "sign_in.locked");
  EXPECT_TRUE(sign_in("dora", good, office)) << "others are not in the way of it";
  db.time.advance(address_failures_within);
  EXPECT_TRUE(sign_in("dora", good, "198.51.100.9"));
}

TEST_P(PeopleTest, ASessionEndsWhenItIsIdleOrOld) {
  made("dora");
  auto const idle = sign_in("dora");
  ASSERT_TRUE(idle);
  EXPECT_EQ(sessions.find(idle->token)->csrf, idle->csrf);
  db.time.advance(session_idle_max);
  EXPECT_EQ(sessions.find(idle->token).error().key, "session.none");

  auto const busy = sign_in("dora");
  for (auto worked = std::chrono::hours(0); worked + std::chrono::hours(2) < session_life_max; worked += std::chrono::hours(2)) {
    db.time.advance(std::chrono::hours(2));
    EXPECT_TRUE(sessions.find(busy->token)) << worked.count();
    ASSERT_TRUE(db->write([](store::Writer&) {}));  // behind the note of its use
  }
  db.time.advance(std::chrono::hours(2));
  EXPECT_FALSE(sessions.find(busy->token)) << "old, however busy";
  EXPECT_EQ(*sessions.sweep(), 2);
}

TEST_P(PeopleTest, SessionsEndWithSigningOutANewPasswordAndADisabledAccount) {
  ASSERT_TRUE(accounts.first_administrator());
  made("dora");
  auto const one = sign_in("dora");
  auto const two = sign_in("dora");
  ASSERT_TRUE(sessions.sign_out(one->token));
  EXPECT_FALSE(sessions.find(one->token));
  EXPECT_TRUE(sessions.find(two->token));
  ASSERT_TRUE(accounts.set_password("dora", "four dry boots", "staff:dora"));
  EXPECT_FALSE(sessions.find(two->token));
  auto const three = sign_in("dora", "four dry boots");
  ASSERT_TRUE(accounts.disable("dora", "staff:admin"));
  EXPECT_FALSE(sessions.find(three->token));
  EXPECT_EQ(sign_in("dora", "four dry boots").error().key, "sign_in.wrong");
  EXPECT_FALSE(sessions.find("")) << "nothing is no token";
}

TEST_P(PeopleTest, NeitherTheLedgerNorTheTablesHoldAPasswordOrAToken) {
  made("dora");
  auto const session = sign_in("dora");
  EXPECT_FALSE(sign_in("my secret, typed into the wrong field"));
  auto const all = ledger();
  for (auto const& entry : all) EXPECT_THAT(entry.payload, Not(HasSubstr("argon2")));
  EXPECT_EQ(test::files_with(db.folder(), good), 0);
  EXPECT_EQ(test::files_with(db.folder(), session->token), 0);
  EXPECT_EQ(test::files_with(db.folder(), "my secret"), 0);
}

TEST(Rates, HoldOneNameAndNotTheOthers) {
  Rate rate(2, std::chrono::minutes(1));
  auto const at = core::from_ms(1'000'000);
  EXPECT_TRUE(rate.take("ann", at));
  EXPECT_TRUE(rate.take("ann", at + std::chrono::seconds(20)));
  EXPECT_EQ(rate.take("ann", at + std::chrono::seconds(30)).error().code, Errc::limit);
  EXPECT_THAT(rate.take("ann", at + std::chrono::seconds(30)).error().text.en, HasSubstr("in 30 seconds"));
  EXPECT_TRUE(rate.take("ben", at + std::chrono::seconds(30)));
  EXPECT_TRUE(rate.take("ann", at + std::chrono::minutes(1)));
}

TEST(Rates, ManyNamesDoNotFillTheMemory) {
  Rate rate(1, std::chrono::minutes(1));
  auto const at = core::from_ms(1'000'000);
  ASSERT_TRUE(rate.take("ann", at));
  for (std::size_t i = 0; i < rate_names_max; ++i) EXPECT_TRUE(rate.take("other" + std::to_string(i), at));
  EXPECT_TRUE(rate.take("ann", at)) << "forgotten, and not in the way of the others";
}

TEST(Addresses, OfIPv6TheHousehold) {
  EXPECT_EQ(counted_address("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(counted_address("2001:db8:1:2:3:4:5:6"), counted_address("2001:db8:1:2:ffff::1"));
  EXPECT_NE(counted_address("2001:db8:1:2:3:4:5:6"), counted_address("2001:db8:1:3:3:4:5:6"));
  EXPECT_EQ(counted_address("2001:db8::1"), counted_address("2001:db8::a:b:c:d")) << "however its zeros are written";
  EXPECT_EQ(counted_address("fe80::1%eth0"), counted_address("fe80::2%eth0"));
  EXPECT_NE(counted_address("::ffff:192.0.2.7"), counted_address("::ffff:192.0.2.8")) << "IPv4 through a socket of IPv6";
}

TEST_P(PeopleTest, AFastCityDoesNotShortenASession) {
  core::ManualTime wall(db.time.now());
  Sessions of_people{*db, accounts, wall};
  made("dora");
  auto const in = of_people.sign_in("dora", good, office);
  ASSERT_TRUE(in);
  db.time.advance(std::chrono::days(3));  // of the city, within minutes of the person at the keyboard
  wall.advance(proof_fresh - std::chrono::seconds(1));
  auto const session = of_people.find(in->token);
  ASSERT_TRUE(session);
  EXPECT_TRUE(of_people.need_proof(*session));
  wall.advance(std::chrono::seconds(1));
  EXPECT_EQ(of_people.need_proof(*session).error().key, "session.proof");
  wall.advance(session_idle_max);
  EXPECT_FALSE(of_people.find(in->token));
}

TEST_P(PeopleTest, AnotherPasswordEndsEverySessionButTheNewOne) {
  made("dora");
  auto const elsewhere = sign_in("dora");
  auto const session = *sessions.find(sign_in("dora")->token);
  auto const open = [&] { return db->read([&](store::Reader& r) { return sessions.of(r, session.account.id); })->size(); };
  EXPECT_EQ(sessions.change_password(session, good, "short", office).error().key, "password.weak");
  EXPECT_EQ(sessions.change_password(session, "not this one", "four dry boots", office).error().key, "sign_in.wrong");
  EXPECT_EQ(open(), 2U) << "a refusal leaves nothing behind";
  auto const in = sessions.change_password(session, good, "four dry boots", office);
  ASSERT_TRUE(in);
  EXPECT_EQ(open(), 1U);
  EXPECT_TRUE(sessions.find(in->token));
  EXPECT_FALSE(sessions.find(elsewhere->token));
  EXPECT_FALSE(sign_in("dora"));
  EXPECT_TRUE(sign_in("dora", "four dry boots"));
  EXPECT_EQ(ledger().back().payload, R"({"one_time":false})");
}

}  // namespace
}  // namespace zhili::organise
