#include "sense/ingest/messages.hpp"

#include <algorithm>
#include <charconv>

namespace zhili::sense::ingest {

namespace {

constexpr std::string_view devices_topic = "devices/";
constexpr std::string_view datastream_topic = "v1.1/Datastreams(";
constexpr std::string_view observations_topic = ")/Observations";

Problem message_problem(char const* key, char const* field, char const* zh, char const* en) { return {.line = 1, .key = key, .text = {zh, en}, .field = field}; }

}  // namespace

Topic topic_of(std::string_view topic) {
  if (topic.size() > topic_bytes_max) return {};
  if (topic.starts_with(datastream_topic) && topic.ends_with(observations_topic)) {
    Topic out{.kind = Topic::Kind::observations};
    topic.remove_prefix(datastream_topic.size());
    topic.remove_suffix(std::min(topic.size(), observations_topic.size()));
    auto const [end, failed] = std::from_chars(topic.data(), topic.data() + topic.size(), out.datastream);
    if (failed != std::errc{} || end != topic.data() + topic.size() || out.datastream <= 0 || topic.starts_with('+')) return {};
    return out;
  }
  if (!topic.starts_with(devices_topic)) return {};
  topic.remove_prefix(devices_topic.size());
  auto const slash = topic.find('/');
  Topic out{.kind = slash == std::string_view::npos ? Topic::Kind::device : Topic::Kind::stream, .serial = topic.substr(0, slash)};
  if (slash != std::string_view::npos) out.stream = topic.substr(slash + 1);
  bool const whole = !out.serial.empty() && (out.kind == Topic::Kind::device || (!out.stream.empty() && out.stream.find('/') == std::string_view::npos));
  return whole ? out : Topic{};
}

std::vector<MessageReader::Group> MessageReader::read(std::span<Message const> messages) {
  std::vector<Group> out;
  for (auto const& message : messages) {
    if (message.bytes.empty()) continue;  // a retained message that is taken back
    auto const topic = topic_of(message.topic);
    auto const way = topic.kind == Topic::Kind::observations ? Way::mqtt_sensorthings : Way::mqtt_device;
    bool const goes_on = !out.empty() && out.back().source.way == way && out.back().batch.size() + out.back().batch.unread_count + message_observations_max <= batch_observations_max &&
                         std::abs(core::to_ms(message.received) - core::to_ms(*out.back().source.received)) <= batch_span_ms_max;
    if (!goes_on) out.push_back({.source = {.way = way, .any_stream = true, .received = message.received}, .batch = {}});
    auto& group = out.back();
    auto const device = way == Way::mqtt_sensorthings ? intake_.owner(topic.datastream) : intake_.device_with(topic.serial);
    scratch_.clear();
    read_bytes(message, topic, device, scratch_);
    for (auto& row : scratch_.rows)
      if (row.phenomenon_ms == time_absent) row.phenomenon_ms = core::to_ms(message.received);
    for (auto& one : scratch_.unread) {
      one.device = device;
      one.topic = shortened_utf8(message.topic.substr(0, topic_bytes_max));
    }
    auto const counted = scratch_.size() + scratch_.unread_count;
    if (device == 0 || intake_.charge({.way = way, .device = device, .received = message.received}, counted)) group.batch.append(scratch_);
  }
  std::erase_if(out, [](Group const& group) { return group.batch.rows.empty() && group.batch.unread_count == 0; });
  return out;
}

MessageReader::Group MessageReader::read_from(Source const& who, Message const& message) {
  auto const topic = topic_of(message.topic);
  Group out{.source = who, .batch = {}};
  out.source.way = topic.kind == Topic::Kind::observations ? Way::mqtt_sensorthings : Way::mqtt_device;
  out.source.received = message.received;
  out.source.topic = shortened_utf8(message.topic.substr(0, topic_bytes_max));
  auto const device = topic.kind == Topic::Kind::observations ? who.device : intake_.device_with(topic.serial);
  if (who.device != 0 && device != who.device)
    out.batch.add_unread(message_problem("ingest.topic", "topic", "设备只能写自己序列号下的主题。", "A device writes only under its own serial number."), message.bytes);
  else read_bytes(message, topic, device, out.batch);
  return out;
}

void MessageReader::read_bytes(Message const& message, Topic const& topic, std::int64_t device, Batch& out) {
  auto const unread = [&](Problem problem) { out.add_unread(std::move(problem), message.bytes); };
  if (topic.kind == Topic::Kind::none) {
    unread(message_problem("ingest.topic", "topic", "不认识这个主题。", "The topic is not known."));
  } else if (message.bytes.size() > message_bytes_max) {
    unread(message_problem("ingest.message_bytes", "", "报文太长。", "The message is too long."));
  } else if (topic.kind == Topic::Kind::observations) {
    if (auto const read = read_observation(message.bytes, topic.datastream, out); !read)
      unread({.line = 1, .key = read.error().key, .text = read.error().text, .field = read.error().field});
  } else if (device == 0) {
    unread(message_problem("ingest.device", "topic", "没有登记这个序列号的设备。", "No device with this serial number is registered."));
  } else {
    read_device(message, topic, device, out);
    if (out.size() + out.unread_count <= message_observations_max) return;
    out.clear();
    unread(message_problem("ingest.message_observations", "", "一条报文里的观测太多，请分成几条。", "The message has too many observations: send them in several."));
  }
}

void MessageReader::read_device(Message const& message, Topic const& topic, std::int64_t device, Batch& out) {
  LineReader reader([&](std::string_view stream) { return intake_.named(device, stream); });
  std::int64_t stream = 0;
  if (topic.kind == Topic::Kind::stream) {
    stream = intake_.named(device, topic.stream);
    if (stream == 0) return out.add_unread(message_problem("ingest.stream", "topic", "设备没有这个名称的数据流。", "The device has no stream of this name."), message.bytes);
  }
  reader.read(message.bytes, out, stream);
  for (auto& row : out.rows)
    if (!row.device_words && intake_.owner(row.datastream) != device) row.datastream = 0;  // another's: there is no such stream for it
}

}  // namespace zhili::sense::ingest
