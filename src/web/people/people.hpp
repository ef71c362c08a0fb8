#pragma once
// The interface for people who sign in: sessions, accounts, and the work that they do on signals and cases.

#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "organise/passkeys/passkeys.hpp"
#include "organise/people/accounts.hpp"
#include "organise/people/private_words.hpp"
#include "organise/people/sessions.hpp"
#include "organise/sign_on/sign_on.hpp"
#include "respond/cases/desk.hpp"
#include "store/vault.hpp"
#include "web/api/api.hpp"
#include "web/people/gate.hpp"

namespace zhili::web {

/// What waits for somebody is live, so it is not cut into pages: whoever wants more asks for more lines, and `count` is exact.
inline constexpr std::size_t waiting_lines_asked = 100;  ///< of one kind of work, if nobody says how many
inline constexpr std::size_t waiting_lines_max = 1'000;  ///< of one kind of work; more stand in the list of cases
Field waiting_lines_field();
std::size_t waiting_lines(Input const& query);

/// What waits for people beside cases and reports: groups of the inbox that somebody else keeps.
struct MoreWaiting {
  Field field;  ///< of a group of this kind; `kind` is its name
  /// At most so many lines in each; `count` says how many there are.
  std::function<boost::json::array(store::Reader&, Caller const&, std::size_t lines)> groups;
};

/// What the routes work on. Everything outlives the server.
struct PeopleParts {
  ApiParts api;
  organise::Accounts* accounts = nullptr;
  organise::Sessions* sessions = nullptr;
  organise::ApiKeys* keys = nullptr;
  organise::SignOn* sign_on = nullptr;
  organise::Passkeys* passkeys = nullptr;
  respond::CaseDesk* cases = nullptr;
  std::shared_ptr<Gate const> gate;
  store::Vault* vault = nullptr;
  organise::PrivateWordsRules const* private_words = nullptr;
  std::vector<MoreWaiting> more_waiting = {};
};

void mount_people(Operations& operations, Router& router, PeopleParts const& parts);

void mount_sessions(Operations& operations, PeopleParts const& parts);  ///< sign in, who am I, sign out, own password and sessions
/// Identity providers, and who is whom there. What providers themselves send has a route outside of /api/v1.
void mount_sign_on(Operations& operations, Router& router, PeopleParts const& parts);
void mount_passkeys(Operations& operations, PeopleParts const& parts);  ///< making, using, removing them
void mount_absences(Operations& operations, PeopleParts const& parts);  ///< one's own, and an administrator's for others
void mount_keys(Operations& operations, PeopleParts const& parts);      ///< keys of other programs
void mount_accounts(Operations& operations, PeopleParts const& parts);  ///< accounts, appointments, absences, who may do what
void mount_own_work(Operations& operations, PeopleParts const& parts);  ///< one's own figures, and those of whom one leads
void mount_inbox(Operations& operations, PeopleParts const& parts);        ///< what waits for whoever asks
void mount_case_work(Operations& operations, PeopleParts const& parts);    ///< next steps of a case, and doing them
void mount_signal_work(Operations& operations, PeopleParts const& parts);  ///< the same of a report
void mount_private_words(Operations& operations, PeopleParts const& parts);  ///< opening what reporters told in confidence; who did
void mount_incidents(Operations& operations, PeopleParts const& parts);    ///< what may be the same thing, and the reports of one thing
void mount_staff_photos(Operations& operations, PeopleParts const& parts); ///< photos that a step brings

void mount_receipts(Operations& operations, PeopleParts const& parts);     ///< what a reporter does, by the token of the report

/// A session has begun: what the browser holds from now on, and as whom it acts.
Response session_begun(organise::SignedIn const& in, bool secure, PeopleParts const& parts);
Shape session_shape();
Shape id_shape();

/// Whether somebody who is signed in may see a photo before everybody may: it belongs to a report or a case on which one of
/// their posts acts.
bool staff_may_see_photo(Request const& request, std::string_view name, PeopleParts const& parts);

}  // namespace zhili::web
