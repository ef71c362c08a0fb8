// Through HTTP, at a time that the test moves: what asks for a fresh proof of who somebody is, once it is too old.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "app/service_test_kit.hpp"

namespace zhili::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto password = "three wet boots";

class FreshProof : public testing::Test {
 protected:
  FreshProof() {
    EXPECT_TRUE(serving_.service->accounts().make({.login = "ann", .password = password}, "cli"));
    auto const in = post("/api/v1/session", {{"login", "ann"}, {"password", password}});
    EXPECT_EQ(in.status, 200) << in.body;
    std::string const cookie(in.headers.get("Set-Cookie").value_or(""));
    cookie_ = cookie.substr(0, cookie.find(';'));
    csrf_ = boost::json::parse(in.body).at("csrf").as_string();
  }
  web::client::Answer post(std::string const& path, boost::json::object const& body) {
    web::client::Call call{.method = "POST", .url = "http://127.0.0.1:" + std::to_string(serving_.service->port()) + path,
                           .headers = {{"Content-Type", "application/json"}}, .body = boost::json::serialize(body)};
    if (!cookie_.empty()) call.headers.insert(call.headers.end(), {{"Cookie", cookie_}, {"X-CSRF-Token", csrf_}});
    auto got = client_->call(call);
    EXPECT_TRUE(got) << path << ": " << got.error().detail;
    return got.value_or(web::client::Answer{});
  }
  std::string decide(std::string const& thing, std::string const& verb) {
    return post("/api/v1/" + thing + "/LC-2604-999999/commands", {{"verb", verb}, {"version", 1}, {"upheld", true}, {"reason", "as it was"}}).body;
  }
  std::string open_words() { return post("/api/v1/work/signals/LC-2604-999999/private", {{"purpose", "contact"}}).body; }

  kit::Serving serving_;
  std::unique_ptr<web::client::Client> client_ = std::move(*web::client::Client::make({.reach = web::client::Reach::anywhere}));
  std::string cookie_, csrf_;
};

TEST_F(FreshProof, IsAskedForBeforeAppealsAreDecidedAndSealedWordsAreOpened) {
  constexpr auto asked = "\"session.proof\"";
  EXPECT_THAT(decide("cases", "decide_appeal"), Not(HasSubstr(asked))) << "who has just signed in has proved it";
  EXPECT_THAT(open_words(), Not(HasSubstr(asked)));
  serving_.time.advance(organise::proof_fresh);
  EXPECT_THAT(decide("cases", "decide_appeal"), HasSubstr(asked));
  EXPECT_THAT(decide("signals", "decide_rejection"), HasSubstr(asked));
  EXPECT_THAT(decide("signals", "decide_release"), HasSubstr(asked));
  EXPECT_THAT(open_words(), HasSubstr(asked));
  EXPECT_THAT(decide("cases", "close"), Not(HasSubstr(asked))) << "a usual step does not ask";
  EXPECT_EQ(post("/api/v1/session/proof", {{"password", "another"}}).status, 403);
  EXPECT_THAT(open_words(), HasSubstr(asked));
  EXPECT_EQ(post("/api/v1/session/proof", {{"password", password}}).status, 204);
  EXPECT_THAT(decide("cases", "decide_appeal"), Not(HasSubstr(asked)));
  EXPECT_THAT(open_words(), Not(HasSubstr(asked)));
}

}  // namespace
}  // namespace zhili::app
