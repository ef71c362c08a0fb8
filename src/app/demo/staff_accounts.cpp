#include "app/demo/staff_accounts.hpp"

#include <algorithm>

namespace zhili::app::demo {

core::Result<std::vector<web::DemoFace::Account>> make_staff(organise::Accounts& accounts, catalogue::Installation const& installation) {
  std::vector<web::DemoFace::Account> out;
  for (auto const& duty : accounts.posts()) {
    auto login = duty.role;
    std::ranges::replace(login, '_', '-');
    if (std::ranges::any_of(out, [&](auto const& made) { return made.login == login; })) continue;
    ZHILI_CHECK(accounts.make({.login = login, .password = std::string(staff_password), .post = duty.post}, "system"));
    auto const* post = installation.post(duty.post);
    out.push_back({login, post ? post->name : organise::administration_name()});
  }
  return out;
}

}  // namespace zhili::app::demo
