#pragma once
// The interface for people who sign in: sessions, accounts, and the work that they do on signals and cases.

#include <memory>

#include "organise/people/accounts.hpp"
#include "organise/people/sessions.hpp"
#include "respond/cases/desk.hpp"
#include "web/api/api.hpp"
#include "web/people/gate.hpp"

namespace zhili::web {

/// What the routes work on. Everything outlives the server.
struct PeopleParts {
  ApiParts api;
  organise::Accounts* accounts = nullptr;
  organise::Sessions* sessions = nullptr;
  respond::CaseDesk* cases = nullptr;
  std::shared_ptr<Gate const> gate;
};

void mount_people(Router& router, PeopleParts const& parts);

void mount_sessions(Router& router, PeopleParts const& parts);  ///< sign in, who am I, sign out, own password
void mount_accounts(Router& router, PeopleParts const& parts);  ///< accounts, appointments, absences, who may do what
void mount_inbox(Router& router, PeopleParts const& parts);        ///< what waits for whoever asks
void mount_case_work(Router& router, PeopleParts const& parts);    ///< next steps of a case, and doing them
void mount_signal_work(Router& router, PeopleParts const& parts);  ///< the same of a report
void mount_staff_photos(Router& router, PeopleParts const& parts); ///< photos that a step brings

/// Whether somebody who is signed in may see a photo before everybody may: it belongs to a report or a case on which one of
/// their posts acts.
bool staff_may_see_photo(Request const& request, std::string_view name, PeopleParts const& parts);

/// Never kept by anybody on the way.
Response private_json(std::string text, int status = 200);

}  // namespace zhili::web
