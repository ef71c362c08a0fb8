#include "core/event_kind.hpp"

namespace zhili::core {

std::string_view name(EventKind kind) {
  switch (kind) {
    case EventKind::actor_known: return "actor.known";
    case EventKind::key_destroyed: return "key.destroyed";
    case EventKind::private_read: return "private.read";
    case EventKind::api_key_issued: return "api_key.issued";
    case EventKind::api_key_revoked: return "api_key.revoked";
    case EventKind::photo_forgotten: return "photo.forgotten";
    case EventKind::master_key_rotated: return "master_key.rotated";
    case EventKind::import_started: return "import.started";
    case EventKind::import_finished: return "import.finished";
    case EventKind::pack_loaded: return "pack.loaded";
    case EventKind::calendar_changed: return "calendar.changed";
    case EventKind::area_set: return "area.set";
    case EventKind::register_set: return "register.set";
    case EventKind::grid_set: return "grid.set";
    case EventKind::duty_set: return "duty.set";
    case EventKind::signal_received: return "signal.received";
    case EventKind::signal_check_asked: return "signal.check_asked";
    case EventKind::signal_checked: return "signal.checked";
    case EventKind::signal_rejected: return "signal.rejected";
    case EventKind::signal_merged: return "signal.merged";
    case EventKind::signal_split: return "signal.split";
    case EventKind::signal_released: return "signal.released";
    case EventKind::signal_registered: return "signal.registered";
    case EventKind::signal_added_to: return "signal.added_to";
    case EventKind::signal_appealed: return "signal.appealed";
    case EventKind::signal_appeal_decided: return "signal.appeal_decided";
    case EventKind::signal_archived: return "signal.archived";
    case EventKind::incident_opened: return "incident.opened";
    case EventKind::case_registered: return "case.registered";
    case EventKind::case_dispatched: return "case.dispatched";
    case EventKind::case_returned: return "case.returned";
    case EventKind::case_settled: return "case.settled";
    case EventKind::case_taken: return "case.taken";
    case EventKind::case_handed_over: return "case.handed_over";
    case EventKind::case_joint_added: return "case.joint_added";
    case EventKind::case_extension_asked: return "case.extension_asked";
    case EventKind::case_extension_decided: return "case.extension_decided";
    case EventKind::case_suspension_asked: return "case.suspension_asked";
    case EventKind::case_suspension_decided: return "case.suspension_decided";
    case EventKind::case_resumed: return "case.resumed";
    case EventKind::case_reported_back: return "case.reported_back";
    case EventKind::case_verification_sent: return "case.verification_sent";
    case EventKind::case_verified: return "case.verified";
    case EventKind::case_reworked: return "case.reworked";
    case EventKind::case_verification_unable: return "case.verification_unable";
    case EventKind::case_closed: return "case.closed";
    case EventKind::case_force_closed: return "case.force_closed";
    case EventKind::case_reopened: return "case.reopened";
    case EventKind::case_supervised: return "case.supervised";
    case EventKind::case_supervision_replied: return "case.supervision_replied";
    case EventKind::case_rated: return "case.rated";
    case EventKind::case_evaluated: return "case.evaluated";
    case EventKind::case_appealed: return "case.appealed";
    case EventKind::case_appeal_decided: return "case.appeal_decided";
    case EventKind::case_archived: return "case.archived";
    case EventKind::case_recorded: return "case.recorded";
    case EventKind::case_adopted: return "case.adopted";
    case EventKind::case_self_handled: return "case.self_handled";
    case EventKind::clock_reprojected: return "clock.reprojected";
    case EventKind::clock_expired: return "clock.expired";
    case EventKind::case_joint_done: return "case.joint_done";
    case EventKind::case_merged: return "case.merged";
    case EventKind::case_split: return "case.split";
  }
  return {};
}

}  // namespace zhili::core
