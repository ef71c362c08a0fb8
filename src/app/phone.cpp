#include "app/phone.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "respond/cases/query.hpp"
#include "store/ledger.hpp"

namespace zhili::app {

namespace {

/// A report that came over the telephone is its caller's, whoever typed it.
class PhoneReports final : public organise::ReportMaker {
 public:
  explicit PhoneReports(respond::SignalDesk& signals) : signals_(signals) {}

  core::Result<organise::MadeReport> make(organise::CallReport const& told, std::string const& channel,
                                          std::function<core::Result<>(store::Writer&, std::int64_t)> const& along) override {
    respond::Report report{.item = told.item, .channel = channel, .place = told.place, .address = told.address, .words = told.words,
                           .name = told.name, .phone = told.phone, .answers = told.answers};
    ZHILI_TRY(auto const received,
              signals_.receive(std::move(report), {.ref = "citizen", .roles = respond::Role::citizen},
                               [&](store::Writer& writer, respond::Received const& it) { return along(writer, it.id); }));
    return organise::MadeReport{received.id, received.at, received.token};
  }

 private:
  respond::SignalDesk& signals_;
};

class CasesForCallBacks final : public organise::ClosedCases {
 public:
  explicit CasesForCallBacks(sense::places::LivePlaces const& places) : places_(places) {}

  std::optional<organise::ClosedCase> closed_case(store::Reader& reader, std::int64_t case_id) const override {
    auto const line = respond::find_case(reader, case_id);
    if (!line || line->recorded) return std::nullopt;
    organise::ClosedCase out{.item = line->item, .department = line->department};
    auto const places = places_.now();
    if (auto const* area = line->area_id ? places->area(*line->area_id) : nullptr) out.area = area->code;
    for (auto const& entry : store::entries_of(reader, case_id))
      if (entry.kind == core::EventKind::case_dispatched || entry.kind == core::EventKind::case_settled) {
        out.dispatched_at = entry.happened.value_or(entry.at);
        break;
      }
    reader.each<std::int64_t, std::string, std::string>(
        "SELECT id, channel, item FROM signal WHERE incident_id = ? ORDER BY id",
        [&](std::int64_t signal, std::string channel, std::string item) {
          bool const reachable = reader.value<std::int64_t>("SELECT 1 FROM private_record WHERE subject = ? AND destroyed_at IS NULL", signal).has_value();
          out.reports.push_back({signal, std::move(channel), std::move(item), reachable});
        },
        line->incident_id);
    return out;
  }

 private:
  sense::places::LivePlaces const& places_;
};

}  // namespace

core::Result<std::unique_ptr<Phone>> Phone::open(CommonOptions const& common, Runtime& runtime, store::Vault& vault, respond::SignalDesk& signals) {
  std::unique_ptr<Phone> out(new Phone());
  ZHILI_TRY(auto const rules, rules_file(common, "calls.yaml"));
  ZHILI_TRY(out->rules_, organise::read_call_rules(rules));
  out->reports_ = std::make_unique<PhoneReports>(signals);
  out->closed_ = std::make_unique<CasesForCallBacks>(runtime.places());
  out->calls_ = std::make_unique<organise::CallDesk>(runtime.db(), vault, *out->reports_, runtime.time());
  out->call_backs_ = std::make_unique<organise::CallBackDesk>(runtime.db(), vault, out->rules_, runtime.calendar(), *out->closed_, runtime.time());
  ZHILI_TRY(auto const packs, packs_folder(common));
  ZHILI_TRY(auto hotlines, load_hotlines(runtime.data(), packs, *runtime.catalogue()));
  out->hotlines_ = std::make_unique<Hotlines>(runtime.db(), *out->reports_, runtime.installation(), runtime.zone(), std::move(hotlines));
  return out;
}

Phone::~Phone() = default;

namespace {

boost::json::object outcome_json(HotlineOutcome const& outcome) {
  boost::json::array rejects;
  for (auto const& one : outcome.rejects)
    rejects.push_back(boost::json::object{{"line", one.line}, {"field", one.why.field}, {"why", boost::json::object{{"zh", one.why.text.zh}, {"en", one.why.text.en}}}});
  return {{"taken", outcome.taken}, {"known", outcome.known}, {"rejected", outcome.rejected}, {"rejects", std::move(rejects)}};
}

}  // namespace

web::PhoneParts Phone::parts(web::PeopleParts const& people) {
  web::PhoneParts out{people, calls_.get(), call_backs_.get(), &rules_};
  out.hotline.take = [this](std::string_view hotline, std::string_view file) -> core::Result<boost::json::object> {
    ZHILI_TRY(auto const outcome, hotlines_->take(hotline, file));
    return outcome_json(outcome);
  };
  out.hotline.replies = [this](std::string_view hotline, std::int64_t after) -> core::Result<web::HotlineAnswer> {
    ZHILI_TRY(auto found, hotlines_->replies(hotline, after));
    return web::HotlineAnswer{std::move(found.text), found.json, found.next, found.more};
  };
  return out;
}

bool about_hotlines(ControlRequest const& request) { return request.what.starts_with("hotline_"); }

core::Result<std::string> Phone::do_control(ControlRequest const& request) {
  if (request.what == "hotline_import") {
    auto const path = request.word("file");
    std::ifstream file(path, std::ios::binary);
    if (!file) return core::fail(core::Errc::not_found, "order.file", {fmt::format("打不开 {}。", path), fmt::format("Cannot open {}.", path)}, "FILE");
    std::string const bytes((std::istreambuf_iterator<char>(file)), {});
    ZHILI_TRY(auto const outcome, hotlines_->take(request.word("profile"), bytes));
    return boost::json::serialize(outcome_json(outcome));
  }
  ZHILI_TRY(auto const found, hotlines_->replies(request.word("profile"), std::atoll(request.word("since").c_str())));
  return boost::json::serialize(boost::json::object{{"text", found.text}, {"next", found.next}, {"more", found.more}});
}

}  // namespace zhili::app
