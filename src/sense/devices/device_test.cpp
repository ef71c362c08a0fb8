// How a device is, from what was heard of it; and the secrets that it is known by.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "sense/devices/device_test_kit.hpp"

namespace zhili::sense::devices {
namespace {

using namespace std::chrono_literals;
using test::small_catalogue;

constexpr core::Instant noon = core::Instant{core::Duration{1'763'712'000'000}};

struct Scene {
  std::shared_ptr<catalogue::Catalogue const> catalogue = small_catalogue();
  catalogue::DeviceType const* type = catalogue->device_type("gauge");
  std::vector<StreamFacts> streams{{.datastream = 1, .of_type = 0}, {.datastream = 2, .of_type = 1}, {.datastream = 3, .of_type = 2}};
  DeviceFacts facts{.active_since_ms = core::to_ms(noon)};

  Scene& heard(std::size_t stream, core::Duration after, Blemishes blemishes = 0) {
    auto const at = core::to_ms(noon + after);
    facts.last_seen_ms = std::max(facts.last_seen_ms, at);
    streams[stream].last_ms = at;
    streams[stream].blemishes = blemishes;
    streams[stream].blemish_ms = blemishes == 0 ? 0 : at;
    return *this;
  }
  Condition at(core::Duration after) {
    facts.streams = streams;
    auto out = state_of(type, facts, noon + after);
    EXPECT_EQ(out.state, state_only(type, facts, noon + after));
    return out;
  }
  std::string codes(core::Duration after) {
    std::string out;
    for (auto const& fault : at(after).faults) out += std::string(name(fault.code)) + (fault.stream.empty() ? "" : ":" + fault.stream) + " ";
    return out;
  }
};

TEST(DeviceState, IsSilentOnlyAfterTheShortestTimeThatItsTypeAllows) {
  Scene s;
  s.heard(0, 10min).heard(1, 10min);
  EXPECT_EQ(s.at(13min).state, State::active);
  EXPECT_EQ(s.at(13min + 1ms).state, State::silent);
  EXPECT_EQ(s.at(13min + 1ms).faults.front().since, noon + 10min);
  EXPECT_EQ(s.codes(13min + 1ms), "silent ");
}

TEST(DeviceState, CallsOneMissingStreamAFaultOfThatStream) {
  Scene s;
  s.heard(0, 10min).heard(1, 20min);
  EXPECT_EQ(s.at(21min).state, State::fault);
  EXPECT_EQ(s.codes(21min), "stream_silent:level ");
  EXPECT_NE(s.at(21min).faults.front().words.en.find("level"), std::string::npos);
}

TEST(DeviceState, ExpectsTheFirstReadingFromWhenItWasRegistered) {
  Scene s;
  EXPECT_EQ(s.at(3min).state, State::active);
  EXPECT_EQ(s.at(3min + 1ms).state, State::silent);
}

TEST(DeviceState, ShowsReadingsThatSpeakOfTheDevice) {
  Scene s;
  s.heard(0, 1min, static_cast<Blemishes>(Blemish::stuck)).heard(1, 1min);
  EXPECT_EQ(s.codes(2min), "stuck:level ");
  s.heard(0, 2min, static_cast<Blemishes>(Blemish::out_of_range));
  EXPECT_EQ(s.codes(2min), "out_of_range:level ");
  s.heard(0, 3min);
  EXPECT_EQ(s.at(3min).state, State::active);
}

TEST(DeviceState, NeverExpectsAStreamWithoutAnInterval) {
  Scene s;
  s.type = s.catalogue->device_type("lamp");
  s.streams = {{.datastream = 1, .of_type = 0}};
  EXPECT_EQ(s.at(24h * 365).state, State::active);
}

TEST(DeviceState, HasNoFaultsWhileItIsDisabledOrUnclaimed) {
  Scene s;
  s.heard(0, 0min, static_cast<Blemishes>(Blemish::stuck));
  s.facts.life = Life::disabled;
  EXPECT_EQ(s.at(24h).state, State::disabled);
  EXPECT_EQ(s.codes(24h), "");
  s.facts.life = Life::unclaimed;
  EXPECT_EQ(s.at(24h).state, State::unclaimed);
}

TEST(DeviceState, IsAFaultWhereNoPackHasTheType) {
  Scene s;
  s.type = nullptr;
  EXPECT_EQ(s.codes(0min), "type_unknown ");
  EXPECT_EQ(s.at(0min).state, State::fault);
}

// Time alone can only take a device from active to fault to silent, never back: only hearing of it can.
TEST(DeviceState, GetsNoBetterWithoutAWord) {
  std::mt19937 random(4711);
  auto const rank = [](State state) { return state == State::active ? 0 : state == State::fault ? 1 : 2; };
  for (int round = 0; round < 2'000; ++round) {
    Scene s;
    for (std::size_t stream = 0; stream < 3; ++stream)
      if (random() % 3 != 0) s.heard(stream, core::Duration(random() % 600'000), static_cast<Blemishes>(random() % 6 == 0 ? 2 : 0));
    auto now = core::Duration(600'000);
    int worst = rank(s.at(now).state);
    for (int step = 0; step < 6; ++step) {
      now += core::Duration(random() % 4'000'000);
      auto const next = rank(s.at(now).state);
      EXPECT_GE(next, worst);
      worst = next;
    }
  }
}

TEST(Serial, IsWhatAnMqttTopicCanHold) {
  EXPECT_EQ(*checked_serial(" 70B3D5:00-1_a "), "70B3D5:00-1_a");
  for (auto const* bad : {"", "a b", "a/b", "a.b", "a+b", "#", "é"}) EXPECT_EQ(checked_serial(bad).error().field, "serial") << bad;
  EXPECT_FALSE(checked_serial(std::string(65, 'a')));
}

// ---- secrets ------------------------------------------------------------------------------------------------------------------------

TEST(ClaimCode, IsReadAsPeopleTypeIt) {
  for (int i = 0; i < 200; ++i) {
    auto const code = new_claim_code();
    ASSERT_EQ(code.size(), 14u);
    auto const plain = checked_claim_code(code);
    ASSERT_TRUE(plain) << code;
    std::string typed = " ";
    for (char c : code) typed += c == '0' ? 'o' : c == '1' ? (i % 2 ? 'l' : 'I') : static_cast<char>(std::tolower(c));
    EXPECT_EQ(*checked_claim_code(typed), *plain) << typed;
  }
}

TEST(ClaimCode, FindsEveryWrongCharacterAndEveryExchange) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (int round = 0; round < 20; ++round) {
    auto const good = *checked_claim_code(new_claim_code());
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (char const c : alphabet) {
        auto wrong = good;
        wrong[i] = c;
        EXPECT_EQ(checked_claim_code(wrong).has_value(), c == good[i]) << wrong;
      }
      for (std::size_t k = i + 1; k < good.size(); ++k) {
        auto exchanged = good;
        std::swap(exchanged[i], exchanged[k]);
        EXPECT_EQ(checked_claim_code(exchanged).has_value(), good[i] == good[k]) << exchanged;
      }
    }
  }
}

TEST(ClaimCode, SaysWhatIsWrong) {
  for (auto const* bad : {"", "K7QF", "K7QF-2M9X-RT4C-A", "K7QF-2M9U-RT4C", "K7QF 2M9é"}) {
    auto const read = checked_claim_code(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().field, "code");
  }
}

TEST(Secret, IsNeverTheSameAndHashesByTheInstallationsKey) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) seen.insert(new_secret(token_prefix));
  EXPECT_EQ(seen.size(), 1'000u);
  auto const secret = *seen.begin();
  EXPECT_EQ(secret.size(), 46u);
  SecretKey const one{1}, two{2};
  EXPECT_NE(secret_hash(one, secret), secret_hash(two, secret));
  EXPECT_EQ(*hash_from(stored_hash(secret_hash(one, secret))), secret_hash(one, secret));
  for (auto const* bad : {"", "blake2b-128:", "blake2b-128:00", "sha-256:00112233445566778899aabbccddeeff", "blake2b-128:00112233445566778899aabbccddeefg"}) EXPECT_FALSE(hash_from(bad)) << bad;
}

}  // namespace
}  // namespace zhili::sense::devices
