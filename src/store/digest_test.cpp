// Many messages hashed at once have the digests that they have alone.

#include "store/digest.hpp"

#include <gtest/gtest.h>

#include <random>

namespace zhili::store {
namespace {

/// One after the other, and each kernel that this machine can run.
std::vector<LaneKernel> ways() {
  std::vector<LaneKernel> out{nullptr};
  out.insert(out.end(), lane_kernels().begin(), lane_kernels().end());
  return out;
}

TEST(ManyHasher, GivesThePublishedDigests) {
  // FIPS 180-2, appendix B, and the empty message.
  std::pair<std::string, std::string_view> const known[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (auto const kernel : ways()) {
    ManyHasher many(kernel);
    for (auto const& [message, digest] : known) many.add(message);
    auto const digests = many.finish();
    ASSERT_EQ(digests.size(), std::size(known));
    for (std::size_t i = 0; i < digests.size(); ++i) EXPECT_EQ(to_hex(digests[i]), known[i].second);
  }
}

TEST(ManyHasher, AgreesWithOpenSslOnMessagesOfEveryLength) {
  std::mt19937 random(20260712);
  std::string bytes(2'000, '\0');
  for (auto& c : bytes) c = static_cast<char>(random());
  for (auto const kernel : ways()) {
    ManyHasher many(kernel);  // one for all rounds: what is left over from a round must not show
    for (std::size_t count = 0; count < 40; ++count) {
      std::vector<std::string_view> messages;
      for (std::size_t i = 0; i < count; ++i) {
        // Every length up to four blocks comes, and some long ones between them.
        auto const length = i % 7 == 6 ? random() % 2'000 : (count * 40 + i) % 257;
        messages.push_back(std::string_view(bytes).substr(random() % (bytes.size() - length), length));
        auto const cut = random() % (length + 1);
        many.add(messages.back().substr(0, cut), messages.back().substr(cut));
      }
      ASSERT_EQ(many.size(), count);
      auto const digests = many.finish();
      ASSERT_EQ(digests.size(), count);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(to_hex(digests[i]), to_hex(sha256(messages[i]))) << messages[i].size() << " bytes";
    }
  }
}

TEST(ManyHasher, HashesAnEntryAsItIsHashedAlone) {
  HashedEntry const entries[] = {{1, 2, {}, 3, 4, 5, "{}"}, {1, 2, 0, 3, 4, 5, "{}"}, {-1, 2, 7, 3, 4, 5, ""}};
  Hasher alone;
  ManyHasher many;
  for (auto const& entry : entries) add_entry(many, entry);
  auto const digests = many.finish();
  for (std::size_t i = 0; i < std::size(entries); ++i)
    EXPECT_EQ(to_hex(digests[i]), to_hex(entry_hash(alone, entries[i])));
  EXPECT_NE(to_hex(digests[0]), to_hex(digests[1]));  // no time is not the time 0
}

TEST(Hex, RefusesWhatIsNotADigest) {
  auto const hex = to_hex(sha256("abc"));
  EXPECT_EQ(from_hex(hex), sha256("abc"));
  EXPECT_FALSE(from_hex(hex.substr(1)));
  for (char const wrong : {'g', 'A', '/', ':', '`', '\0', '\xff'})
    for (std::size_t at : {0U, 1U, 31U, 63U}) {
      auto text = hex;
      text[at] = wrong;
      EXPECT_FALSE(from_hex(text)) << wrong << " at " << at;
    }
}

}  // namespace
}  // namespace zhili::store
