#pragma once
// What the world gets to see, as trees. Pure.

#include <span>
#include <string>
#include <vector>

#include "web/open311/open311.hpp"
#include "web/open311/tree.hpp"

namespace zhili::web::open311 {

/// `base`: where the client reached us, "https://city.example"; discovery and links to photos begin with it.
Node show_discovery(Options const& options, std::string const& base);
Node show_services(std::vector<Service> const& services);
Node show_definition(ServiceDefinition const& definition);
Node show_created(Created const& created);
Node show_token(std::string const& token, std::string const& id);
/// The one place that decides what of a request is public: see Found.
Node show_requests(std::vector<Found> const& found, std::string const& base, bool extensions);
Node show_updates(std::vector<Update> const& updates, std::string const& base);
/// The answer to an update that was taken.
Node show_heard(std::string const& update_id);
/// `code` of each entry is the HTTP status, which is also the response's.
Node show_errors(std::span<core::Error const> errors, core::Lang lang);

/// 404 for what does not exist, 403 for keys, 503 when we cannot, 400 for everything else.
int open311_status(core::Error const& error);

}  // namespace zhili::web::open311
