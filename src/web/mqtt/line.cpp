#include "web/mqtt/line.hpp"

#include <algorithm>
#include <charconv>

namespace zhili::web::mqtt {

void Topics::add(Subscription const& subscription) {
  std::unique_lock const lock(mutex_);
  ++(subscription.has_wildcards() ? wild_ : plain_)[subscription.filter];
  ++any_;
}

void Topics::remove(Subscription const& subscription) {
  std::unique_lock const lock(mutex_);
  auto& from = subscription.has_wildcards() ? wild_ : plain_;
  auto const found = from.find(subscription.filter);
  if (found == from.end()) return;
  --any_;
  if (--found->second == 0) from.erase(found);
}

bool Topics::wants(std::string_view topic) const {
  if (any_ == 0) return false;
  std::shared_lock const lock(mutex_);
  return plain_.contains(topic) || std::ranges::any_of(wild_, [&](auto const& one) { return matches(one.first, topic); });
}

Line::Line(House& house)
    : house_(house),
      session_({.who = house.who,
                .take = [this](std::span<Publish const> published) { take(published); },
                .subscribed = [this](Subscription const& one) { subscribed(one); },
                .unsubscribed = [this](std::string const& asked) { house_.topics.remove(*subscription_from(asked)); }}),
      reader_(house.intake),
      hold_(house.io) {}

Line::~Line() {
  for (auto const& one : session_.subscriptions()) house_.topics.remove(one);
}

void Line::subscribed(Subscription const& subscription) {
  house_.topics.add(subscription);
  auto const& serial = session_.who().serial;
  if (house_.commands && !serial.empty() && matches(subscription.filter, commands_topic(serial))) house_.commands->listens(serial);
}

/// "devices/G-7/commands/12" of G-7 itself, or of a program that speaks for it.
std::optional<Line::Answer> Line::answer_in(Publish const& published) const {
  constexpr std::string_view commands = "/commands/";
  if (!house_.commands || !published.topic.starts_with(of_devices) || !Session::may_hear(session_.who(), published.topic)) return std::nullopt;
  auto const own = published.topic.substr(of_devices.size());
  auto const at = own.rfind(commands);
  if (at == std::string_view::npos) return std::nullopt;
  auto const digits = own.substr(at + commands.size());
  Answer out{.serial = std::string(own.substr(0, at)), .payload = std::string(published.payload)};
  auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out.command);
  if (failed != std::errc() || end != digits.data() + digits.size() || out.command <= 0) return std::nullopt;
  return out;
}

void Line::heard(std::string_view bytes) {
  reading_ = false;
  last_heard_ = std::chrono::steady_clock::now();
  ending_ = !session_.feed(bytes, out_);
  send();
  if (ending_ && !writing_) return end();
  read_on();
}

void Line::read_on() {
  bool const has_room = waiting_.empty() && flights_.size() < batches_in_flight_max && out_.size() < outbox_bytes_max;
  if (over_ || ending_ || reading_ || !has_room) return;
  reading_ = true;
  read();
}

/// Puts messages into as few batches as it can; all of one read go together.
void Line::take(std::span<Publish const> published) {
  auto const now = house_.time.now();
  house_.received += published.size();
  for (auto const& one : published) {
    if (auto answer = answer_in(one)) {
      waiting_.push_back({.answer = std::move(answer)});
      if (one.qos == 1) waiting_.back().ids.push_back(one.id);
      continue;
    }
    auto group = reader_.read_from(session_.who().source, {.topic = one.topic, .bytes = one.payload, .received = now});
    bool const goes_on = !waiting_.empty() && !waiting_.back().answer && waiting_.back().group.source.way == group.source.way && group.batch.unread_count == 0 && waiting_.back().group.batch.unread_count == 0;
    if (!goes_on) waiting_.push_back({.group = std::move(group)});
    else waiting_.back().group.batch.append(group.batch);
    if (one.qos == 1) waiting_.back().ids.push_back(one.id);
  }
  hand_over();
}

void Line::hand_over() {
  while (!waiting_.empty() && !holding_ && !over_) {
    auto& next = waiting_.front();
    auto const counted = next.group.batch.size() + next.group.batch.unread_count;  // an answer to a command counts as one
    auto sender = next.answer ? session_.who().source : next.group.source;
    sender.received = house_.time.now();  // it may have waited here
    auto const wait = house_.intake.reserve(sender, std::max<std::size_t>(1, counted));
    if (!wait) return end();  // disabled
    if (wait->count() > 0) {
      ++house_.held;
      holding_ = true;
      hold_.expires_after(std::min(*wait, hold_max));
      hold_.async_wait([weak = weak_from_this()](error_code stopped) {
        auto const self = weak.lock();
        if (!self || stopped) return;
        self->holding_ = false;
        self->hand_over();
        self->read_on();
      });
      return;
    }
    auto bundle = std::move(next);
    waiting_.pop_front();
    flights_.push_back({.number = ++flight_, .ids = std::move(bundle.ids)});
    if (bundle.answer) {
      house_.commands->answered(bundle.answer->serial, bundle.answer->command, std::move(bundle.answer->payload), on_the_disk(flight_));
      continue;
    }
    bundle.group.source.reserved = true;
    house_.intake.take_later(bundle.group.source, std::move(bundle.group.batch), [done = on_the_disk(flight_)](core::Result<sense::ingest::Receipt> const& receipt) { done(receipt.has_value()); });
  }
}

/// What is to be called, on any thread, when it is known whether a flight is durable.
std::function<void(bool)> Line::on_the_disk(std::uint64_t number) {
  return [gate = house_.gate, weak = weak_from_this(), number](bool good) {
    std::lock_guard const lock(gate->mutex);
    if (!gate->io) return;
    asio::post(*gate->io, [weak, number, good] {
      if (auto const self = weak.lock()) self->taken(number, good);
    });
  };
}

void Line::taken(std::uint64_t number, bool good) {
  if (!good) return end();  // nothing is acknowledged: the client sends it again
  if (auto const found = std::ranges::find(flights_, number, &Flight::number); found != flights_.end()) found->durable = true;
  for (; !flights_.empty() && flights_.front().durable; flights_.pop_front()) Session::acknowledge(flights_.front().ids, out_);
  send();
  read_on();
}

void Line::tell(std::string_view topic, std::string_view payload) {
  if (over_ || !session_.connected()) return;
  for (auto const& one : session_.subscriptions()) {
    if (!matches(one.filter, topic) || !Session::may_hear(session_.who(), topic)) continue;
    if (out_.size() + payload.size() > outbox_bytes_max) {
      ++house_.left_out;
      continue;
    }
    ++house_.sent;
    if (one.select.empty()) write_publish(out_, topic, payload);
    else write_publish(out_, one.asked, selected(payload, one.select));
  }
  send();
}

void Line::send() {
  if (writing_ || out_.empty() || over_) return;
  writing_ = true;
  sending_.clear();
  std::swap(sending_, out_);
  write_began_ = std::chrono::steady_clock::now();
  write(sending_);
}

void Line::wrote() {
  writing_ = false;
  if (!out_.empty()) return send();
  if (ending_) return end();
  read_on();
}

void Line::end() {
  if (std::exchange(over_, true)) return;
  hold_.cancel();
  close();
  auto const tell_door = std::move(ended);
  if (tell_door) asio::post(house_.io, [self = shared_from_this(), tell_door] { tell_door(); });
}

void Line::look_at_clock(std::chrono::steady_clock::time_point now) {
  auto const quiet = now - last_heard_;
  auto const allowed = session_.keep_alive_s() == 0 ? std::chrono::milliseconds(quiet_max) : std::chrono::milliseconds(1'500 * session_.keep_alive_s());
  bool const is_nobody = !session_.connected() && now - began_ > connect_max;  // says nothing, or drips, or does not finish its handshake
  bool const is_mute = reading_ && quiet > allowed;  // one that is not read from cannot be heard
  bool const does_not_read = writing_ && now - write_began_ > write_max;
  if (is_nobody || is_mute || does_not_read) end();
}

}  // namespace zhili::web::mqtt
