#include "bus/jetstream/jetstream.hpp"

#include <nats/nats.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <mutex>

namespace zhili::bus {

/// A connection with what hangs on it. Goes when the last message that came over it does.
struct JetStream::Connection {
  natsConnection* connection = nullptr;
  jsCtx* context = nullptr;
  natsSubscription* subscription = nullptr;
  std::string stream, consumer;
  std::string name;  // of the stream among all there are
  std::atomic<std::uint64_t> pending{0};
  std::atomic<std::uint64_t> unacknowledged{0};
  Connection() = default;
  Connection(Connection const&) = delete;
  /// Whether it broke, and the client made it again: what was on its way to us is given again only after `acknowledge`, later messages at once.
  bool was_broken() const {
    natsStatistics* counts = nullptr;
    std::uint64_t reconnects = 0;
    if (natsStatistics_Create(&counts) == NATS_OK && natsConnection_GetStats(connection, counts) == NATS_OK) natsStatistics_GetCounts(counts, nullptr, nullptr, nullptr, nullptr, &reconnects);
    natsStatistics_Destroy(counts);
    return reconnects > 0;
  }
  ~Connection() {
    natsSubscription_Destroy(subscription);
    jsCtx_Destroy(context);
    if (connection) natsConnection_FlushTimeout(connection, std::chrono::milliseconds(connect_timeout).count());  // acknowledgements on their way
    natsConnection_Destroy(connection);
  }
};

namespace {

core::Error nats_error(std::string_view what, natsStatus status, jsErrCode code = jsErrCode(0)) {
  std::string detail(what);
  detail += ": ";
  detail += natsStatus_GetText(status);
  if (code != 0) detail += " (JetStream " + std::to_string(code) + ")";
  return {core::Errc::unavailable, "nats.unavailable", {"连不上 NATS 服务器，或它没有启用 JetStream。正在重试。", "The NATS server cannot be reached, or has no JetStream. Trying again."}, {}, std::move(detail)};
}

/// What the server says of a message in the subject to which it is acknowledged:
/// $JS.ACK.STREAM.CONSUMER.TIMES.SEQUENCE.SEQUENCE_HERE.NANOSECONDS.PENDING, or since 2.9 with domain and account before STREAM.
struct Told {
  std::uint64_t times = 1, nanoseconds = 0, pending = 0;
};

Told told_in(std::string_view reply) {
  std::array<std::string_view, 12> words;
  std::size_t n = 0;
  while (n < words.size()) {
    auto const dot = reply.find('.');
    words[n++] = reply.substr(0, dot);
    if (dot == std::string_view::npos) break;
    reply.remove_prefix(dot + 1);
  }
  std::size_t const shift = n >= 11 ? 2 : 0;
  Told out;
  if (n < 9) return out;
  auto const number = [&](std::size_t at, std::uint64_t& to) { std::from_chars(words[at].data(), words[at].data() + words[at].size(), to); };
  number(4 + shift, out.times);
  number(7 + shift, out.nanoseconds);
  number(8 + shift, out.pending);
  return out;
}

/// Consumers of ours that are there already: "zhili" and "zhili-" with a number.
struct ConsumersBefore {
  ConsumersBefore(jsCtx* context, std::string const& stream, std::string const& ours) {
    jsConsumerInfoList* list = nullptr;
    status = js_Consumers(&list, context, stream.c_str(), nullptr, &code);
    if (status == NATS_NOT_FOUND && code == 0) status = NATS_OK;  // there are none
    for (int i = 0; list && i < list->Count; ++i) {
      auto const& info = *list->List[i];
      std::string_view number(info.Name);
      if (!number.starts_with(ours)) continue;
      number.remove_prefix(ours.size());
      std::uint64_t generation = 0;
      if (!number.empty() && (number[0] != '-' || std::from_chars(number.data() + 1, number.data() + number.size(), generation).ptr != number.data() + number.size())) continue;
      names.emplace_back(info.Name);
      newest = std::max(newest, generation);
      acknowledged = std::max(acknowledged, info.AckFloor.Stream);
    }
    jsConsumerInfoList_Destroy(list);
  }
  natsStatus status = NATS_OK;
  jsErrCode code{};
  std::vector<std::string> names;
  std::uint64_t newest = 0;
  std::uint64_t acknowledged = 0;  ///< number in the stream: everything up to there was acknowledged to one of them
};

}  // namespace

struct Pulled::Kept {
  std::shared_ptr<JetStream::Connection> over;
  natsMsgList list{};
  bool acknowledged = false;
  explicit Kept(std::shared_ptr<JetStream::Connection> connection) : over(std::move(connection)) {}
  Kept(Kept const&) = delete;
  ~Kept() {
    if (!acknowledged) say("-NAK");
    over->unacknowledged -= static_cast<std::uint64_t>(list.Count);
    natsMsgList_Destroy(&list);
  }
  void say(char const* word) const {
    for (int i = 0; i < list.Count; ++i)
      if (auto const* const reply = natsMsg_GetReply(list.Msgs[i])) natsConnection_PublishString(over->connection, reply, word);
  }
};

Pulled::Pulled() = default;
Pulled::~Pulled() = default;
Pulled::Pulled(Pulled&&) noexcept = default;
Pulled& Pulled::operator=(Pulled&&) noexcept = default;

void Pulled::acknowledge() {
  if (!kept_ || kept_->acknowledged) return;
  kept_->say("+ACK");
  kept_->acknowledged = true;
}

struct JetStream::Inside {
  mutable std::mutex mutex;
  std::shared_ptr<Connection> connection;
};

JetStream::JetStream(JetStreamOptions options) : options_(std::move(options)), inside_(std::make_unique<Inside>()) {}

JetStream::~JetStream() = default;

/// Begins where everything was acknowledged to those before.
core::Result<> JetStream::take_over(Connection& connection) const {
  ConsumersBefore before(connection.context, options_.stream, options_.consumer);
  if (before.status != NATS_OK) return core::fail(nats_error("consumers of " + options_.stream, before.status, before.code));
  connection.consumer = options_.consumer + "-" + std::to_string(before.newest + 1);
  jsConsumerConfig consumer;
  jsConsumerConfig_Init(&consumer);
  consumer.Durable = connection.consumer.c_str();
  consumer.AckPolicy = js_AckExplicit;
  consumer.AckWait = std::chrono::nanoseconds(options_.acknowledge).count();
  consumer.MaxAckPending = unacknowledged_max;
  if (!before.names.empty()) {
    consumer.DeliverPolicy = js_DeliverByStartSequence;
    consumer.OptStartSeq = before.acknowledged + 1;
  }
  jsErrCode code{};
  auto status = js_AddConsumer(nullptr, connection.context, options_.stream.c_str(), &consumer, nullptr, &code);
  if (status != NATS_OK) return core::fail(nats_error("consumer " + connection.consumer, status, code));
  // One that stays, because this process or the server ends here, is found by the next.
  for (auto const& name : before.names) js_DeleteConsumer(connection.context, options_.stream.c_str(), name.c_str(), nullptr, nullptr);

  jsSubOptions subscribe;
  jsSubOptions_Init(&subscribe);
  subscribe.Stream = options_.stream.c_str();
  subscribe.Consumer = connection.consumer.c_str();
  status = js_PullSubscribe(&connection.subscription, connection.context, nullptr, connection.consumer.c_str(), nullptr, &subscribe, &code);
  if (status != NATS_OK) return core::fail(nats_error("subscribe", status, code));
  return {};
}

core::Result<> JetStream::connect() {
  auto const made = std::make_shared<Connection>();
  auto& in = *made;
  natsOptions* options = nullptr;
  auto status = natsOptions_Create(&options);
  if (status == NATS_OK) status = natsOptions_SetURL(options, options_.url.c_str());
  if (status == NATS_OK) status = natsOptions_SetName(options, "zhili");
  if (status == NATS_OK && options_.url.starts_with("tls://")) status = natsOptions_SetSecure(options, true);
  if (status == NATS_OK) status = natsOptions_SetTimeout(options, std::chrono::milliseconds(connect_timeout).count());
  if (status == NATS_OK) status = natsOptions_SetMaxReconnect(options, -1);
  if (status == NATS_OK) status = natsOptions_SetReconnectWait(options, reconnect_pause.count());
  if (status == NATS_OK) status = natsConnection_Connect(&in.connection, options);
  natsOptions_Destroy(options);
  if (status != NATS_OK) return core::fail(nats_error("connect", status));
  jsErrCode code{};
  status = natsConnection_JetStream(&in.context, in.connection, nullptr);

  std::vector<char const*> subjects;
  for (auto const& subject : options_.subjects) subjects.push_back(subject.c_str());
  jsStreamConfig stream;
  jsStreamConfig_Init(&stream);
  stream.Name = options_.stream.c_str();
  stream.Subjects = subjects.data();
  stream.SubjectsLen = static_cast<int>(subjects.size());
  stream.Storage = js_FileStorage;
  stream.Discard = js_DiscardOld;
  stream.MaxBytes = kept_bytes_max;
  stream.MaxAge = std::chrono::nanoseconds(kept_for).count();
  // A stream that is there stays as whoever runs the server has made it: larger, or with copies on other servers.
  jsStreamInfo* info = nullptr;
  if (status == NATS_OK && js_GetStreamInfo(&info, in.context, options_.stream.c_str(), nullptr, &code) != NATS_OK) status = js_AddStream(&info, in.context, &stream, nullptr, &code);
  if (status != NATS_OK) return core::fail(nats_error("stream " + options_.stream, status, code));
  in.stream = options_.stream;
  in.name = options_.stream + " " + std::to_string(info->Created);
  jsStreamInfo_Destroy(info);
  std::lock_guard const lock(inside_->mutex);
  inside_->connection = made;
  return {};
}

/// What waits there. A server that lost its files has no consumer of ours, and says nothing about it; one behind a cable that was pulled says nothing
/// at all.
core::Result<> JetStream::look(Connection& connection) {
  if (natsConnection_Status(connection.connection) != NATS_CONN_STATUS_CONNECTED) return core::fail(nats_error("fetch", NATS_CONNECTION_DISCONNECTED));
  jsConsumerInfo* info = nullptr;
  jsErrCode code{};
  auto const status = js_GetConsumerInfo(&info, connection.context, connection.stream.c_str(), connection.consumer.c_str(), nullptr, &code);
  if (status != NATS_OK) return core::fail(nats_error("consumer " + connection.consumer, status, code));
  connection.pending = info->NumPending + static_cast<std::uint64_t>(info->NumAckPending);
  jsConsumerInfo_Destroy(info);
  return {};
}

core::Result<std::shared_ptr<JetStream::Connection>> JetStream::connected() {
  if (inside_->connection && inside_->connection->was_broken()) disconnect();
  if (!inside_->connection) ZHILI_CHECK(connect());
  return inside_->connection;  // only this thread changes it
}

core::Result<std::string> JetStream::name() {
  ZHILI_TRY(auto const connection, connected());
  return connection->name;
}

core::Result<Pulled> JetStream::fetch(std::size_t most, std::chrono::milliseconds wait) {
  ZHILI_TRY(auto const connection, connected());
  if (!connection->subscription)
    if (auto const taken = take_over(*connection); !taken) {
      disconnect();
      return core::fail(taken.error());
    }
  auto kept = std::make_unique<Pulled::Kept>(connection);
  jsErrCode code{};
  auto const status = natsSubscription_Fetch(&kept->list, connection->subscription, static_cast<int>(most), wait.count(), &code);
  connection->unacknowledged += static_cast<std::uint64_t>(kept->list.Count);
  if (connection->was_broken()) {  // while we waited: what was on its way before comes after these, so these are given back too
    disconnect();
    return Pulled();
  }
  auto const there = status == NATS_TIMEOUT ? look(*connection) : status == NATS_OK ? core::Result<>() : core::fail(nats_error("fetch", status, code));
  if (!there) {
    disconnect();  // the consumer may be gone, the connection closed: all of it anew
    return core::fail(there.error());
  }
  if (status == NATS_TIMEOUT) return Pulled();
  Pulled out;
  out.messages_.reserve(static_cast<std::size_t>(kept->list.Count));
  Told told;
  for (int i = 0; i < kept->list.Count; ++i) {
    auto* const message = kept->list.Msgs[i];
    auto const* const reply = natsMsg_GetReply(message);
    told = told_in(reply ? reply : "");
    out.messages_.push_back({.subject = natsMsg_GetSubject(message),
                             .bytes = {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))},
                             .received = core::from_ms(static_cast<std::int64_t>(told.nanoseconds / 1'000'000)),
                             .times = told.times});
  }
  connection->pending = told.pending;
  out.kept_ = std::move(kept);
  return out;
}

void JetStream::disconnect() {
  std::shared_ptr<Connection> last;  // may wait for the server: not with the mutex
  std::lock_guard const lock(inside_->mutex);
  std::swap(last, inside_->connection);
}

JetStream::Health JetStream::health() const {
  std::lock_guard const lock(inside_->mutex);
  auto const& connection = inside_->connection;
  if (!connection) return {};
  return {.connected = natsConnection_Status(connection->connection) == NATS_CONN_STATUS_CONNECTED, .pending = connection->pending, .unacknowledged = connection->unacknowledged};
}

}  // namespace zhili::bus
