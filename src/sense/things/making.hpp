#pragma once
// Rows of things inside of one transaction: what making, changing and removing share.

#include <string>
#include <string_view>
#include <vector>

#include "sense/things/rows.hpp"
#include "sense/things/things.hpp"

namespace zhili::sense::things {

/// From the beginning of time on: the feature of observations that name none.
inline constexpr std::int64_t always_ms = -62'135'596'800'000;

/// The next number of its kind.
Id next_number(store::Writer& w, EntityType type);
/// Inserts a row with these columns, and its entry. `links`: ids for the ledger.
Id insert_row(store::Writer& w, EntityType type, Columns columns, Author const& author);
/// The seq of an entity that the author can reach. Nothing: there is none for them.
std::optional<store::Seq> find_row(store::Reader& r, EntityType type, Id id, Author const& author);
/// Errors: invalid, `field` says where the link stood.
core::Result<> need_row(store::Reader& r, EntityType type, Id id, Author const& author, std::string const& field);
tl::unexpected<core::Error> no_such_entity(EntityType type, Id id);

/// The Thing stands there from now on: its Locations, a HistoricalLocation, and the feature of its datastreams' observations.
void set_locations(store::Writer& w, Id thing, std::vector<Id> const& locations, Author const& author);
void make_history(store::Writer& w, Id thing, std::int64_t at_ms, std::vector<Id> const& locations, Author const& author);

/// The feature made from where a Thing stands; 0: it stands nowhere.
Id feature_of_place(store::Writer& w, Id thing, Author const& author);
/// A Thing's datastreams that have a feature of its place get that of its new place.
void renew_features(store::Writer& w, Id thing, Author const& author);
/// Writes down that a datastream's observations are about a feature. `since`: nothing: only those that name it.
void add_feature(store::Writer& w, Id datastream, Id feature, std::optional<std::int64_t> since);

/// Whatever is only there for these private things stays private without them. `which`: a condition with one parameter on rows of `thing t`
/// joined with `datastream d`.
void keep_private(store::Writer& w, std::string_view which, Id id);

std::vector<Id> ids_of(store::Reader& r, std::string_view sql, Id id);
std::string ids_json(std::vector<Id> const& ids);

}  // namespace zhili::sense::things
