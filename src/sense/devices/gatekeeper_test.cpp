// Who a device is, here and in another process, on both databases.

#include "sense/devices/gatekeeper.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "sense/devices/device_test_kit.hpp"
#include "store/ledger.hpp"

namespace zhili::sense::devices {
namespace {

using namespace std::chrono_literals;

class GateTest : public test::DeviceBench {
 protected:
  std::string token(Id device, WantedCredential const& wanted = {}) {
    auto issued = one->desk.issue(device, wanted, "staff:dora");
    EXPECT_TRUE(issued) << issued.error().text.en;
    return issued ? issued->secret : std::string();
  }
};
INSTANTIATE_TEST_SUITE_P(Engines, GateTest, testing::Values(zhili::test::Engine::sqlite, zhili::test::Engine::postgresql),
                         [](auto const& engine) { return zhili::test::name_of(engine.param); });

TEST_P(GateTest, KnowsATokenAndNothingLikeIt) {
  auto const device = gauge();
  auto const secret = token(device.id);
  ASSERT_TRUE(one->gate->who(secret));
  EXPECT_EQ(one->gate->who(secret)->device, device.id);
  for (auto const& wrong : {std::string(), std::string("zd_"), secret.substr(0, 45), secret + "a", "zm_" + secret.substr(3), std::string(10'000, 'z')}) EXPECT_FALSE(one->gate->who(wrong));
}

TEST_P(GateTest, KnowsAnMqttPasswordOnlyWithItsOwnSerialNumber) {
  auto const device = gauge("G-1");
  gauge("G-2");
  auto const issued = *one->desk.issue(device.id, {.kind = CredentialKind::mqtt}, "staff:dora");
  EXPECT_EQ(issued.user, "G-1");
  EXPECT_EQ(one->gate->who("G-1", issued.secret)->device, device.id);
  EXPECT_FALSE(one->gate->who("G-2", issued.secret));
  EXPECT_FALSE(one->gate->who("G-1", "zm_" + std::string(43, 'a')));
  EXPECT_FALSE(one->gate->who(issued.secret)) << "a password is no token";
}

TEST_P(GateTest, LetsADeviceWriteItsOwnStreamsOnly) {
  auto const a = gauge("G-1"), b = gauge("G-2");
  auto const mine = datastreams(a.id), theirs = datastreams(b.id);
  ASSERT_EQ(mine.size(), 3u);
  for (auto const stream : mine) {
    EXPECT_TRUE(one->gate->may_write(a.id, stream));
    EXPECT_FALSE(one->gate->may_write(b.id, stream));
    EXPECT_FALSE(one->gate->may_write(0, stream));
  }
  EXPECT_FALSE(one->gate->may_write(a.id, 999'999));
  EXPECT_FALSE(one->gate->may_write(0, 999'999));
  EXPECT_EQ(one->gate->datastream(b.id, "level"), theirs[0]);
  EXPECT_EQ(one->gate->datastream(b.id, "depth"), 0);
  EXPECT_EQ(one->gate->with_serial("G-2"), b.id);
  EXPECT_EQ(one->gate->with_serial("G-3"), 0);
}

TEST_P(GateTest, LetsTheOldAndTheNewTokenWorkWhileTheyOverlap) {
  auto const device = gauge();
  auto const old = token(device.id);
  auto const young = token(device.id, {.overlap = 1h});
  EXPECT_TRUE(one->gate->who(old));
  EXPECT_TRUE(one->gate->who(young));
  db.time.advance(1h - 1ms);
  EXPECT_TRUE(one->gate->who(old));
  db.time.advance(1ms);
  EXPECT_FALSE(one->gate->who(old));
  EXPECT_TRUE(one->gate->who(young));
  auto const at_once = token(device.id, {.overlap = 0ms});
  EXPECT_FALSE(one->gate->who(young));
  EXPECT_TRUE(one->gate->who(at_once));
}

TEST_P(GateTest, NeverMakesAnOldCredentialLastLongerByRotating) {
  auto const device = gauge();
  auto const first = token(device.id);
  token(device.id, {.overlap = 1h});
  token(device.id, {.overlap = 10h});
  db.time.advance(1h);
  EXPECT_FALSE(one->gate->who(first));
}

TEST_P(GateTest, KeepsCredentialsSideBySideIfToldSo) {
  auto const device = gauge();
  auto const a = token(device.id), b = token(device.id, {.rotate = false});
  auto const password = *one->desk.issue(device.id, {.kind = CredentialKind::mqtt, .overlap = 0ms}, "staff:dora");
  EXPECT_TRUE(one->gate->who(a)) << "rotating a password leaves tokens alone";
  EXPECT_TRUE(one->gate->who(b));
  for (std::size_t i = 3; i < credentials_max; ++i) token(device.id, {.rotate = false});
  EXPECT_EQ(one->desk.issue(device.id, {.rotate = false}, "staff:dora").error().key, "device.credentials");
}

TEST_P(GateTest, RefusesADisabledDeviceAndCredentialAtOnce) {
  auto const device = gauge();
  auto const a = token(device.id), b = token(device.id, {.rotate = false});
  auto const first = one->gate->who(a)->credential;
  ASSERT_TRUE(one->desk.disable_credential(device.id, first, "staff:dora"));
  EXPECT_FALSE(one->gate->who(a));
  EXPECT_TRUE(one->gate->who(b));
  EXPECT_EQ(one->desk.disable_credential(device.id, first, "staff:dora").error().code, core::Errc::conflict);
  EXPECT_EQ(one->desk.disable_credential(device.id + 1, first, "staff:dora").error().code, core::Errc::not_found);
  ASSERT_TRUE(one->desk.change(device.id, {.disabled = true}, "staff:dora"));
  EXPECT_FALSE(one->gate->who(b));
  EXPECT_FALSE(one->gate->admits(device.id));
  ASSERT_TRUE(one->desk.change(device.id, {.disabled = false}, "staff:dora"));
  EXPECT_TRUE(one->gate->who(b));
  EXPECT_FALSE(one->gate->who(a));
}

TEST_P(GateTest, FollowsWhatAnotherProcessDoes) {
  test::Process other(*db, db.time, things, readings);
  std::vector<Id> changed;
  other.gate->on_change([&](std::span<Id const> ids) { changed.insert(changed.end(), ids.begin(), ids.end()); });
  auto const device = gauge();
  auto const secret = token(device.id);
  EXPECT_FALSE(other.gate->who(secret));
  ASSERT_TRUE(other.gate->follow());
  EXPECT_EQ(changed, std::vector{device.id});
  EXPECT_TRUE(other.gate->who(secret));
  EXPECT_EQ(other.gate->find(device.id)->serial, "G-1");
  EXPECT_TRUE(other.watch->sight(device.id));
  ASSERT_TRUE(one->desk.change(device.id, {.disabled = true}, "staff:dora"));
  ASSERT_TRUE(other.gate->follow());
  EXPECT_FALSE(other.gate->who(secret));
  changed.clear();
  ASSERT_TRUE(other.gate->follow());
  EXPECT_TRUE(changed.empty()) << "nothing happened";
}

TEST_P(GateTest, WritesDownWhenACredentialWasUsed) {
  auto const device = gauge();
  auto const secret = token(device.id);
  one->gate->who(secret);
  auto const used = db.time.now();
  db.time.advance(10s);
  ASSERT_TRUE(one->watch->write_back());
  auto const used_at = [&] { return db->read([&](store::Reader& r) { return DeviceDesk::credentials(r, device.id); })->front().last_used_at; };
  EXPECT_EQ(used_at(), used);
  EXPECT_TRUE(one->gate->take_uses().empty());
  // A change of the device must not forget a use that is not written down.
  one->gate->who(secret);
  ASSERT_TRUE(one->desk.change(device.id, {.name = "甲"}, "staff:dora"));
  ASSERT_TRUE(one->watch->write_back());
  EXPECT_EQ(used_at(), used + 10s);
}

TEST_P(GateTest, KeepsNoSecretAnywhere) {
  auto const device = gauge();
  auto const secret = token(device.id);
  auto const tickets = *one->desk.make_tickets({.type = "gauge", .serials = {"G-9"}}, "staff:dora");
  auto const everything = *db->read([](store::Reader& r) {
    std::string out;
    for (auto const& entry : store::entries_after(r, 0, 1'000)) out += entry.payload;
    for (auto const& [hash] : r.rows<std::string>("SELECT hash FROM device_credential")) out += hash;
    for (auto const& [code, hash] : r.rows<std::string, std::string>("SELECT code_hash, secret_hash FROM device_ticket")) out += code + hash;
    return out;
  });
  for (auto const& word : {secret.substr(3), tickets[0].secret.substr(3), tickets[0].code, *checked_claim_code(tickets[0].code)}) EXPECT_EQ(everything.find(word), std::string::npos);
}

TEST_P(GateTest, AnswersWhileItFollows) {
  auto const device = gauge();
  auto const secret = token(device.id);
  std::jthread const asking([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      auto const pass = one->gate->who(secret);
      EXPECT_TRUE(pass && pass->device == device.id);
    }
  });
  for (int i = 0; i < 20; ++i) gauge("H-" + std::to_string(i));
}

}  // namespace
}  // namespace zhili::sense::devices
