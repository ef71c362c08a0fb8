// Who may keep devices, and who may read what those in homes say.

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <mutex>

#include "web/devices/devices.hpp"

namespace zhili::web {

using core::Errc;
using core::fail;

namespace {

/// Who read what for which purpose a short while ago. A chart is asked for again with every turn of the wheel.
class ReadingNotes {
 public:
  bool is_new(std::string const& what, core::Instant now) {
    std::lock_guard const lock(mutex_);
    std::erase_if(noted_, [&](auto const& one) { return one.second + reading_noted_once <= now; });
    return noted_.try_emplace(what, now).second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, core::Instant> noted_;
};

ReadingNotes& reading_notes() {
  static ReadingNotes notes;
  return notes;
}

}  // namespace

core::Result<devices::Pass> device_of(Request const& request, devices::Gatekeeper const& gate) {
  constexpr std::string_view bearer = "Bearer ";
  auto sent = request.headers.get("Authorization").value_or("");
  if (sent.starts_with(bearer)) {
    sent.remove_prefix(bearer.size());
    if (auto const pass = gate.who(sent)) return *pass;
  }
  return fail(Errc::forbidden, "device.token",
              {"这里要带设备的令牌：Authorization: Bearer zd_…。没有、已停用或已过期的都不行。", "This needs a device's token: Authorization: Bearer zd_…. None came, or it is disabled or over."});
}

core::Result<> keeps_devices(Caller const& caller, std::string_view area) {
  bool const may = std::ranges::any_of(caller.grants, [&](organise::Grant const& grant) {
    return (grant.role == device_keeper_role || grant.role == organise::administrator_role) && organise::covers(grant, {.area = std::string(area)});
  });
  if (may) return {};
  return fail(Errc::forbidden, "device.not_yours",
              {fmt::format("您的岗位不管区域 {} 的设备。", area.empty() ? "（各区域之外）" : area), fmt::format("None of your posts keeps devices in area {}.", area.empty() ? "(outside of all)" : area)}, "area");
}

Who device_keepers(bool everywhere) {
  Who out(Who::Kind::signed_in, {std::string(organise::administrator_role), std::string(device_keeper_role)});
  out.everywhere = everywhere;
  return out;
}

std::vector<Field> device_reading_fields() {
  constexpr std::size_t code_characters_max = 40;
  return {optional("purpose", shape::text(code_characters_max), {"装在家里的设备：为什么要看，见 /api/v1/private-purposes", "Of a device in a home: what for, see /api/v1/private-purposes"}),
          optional("note", shape::text(2 * organise::purpose_note_chars_max), {"写明是什么用途", "Which purpose it is"})};
}

core::Result<> may_read(Call const& call, devices::Device const& device, DeviceParts const& parts) {
  if (!device.is_private) return {};
  auto const purpose = call.query.text("purpose"), note = call.query.text("note");
  if (purpose.empty())
    return fail(Errc::forbidden, "device.private",
                {"这台设备装在家里，读数是住户的。值班的人写明用途才能看。", "This device stands in a home, and its readings are the household's. Whoever is on duty may see them, saying what for."}, "purpose");
  ZHILI_TRY(auto const* grant, organise::may_open(call.caller().grants, {.target = {.area = device.area}, .purpose = purpose, .note = note}, *parts.people.private_words));
  auto const text = organise::purpose_text(purpose, note);
  auto const ref = call.caller().ref();
  if (!reading_notes().is_new(fmt::format("{}\n{}\n{}", device.id, ref, text), parts.people.api.time->now())) return {};
  return parts.people.api.db->write([&](store::Writer& w) -> core::Result<> {
    w.append({.kind = core::EventKind::private_read, .subject = device.id, .actor = ref,
              .payload = boost::json::serialize(boost::json::object{{"purpose", text}, {"post", grant->post}, {"readings", true}})});
    return {};
  });
}

Field device_id_field() { return needed("id", shape::integer(), {"设备编号", "id of the device"}); }

core::Result<devices::Device> device_named(store::Reader& r, devices::Id id) {
  if (auto found = devices::DeviceDesk::find(r, id)) return std::move(*found);
  return fail(Errc::not_found, "device.unknown", {"没有这台设备。", "There is no such device."}, "id");
}

}  // namespace zhili::web
