#include "assure/reports/desk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "store/ledger.hpp"

namespace zhili::assure::reports {

namespace {

using boost::json::object;
using core::Errc;
using core::EventKind;
using core::fail;

constexpr std::string_view report_columns =
    "id, template, area, query, period_from, period_to, due_at, title_zh, title_en, subtitle_zh, subtitle_en, state, version, "
    "published_version, changed_at";

template <class Visit, class... Args>
void each_report(store::Reader& reader, std::string const& where, Visit&& visit, Args const&... args) {
  using Number = std::int64_t;
  using Maybe = std::optional<std::int64_t>;
  reader.each<Number, std::string, std::string, std::string, Number, Number, Maybe, std::string, std::string, std::string, std::string, Number, Number, Maybe, Number>(
      fmt::format("SELECT {} FROM report {}", report_columns, where),
      [&](Number id, std::string form, std::string area, std::string query, Number from, Number to, Maybe due, std::string title_zh, std::string title_en,
          std::string subtitle_zh, std::string subtitle_en, Number state, Number version, Maybe published, Number changed) {
        visit(Report{id, std::move(form), {std::move(area), std::move(query)}, {core::from_ms(from), core::from_ms(to)},
                     due ? std::optional(core::from_ms(*due)) : std::nullopt, {std::move(title_zh), std::move(title_en)},
                     {std::move(subtitle_zh), std::move(subtitle_en)}, static_cast<State>(state), version, published, core::from_ms(changed)});
      },
      args...);
}

tl::unexpected<core::Error> unknown() {
  return fail(Errc::not_found, "report.unknown", {"没有这份报告。请核对编号。", "There is no such report. Check its number."}, "id");
}

/// What every entry of a report says of its life.
object payload(Step const& step) {
  object out{{"version", step.version}};
  if (!step.reason.empty()) out["reason"] = step.reason;
  return out;
}

void keep_version(store::Writer& w, std::int64_t id, std::int64_t version, Document const& document, std::string const& json) {
  w.exec("INSERT INTO report_version (report, version, document, digest, seq, made_at) VALUES (?,?,?,?,?,?)", id, version, json, digest_of(json),
         document.seq, w.now());
}

object made_payload(Document const& document, std::string const& json, object out) {
  out["digest"] = "sha-256:" + digest_of(json);
  out["seq"] = document.seq;
  out["as_of"] = core::to_ms(document.as_of);
  return out;
}

}  // namespace

std::optional<Report> Desk::find(store::Reader& reader, std::int64_t id) {
  std::optional<Report> out;
  each_report(reader, "WHERE id = ?", [&](Report report) { out = std::move(report); }, id);
  return out;
}

std::vector<Report> Desk::list(store::Reader& reader, bool all, std::vector<std::string> const& departments, std::int64_t before, std::size_t limit) {
  std::vector<Report> out;
  auto const take = [&](Report report) { out.push_back(std::move(report)); };
  std::vector<store::Value> args{before > 0 ? before : std::numeric_limits<std::int64_t>::max()};
  std::string seen = "published_version IS NOT NULL";
  if (!all && !departments.empty()) {
    std::string marks;
    for (auto const& department : departments) {
      marks += marks.empty() ? "?" : ",?";
      args.emplace_back(department);
    }
    seen = fmt::format("({} OR id IN (SELECT report FROM report_sent WHERE department IN ({})))", seen, marks);
  }
  args.emplace_back(static_cast<std::int64_t>(std::min(limit, reports_page_rows_max)));
  each_report(reader, fmt::format("WHERE id < ? AND {} ORDER BY id DESC LIMIT ?", all ? "1 = 1" : seen), take, args);
  return out;
}

std::vector<Sending> Desk::sendings(store::Reader& reader, std::int64_t id) {
  std::vector<Sending> out;
  reader.each<std::int64_t, std::string, std::int64_t, std::int64_t>(
      "SELECT id, department, version, queued_at FROM report_sent WHERE report = ? ORDER BY id, department",
      [&](std::int64_t entry, std::string department, std::int64_t version, std::int64_t at) { out.push_back({entry, std::move(department), version, core::from_ms(at)}); }, id);
  return out;
}

core::Result<Life> Desk::life(store::Reader& reader, std::int64_t id) {
  Life out;
  for (auto const& entry : store::entries_of(reader, id)) {
    if (!core::name(entry.kind).starts_with("report.")) continue;
    boost::system::error_code error;
    auto const json = boost::json::parse(entry.payload, error);
    auto const* held = json.if_object();
    auto const* version = held ? held->if_contains("version") : nullptr;
    if (!version || !version->is_int64())
      return fail(Errc::corrupt, "report.entry", {"台账里这份报告的一条记录读不出来。请运行 zhili ledger verify。", "An entry of this report cannot be read. Run zhili ledger verify."}, {}, entry.payload);
    auto const* reason = held->if_contains("reason");
    out = apply(std::move(out), {entry.kind, entry.actor, version->as_int64(), reason && reason->is_string() ? std::string(reason->as_string()) : ""});
  }
  if (out.state == State::none) return unknown();
  return out;
}

std::optional<Version> Desk::version(store::Reader& reader, std::int64_t id, std::int64_t version) {
  auto row = reader.row<std::string, std::string, std::int64_t, std::int64_t>("SELECT document, digest, seq, made_at FROM report_version WHERE report = ? AND version = ?", id, version);
  if (!row) return std::nullopt;
  auto& [document, digest, seq, made_at] = *row;
  return Version{version, std::move(document), std::move(digest), seq, core::from_ms(made_at)};
}

core::Result<catalogue::ReportTemplate const*> Desk::form_of(std::string_view code) const {
  auto const* form = catalogue_->report(code);
  if (form) return form;
  return fail(Errc::not_found, "report.template", {fmt::format("没有报告模板“{}”。", code), fmt::format("There is no template of a report \"{}\".", code)}, "template");
}

/// Figures now, or, with `as`, those that this version knew.
core::Result<Desk::Made> Desk::take(catalogue::ReportTemplate const& form, Scope const& scope, Span span, std::optional<Version> const& as, Text const& comment) {
  ZHILI_TRY(auto subject, source_.subject(scope));
  subject.span = span;
  Made out;
  ZHILI_CHECK(db_.read([&](store::Reader& reader) -> core::Result<> {
    // The end of this second: what happened in it counts, and lists of cases are asked by whole seconds.
    subject.as_of = std::chrono::floor<std::chrono::seconds>(time_.now()) + std::chrono::seconds(1);
    if (as) {
      ZHILI_TRY(auto const kept, document_from(as->document));
      subject.as_of = kept.as_of;
    }
    ZHILI_TRY(auto const figures, source_.open(reader, scope, as ? as->seq : 0, subject.as_of));
    subject.seq = figures->seq();
    ZHILI_TRY(out.document, with_comment(compose(form, subject, *figures), comment));
    return {};
  }));
  out.json = to_json(out.document);
  return out;
}

std::int64_t Desk::insert(store::Writer& w, catalogue::ReportTemplate const& form, NewReport const& wanted, Made const& made, std::string const& actor,
                          std::optional<core::Instant> due) {
  auto held = made_payload(made.document, made.json, payload({.actor = actor, .version = 1}));
  held["template"] = form.code;
  held["area"] = wanted.scope.area;
  held["query"] = wanted.scope.query;
  held["from"] = core::to_ms(wanted.span->from);
  held["to"] = core::to_ms(wanted.span->to);
  auto const id = w.append({EventKind::report_drafted, 0, actor, boost::json::serialize(held)});
  auto const& d = made.document;
  w.exec(fmt::format("INSERT INTO report ({}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", report_columns), id, form.code, wanted.scope.area, wanted.scope.query,
         wanted.span->from, wanted.span->to, due, d.title.zh, d.title.en, d.subtitle.zh, d.subtitle.en, State::draft, 1, std::nullopt, w.now());
  keep_version(w, id, 1, d, made.json);
  return id;
}

struct Desk::Drafted {
  catalogue::ReportTemplate const* form = nullptr;
  NewReport wanted;
  Made made;
};

core::Result<std::shared_ptr<Desk::Drafted const>> Desk::read_figures(NewReport const& wanted, Who const& who) {
  ZHILI_CHECK(decide({}, Verb::draft, who, 0));
  ZHILI_TRY(auto const* form, form_of(wanted.form));
  auto full = wanted;
  ZHILI_TRY(auto const about, source_.subject(full.scope));
  if (!full.span) full.span = last_due(form->period, 0, time_.now(), about.zone);
  if (full.span->from >= full.span->to)
    return fail(Errc::invalid, "report.span", {"时段的结束须在开始之后。", "A span ends after it begins."}, "to");
  if (full.span->to - full.span->from > report_span_max)
    return fail(Errc::invalid, "report.span.long",
                {fmt::format("时段最长 {} 天。", report_span_max.count()), fmt::format("A span has {} days at most.", report_span_max.count())}, "to");
  if (span_of(period_of(*full.span, about.zone), about.zone) != *full.span)
    return fail(Errc::invalid, "report.span.days", {"时段须是整日：从一天的 0 点到另一天的 0 点。", "A span has whole days: from midnight to midnight."}, "from");
  ZHILI_TRY(auto made, take(*form, full.scope, *full.span, {}, {}));
  return std::make_shared<Drafted const>(form, std::move(full), std::move(made));
}

std::int64_t Desk::keep(store::Writer& w, Drafted const& drafted, Who const& who) {
  return insert(w, *drafted.form, drafted.wanted, drafted.made, who.ref, {});
}

core::Result<std::int64_t> Desk::draft(NewReport const& wanted, Who const& who) {
  ZHILI_TRY(auto const drafted, read_figures(wanted, who));
  return db_.write([&](store::Writer& w) { return keep(w, *drafted, who); });
}

core::Result<> Desk::act(std::int64_t id, Command const& command, Who const& who) {
  // A new version is made before the writer is asked; if another was faster, decide() refuses this one by its number.
  std::optional<Made> made;
  if (command.verb == Verb::redraft || command.verb == Verb::comment) {
    ZHILI_TRY(auto const seen, db_.read([&](store::Reader& r) -> core::Result<std::pair<Report, Version>> {
      auto report = find(r, id);
      if (!report) return unknown();
      ZHILI_TRY(auto const life, Desk::life(r, id));
      ZHILI_CHECK(decide(life, command.verb, who, command.version));
      auto last = version(r, id, report->version);
      if (!last) return unknown();
      return std::pair(std::move(*report), std::move(*last));
    }));
    ZHILI_TRY(auto kept, document_from(seen.second.document));
    if (command.verb == Verb::comment) {
      made.emplace();
      ZHILI_TRY(made->document, with_comment(std::move(kept), command.comment));
      made->json = to_json(made->document);
    } else {
      ZHILI_TRY(auto const* form, form_of(seen.first.form));
      ZHILI_TRY(made, take(*form, seen.first.scope, seen.first.span, {}, kept.comment));
    }
  }
  return db_.write([&](store::Writer& w) -> core::Result<> {
    auto const report = find(w, id);
    if (!report) return unknown();
    ZHILI_TRY(auto const before, Desk::life(w, id));
    ZHILI_TRY(auto const step, decide(before, command.verb, who, command.version, command.reason));
    auto held = payload(step);
    if (made) held = made_payload(made->document, made->json, std::move(held));
    if (command.verb == Verb::send) held["departments"] = boost::json::array(command.departments.begin(), command.departments.end());
    auto const seq = w.append({step.kind, id, who.ref, boost::json::serialize(held)});
    if (made) keep_version(w, id, step.version, made->document, made->json);
    auto const after = apply(before, step);
    auto const published = after.state == State::published ? std::optional(after.version) : std::nullopt;
    w.exec("UPDATE report SET state = ?, version = ?, published_version = ?, changed_at = ? WHERE id = ?", after.state, after.version, published, w.now(), id);
    if (command.verb == Verb::send)
      for (auto const& department : command.departments)
        w.exec("INSERT INTO report_sent (id, department, report, version, queued_at) VALUES (?,?,?,?,?)", seq, department, id, step.version, w.now());
    return {};
  });
}

core::Result<bool> Desk::recount(std::int64_t id, std::int64_t number) {
  ZHILI_TRY(auto const kept, db_.read([&](store::Reader& r) -> core::Result<std::pair<Report, Version>> {
    auto report = find(r, id);
    auto one = version(r, id, number);
    if (!report || !one) return unknown();
    return std::pair(std::move(*report), std::move(*one));
  }));
  ZHILI_TRY(auto const* form, form_of(kept.first.form));
  ZHILI_TRY(auto const document, document_from(kept.second.document));
  ZHILI_TRY(auto const again, take(*form, kept.first.scope, kept.first.span, kept.second, document.comment));
  return again.json == kept.second.document && digest_of(again.json) == kept.second.digest;
}

}  // namespace zhili::assure::reports
