#pragma once
// What clients ask for and send, read and checked. Pure.

#include <vector>

#include "web/http.hpp"
#include "web/open311/open311.hpp"

namespace zhili::web::open311 {

using Errors = std::vector<core::Error>;

/// The query of GET requests. All that is wrong with it is told at once.
tl::expected<Query, Errors> read_query(Fields const& query, core::Instant now);

/// What POST requests sent, without photos; checked against the definition.
tl::expected<NewRequest, Errors> read_new_request(Fields const& form, ServiceDefinition const& definition);

/// What POST servicerequestupdates sent; without the holder of the key.
tl::expected<NewUpdate, Errors> read_new_update(Fields const& form);

/// The query of GET servicerequestupdates: a day up to now if nothing is said.
struct UpdatesQuery {
  core::Instant from{};
  core::Instant to{};
  std::vector<std::string> ids = {};
};
tl::expected<UpdatesQuery, Errors> read_updates_query(Fields const& query, core::Instant now);

/// Nothing if the jurisdiction is fine.
std::optional<core::Error> check_jurisdiction(Fields const& fields, Options const& options);

/// A text as it is stored: line ends are line feeds, blanks at both ends are gone.
std::string plain_text(std::string_view text);

/// Degrees as text to a place. Errors: invalid (not a number, out of range).
core::Result<core::LatLon> read_place(std::string_view lat, std::string_view lon);

}  // namespace zhili::web::open311
