// POST CreateObservations: many at once, each row with its own answer.
#include <fmt/format.h>

#include <atomic>
#include <memory>
#include <mutex>

#include "web/sensorthings/answers.hpp"
#include "web/sensorthings/data_array.hpp"
#include "web/sensorthings/routes.hpp"

namespace zhili::web::sensorthings {

using sense::ingest::Batch;
using sense::ingest::Incoming;

namespace {

/// Answers for the rows of one request, while its parts are stored.
struct Creation {
  Creation(Responder r, std::string root_link, std::size_t rows) : respond(std::move(r)), root(std::move(root_link)), ids(rows, 0), errors(rows) {}

  Responder respond;
  std::string root;
  std::mutex mutex;
  std::vector<things::Id> ids;              // 0: not made
  std::vector<std::optional<core::Text>> errors;
  std::optional<core::Error> failed;        // of a whole part
  std::size_t parts_left = 0;
  std::chrono::seconds retry_after{1};

  void finish() {
    if (failed) {
      auto out = refused(*failed);
      if (out.status == 429) out.headers.set("Retry-After", std::to_string(retry_after.count()));
      return respond(std::move(out));
    }
    std::string body("[");
    body.reserve(ids.size() * (root.size() + 32));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i > 0) body += ',';
      if (ids[i] != 0) {
        body += '"';
        body += root;
        body += "/Observations(";
        body += std::to_string(ids[i]);
        body += ")\"";
      } else if (errors[i] && !errors[i]->en.empty()) {
        write_text(body, "error: " + errors[i]->en + " " + errors[i]->zh);
      } else {
        body += "\"error\"";
      }
    }
    respond(Response::json(body + "]", 201));
  }
};

void take_receipt(Creation& creation, std::vector<std::uint32_t> const& lines, core::Result<sense::ingest::Receipt> const& receipt) {
  if (!receipt) {
    if (!creation.failed) creation.failed = receipt.error();
    return;
  }
  for (std::size_t i = 0; i < lines.size() && i < receipt->ids.size(); ++i) creation.ids[lines[i] - 1] = receipt->ids[i];
  for (auto const& problem : receipt->problems)
    if (problem.line > 0 && problem.line <= creation.errors.size()) creation.errors[problem.line - 1] = problem.text;
}

/// Features that there are not make rows wrong. Gives the pairs that are.
core::Result<std::set<std::pair<things::Id, things::Id>>> unknown_features(SensorThingsParts const& parts, DataArrays const& arrays) {
  std::set<std::pair<things::Id, things::Id>> out;
  for (auto const& pair : arrays.features) {
    auto const used = parts.things->use_feature(pair.first, pair.second, {.ref = "system", .staff = false});
    if (used) continue;
    if (used.error().code != core::Errc::invalid) return core::fail(used.error());
    out.insert(pair);
  }
  return out;
}

/// Moves rows into batches of the intake's size.
std::vector<Batch> batches_of(Batch batch, std::set<std::pair<things::Id, things::Id>> const& without, Creation& creation) {
  static core::Text const no_feature{"没有这个 FeatureOfInterest。", "There is no such FeatureOfInterest."};
  std::vector<Batch> out;
  bool const whole = without.empty() && batch.rows.size() <= sense::ingest::batch_observations_max;
  if (whole) {
    if (!batch.rows.empty()) out.push_back(std::move(batch));
    return out;
  }
  for (auto const& row : batch.rows) {
    auto const* const more = batch.find_more(row);
    if (more != nullptr && without.contains({row.datastream, more->feature})) {
      creation.errors[row.line - 1] = no_feature;
      continue;
    }
    if (out.empty() || out.back().rows.size() == sense::ingest::batch_observations_max) out.emplace_back();
    auto& to = out.back();
    auto made = row;
    made.more = 0;
    if (row.text_bytes > 0) {
      made.text_at = static_cast<std::uint32_t>(to.bytes.size());
      to.bytes.append(batch.text(row));
    }
    to.rows.push_back(made);
    if (more != nullptr) to.more_of(to.rows.back()) = *more;
  }
  return out;
}

core::Result<> create(SensorThingsParts const& parts, Request const& request, Responder const& respond) {
  ZHILI_TRY(auto const source, parts.access.sender(request));
  if (auto const may = parts.intake->admit(source); !may) return core::fail(may.error());
  ZHILI_TRY(auto arrays, read_data_arrays(request.body));
  auto const creation = std::make_shared<Creation>(respond, root_of(request), arrays.rows);
  for (auto const& [row, text] : arrays.wrong) creation->errors[row - 1] = text;
  ZHILI_TRY(auto const without, unknown_features(parts, arrays));
  auto batches = batches_of(std::move(arrays.batch), without, *creation);
  creation->parts_left = batches.size();
  if (batches.empty()) creation->finish();
  for (auto& batch : batches) {
    std::vector<std::uint32_t> lines;
    lines.reserve(batch.rows.size());
    for (auto const& row : batch.rows) lines.push_back(row.line);
    parts.intake->take_later(source, std::move(batch), [creation, lines = std::move(lines), source, &intake = *parts.intake](core::Result<sense::ingest::Receipt> const& receipt) {
      bool last = false;
      {
        std::lock_guard const lock(creation->mutex);
        take_receipt(*creation, lines, receipt);
        creation->retry_after = intake.retry_after(source);
        last = --creation->parts_left == 0;
      }
      if (last) creation->finish();
    }, true);
  }
  return {};
}

}  // namespace

void create_observations(SensorThingsParts const& parts, Request const& request, Responder const& respond) {
  if (auto const created = create(parts, request, respond); !created) respond(refused(created.error()));
}

}  // namespace zhili::web::sensorthings
