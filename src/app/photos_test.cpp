// A photo's whole life through the program: sent, hidden, released, shown, backed up, forgotten; and what a kill leaves.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <fstream>

#include "app/demo/pictures.hpp"
#include "app/service_test_kit.hpp"
#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "store/ledger.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::app {
namespace {

namespace fs = std::filesystem;
using respond::Role;
using respond::Verb;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The camera's block of facts, with a place in it, right behind the beginning of a JPEG.
std::string jpeg_with_exif() {
  std::ifstream file(ZHILI_SOURCE_DIR "/src/web/photo/testdata/photo.jpg", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::string const block = std::string("Exif\0\0MM\0\x2A\0\0\0\x08\0\0\0\0\0\0", 20) + "GPS 34.86N 117.55E";
  std::string const size{static_cast<char>((block.size() + 2) >> 8), static_cast<char>((block.size() + 2) & 0xFF)};
  return bytes.insert(2, "\xFF\xE1" + size + block);
}

class Photos : public testing::Test, protected kit::Serving {
 protected:
  Photos() {
    key_ = service->api_keys().issue({.holder = "test", .scopes = {organise::Scope::open311_write}}, "system").value().secret;
    for (auto const* item : service->catalogue().items())
      if (item->open && item->asks.empty() && item_.empty()) item_ = item->code;
  }

  Fields fields() const {
    return {{"api_key", key_}, {"service_code", item_}, {"lat", "34.86"}, {"long", "117.55"}, {"description", "dark"}};
  }
  boost::json::value json(std::string const& path) { return boost::json::parse(get(path).body); }
  demo::HttpAnswer send(std::string const& photo) { return http->post_photo("/open311/v2/requests.json", fields(), photo).value(); }
  /// The number of the request that was made.
  std::string number_of(demo::HttpAnswer const& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(boost::json::parse(answer.body).at(0).at("service_request_id").as_string());
  }
  respond::Id id_of(std::string const& number) { return *respond::id_of_number(service->installation().prefix, number); }
  std::string photo_of(respond::Id subject) {
    auto const names = service->db().read([&](store::Reader& r) { return web::pictures_of(r, {subject}, web::PicturesFor::everybody)[subject].photos; }).value();
    EXPECT_EQ(names.size(), 1U);
    return names.empty() ? "" : names.front();
  }
  core::Result<> tell(respond::Id signal, respond::SignalCommand const& command) {
    auto const done = service->signals().execute(signal, command, acceptor_);
    if (!done) return core::fail(done.error());
    return {};
  }
  std::size_t files() const {
    std::size_t n = 0;
    service->photos().each([&](fs::directory_entry const&) { ++n; });
    return n;
  }
  /// What the serving process says to a request at its local door.
  std::string asked(ControlRequest const& request) {
    auto const done = Control::ask(folder.path().string(), request);
    return !done ? "no answer" : *done ? **done : done->error().text.en;
  }
  std::string retention() { return asked({"retention"}); }

  std::string key_, item_;
  respond::Actor const acceptor_{.ref = "staff:amy", .roles = Role::acceptor};
};

TEST_F(Photos, AreSeenByEverybodyFromTheReleaseOn) {
  auto const number = number_of(send(jpeg_with_exif()));
  auto const request = "/open311/v2/requests/" + number + ".json";
  auto const name = photo_of(id_of(number));
  EXPECT_EQ(get("/photos/" + name).status, 404);
  EXPECT_TRUE(json(request).at(0).at("media_url").is_null());
  EXPECT_TRUE(json("/open311/v2/requests.json?has_photo=true").as_array().empty());

  ASSERT_TRUE(tell(id_of(number), {.verb = Verb::release}));
  auto const shown = get("/photos/" + name);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.find("GPS"), std::string::npos);
  EXPECT_EQ(json(request).at(0).at("media_url").as_string(), fmt::format("http://127.0.0.1:{}/photos/{}", service->port(), name));
  EXPECT_EQ(json("/open311/v2/requests.json?has_photo=true").as_array().size(), 1U);
}

TEST_F(Photos, OfAPrivateReportAreNeverSeen) {
  auto const kept = service->photos().keep(jpeg_with_exif()).value();
  auto const got = service->signals().receive({.item = item_, .channel = "web", .address = "here", .words = "secret",
                                                .words_private = true, .photos = {kept.name}}, {.ref = "citizen", .roles = Role::citizen});
  ASSERT_TRUE(got) << got.error().text.en;
  tell(got->id, {.verb = Verb::release});  // whatever it answers
  EXPECT_EQ(get("/photos/" + kept.name).status, 404);
}

TEST_F(Photos, OfOneAndTheSameContentAreSeenIfOneReportIsReleased) {
  auto const first = number_of(send(jpeg_with_exif()));
  time.advance(respond::repeat_window);
  auto const second = number_of(send(jpeg_with_exif()));
  ASSERT_NE(first, second);
  EXPECT_EQ(photo_of(id_of(first)), photo_of(id_of(second)));
  EXPECT_EQ(files(), 1U);
  ASSERT_TRUE(tell(id_of(second), {.verb = Verb::release}));
  EXPECT_EQ(get("/photos/" + photo_of(id_of(first))).status, 200);
  EXPECT_TRUE(json("/open311/v2/requests/" + first + ".json").at(0).at("media_url").is_null());
}

TEST_F(Photos, ThatAreNonePutNothingOnTheDisk) {
  auto const refused = send("MZ this is a program, not a photo");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("photo"), std::string::npos) << refused.body;
  EXPECT_EQ(files(), 0U);
}

TEST_F(Photos, StandInTheStoryOfTheCaseOnceAPersonHasReleasedThem) {
  auto const number = number_of(send(jpeg_with_exif()));
  auto const signal = id_of(number);
  ASSERT_TRUE(tell(signal, {.verb = Verb::ask_check}));
  auto const near = service->photos().keep(demo::picture(demo::Look::lamp, "near", false, 1)).value().name;
  ASSERT_TRUE(service->signals().execute(signal, {.verb = Verb::check, .found = respond::Found::found, .photos = {{near, "near"}}},
                                          {.ref = "staff:cai", .roles = Role::collector}));
  ASSERT_TRUE(tell(signal, {.verb = Verb::register_case}));
  auto const opened = service->db().read([&](store::Reader& r) { return respond::SignalDesk::load(r, signal); });
  auto const case_id = opened->case_id;
  auto const picture = service->photos().keep(demo::picture(demo::Look::lamp, "after", true, 1)).value().name;
  ASSERT_TRUE(service->cases().execute(case_id, {.verb = Verb::dispatch}, {.ref = "staff:dora", .roles = Role::dispatcher}));
  auto const department = service->case_state(case_id)->department;
  respond::Actor const han{.ref = "staff:han", .roles = Role::handler, .department = department};
  ASSERT_TRUE(service->cases().execute(case_id, {.verb = Verb::take}, han));
  respond::Command command{.verb = Verb::report_back, .photos = {}};
  for (auto const* shows : {"near", "far", "before", "after"}) command.photos.push_back({picture, shows});
  command.photos.push_back({std::string(64, 'a') + ".png", "after"});
  auto const refused = service->cases().execute(case_id, command, han);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "photo.unknown");
  EXPECT_EQ(refused.error().field, "photos");
  EXPECT_EQ(service->case_state(case_id)->stage, respond::Stage::handling) << "nothing changed";
  command.photos.pop_back();
  ASSERT_TRUE(service->cases().execute(case_id, command, han));

  auto const line = service->db().read([&](store::Reader& r) { return respond::find_case(r, case_id); }).value();
  auto const page = "/api/v1/cases/" + respond::public_number(service->installation().prefix, case_id, line->opened_at, service->zone());
  auto const last = [&] { return json(page).at("story").as_array().back().at("photos"); };
  EXPECT_TRUE(last().as_array().empty());
  EXPECT_TRUE(json(page).at("signals").at(0).at("photos").as_array().empty());
  EXPECT_EQ(get("/photos/" + picture).status, 404);
  ASSERT_TRUE(tell(signal, {.verb = Verb::release}));
  EXPECT_TRUE(last().as_array().empty()) << "nobody has said that they looked at it";
  EXPECT_EQ(json(page).at("story").as_array().back().at("photos_unseen").as_int64(), 4);
  EXPECT_EQ(json(page).at("signals").at(0).at("photos_waiting").as_int64(), 4);
  EXPECT_EQ(get("/photos/" + picture).status, 404);
  auto const looked = service->db().read([&](store::Reader& r) { return store::last_seq(r); }).value();
  ASSERT_TRUE(tell(signal, {.verb = Verb::release, .photos_until = looked}));
  EXPECT_EQ(last().at(3).at("url").as_string(), "/photos/" + picture);
  EXPECT_EQ(last().at(3).at("shows").as_string(), "after");
  auto const told = json(page).at("signals").at(0).at("photos");
  ASSERT_EQ(told.as_array().size(), 2U);
  EXPECT_EQ(told.at(1).at("url").as_string(), "/photos/" + near);
  EXPECT_EQ(get("/photos/" + picture).status, 200);
}

TEST_F(Photos, AreGoneAfterRetention) {
  auto const number = number_of(send(jpeg_with_exif()));
  auto const name = photo_of(id_of(number));
  ASSERT_TRUE(tell(id_of(number), {.verb = Verb::release}));
  EXPECT_EQ(retention(), "0 0");
  EXPECT_EQ(get("/photos/" + name).status, 200);
  time.advance(respond::photo_kept_days);
  auto const kept = fs::file_time_type::clock::now() - web::photo_sweep_after_hours - std::chrono::seconds(1);
  fs::last_write_time(folder.path() / "photos" / name.substr(0, 2) / name, kept);
  EXPECT_EQ(retention(), "0 1");
  EXPECT_EQ(get("/photos/" + name).status, 404);
  EXPECT_EQ(files(), 0U);
  EXPECT_TRUE(json("/open311/v2/requests/" + number + ".json").at(0).at("media_url").is_null());
}

TEST_F(Photos, AreInTheBackupAndADamagedOneIsTold) {
  auto const name = photo_of(id_of(number_of(send(jpeg_with_exif()))));
  auto const data = folder.path().string();
  EXPECT_EQ(asked({"backup", {{"to", data + "/one"}}}), "0");
  EXPECT_TRUE(web::PhotoStore(data + "/one/photos").load(name));
  std::ofstream(folder.path() / "photos" / name.substr(0, 2) / name, std::ios::app) << "a bit more";
  EXPECT_EQ(asked({"backup", {{"to", data + "/two"}}}), "1");
  EXPECT_FALSE(web::PhotoStore(data + "/two/photos").load(name));
}

TEST_F(Photos, ThatAKillLeftWithoutARowAreSweptAndOthersStay) {
  auto const cited = photo_of(id_of(number_of(send(jpeg_with_exif()))));
  auto const child = ::fork();
  if (child == 0) {
    static_cast<void>(web::PhotoStore(folder.path() / "photos").keep(demo::picture(demo::Look::heap, "near", false, 7)));
    ::kill(::getpid(), SIGKILL);  // the file is on the disk, the row is not
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(files(), 2U);
  auto& photos = service->photos();
  EXPECT_EQ(web::sweep_photos(service->db(), photos, web::photos_before_now()).value(), 0) << "it may be on its way into a report";
  EXPECT_EQ(web::sweep_photos(service->db(), photos, fs::file_time_type::max()).value(), 1);
  EXPECT_TRUE(photos.has(cited));
  EXPECT_EQ(photos.size().files, 1);
}

TEST(Pictures, ArePhotosAndTheSameEachTime) {
  for (int look = 0; look <= static_cast<int>(demo::Look::scraps); ++look) {
    auto const before = demo::picture(static_cast<demo::Look>(look), "before", false, 3);
    auto const clean = web::clean_photo(before);
    ASSERT_TRUE(clean) << look << clean.error().detail;
    EXPECT_EQ(clean->width, 320U);
    EXPECT_EQ(before, demo::picture(static_cast<demo::Look>(look), "before", false, 3));
    EXPECT_NE(before, demo::picture(static_cast<demo::Look>(look), "after", true, 3)) << look;
    EXPECT_NE(before, demo::picture(static_cast<demo::Look>(look), "before", false, 4)) << look;
  }
}

}  // namespace
}  // namespace zhili::app
