#pragma once
// Accounts that whoever opens the demo may try: one for each role.

#include "organise/people/accounts.hpp"
#include "web/api/api.hpp"

namespace zhili::app::demo {

/// The city is simulated and listens on loopback: its password is no secret.
inline constexpr std::string_view staff_password = "榴城演示 liucheng";

/// Makes an account for the first post of each role, and the administrator's; each login is the role's name. Errors: those of Accounts.
core::Result<std::vector<web::DemoFace::Account>> make_staff(organise::Accounts& accounts, catalogue::Installation const& installation);

}  // namespace zhili::app::demo
