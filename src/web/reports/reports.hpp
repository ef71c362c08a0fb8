#pragma once
// The interface of reports and saved views.

#include "assure/reports/desk.hpp"
#include "web/people/people.hpp"

namespace zhili::web {

/// What the routes work on. Everything outlives the server.
struct ReportParts {
  PeopleParts people;
  assure::reports::Desk* desk = nullptr;
};

/// List, one report, its versions as HTML, PDF, XLSX and JSON, and what is done with it; saved views.
void mount_reports(Operations& operations, ReportParts const& parts);
/// Versions as files, for everybody who may see the report.
void mount_report_files(Operations& operations, ReportParts const& parts);
void mount_views(Operations& operations, PeopleParts const& parts);
/// GET /feeds/reports.atom: what was published, newest first.
void mount_report_feed(Router& router, ApiParts const& parts);

/// As whom a caller acts on a report: by their posts for its area.
assure::reports::Who report_who(std::optional<Caller> const& caller, std::string const& area);
/// Whether somebody sees a version: the published one everybody; all others editors and approvers, and the departments that they were
/// sent to.
bool may_see(store::Reader& reader, assure::reports::Report const& report, std::int64_t version, std::optional<Caller> const& caller);
/// Whoever sends a request to a route for everybody, if they are signed in.
std::optional<Caller> caller_if_any(Request const& request, ReportParts const& parts);
/// `id` of the path. Errors: not_found.
core::Result<assure::reports::Report> report_of(store::Reader& reader, Call const& call);
tl::unexpected<core::Error> no_such_report();

}  // namespace zhili::web
