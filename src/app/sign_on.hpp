#pragma once
// Sign-on and passkeys as the installation sets them up.

#include <memory>

#include "app/runtime.hpp"
#include "organise/passkeys/webauthn.hpp"
#include "organise/sign_on/sign_on.hpp"

namespace zhili::app {

/// The providers of the installation behind our own HTTP client. Calls nobody. Errors: not_found, invalid: a file with a client's secret
/// is not there or empty.
core::Result<std::unique_ptr<organise::SignOn>> open_sign_on(Runtime& runtime, organise::Accounts const& accounts,
                                                             organise::Sessions& sessions);

/// Passkeys belong to the installation's address; without one they work on this machine, at http://localhost.
organise::RelyingParty relying_party(catalogue::Installation const& installation);

}  // namespace zhili::app
