#pragma once
// The shell of reports: takes figures, keeps versions, and appends what was done to the ledger.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assure/reports/compose.hpp"
#include "assure/reports/life.hpp"
#include "catalogue/catalogue.hpp"
#include "store/db.hpp"

namespace zhili::assure::reports {

/// Periods that a schedule makes up for after a longer sleep; older ones are left out.
inline constexpr int catch_up_periods_max = 31;
/// A report about a longer span is refused.
inline constexpr std::chrono::days report_span_max{1'100};
inline constexpr std::size_t reports_page_rows_max = 100;
inline constexpr std::size_t departments_of_sending_max = 50;

/// What a report is about.
struct Scope {
  std::string area = {};   ///< code; empty: the whole city
  std::string query = {};  ///< filters of the list of cases; empty: all
};

/// Where figures come from. Owned by reports, made by whoever knows the cases. Thread-safe.
class Source {
 public:
  virtual ~Source() = default;
  /// Figures of now (`seq` 0), or as the ledger knew the city after the entry `seq`, folded anew from its entries: slow, for
  /// checking. They live no longer than the reader. Errors: invalid (area, query), corrupt.
  virtual core::Result<std::unique_ptr<Figures>> open(store::Reader& reader, Scope const& scope, store::Seq seq, core::Instant as_of) = 0;
  /// City, area, view and zone; the rest is left as it is. Errors: invalid (area, query).
  virtual core::Result<Subject> subject(Scope const& scope) const = 0;
  /// Codes of the areas of a level; one empty code for no level.
  virtual std::vector<std::string> areas(std::string_view level) const = 0;
};

struct Report {
  std::int64_t id = 0;
  std::string form;  ///< code of the template
  Scope scope;
  Span span;
  std::optional<core::Instant> due_at;  ///< set where a schedule drafted it
  Text title;
  Text subtitle;
  State state = State::none;
  std::int64_t version = 0;
  std::optional<std::int64_t> published;  ///< the version that everybody sees
  core::Instant changed_at{};
};

struct Version {
  std::int64_t version = 0;
  std::string document;  ///< canonical JSON
  std::string digest;
  std::int64_t seq = 0;
  core::Instant made_at{};
};

/// A version that went to a department.
struct Sending {
  std::int64_t entry = 0;  ///< report.sent
  std::string department;
  std::int64_t version = 0;
  core::Instant at{};
};

struct NewReport {
  std::string form;
  Scope scope = {};
  std::optional<Span> span = {};  ///< empty: the period of the template that has ended last
};

struct Command {
  Verb verb = Verb::comment;
  std::int64_t version = 0;  ///< that was seen
  std::string reason = {};
  Text comment = {};
  std::vector<std::string> departments = {};  ///< to send to; checked by whoever calls
};

/// Thread-safe. Drafting reads figures first and writes them afterwards: a report says what the ledger knew when it was read.
class Desk {
 public:
  Desk(store::Db& db, std::shared_ptr<catalogue::Catalogue const> catalogue, Source& source, core::TimeSource const& time)
      : db_(db), catalogue_(std::move(catalogue)), source_(source), time_(time) {}

  /// Errors: not_found (template), invalid (area, query, a span of no length or longer than report_span_max), forbidden.
  core::Result<std::int64_t> draft(NewReport const& wanted, Who const& who);
  /// The same in two steps: reading the figures, and, in a piece of work of the caller's, keeping them. Errors of reading: as above.
  struct Drafted;
  core::Result<std::shared_ptr<Drafted const>> read_figures(NewReport const& wanted, Who const& who);
  std::int64_t keep(store::Writer& w, Drafted const& drafted, Who const& who);
  /// Errors: those of decide(); not_found.
  core::Result<> act(std::int64_t id, Command const& command, Who const& who);
  /// Drafts what schedules ask for by `now`. Each once, however many processes try. Gives how many this call drafted.
  core::Result<std::size_t> run_due(core::Instant now);
  /// Whether a version is what the ledger's entries up to its seq give, folded anew. Cost: all cases; not for a request of many.
  core::Result<bool> recount(std::int64_t id, std::int64_t version);

  static std::optional<Report> find(store::Reader& reader, std::int64_t id);
  static core::Result<Life> life(store::Reader& reader, std::int64_t id);
  static std::optional<Version> version(store::Reader& reader, std::int64_t id, std::int64_t version);
  /// Newest first, behind `before` (0: from the beginning); only published ones and those that were sent to one of these
  /// departments, or all.
  static std::vector<Report> list(store::Reader& reader, bool all, std::vector<std::string> const& departments, std::int64_t before, std::size_t limit);
  /// To whom a report went, oldest first.
  static std::vector<Sending> sendings(store::Reader& reader, std::int64_t id);

 private:
  struct Made {
    Document document;
    std::string json;
  };
  core::Result<Made> take(catalogue::ReportTemplate const& form, Scope const& scope, Span span, std::optional<Version> const& as, Text const& comment);
  core::Result<catalogue::ReportTemplate const*> form_of(std::string_view code) const;
  std::int64_t insert(store::Writer& writer, catalogue::ReportTemplate const& form, NewReport const& wanted, Made const& made, std::string const& actor, std::optional<core::Instant> due);
  core::Result<bool> draft_due(catalogue::ReportTemplate const& form, std::string const& area, Span span, core::Instant done_to);
  core::Result<std::size_t> work_off(catalogue::ReportTemplate const& form, std::string const& area, core::Instant now);

  store::Db& db_;
  std::shared_ptr<catalogue::Catalogue const> catalogue_;
  Source& source_;
  core::TimeSource const& time_;
};

/// Filters of the list of cases that somebody gave a name.
struct View {
  std::int64_t id = 0;
  std::string owner;  ///< "staff:dora", or "department:drainage"
  std::string name;
  std::string query;
  core::Instant made_at{};
};
inline constexpr std::size_t view_name_bytes_max = 120;
inline constexpr std::size_t view_query_bytes_max = 1'000;
inline constexpr std::size_t views_of_owner_max = 50;

/// Errors: invalid (name, query), limit, conflict (the name is taken).
core::Result<std::int64_t> save_view(store::Writer& w, View const& view, std::string const& actor);
/// Errors: not_found, forbidden (none of `owners` has it).
core::Result<> remove_view(store::Db& db, std::int64_t id, std::vector<std::string> const& owners, std::string const& actor);
std::vector<View> views_of(store::Reader& reader, std::vector<std::string> const& owners);

}  // namespace zhili::assure::reports
