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
  // other systems, 30…49
  hook_set = 30,       ///< a webhook was made or changed
  hook_removed = 31,
  hook_stopped = 32,   ///< disabled by the program, and why
  hook_given_up = 33,  ///< a message that could not be delivered for so long that it is not tried any more
  hook_retried = 34,   ///< somebody had a message sent again
  exchange_begun = 40,     ///< a case goes to another system, which works on it
  exchange_taken = 41,     ///< the other system has it, and what it calls it
  exchange_said = 42,      ///< the other system tells what it did
  exchange_troubled = 43,  ///< it could not be told something, and why; it is tried again
  exchange_given_up = 44,  ///< it could not be told something, and it is not tried any more
  exchange_ended = 45,     ///< the case is no longer with it
  exchange_heard = 46,     ///< a system tells something about a request that it sent us
  exchange_place_told = 47,  ///< somebody let it know the exact place, though it is kept back from the public
  exchange_retried = 48,  ///< somebody had said again what could not be said
  // catalogue, 100…149
  pack_loaded = 100,
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
  signal_released = 206,  ///< words, photos and exact place may be seen by everybody, but for what it names as withheld
  signal_registered = 207,
  signal_appealed = 209,
  signal_appeal_decided = 210,
  signal_archived = 211,
  signal_release_appealed = 212,  ///< what was withheld from the public was objected to
  signal_release_decided = 213,
  // incidents, 250…299
  incident_opened = 250,
  signal_told_apart = 251,  ///< somebody looked at two reports: they are not about the same thing
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
  case_alarm_told = 335,  ///< what became of an alarm that it is about
  // people, 400…449
  account_made = 400,
  account_disabled = 401,
  account_enabled = 402,
  password_set = 403,    ///< by the person, or by somebody else for one use; never what it is
  account_locked = 404,  ///< too many wrong passwords
  appointed = 410,
  appointment_ended = 411,
  absence_set = 412,
  absence_ended = 413,   ///< before its time
  account_linked = 414,  ///< to a person of a provider of sign-on
  account_unlinked = 415,
  passkey_made = 416,
  passkey_removed = 417,
  figures_read = 418,    ///< a lead looked at the figures of one of their people
  // calls and call-backs, 430…449
  call_opened = 430,
  call_drafted = 431,     ///< what was typed so far, sealed
  call_registered = 432,  ///< became a report
  call_answered = 433,    ///< answered at once from the catalogue
  call_dropped = 434,
  reporter_contacted = 436,  ///< by whoever does the work
  call_back_due = 437,
  call_back_attempted = 438,  ///< nobody answered
  call_back_reached = 439,
  call_back_given_up = 440,   ///< attempts or time are over
  call_back_withdrawn = 441,  ///< the case went on
  exclusion_asked = 442,
  exclusion_decided = 443,
  hotline_order_taken = 445,
  // reports, 500…519
  report_drafted = 500,    ///< its first version: by somebody, or by the schedule
  report_redrafted = 501,  ///< its figures were taken anew: another version
  report_commented = 502,  ///< an editor's words: another version
  report_approved = 503,
  report_sent_back = 504,
  report_published = 505,
  report_sent = 506,       ///< to departments: delivered by webhooks, and read by those who have a post there
  report_withdrawn = 507,
  view_saved = 508,        ///< filters of the list of cases got a name
  view_removed = 509,
  // openness, 590…599
  open_figures_published = 590,  ///< a month's figures as open data: once, and never changed
  // things, 600…609
  thing_made = 600,     ///< a Thing or what belongs to one: `of` says which entity of SensorThings it is
  thing_changed = 601,
  thing_removed = 602,
  // devices, 610…639
  device_registered = 610,
  device_announced = 611,       ///< it said that it is there, and waits to be claimed
  device_claimed = 612,
  device_changed = 613,         ///< its name or place
  device_disabled = 614,
  device_enabled = 615,
  device_ticket_made = 616,     ///< a claim code for a box
  device_credential_made = 620,      ///< never what it is; `ends`: those that it replaces, and when they end
  device_credential_disabled = 621,
  device_command_asked = 625,
  device_command_sent = 626,
  device_command_acknowledged = 627,
  device_command_failed = 628,       ///< the device says that it could not
  device_command_expired = 629,
  // alarms, 640…659
  alarm_raised = 640,
  alarm_escalated = 641,     ///< it is graver than it was
  alarm_acknowledged = 642,
  alarm_assigned = 643,
  alarm_commented = 644,
  alarm_suppressed = 645,    ///< for a while nobody is bothered with it
  alarm_resumed = 646,       ///< that while is over, and it stands
  alarm_cleared = 647,
  alarm_reopened = 648,
  alarm_flapping = 649,      ///< it goes on and off too often, or does so no more
  alarm_signalled = 650,     ///< it made a report: with a case, or why it waits
  maintenance_set = 655,
  maintenance_ended = 656,   ///< before its time
  // rules, 660…669
  rule_armed = 660,
  rule_disarmed = 661,
  rule_parameter_set = 662,  ///< a subject has its own value of a parameter, or the rule's again
  // ingest, 690…699
  quarantine_released = 690,  ///< an observation that was kept aside went in after all
  quarantine_dropped = 691,
};

/// "case.dispatched"; empty for a number that is not known.
std::string_view name(EventKind kind);

}  // namespace zhili::core
