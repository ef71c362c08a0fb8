// Who may open what a reporter told in confidence, and what is said to the reporter about it.

#include "organise/people/private_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_db.hpp"

namespace zhili::organise {
namespace {

using core::Errc;
using testing::HasSubstr;

PrivateWordsRules const own_area_rules{
    .purposes = {{"contact", {"联系反映人", "Contact the reporter"}, false}, {"other", {"其他", "Another purpose"}, true}},
    .readers = {"acceptor", "handler", "caller_back"},
    .own_department = {"handler"},
    .readers_of_secret = {"caller_back"}};

Grant grant(std::string role, std::string department, std::string area = "") {
  return {.role = std::move(role), .department = std::move(department), .post = "desk", .area = std::move(area), .items = {}};
}

WantedReading of_drainage(std::string purpose = "contact", std::string note = "") {
  return {.target = {.area = "370402001", .item = "0501"}, .departments = {"drainage", "roads"}, .purpose = std::move(purpose), .note = std::move(note)};
}

Errc refused(std::vector<Grant> const& grants, WantedReading const& wanted) {
  auto const out = may_open(grants, wanted, own_area_rules);
  return out ? Errc::internal : out.error().code;
}

TEST(PrivateWords, OpenToThePostThatReachesPlaceAndItem) {
  std::vector const grants{grant("acceptor", "centre", "370402")};
  auto const by = may_open(grants, of_drainage(), own_area_rules);
  ASSERT_TRUE(by);
  EXPECT_EQ((*by)->post, "desk");
  EXPECT_EQ(refused({grant("acceptor", "centre", "370403")}, of_drainage()), Errc::forbidden);
  EXPECT_EQ(refused({grant("evaluator", "centre")}, of_drainage()), Errc::forbidden);
  EXPECT_EQ(refused({grant("administrator", "")}, of_drainage()), Errc::forbidden);  // keeps accounts, reads nobody's words
  EXPECT_EQ(refused({}, of_drainage()), Errc::forbidden);
}

TEST(PrivateWords, OpenToAHandlerOnlyWhereTheirDepartmentWorksOnTheCase) {
  EXPECT_TRUE(may_open(std::vector{grant("handler", "drainage")}, of_drainage(), own_area_rules));
  EXPECT_EQ(refused({grant("handler", "gas")}, of_drainage()), Errc::forbidden);
  EXPECT_TRUE(may_open(std::vector{grant("handler", "roads")}, of_drainage(), own_area_rules));  // works on it too
  auto nobody_yet = of_drainage();
  nobody_yet.departments.clear();
  EXPECT_EQ(refused({grant("handler", "drainage")}, nobody_yet), Errc::forbidden);
}

TEST(PrivateWords, StayClosedToHandlersWhereSecrecyWasAskedFor) {
  auto wanted = of_drainage();
  wanted.secret = true;
  auto const out = may_open(std::vector{grant("handler", "drainage"), grant("acceptor", "centre")}, wanted, own_area_rules);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().key, "private.secret");
  EXPECT_TRUE(may_open(std::vector{grant("caller_back", "centre")}, wanted, own_area_rules));
}

TEST(PrivateWords, NeedAPurposeThatTheRulesKnow) {
  std::vector const grants{grant("acceptor", "centre")};
  EXPECT_EQ(refused(grants, of_drainage("")), Errc::invalid);
  EXPECT_EQ(refused(grants, of_drainage("curious")), Errc::invalid);
  EXPECT_EQ(refused(grants, of_drainage("other")), Errc::invalid);
  EXPECT_TRUE(may_open(grants, of_drainage("other", "法院来函"), own_area_rules));
  std::string longest;
  for (std::size_t i = 0; i < purpose_note_chars_max; ++i) longest += "字";
  EXPECT_TRUE(may_open(grants, of_drainage("other", longest), own_area_rules));
  EXPECT_EQ(refused(grants, of_drainage("other", longest + "字")), Errc::limit);
}

TEST(PrivateWords, AreToldOfInTheWordsOfTheRules) {
  EXPECT_EQ(purpose_words(purpose_text("contact", ""), own_area_rules).zh, "联系反映人");
  EXPECT_EQ(purpose_words(purpose_text("other", "法院来函"), own_area_rules).en, "Another purpose: 法院来函");
  EXPECT_EQ(purpose_words("written by an older program", own_area_rules).en, "written by an older program");
}

TEST(PrivateWords, RulesAreReadFromAFileAndItsFaultsAreNamed) {
  test::TempFolder folder;
  auto const file = folder.path() / "private-words.yaml";
  std::ofstream(file) << "private_words: \"1\"\npurposes:\n  contact: {name: {zh: 联系, en: Contact}}\nreaders: [acceptor]\n";
  auto const read = read_private_words_rules(file);
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_THAT(read->readers, testing::ElementsAre("acceptor"));
  std::ofstream(file) << "private_words: \"1\"\nreader: [acceptor]\n";
  auto const bad = read_private_words_rules(file);
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().detail, HasSubstr("reader"));
}

TEST(PrivateWords, RulesThatComeWithTheProgramAreWhole) {
  auto const read = read_private_words_rules(ZHILI_SOURCE_DIR "/packs/base/rules/private-words.yaml");
  ASSERT_TRUE(read) << read.error().detail;
  for (auto const& role : read->own_department) EXPECT_THAT(read->readers, testing::Contains(role));
  for (auto const& role : read->readers_of_secret) EXPECT_THAT(read->readers, testing::Contains(role));
  EXPECT_TRUE(read->purpose("caller"));
}

}  // namespace
}  // namespace zhili::organise
