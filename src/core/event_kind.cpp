#include "core/event_kind.hpp"

#include <algorithm>

namespace zhili::core {

namespace {

struct Named {
  EventKind kind;
  std::string_view name;
};

using enum EventKind;

constexpr Named all[] = {
    {actor_known, "actor.known"},
    {key_destroyed, "key.destroyed"},
    {private_read, "private.read"},
    {api_key_issued, "api_key.issued"},
    {api_key_revoked, "api_key.revoked"},
    {photo_forgotten, "photo.forgotten"},
    {master_key_rotated, "master_key.rotated"},
    {import_started, "import.started"},
    {import_finished, "import.finished"},
    {pack_loaded, "pack.loaded"},
    {calendar_changed, "calendar.changed"},
    {area_set, "area.set"},
    {register_set, "register.set"},
    {grid_set, "grid.set"},
    {duty_set, "duty.set"},
    {signal_received, "signal.received"},
    {signal_check_asked, "signal.check_asked"},
    {signal_checked, "signal.checked"},
    {signal_rejected, "signal.rejected"},
    {signal_merged, "signal.merged"},
    {signal_split, "signal.split"},
    {signal_released, "signal.released"},
    {signal_registered, "signal.registered"},
    {signal_added_to, "signal.added_to"},
    {signal_appealed, "signal.appealed"},
    {signal_appeal_decided, "signal.appeal_decided"},
    {signal_archived, "signal.archived"},
    {incident_opened, "incident.opened"},
    {case_registered, "case.registered"},
    {case_dispatched, "case.dispatched"},
    {case_returned, "case.returned"},
    {case_settled, "case.settled"},
    {case_taken, "case.taken"},
    {case_handed_over, "case.handed_over"},
    {case_joint_added, "case.joint_added"},
    {case_extension_asked, "case.extension_asked"},
    {case_extension_decided, "case.extension_decided"},
    {case_suspension_asked, "case.suspension_asked"},
    {case_suspension_decided, "case.suspension_decided"},
    {case_resumed, "case.resumed"},
    {case_reported_back, "case.reported_back"},
    {case_verification_sent, "case.verification_sent"},
    {case_verified, "case.verified"},
    {case_reworked, "case.reworked"},
    {case_verification_unable, "case.verification_unable"},
    {case_closed, "case.closed"},
    {case_force_closed, "case.force_closed"},
    {case_reopened, "case.reopened"},
    {case_supervised, "case.supervised"},
    {case_supervision_replied, "case.supervision_replied"},
    {case_rated, "case.rated"},
    {case_evaluated, "case.evaluated"},
    {case_appealed, "case.appealed"},
    {case_appeal_decided, "case.appeal_decided"},
    {case_archived, "case.archived"},
    {case_recorded, "case.recorded"},
    {case_adopted, "case.adopted"},
    {case_self_handled, "case.self_handled"},
    {clock_reprojected, "clock.reprojected"},
    {clock_expired, "clock.expired"},
    {case_joint_done, "case.joint_done"},
    {case_merged, "case.merged"},
    {case_split, "case.split"},
    {account_made, "account.made"},
    {account_disabled, "account.disabled"},
    {account_enabled, "account.enabled"},
    {password_set, "password.set"},
    {account_locked, "account.locked"},
    {appointed, "appointment.made"},
    {appointment_ended, "appointment.ended"},
    {absence_set, "absence.set"},
};
static_assert(std::ranges::is_sorted(all, {}, &Named::kind), "in the order of their numbers");

}  // namespace

std::string_view name(EventKind kind) {
  auto const found = std::ranges::lower_bound(all, kind, {}, &Named::kind);
  return found != std::end(all) && found->kind == kind ? found->name : std::string_view();
}

}  // namespace zhili::core
