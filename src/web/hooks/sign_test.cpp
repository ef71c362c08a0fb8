#include "web/hooks/sign.hpp"

#include <gtest/gtest.h>

#include "web/hooks/retry.hpp"

namespace zhili::web::hooks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The published example of Standard Webhooks.
TEST(WebhookSignature, IsThatOfTheSpecification) {
  std::string const key("\x31\xf2\x90\xf6\xbf\x06\x29\x8a\xab\x4f\x08\xd4\x3c\x3f\x08\x2c\xf6\x48\xa3\x62\xda\x2d\xa4\xb0", 24);
  EXPECT_EQ(secret_text(key), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  EXPECT_EQ(signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, ChangesWithEverythingThatItVouchesFor) {
  auto const one = signature("key", "msg_1_2", 100, "{}");
  EXPECT_NE(one, signature("kez", "msg_1_2", 100, "{}"));
  EXPECT_NE(one, signature("key", "msg_1_3", 100, "{}"));
  EXPECT_NE(one, signature("key", "msg_1_2", 101, "{}"));
  EXPECT_NE(one, signature("key", "msg_1_2", 100, "{ }"));
}

TEST(Retry, WaitsTwiceAsLongEachTimeUpToALimitAndThenGivesUp) {
  EXPECT_EQ(retry_wait(1, seconds(0), 0.5), milliseconds(retry_first_s));
  EXPECT_EQ(retry_wait(2, seconds(0), 0.5), milliseconds(retry_first_s) * 2);
  EXPECT_EQ(retry_wait(5, seconds(0), 0.5), milliseconds(retry_first_s) * 16);
  EXPECT_EQ(retry_wait(1'000, hours(1), 0.5), milliseconds(retry_longest_h));
  EXPECT_EQ(retry_wait(3, retry_give_up_h, 0.5), std::nullopt);
}

TEST(Retry, IsSpread) {
  EXPECT_EQ(retry_wait(1, seconds(0), 0), milliseconds(retry_first_s) * 8 / 10);
  EXPECT_EQ(retry_wait(1, seconds(0), 1), milliseconds(retry_first_s) * 12 / 10);
}

}  // namespace
}  // namespace zhili::web::hooks
