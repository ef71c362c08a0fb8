// Registering, claiming and files, on both databases.

#include "sense/devices/desk.hpp"

#include <gtest/gtest.h>

#include "sense/devices/device_csv.hpp"
#include "sense/devices/device_test_kit.hpp"

namespace zhili::sense::devices {
namespace {

using namespace std::chrono_literals;
using core::Errc;
using test::point;

class DeskTest : public test::DeviceBench {
 protected:
  core::Error why(NewDevice const& wanted) {
    auto const out = one->desk.add(wanted, "staff:dora");
    EXPECT_FALSE(out);
    return out ? core::Error{} : out.error();
  }
  std::int64_t devices() {
    return *db->read([](store::Reader& r) { return *r.value<std::int64_t>("SELECT COUNT(*) FROM device"); });
  }
  Import import(std::string const& file, ImportOptions const& options) {
    auto out = one->desk.import_csv(file, options, "staff:dora");
    EXPECT_TRUE(out) << out.error().text.en;
    return out ? std::move(*out) : Import{};
  }
  ClaimTicket ticket(std::string const& serial = "G-7") { return (*one->desk.make_tickets({.type = "gauge", .serials = {serial}}, "staff:dora"))[0]; }
  core::Result<Device> claim(std::string const& code) { return one->desk.claim({.code = code, .place = {.at = point(1.5, 0.5)}}, "staff:wang"); }
};
INSTANTIATE_TEST_SUITE_P(Engines, DeskTest, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& engine) { return zhili::test::name_of(engine.param); });

TEST_P(DeskTest, RegistersADeviceWithItsThingAndItsStreams) {
  auto const device = gauge("G-1");
  EXPECT_EQ(device.name, "水位计 G-1");
  EXPECT_EQ(device.area, "370402001001");
  ASSERT_EQ(things.made.size(), 1u);
  EXPECT_EQ(things.made[0].serial, "G-1");
  EXPECT_EQ(things.told_of, datastreams(device.id));
  auto const again = db->read([&](store::Reader& r) { return DeviceDesk::find(r, device.id); });
  EXPECT_EQ((*again)->at, point(0.5, 0.5));
  EXPECT_EQ((*again)->thing, device.thing);
  EXPECT_EQ(told(), std::vector<std::string>{"device.registered"});
}

TEST_P(DeskTest, FindsThePlaceByComponentOrArea) {
  auto const by_component = *one->desk.add({.type = "gauge", .serial = "A", .place = {.component = "3704020101000001"}}, "staff:dora");
  EXPECT_EQ(by_component.at, point(0.5, 0.5));
  EXPECT_EQ(by_component.place, "雨水井 1 号");
  EXPECT_EQ(by_component.area, "370402001001");
  auto const by_area = *one->desk.add({.type = "gauge", .serial = "B", .place = {.area = "370402001002"}}, "staff:dora");
  EXPECT_EQ(by_area.area, "370402001002");
  EXPECT_TRUE(by_area.at);
}

TEST_P(DeskTest, NamesTheFieldThatIsWrong) {
  gauge("G-1");
  WantedPlace const here{.at = point(0.5, 0.5)};
  EXPECT_EQ(why({.type = "submarine", .serial = "X", .place = here}).field, "type");
  EXPECT_NE(why({.type = "submarine", .serial = "X", .place = here}).text.en.find("gauge"), std::string::npos);
  EXPECT_EQ(why({.type = "gauge", .serial = "a b", .place = here}).field, "serial");
  EXPECT_EQ(why({.type = "gauge", .serial = "G-1", .place = here}).code, Errc::conflict);
  EXPECT_EQ(why({.type = "gauge", .name = "a\nb", .serial = "X", .place = here}).field, "name");
  EXPECT_EQ(why({.type = "gauge", .serial = "X"}).field, "place");
  EXPECT_EQ(why({.type = "gauge", .serial = "X", .place = {.at = core::LatLon::of(17.55, 34.86)}}).field, "lat") << "latitude and longitude exchanged";
  EXPECT_EQ(why({.type = "gauge", .serial = "X", .place = {.component = "1"}}).field, "component");
  EXPECT_EQ(why({.type = "gauge", .serial = "X", .place = {.area = "9"}}).field, "area");
  EXPECT_EQ(why({.type = "gauge", .serial = "X", .place = {.at = point(0.5, 0.5), .area = "370402001002"}}).field, "area");
  EXPECT_EQ(devices(), 1);
}

TEST_P(DeskTest, TakesATypeByItsNameToo) {
  EXPECT_EQ(one->desk.add({.type = "水位计", .serial = "A", .place = {.at = point(0.5, 0.5)}}, "staff:dora")->type, "gauge");
  EXPECT_EQ(one->desk.add({.type = " Street lamp ", .serial = "B", .place = {.at = point(0.5, 0.5)}}, "staff:dora")->type, "lamp");
}

TEST_P(DeskTest, LeavesNothingWhereTheThingCannotBeMade) {
  things.broken = true;
  EXPECT_EQ(why({.type = "gauge", .serial = "X", .place = {.at = point(0.5, 0.5)}}).key, "test.things");
  EXPECT_EQ(devices(), 0);
  EXPECT_TRUE(told().empty());
}

TEST_P(DeskTest, MovesAndRenames) {
  auto const device = gauge();
  auto const moved = one->desk.change(device.id, {.name = "东桥下", .place = WantedPlace{.at = point(1.5, 0.5)}}, "staff:dora");
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->area, "370402001002");
  EXPECT_EQ(things.changed, (std::vector<std::pair<std::string, bool>>{{"东桥下", true}}));
  ASSERT_TRUE(one->desk.change(device.id, {.name = "东桥下"}, "staff:dora"));
  EXPECT_EQ(things.changed.size(), 1u) << "the same again changes nothing";
  EXPECT_EQ(told(), (std::vector<std::string>{"device.registered", "device.changed"}));
  EXPECT_EQ(one->desk.change(device.id + 1, {.name = "x"}, "staff:dora").error().code, Errc::not_found);
}

TEST_P(DeskTest, AsksWhetherSomebodyKeepsDevicesThere) {
  Keeper const west("staff:wang", [](std::string_view area) -> core::Result<> {
    if (area.starts_with("370402001001")) return {};
    return core::fail(Errc::forbidden, "test.area", {"不行", "no"}, "area");
  });
  auto const mine = one->desk.add({.type = "gauge", .serial = "A", .place = {.at = point(0.5, 0.5)}}, west);
  ASSERT_TRUE(mine);
  EXPECT_EQ(one->desk.add({.type = "gauge", .serial = "B", .place = {.at = point(1.5, 0.5)}}, west).error().code, Errc::forbidden);
  EXPECT_EQ(one->desk.change(mine->id, {.place = WantedPlace{.at = point(1.5, 0.5)}}, west).error().code, Errc::forbidden) << "nor may it be moved out of their area";
  auto const theirs = one->desk.add({.type = "gauge", .serial = "C", .place = {.at = point(1.5, 0.5)}}, "staff:dora")->id;
  EXPECT_EQ(one->desk.change(theirs, {.disabled = true}, west).error().code, Errc::forbidden);
  EXPECT_EQ(one->desk.claim({.code = ticket().code, .place = {.at = point(1.5, 0.5)}}, west).error().code, Errc::forbidden);
}

TEST_P(DeskTest, KeepsTheExactPlaceOfAHomeOutOfTheLedger) {
  ASSERT_TRUE(one->desk.add({.type = "bed", .name = "张三家", .serial = "B-1", .place = {.at = point(0.5, 0.5)}}, "staff:dora"));
  auto const payload = *db->read([](store::Reader& r) { return *r.value<std::string>("SELECT payload FROM ledger WHERE kind = 610"); });
  EXPECT_EQ(payload.find("lat"), std::string::npos) << payload;
  EXPECT_EQ(payload.find("张三"), std::string::npos) << payload;
}

// ---- claim codes ----------------------------------------------------------------------------------------------------------------------

TEST_P(DeskTest, ClaimsABoxThatHasAnnouncedItself) {
  auto const box = ticket();
  auto const first = *one->desk.announce("G-7", box.secret);
  EXPECT_FALSE(first.claimed);
  EXPECT_EQ(one->watch->sight(first.device)->state, State::unclaimed);
  EXPECT_EQ(one->desk.announce("G-7", box.secret)->device, first.device);
  EXPECT_FALSE(one->gate->admits(first.device));
  auto const claimed = claim(box.code);
  ASSERT_TRUE(claimed) << claimed.error().text.en;
  EXPECT_EQ(claimed->id, first.device);
  auto const token = one->desk.announce("G-7", box.secret)->token;
  EXPECT_EQ(one->gate->who(token)->device, first.device);
  EXPECT_EQ(told(), (std::vector<std::string>{"device.ticket_made", "device.announced", "device.claimed", "device.credential_made"}));
  EXPECT_EQ(claim(box.code).error().code, Errc::conflict);
}

TEST_P(DeskTest, ClaimsABoxBeforeItSpeaks) {
  auto const box = ticket();
  auto const claimed = claim(box.code);
  ASSERT_TRUE(claimed);
  auto const told_it = *one->desk.announce("G-7", box.secret);
  EXPECT_TRUE(told_it.claimed);
  EXPECT_EQ(told_it.device, claimed->id);
}

TEST_P(DeskTest, HandsTheTokenOverAgainUntilItIsUsed) {
  auto const box = ticket();
  ASSERT_TRUE(claim(box.code));
  auto const lost = one->desk.announce("G-7", box.secret)->token;
  auto const token = one->desk.announce("G-7", box.secret)->token;
  EXPECT_FALSE(one->gate->who(lost)) << "whoever caught the first answer has nothing";
  ASSERT_TRUE(one->gate->who(token));
  ASSERT_TRUE(one->watch->write_back());
  EXPECT_EQ(one->desk.announce("G-7", box.secret)->token, "");
  EXPECT_EQ(one->desk.announce("G-7", box.secret).error().key, "device.announce") << "the secret is spent";
}

TEST_P(DeskTest, RefusesWhatIsNotItsSecretOrIsOver) {
  auto const box = ticket();
  EXPECT_EQ(one->desk.announce("G-7", "za_" + std::string(43, 'a')).error().code, Errc::forbidden);
  EXPECT_EQ(one->desk.announce("G-8", box.secret).error().code, Errc::forbidden);
  EXPECT_EQ(claim(new_claim_code()).error().code, Errc::not_found);
  EXPECT_EQ(claim("K7QF").error().code, Errc::invalid);
  db.time.advance(claim_days_default);
  EXPECT_EQ(claim(box.code).error().key, "device.claim.over");
  EXPECT_EQ(one->desk.announce("G-7", box.secret).error().code, Errc::forbidden);
  EXPECT_EQ(devices(), 0);
}

TEST_P(DeskTest, ANewCodeEndsTheOldOne) {
  auto const old = ticket();
  auto const waiting = one->desk.announce("G-7", old.secret)->device;
  auto const young = ticket();
  EXPECT_EQ(claim(old.code).error().code, Errc::not_found);
  EXPECT_EQ(one->desk.announce("G-7", old.secret).error().code, Errc::forbidden);
  EXPECT_EQ(claim(young.code)->id, waiting);
  EXPECT_EQ(one->desk.make_tickets({.type = "gauge", .serials = {"G-7"}}, "staff:dora").error().code, Errc::conflict) << "it is registered";
}

TEST_P(DeskTest, GivesNoTokenLongAfterTheClaim) {
  auto const box = ticket();
  ASSERT_TRUE(claim(box.code));
  db.time.advance(claim_pickup);
  EXPECT_EQ(one->desk.announce("G-7", box.secret).error().key, "device.announce");
}

TEST_P(DeskTest, GivesNothingToADeviceThatWasDisabled) {
  auto const box = ticket();
  auto const device = claim(box.code)->id;
  ASSERT_TRUE(one->desk.change(device, {.disabled = true}, "staff:dora"));
  EXPECT_EQ(one->desk.announce("G-7", box.secret).error().code, Errc::forbidden);
  EXPECT_EQ(one->desk.issue(device, {}, "staff:dora").error().code, Errc::conflict);
}

// ---- files --------------------------------------------------------------------------------------------------------------------------

constexpr char const* good_file = "\xEF\xBB\xBF序列号,类型,名称,纬度,经度,区域编码\r\nA-1,gauge,东桥,34.8605,117.5505,\r\nA-2,水位计,,,,370402001002\r\n,,,,,\r\n";

TEST_P(DeskTest, ImportsAFileAsAClerkMakesIt) {
  auto const seen = import(good_file, {});
  EXPECT_EQ(seen.fits, 2u);
  EXPECT_FALSE(seen.written);
  EXPECT_EQ(devices(), 0);
  std::vector<std::size_t> steps;
  auto const done = import(good_file, {.mode = ImportMode::all, .credentials = CredentialKind::token, .progress = [&](std::size_t now, std::size_t) { steps.push_back(now); }});
  EXPECT_TRUE(done.written);
  EXPECT_EQ(devices(), 2);
  EXPECT_EQ(steps.back(), 2u);
  EXPECT_EQ(one->gate->who(done.lines[1].credential.secret)->device, done.lines[1].id);
  EXPECT_EQ(done.lines[0].device.place.at, core::LatLon::of(34.8605, 117.5505));
  auto const again = import(good_file, {.mode = ImportMode::all});
  EXPECT_EQ(again.there, 2u) << "the same file again does nothing";
  EXPECT_EQ(devices(), 2);
}

constexpr char const* mixed_file = "type,serial,lat,lon\ngauge,A-1,34.8605,117.5505\nboat,A-2,34.8605,117.5505\ngauge,A-3,x,117.5505\ngauge,A-1,34.8605,117.5505\n\"gauge,A-5\ngauge,A-6,34.8605,117.5505\n";

TEST_P(DeskTest, SaysWhatIsWrongLineByLineAndWritesAllOrTheGoodOnes) {
  auto const refused = import(mixed_file, {.mode = ImportMode::all});
  EXPECT_FALSE(refused.written);
  EXPECT_EQ(devices(), 0);
  std::string wrong;
  for (auto const& line : refused.lines)
    if (line.fate == LineFate::refused) wrong += std::to_string(line.line) + ":" + line.error.key + ":" + line.error.field + " ";
  EXPECT_EQ(wrong, "3:device.type:type 4:device.csv.degrees:lat 5:device.csv.twice:serial 6:csv.quote:line 6 ");
  auto const done = import(mixed_file, {.mode = ImportMode::good_lines});
  EXPECT_TRUE(done.written);
  EXPECT_EQ(done.fits, 2u);
  EXPECT_EQ(done.refused, 4u);
  EXPECT_EQ(devices(), 2);
}

TEST_P(DeskTest, WritesNothingOfAFileThatFailsInTheMiddle) {
  std::string file = "type,serial,area\n";
  for (int i = 0; i < 600; ++i) file += "gauge,S-" + std::to_string(i) + ",370402001001\n";
  things.broken = true;
  EXPECT_FALSE(one->desk.import_csv(file, {.mode = ImportMode::all}, "staff:dora"));
  EXPECT_EQ(devices(), 0);
  things.broken = false;
  std::vector<std::size_t> steps;
  import(file, {.mode = ImportMode::good_lines, .progress = [&](std::size_t now, std::size_t) { steps.push_back(now); }});
  EXPECT_EQ(devices(), 600);
  EXPECT_EQ(steps, (std::vector<std::size_t>{250, 500, 600}));
}

TEST_P(DeskTest, ConvertsTheDatumOfAFile) {
  auto const line = import("type,serial,lat,lon\ngauge,A,34.8605,117.5505\n", {.datum = core::Datum::gcj02}).lines[0];
  EXPECT_EQ(line.device.place.at, core::to_wgs84(core::Datum::gcj02, core::LatLon::of(34.8605, 117.5505)));
}

TEST(DeviceCsv, RefusesAFileThatNobodyCanRead) {
  auto const key = [](std::string const& file) {
    auto const read = read_device_csv(file, core::Datum::wgs84);
    return read ? std::string() : read.error().key;
  };
  EXPECT_EQ(key(""), "device.csv.heading");
  EXPECT_EQ(key("serial\nA\n"), "device.csv.heading");
  EXPECT_EQ(key("type,serial,colour\n"), "device.csv.heading");
  EXPECT_EQ(key("type,serial,serial\n"), "device.csv.heading");
  EXPECT_EQ(key("type,serial,lat\n"), "device.csv.heading");
  EXPECT_EQ(key("type,serial\n\xC9\xE8\xB1\xB8,A\n"), "device.csv.utf8");
  std::string many = "type,serial\n";
  for (std::size_t i = 0; i <= import_rows_max; ++i) many += "a,b\n";
  EXPECT_EQ(key(many), "device.csv.rows");
  EXPECT_EQ(key(std::string(csv_bytes_max + 1, 'a')), "device.csv.bytes");
  EXPECT_EQ(key(" TYPE ,序列号\n"), "");
}

TEST(DeviceCsv, WritesResultsThatNoSpreadsheetTakesForAFormula) {
  Import done;
  done.lines.push_back({.line = 2, .device = {.name = "=HYPERLINK(\"x\")", .serial = "-1+1"}, .fate = LineFate::refused, .error = {Errc::invalid, "k", {"@错", "+wrong"}, "name"}});
  auto const text = import_result_csv(done, core::Lang::en);
  EXPECT_EQ(text, "\xEF\xBB\xBFline,serial,name,result,id,user,credential,column,why\r\n2,\"'-1+1\",\"'=HYPERLINK(\"\"x\"\")\",refused,,,,name,\"'+wrong\"\r\n");
}

}  // namespace
}  // namespace zhili::sense::devices
