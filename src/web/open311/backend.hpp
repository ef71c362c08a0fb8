#pragma once
// What Open311 needs from the city behind it. Owned here, implemented where respond and the catalogue are at
// hand.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web::open311 {

/// Whether a client gets an id at once (realtime), a token first (batch), or neither (blackbox).
enum class ServiceType : std::uint8_t { realtime, batch, blackbox };

struct Service {
  std::string code;
  std::string name;
  std::string description = {};
  bool has_attributes = false;  ///< "metadata": there is a definition to fetch
  ServiceType type = ServiceType::realtime;
  std::vector<std::string> keywords = {};
  std::string group = {};
};

enum class Datatype : std::uint8_t { string, number, datetime, text, singlevaluelist, multivaluelist };

struct AttributeValue {
  std::string key;
  std::string name;
};

struct Attribute {
  std::string code = {};
  Datatype datatype = Datatype::string;
  bool required = false;
  bool variable = true;  ///< false: a text to show, not a question
  std::string description = {};
  std::string datatype_description = {};
  std::vector<AttributeValue> values = {};  ///< of the two list types
};

struct ServiceDefinition {
  std::string service_code;
  std::vector<Attribute> attributes;
};

/// A request that a client wants made: checked against the definition, texts clean UTF-8 with plain line
/// feeds.
struct NewRequest {
  std::string service_code = {};
  std::optional<core::LatLon> at = {};
  std::string address = {};
  std::string address_id = {};
  std::vector<std::pair<std::string, std::vector<std::string>>> attributes = {};  ///< code → values
  std::string description = {};
  std::string first_name = {}, last_name = {}, email = {}, phone = {};  ///< personal: to be stored encrypted
  std::string device_id = {}, account_id = {};
  std::vector<std::string> media_urls = {};  ///< http or https; never fetched
  std::vector<KeptPhoto> photos = {};        ///< already stored
  std::string key_holder = {};               ///< who the API key belongs to
  std::string sent_as = {};  ///< names what the sender sent, for ever: see `service_request_id_ext`; empty: it said nothing
  std::string digest = {};                   ///< equal for equal requests with the same key: see seen.hpp
};

/// `service_request_id` or `token`, or neither for a blackbox.
struct Created {
  std::string service_request_id;
  std::string token = {};
  std::string service_notice = {};
  std::string account_id = {};
};

struct Note {
  core::Instant at;
  std::string description;
  std::string type;
};

struct AnsweredAttribute {
  std::string code, label, value, name;
};

/// A request as it is known inside. What the world may see of it is decided here, in one place (show.cpp):
/// nothing of a private one; item, times, status and grid centre before release; all of it after.
struct Found {
  std::string service_request_id;
  bool is_private = false;
  bool released = false;
  bool place_withheld = false;  ///< released but for the exact place and the address
  bool closed = false;
  std::string service_code;
  std::string service_name;
  core::Instant requested_at{};
  core::Instant updated_at{};  ///< of a closed one: when it was closed
  std::optional<core::Instant> expected_at = {};
  std::optional<core::LatLon> grid_centre = {};
  // After release only:
  std::optional<core::LatLon> at = {};
  std::string description = {}, address = {}, address_id = {}, zipcode = {};
  std::string status_notes = {}, agency_responsible = {}, service_notice = {};
  std::vector<std::string> media_urls = {};
  std::vector<std::string> photos = {};  ///< names in the photo store
  std::vector<AnsweredAttribute> attributes = {};
  std::vector<Note> notes = {};
  std::string channel = {};
};

/// South-west and north-east corner.
struct Box {
  core::LatLon low;
  core::LatLon high;
};

struct Query {
  std::vector<std::string> ids = {};  ///< if not empty, nothing below but `limit` counts
  std::vector<std::string> service_codes = {};
  std::optional<core::Instant> updated_after = {};   ///< for bulk: changed after this; then from and to do not count,
  std::optional<core::Instant> updated_before = {};  ///< and what changed first comes first
  core::Instant from{};  ///< requested_at ≥ from
  core::Instant to{};    ///< requested_at ≤ to
  std::optional<bool> closed = {};
  std::optional<Box> box = {};  ///< match on what is public: the grid centre of what is not released
  std::string agency = {};
  bool with_photo = false;
  bool extensions = false;  ///< attributes and notes are wanted
  std::size_t offset = 0;
  std::size_t limit = 1000;
};

/// One step of a request, as the extension for updates tells it. Private requests have none.
struct Update {
  std::string update_id;
  std::string service_request_id;
  std::string status;  ///< one of update_statuses
  core::Instant updated_at{};
  std::string description = {};
  std::vector<std::string> photos = {};  ///< names in the photo store; of released requests
};

/// The words that the extension has for the state of a request; in GET in lower case.
inline constexpr std::string_view update_statuses[] = {
    "open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate",
    "not_councils_responsibility", "no_further_action", "internal_referral", "cancelled", "reopen", "for_triage", "unchanged"};

/// What another system tells about a request.
struct NewUpdate {
  std::string service_request_id;
  std::string update_id;  ///< the sender's: the same one of the same key is the same update
  std::string status;     ///< one of update_statuses
  core::Instant updated_at{};
  std::string description;
  std::string key_holder;
};

/// Called on worker threads, several at a time.
class Backend {
 public:
  virtual ~Backend() = default;
  virtual core::Result<std::vector<Service>> services(core::Lang lang) = 0;
  /// Errors: not_found.
  virtual core::Result<ServiceDefinition> definition(std::string_view service_code, core::Lang lang) = 0;
  /// Who the key belongs to. Errors: forbidden. Must be cheap: it is asked for every request.
  virtual core::Result<std::string> key_holder(std::string_view api_key) = 0;
  /// Makes the request and calls `done` once, on any thread, when it is on the disk.
  virtual void create(NewRequest request, std::function<void(core::Result<Created>)> done) = 0;
  /// Newest first. May include private ones; they are left out here, so better leave them out there.
  virtual core::Result<std::vector<Found>> find(Query const& query, core::Lang lang) = 0;
  /// Steps within [from, to], oldest first, at most `limit`; with `ids` of these requests only.
  virtual core::Result<std::vector<Update>> updates(core::Instant from, core::Instant to, std::vector<std::string> const& ids, std::size_t limit,
                                                    core::Lang lang) = 0;
  /// Keeps what another system tells. Telling it again changes nothing. Errors: not_found (the request).
  virtual core::Result<> hear(NewUpdate const& update) = 0;
  /// The id behind a token; empty while there is none yet. Errors: not_found.
  virtual core::Result<std::string> id_of_token(std::string_view token) = 0;
};

}  // namespace zhili::web::open311
