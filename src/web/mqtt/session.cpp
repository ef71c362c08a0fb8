#include "web/mqtt/session.hpp"

#include <algorithm>

namespace zhili::web::mqtt {

bool Session::feed(std::string_view bytes, std::string& out) {
  in_ += bytes;
  published_.clear();
  std::string_view rest = in_;
  bool goes_on = true;
  while (goes_on) {
    auto const packet = next_packet(rest);
    if (!packet) goes_on = false;
    if (!packet || !*packet) break;
    rest.remove_prefix((*packet)->bytes);
    goes_on = handle(**packet, out);
  }
  if (!published_.empty()) outside_.take(published_);
  published_.clear();
  in_.erase(0, in_.size() - rest.size());
  return goes_on;
}

bool Session::handle(Packet const& packet, std::string& out) {
  if (!who_) return packet.type == Type::connect && connect(packet, out);
  switch (packet.type) {
    case Type::publish: {
      auto const publish = read_publish(packet);
      bool const writes = who_->source.device != 0 || who_->source.any_stream;
      if (!publish || !writes) return false;
      published_.push_back(*publish);
      return true;
    }
    case Type::subscribe:
      return subscribe(packet, out);
    case Type::unsubscribe:
      return unsubscribe(packet, out);
    case Type::pingreq:
      write_pingresp(out);
      return packet.flags == 0 && packet.body.empty();
    default:
      return false;  // DISCONNECT, a second CONNECT, and what a client of ours has no reason to say
  }
}

bool Session::connect(Packet const& packet, std::string& out) {
  auto const connect = read_connect(packet);
  if (!connect) return false;
  if (!connect->level_known) {
    write_connack(out, Welcome::wrong_level);
    return false;
  }
  who_ = outside_.who(connect->user, connect->password);
  write_connack(out, who_ ? Welcome::accepted : Welcome::not_authorized);
  keep_alive_s_ = connect->keep_alive_s;
  return who_.has_value();
}

bool Session::subscribe(Packet const& packet, std::string& out) {
  auto const wanted = read_subscribe(packet);
  if (!wanted) return false;
  std::vector<bool> granted;
  for (auto const asked : wanted->filters) {
    auto subscription = subscription_from(asked);
    bool const known = std::ranges::find(subscriptions_, asked, &Subscription::asked) != subscriptions_.end();
    granted.push_back(subscription && (known || subscriptions_.size() < subscriptions_of_session_max));
    if (!granted.back() || known) continue;
    subscriptions_.push_back(std::move(*subscription));
    outside_.subscribed(subscriptions_.back());
  }
  write_suback(out, wanted->id, granted);
  return true;
}

bool Session::unsubscribe(Packet const& packet, std::string& out) {
  auto const unwanted = read_unsubscribe(packet);
  if (!unwanted) return false;
  for (auto const asked : unwanted->filters)
    if (std::erase_if(subscriptions_, [&](Subscription const& one) { return one.asked == asked; }) > 0) outside_.unsubscribed(std::string(asked));
  write_unsuback(out, unwanted->id);
  return true;
}

void Session::acknowledge(std::span<std::uint16_t const> ids, std::string& out) {
  for (auto const id : ids) write_puback(out, id);
}

bool Session::may_hear(Who const& who, std::string_view topic) {
  if (!topic.starts_with(of_devices)) return true;
  if (who.source.any_stream) return true;
  auto const own = topic.substr(of_devices.size());
  return !who.serial.empty() && own.starts_with(who.serial) && (own.size() == who.serial.size() || own[who.serial.size()] == '/');
}

}  // namespace zhili::web::mqtt
