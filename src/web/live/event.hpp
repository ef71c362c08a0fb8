#pragma once
// One entry of the ledger as live events and webhooks tell it: what happened to what, and never a person's words.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/event_kind.hpp"
#include "store/ledger.hpp"
#include "web/api/api.hpp"
#include "web/people/gate.hpp"

namespace zhili::web::live {

struct Event {
  store::Seq seq = 0;
  core::EventKind kind{};
  std::int64_t case_id = 0;    ///< 0: of a report that is no case yet, or of an alarm without one
  std::string item;
  std::string area;            ///< code of the lowest area; empty: none
  std::string department;      ///< that has the case now
  bool everybody = false;      ///< the public may know
  bool alarm = false;          ///< of an alarm: never for the public
  bool fault = false;          ///< of an alarm that is a device's fault
  std::string json;            ///< {seq, at, kind, case|signal|alarm, item, area, department}; of an alarm severity and state, as they are now
};

/// The entries about cases, reports and alarms as events, in their order; others are left out. Cost: three questions to the database.
std::vector<Event> events_of(store::Reader& reader, std::span<store::Recorded const> entries, ApiParts const& parts);

/// What somebody wants to hear of; what is not set does not narrow.
struct Filter {
  std::string area = {};              ///< prefix of area codes
  std::vector<std::string> items = {};  ///< prefixes of item codes
  std::vector<std::string> kinds = {};  ///< prefixes of kinds: "case.", "case.closed"
  std::int64_t case_id = 0;
  bool wants(Event const& event) const;
  bool operator==(Filter const&) const = default;
};

/// Whether somebody may hear of it: everybody of what is public, staff also of what lies within their grants. Hands of a
/// department hear of its own cases only. Of an alarm: who may see it in the list.
bool may_hear(Event const& event, Caller const* caller);

}  // namespace zhili::web::live
