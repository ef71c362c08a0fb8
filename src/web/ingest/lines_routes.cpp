#include <boost/json.hpp>

#include "sense/ingest/lines.hpp"
#include "web/api/view.hpp"
#include "web/ingest/ingest.hpp"

namespace zhili::web {

namespace ingest = sense::ingest;
using boost::json::array;
using boost::json::object;

namespace {

std::string_view fate_name(ingest::Fate fate) {
  static constexpr std::string_view names[] = {"accepted", "quarantined", "refused"};
  return names[static_cast<std::size_t>(fate)];
}

array problems_json(std::vector<ingest::Problem> const& problems) {
  array out;
  for (auto const& problem : problems)
    out.push_back(object{{"line", problem.line}, {"fate", fate_name(problem.fate)}, {"code", problem.key}, {"field", problem.field}, {"detail", to_json(problem.text)}});
  return out;
}

object receipt_json(ingest::Receipt const& receipt) {
  return {{"received", receipt.received},       {"stored", receipt.stored},   {"duplicates", receipt.duplicates}, {"late", receipt.late},
          {"quarantined", receipt.quarantined}, {"refused", receipt.refused}, {"problems", problems_json(receipt.problems)}};
}

/// The same as a problem: nothing of it was good.
Response nothing_good(ingest::Receipt const& receipt) {
  auto const& first = receipt.problems.front();
  auto out = Response::problem({core::Errc::invalid, first.key, first.text, first.field});
  auto body = boost::json::parse(out.body).as_object();
  for (auto const& [name, value] : receipt_json(receipt)) body[name] = value;
  out.body = boost::json::serialize(body);
  return out;
}

void take_lines(Request const& request, Responder const& respond, IngestParts const& parts) {
  auto source = parts.sender(request);
  if (!source) return respond(Response::problem(source.error()));
  source->way = ingest::Way::lines;
  if (auto const may = parts.intake->admit(*source); !may) return respond(answer_of(core::fail(may.error()), *parts.intake, *source));
  ingest::Batch batch;
  ingest::LineReader reader([&](std::string_view stream) { return parts.intake->named(source->device, stream); });
  reader.read(request.body, batch);
  if (batch.rows.empty() && batch.unread_count == 0)
    return respond(Response::problem({core::Errc::invalid, "ingest.empty", {"正文是空的：一行一条读数，见 docs/reference/ingest.md。", "The body is empty: one reading a line, see docs/reference/ingest.md."}}));
  parts.intake->take_later(*source, std::move(batch), [respond, &intake = *parts.intake, source = *source](core::Result<ingest::Receipt> receipt) {
    respond(answer_of(receipt, intake, source));
  });
}

}  // namespace

Response answer_of(core::Result<ingest::Receipt> const& receipt, ingest::Intake& intake, ingest::Source const& source) {
  if (!receipt) {
    auto out = Response::problem(receipt.error());
    if (out.status == 429) out.headers.set("Retry-After", std::to_string(intake.retry_after(source).count()));
    return out;
  }
  if (receipt->refused == receipt->received && !receipt->problems.empty()) return nothing_good(*receipt);
  return Response::json(boost::json::serialize(receipt_json(*receipt)), 201);
}

void mount_lines(Router& router, IngestParts const& parts) {
  router.on_later(Method::post, "/ingest/v1/lines", [parts](Request const& request, Responder respond) { take_lines(request, respond, parts); },
                  {.body_bytes_max = lines_body_bytes_max});
}

}  // namespace zhili::web
