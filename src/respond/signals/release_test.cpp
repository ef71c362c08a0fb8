// What of a report everybody may see, what is kept back, and how its reporter objects to that.
#include "respond/signals/signal_test_kit.hpp"

namespace zhili::respond {
namespace {

using namespace kit;

Actor const second_acceptor = person("ada", Role::acceptor, "centre");

class Release : public SignalDeskTest {
 protected:
  Id told() {
    Report one{.item = "0102", .channel = "web", .place = core::LatLon{348'600'000, 1'175'500'000}, .words = "Ask Wang in flat 302"};
    one.photos = {"street.jpg", "face.jpg"};
    return receive(std::move(one)).id;
  }
  std::vector<std::string> seen_photos() {
    std::vector<std::string> out;
    EXPECT_TRUE(db_->read([&](store::Reader& r) {
      r.each<std::string>("SELECT name FROM photo WHERE everybody = 1 ORDER BY entry, position", [&](std::string name) { out.push_back(std::move(name)); });
    }));
    return out;
  }
  std::string seen_words(Id id) {
    return db_->read([&](store::Reader& r) { return r.value<std::string>("SELECT COALESCE(words, '(none)') FROM signal WHERE id = ?", id).value_or("?"); }).value_or("?");
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, Release, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(Release, KeepsBackWhatItNamesAndShowsTheBlurredPhotoInstead) {
  auto const id = told();
  SignalCommand release{.verb = Verb::release, .reason = "faces", .words = "Ask the house warden", .withheld = {"place", "face.jpg"}};
  release.photos = {{"blurred.jpg", "near"}};
  EXPECT_EQ(does(id, release, acceptor), "");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "blurred.jpg"}));
  EXPECT_EQ(seen_words(id), "Ask the house warden");
  EXPECT_EQ(count("SELECT count(*) FROM signal WHERE withheld = 'place face.jpg' AND withheld_because = 'faces'"), 1);
}

TEST_P(Release, WithheldWordsAreNotInTheRowThatEverybodyReads) {
  auto const id = told();
  EXPECT_EQ(does(id, {.verb = Verb::release, .reason = "names somebody", .withheld = {"words"}}, acceptor), "");
  EXPECT_EQ(seen_words(id), "(none)");
}

TEST_P(Release, WithoutAReasonNothingIsWithheldAndNothingIsWritten) {
  auto const id = told();
  EXPECT_EQ(does(id, {.verb = Verb::release, .withheld = {"words"}}, acceptor), "case.release.reason");
  EXPECT_EQ(does(id, {.verb = Verb::release, .reason = "typo", .withheld = {"fase.jpg"}}, acceptor), "signal.withheld.unknown");
  EXPECT_EQ(count("SELECT count(*) FROM signal WHERE released = 1"), 0);
  EXPECT_EQ(seen_photos().size(), 2U);
}

TEST_P(Release, AnUpheldObjectionOpensItAgainAndTheSecondReleaseReplacesTheFirst) {
  auto const id = told();
  ASSERT_EQ(does(id, {.verb = Verb::release, .reason = "names", .withheld = {"words", "street.jpg"}}, acceptor), "");
  EXPECT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "it is my own name"}, passer_by), "case.appeal_release.token");
  EXPECT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "it is my own name"}, reporter), "");
  SignalCommand const uphold{.verb = Verb::decide_release, .upheld = true, .reason = "right"};
  EXPECT_EQ(does(id, uphold, acceptor), "case.decide_release.actor") << "nobody decides about their own release";
  EXPECT_EQ(does(id, {.verb = Verb::release}, acceptor), "case.release.signal") << "not before it is decided";
  EXPECT_EQ(does(id, uphold, second_acceptor), "");
  EXPECT_EQ(seen_words(id), "(none)") << "until somebody releases again";
  EXPECT_EQ(does(id, {.verb = Verb::release}, second_acceptor), "");
  EXPECT_EQ(seen_words(id), "Ask Wang in flat 302");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg"}));
  EXPECT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "once more"}, reporter), "case.appeal_release.signal");
}

TEST_P(Release, ARejectedObjectionIsTheLastWordOnThatRelease) {
  auto const id = told();
  ASSERT_EQ(does(id, {.verb = Verb::release, .reason = "names", .withheld = {"words"}}, acceptor), "");
  ASSERT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "please"}, reporter), "");
  ASSERT_EQ(does(id, {.verb = Verb::decide_release, .reason = "it names a neighbour"}, second_acceptor), "");
  EXPECT_EQ(does(id, {.verb = Verb::release}, acceptor), "case.release.signal");
  EXPECT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "again"}, reporter), "case.appeal_release.signal");
}

/// A case for the report, and a step of it that brings a photo; gives the entry that brought it.
class LatePhotos : public Release {
 protected:
  Id register_it(Id signal) {
    EXPECT_EQ(does(signal, {.verb = Verb::register_case}, acceptor), "");
    return db_->read([&](store::Reader& r) { return r.value<std::int64_t>("SELECT case_id FROM signal WHERE id = ?", signal).value_or(0); }).value_or(0);
  }
  store::Seq brings(Id a_case, char const* name, PhotoSight sight) {
    return db_->write([&](store::Writer& w) -> core::Result<store::Seq> {
               auto const entry = w.append({core::EventKind::case_reported_back, a_case, "staff:han", "{}"});
               ZHILI_CHECK(keep_photos(w, shelf_, {.entry = entry, .subject = a_case, .names = {name}, .sight = sight}));
               return entry;
             })
        .value_or(0);
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, LatePhotos, testing::Values(test::Engine::sqlite, test::Engine::postgresql),
                         [](auto const& suite) { return test::name_of(suite.param); });

TEST_P(LatePhotos, WaitUntilAPersonHasLookedAtThem) {
  auto const id = told();
  auto const a_case = register_it(id);
  ASSERT_EQ(does(id, {.verb = Verb::release}, acceptor), "");
  EXPECT_EQ(does(id, {.verb = Verb::release}, acceptor), "case.release.signal") << "there is nothing new";
  auto const first = brings(a_case, "after.jpg", PhotoSight::late);
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg"}));
  brings(a_case, "later.jpg", PhotoSight::late);
  EXPECT_EQ(does(id, {.verb = Verb::release, .photos_until = first}, acceptor), "");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg", "after.jpg"})) << "the other came after somebody looked";
  EXPECT_EQ(does(id, {.verb = Verb::release, .reason = "a face", .withheld = {"later.jpg"}, .photos_until = first + 1}, acceptor), "");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg", "after.jpg"}));
  EXPECT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "it is mine"}, reporter), "");
  EXPECT_EQ(does(id, {.verb = Verb::decide_release, .upheld = true, .reason = "right"}, second_acceptor), "");
  EXPECT_EQ(does(id, {.verb = Verb::release}, second_acceptor), "");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg", "after.jpg", "later.jpg"}));
}

TEST_P(LatePhotos, OfAStepForStaffOnlyAreNeverReleased) {
  auto const id = told();
  auto const a_case = register_it(id);
  auto const entry = brings(a_case, "inside.jpg", PhotoSight::inside);
  ASSERT_EQ(does(id, {.verb = Verb::release, .photos_until = entry}, acceptor), "");
  EXPECT_EQ(seen_photos(), (std::vector<std::string>{"street.jpg", "face.jpg"}));
}

TEST_P(LatePhotos, DoNotAnswerAnObjectionThatWaits) {
  auto const id = told();
  auto const a_case = register_it(id);
  ASSERT_EQ(does(id, {.verb = Verb::release, .reason = "names", .withheld = {"words"}}, acceptor), "");
  ASSERT_EQ(does(id, {.verb = Verb::appeal_release, .reason = "please"}, reporter), "");
  brings(a_case, "after.jpg", PhotoSight::late);
  EXPECT_EQ(does(id, {.verb = Verb::release}, acceptor), "case.release.signal");
}

}  // namespace
}  // namespace zhili::respond
