#pragma once
// Observations over HTTP as JSON lines, how the intake is doing, and its quarantine.

#include <functional>
#include <memory>
#include <optional>

#include "sense/ingest/intake.hpp"
#include "web/api/api.hpp"
#include "web/metrics.hpp"
#include "web/operation/operation.hpp"

namespace zhili::web {

/// A body of JSON lines.
inline constexpr std::size_t lines_body_bytes_max = 8 * 1024 * 1024;

/// How the way by MQTT is doing.
struct MqttHealth {
  bool connected = false;
  bool elsewhere = false;            ///< another process fetches
  std::uint64_t pending = 0;         ///< messages that wait at the broker
  std::uint64_t unacknowledged = 0;  ///< that were fetched and are not stored yet
};

/// What the routes work on. Everything outlives the server.
struct IngestParts {
  ApiParts api;
  sense::ingest::Intake* intake = nullptr;
  sense::ingest::Quarantine* quarantine = nullptr;
  /// Who sends: a device by its token, or a program by a key with the scope sensing.write. Errors: forbidden ("api_key.none" if nothing
  /// came along), limit.
  std::function<core::Result<sense::ingest::Source>(Request const&)> sender;
  /// Nothing: there is no broker.
  std::function<std::optional<MqttHealth>()> mqtt = {};
};

/// POST /ingest/v1/lines. 201 when what is good is durable, with what was wrong, line by line; 400 if nothing was good; 429 with
/// Retry-After when it is too much.
void mount_lines(Router& router, IngestParts const& parts);

/// GET /api/v1/ingest for everybody who is signed in; GET /api/v1/ingest/quarantine and what is done with its entries for administrators.
void mount_ingest(Operations& operations, IngestParts const& parts);

void add_ingest_metrics(Metrics& metrics, IngestParts const& parts);

/// 201 with what became of a batch, or problem+json with Retry-After where it has to come again: what the ways over HTTP answer.
Response answer_of(core::Result<sense::ingest::Receipt> const& receipt, sense::ingest::Intake& intake, sense::ingest::Source const& source);

}  // namespace zhili::web
