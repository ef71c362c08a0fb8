#include "app/mqtt/mqtt.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zhili::app {

core::Result<std::unique_ptr<Mqtt>> Mqtt::open(MqttOptions options, Parts parts) {
  std::unique_ptr<Mqtt> out(new Mqtt(std::move(parts)));
  if (options.door) {
    ZHILI_TRY(out->door_, web::mqtt::Door::open(*options.door, out->parts_.intake, out->parts_.time, out->parts_.who, &out->parts_.commands));
    out->parts_.commands.open(*out->door_);
    out->feed_ = std::make_unique<web::mqtt::Feed>(*out->door_, options.base, out->parts_.is_public);
    out->parts_.intake.on_stored([feed = out->feed_.get()] { return feed->wants(); },
                           [feed = out->feed_.get()](sense::ingest::Batch const& batch, std::vector<std::int64_t> const& ids) { feed->stored(batch, ids); });
  }
  if (!options.nats.empty()) {
    out->stream_ = std::make_unique<bus::JetStream>(bus::JetStreamOptions{.url = options.nats});
    out->pump_ = std::make_unique<MessagePump>(*out->stream_, out->parts_.intake, out->parts_.time, out->parts_.wall);
    out->parts_.fetching.is_elsewhere(false);
    out->worker_ = std::make_unique<bus::Worker>([own = out.get()] { return own->round(); });
  }
  return out;
}

std::chrono::nanoseconds Mqtt::round() {
  auto& fetching = parts_.fetching;
  auto const broker = pump_->broker();
  if (!broker) {
    if (fetching_) fetching.says(broker_, false, stream_->health().pending);
    else fetching.is_elsewhere(false);
    return pump_->pause();
  }
  if (*broker != broker_) {  // the server lost its files, or there is another one now
    if (fetching_) fetching.give_back(broker_);
    fetching_ = false;
    broker_ = *broker;
  }
  auto const now = parts_.wall.now();
  if (!fetching_ || now - renewed_ >= fetching_renewed) {
    auto const ours = fetching.take(broker_);
    if (!ours) return fetching_renewed;  // the database is away: nobody else can have it either
    renewed_ = now;
    if (fetching_ && !*ours) pump_->let_go();
    if (!fetching_ || !*ours) fetching.is_elsewhere(!*ours);  // newly ours: what waits is not known yet
    fetching_ = *ours;
    elsewhere_ = !fetching_;
    if (elsewhere_) return fetching_renewed;
  }
  auto const next = pump_->step();
  fetching.says(broker_, pump_->is_caught_up(), stream_->health().pending);
  return next;
}

Mqtt::~Mqtt() {
  parts_.commands.close();
  if (feed_) parts_.intake.on_stored({}, {});
  worker_.reset();
  if (fetching_) parts_.fetching.give_back(broker_);
  pump_.reset();
  stream_.reset();
}

web::MqttHealth Mqtt::health() const {
  if (!stream_) return {};
  auto const health = stream_->health();
  return {.connected = health.connected, .elsewhere = elsewhere_, .pending = health.pending, .unacknowledged = health.unacknowledged};
}

void Mqtt::add_metrics(web::Metrics& metrics) const {
  if (!door_) return;
  using Kind = web::Metrics::Kind;
  auto const* const door = door_.get();
  metrics.add(Kind::gauge, "zhili_mqtt_door_connections", "", "Clients that are connected to the MQTT door.", [door] { return static_cast<double>(door->health().connections); });
  metrics.add(Kind::counter, "zhili_mqtt_door_received_total", "", "Messages that came in at the MQTT door.", [door] { return static_cast<double>(door->health().received); });
  metrics.add(Kind::counter, "zhili_mqtt_door_sent_total", "", "Messages that were sent to those who listen.", [door] { return static_cast<double>(door->health().sent); });
  metrics.add(Kind::counter, "zhili_mqtt_door_left_out_total", "", "Messages that somebody did not get because they read too slowly.", [door] { return static_cast<double>(door->health().left_out); });
  metrics.add(Kind::counter, "zhili_mqtt_door_held_total", "", "Times that a device was not read from because it sends too much.", [door] { return static_cast<double>(door->health().held); });
}

std::string nats_on_loopback() {
  int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(nats_port_usual);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool const found = fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0;
  if (fd >= 0) ::close(fd);
  return found ? "nats://127.0.0.1:" + std::to_string(nats_port_usual) : std::string();
}

}  // namespace zhili::app
