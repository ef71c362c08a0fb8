#pragma once
// The kinds of event that the ledger knows. A number, once given, is never reused.

#include <cstdint>
#include <string_view>

namespace zhili::core {

enum class EventKind : std::int16_t {
  // the house, 1…99
  actor_known = 1,
  key_destroyed = 10,   ///< retention: the key of a record's personal fields is gone
  private_read = 11,    ///< somebody read personal fields, with the purpose
  api_key_issued = 12,
  api_key_revoked = 13,
  photo_forgotten = 14,  ///< retention: a photo is gone from the photo store
  master_key_rotated = 15,  ///< the key that wraps all keys of personal fields was replaced
  import_started = 20,
  import_finished = 21,
  // catalogue, 100…149
  pack_loaded = 100,
  calendar_changed = 101,
  // places, 150…199
  area_set = 150,
  register_set = 151,
  grid_set = 152,  ///< a batch of unit grids
  duty_set = 153,  ///< a batch of duty grids
  // signals, 200…249
  signal_received = 200,
  signal_check_asked = 201,
  signal_checked = 202,
  signal_rejected = 203,
  signal_merged = 204,
  signal_split = 205,
  signal_released = 206,  ///< words, photo and exact place may be seen by everybody
  signal_registered = 207,
  signal_appealed = 209,
  signal_appeal_decided = 210,
  signal_archived = 211,
  signal_added_to = 208,  ///< the reporter or staff added words or a photo
  // incidents, 250…299
  incident_opened = 250,
  // cases, 300…399
  case_registered = 300,
  case_dispatched = 301,
  case_returned = 302,
  case_settled = 303,
  case_taken = 304,
  case_handed_over = 305,
  case_joint_added = 306,
  case_extension_asked = 307,
  case_extension_decided = 308,
  case_suspension_asked = 309,
  case_suspension_decided = 310,
  case_resumed = 311,
  case_reported_back = 312,
  case_verification_sent = 313,
  case_verified = 314,
  case_reworked = 315,
  case_verification_unable = 316,
  case_closed = 317,
  case_force_closed = 318,
  case_reopened = 319,
  case_supervised = 320,
  case_supervision_replied = 321,
  case_rated = 322,
  case_evaluated = 323,
  case_appealed = 324,
  case_appeal_decided = 325,
  case_archived = 326,
  case_recorded = 327,   ///< history from another system, as its source knows it
  case_adopted = 328,    ///< a recorded case becomes ours: clocks may run, people may be told
  case_self_handled = 329,
  clock_reprojected = 330,
  clock_expired = 331,
  case_joint_done = 332,
  case_merged = 333,     ///< its signal joined another case; it stands aside, untouched
  case_split = 334,
  // people, 400…449
  account_made = 400,
  account_disabled = 401,
  account_enabled = 402,
  password_set = 403,    ///< by the person, or by somebody else for one use; never what it is
  account_locked = 404,  ///< too many wrong passwords
  appointed = 410,
  appointment_ended = 411,
  absence_set = 412,
};

/// "case.dispatched"; empty for a number that is not known.
std::string_view name(EventKind kind);

}  // namespace zhili::core
