// Devices that speak MQTT 3.1.1, as cheap as can be, so that what is measured is whoever listens.
//
// `mqtt_load --port P [--user U --password W] --devices N --messages M [--connections 100] [--qos 0|1] [--rate R] [--window W] [--period K]
//  [--quiet] [--first N] [--alarms] [--expected FILE] [--patience S]`
//
// Device number d publishes {"t":…,"v":…} under devices/B-d/level; each connection speaks for its share of them, in turn. Of K readings of a device the last three are
// high, and for K ≥ 8 two others that are not enough for an alarm; `--quiet`: all are low. With QoS 1 what is not acknowledged when a connection breaks is sent again over
// the next one. With `--alarms` it listens to alarms/B-d, whose payload is the time of the third high reading. Prints one object of JSON.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mqtt_load_story.hpp"

namespace {

using namespace mqtt_load;

constexpr std::size_t outbox_bytes = 48 * 1024;
constexpr double high = 60, low = 10;
constexpr std::int64_t reconnect_pause_ms = 50;

std::int64_t now_ms() { return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(); }
std::int64_t steady_us() { return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

[[noreturn]] void die(char const* what) {
  std::fprintf(stderr, "mqtt_load: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

void append_text(std::string& out, std::string_view bytes) {
  out += static_cast<char>(bytes.size() >> 8U);
  out += static_cast<char>(bytes.size() & 0xFFU);
  out += bytes;
}

void append_packet(std::string& out, unsigned first, std::string_view body) {
  out += static_cast<char>(first);
  auto length = body.size();
  do {
    out += static_cast<char>((length & 0x7FU) | (length > 0x7FU ? 0x80U : 0U));
    length >>= 7U;
  } while (length > 0);
  out += body;
}

std::string connect_packet(std::string const& client, Options const& how) {
  std::string body, out;
  append_text(body, "MQTT");
  body += '\x04';
  body += static_cast<char>(how.user.empty() ? 0x02 : 0xC2);
  body += std::string(2, '\0');
  append_text(body, client);
  if (!how.user.empty()) {
    append_text(body, how.user);
    append_text(body, how.password);
  }
  append_packet(out, 0x10, body);
  return out;
}

class Client {
 public:
  Client(Options const& how, std::int64_t which, int epoll, Story* story, Figures& figures) : how_(how), which_(which), epoll_(epoll), story_(story), figures_(figures) {
    for (auto d = which; story && d < how.devices; d += how.connections) devices_.push_back(d);
    auto const whole = how.messages / how.devices * static_cast<std::int64_t>(devices_.size());
    auto const rest = how.messages % how.devices;
    share_ = whole + std::count_if(devices_.begin(), devices_.end(), [&](auto d) { return d < rest; });
  }

  bool is_up() const { return up_; }
  bool is_done() const { return composed_ == share_ && out_.empty() && flights_.empty(); }

  void open() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) die("socket");
    int const one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(how_.port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS) return broken();
    in_.clear();
    out_ = connect_packet((story_ ? "load-" : "ear-") + std::to_string(which_), how_);
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.ptr = this}};
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event) != 0) die("epoll_ctl");
  }

  void happened(unsigned events) {
    if (fd_ < 0) return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) hear();
    if (fd_ >= 0) write();
  }

  /// Time passes: what is due is composed, what is broken is opened again.
  void look(std::int64_t began_us, std::int64_t now_us) {
    if (fd_ < 0) {
      if (now_us / 1'000 - broken_ms_ >= reconnect_pause_ms) open();
      return;
    }
    if (!up_ || began_us == 0) return;
    bool composed = false;
    while (composed_ < share_ && out_.size() < outbox_bytes && (how_.qos == 0 || flights_.size() < static_cast<std::size_t>(how_.window))) {
      auto at = now_ms();
      if (how_.rate > 0) {  // a reading has the time for which it was planned
        auto const due_us = began_us + (composed_ * how_.connections + which_) * 1'000'000 / how_.rate;
        if (due_us > now_us) break;
        at -= (now_us - due_us) / 1'000;
      }
      compose(at);
      composed = true;
    }
    if (composed) write();
  }

 private:
  struct Flight {
    std::uint16_t id;
    std::string packet;
  };

  void compose(std::int64_t at) {
    auto const many = static_cast<std::int64_t>(devices_.size());
    auto const device = devices_[static_cast<std::size_t>(composed_ % many)];
    auto const told = story_->tell(device, composed_ / many, at);
    char topic[64], payload[80];
    auto const topic_bytes = std::snprintf(topic, sizeof topic, "devices/B-%06lld/level", static_cast<long long>(how_.first + device));
    auto const payload_bytes = std::snprintf(payload, sizeof payload, R"({"t":%lld,"v":%.1f})", static_cast<long long>(told.at), (told.is_high ? high : low) + static_cast<double>(composed_ % 50) / 10);
    std::string body;
    append_text(body, {topic, static_cast<std::size_t>(topic_bytes)});
    ++composed_;
    ++figures_.composed;
    if (how_.qos == 0) {
      body.append(payload, static_cast<std::size_t>(payload_bytes));
      append_packet(out_, 0x30, body);
      return;
    }
    id_ = static_cast<std::uint16_t>(id_ == 0xFFFF ? 1 : id_ + 1);
    body += static_cast<char>(id_ >> 8U);
    body += static_cast<char>(id_ & 0xFFU);
    body.append(payload, static_cast<std::size_t>(payload_bytes));
    Flight flight{.id = id_, .packet = {}};
    append_packet(flight.packet, 0x32, body);
    out_ += flight.packet;
    flights_.push_back(std::move(flight));
  }

  void write() {
    while (!out_.empty()) {
      auto const n = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
      if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOTCONN || errno == EINPROGRESS)) return;
      if (n < 0) return broken();
      out_.erase(0, static_cast<std::size_t>(n));
    }
  }

  void hear() {
    char bytes[64 * 1024];
    for (;;) {
      auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
      if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (n <= 0) return broken();
      in_.append(bytes, static_cast<std::size_t>(n));
      std::size_t at = 0;
      while (auto const used = packet(std::string_view(in_).substr(at))) {
        if (fd_ < 0) return;
        at += used;
      }
      in_.erase(0, at);
    }
  }

  /// Takes one packet; its bytes, or 0 if it is not whole.
  std::size_t packet(std::string_view bytes) {
    std::size_t length = 0, head = 1;
    for (unsigned shift = 0;; shift += 7, ++head) {
      if (bytes.size() <= head) return 0;
      auto const byte = static_cast<unsigned char>(bytes[head]);
      length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) break;
    }
    ++head;
    if (bytes.size() < head + length) return 0;
    taken(static_cast<unsigned char>(bytes[0]), bytes.substr(head, length));
    return head + length;
  }

  void taken(unsigned first, std::string_view body) {
    switch (first >> 4U) {
      case 2: return welcomed(body.size() == 2 && body[1] == 0);
      case 3: return alarm(first, body);
      case 4: return acknowledged(static_cast<std::uint16_t>((static_cast<unsigned char>(body[0]) << 8U) | static_cast<unsigned char>(body[1])));
      case 9: up_ = true; return;
      default: return;
    }
  }

  void welcomed(bool good) {
    if (!good) {
      ++figures_.refused;
      return broken();
    }
    if (!story_) {
      std::string body("\0\1", 2);
      append_text(body, "alarms/#");
      body += '\0';
      append_packet(out_, 0x82, body);
      return write();
    }
    up_ = true;
    for (auto& flight : flights_) {
      flight.packet[0] = static_cast<char>(flight.packet[0] | 0x08);  // again
      out_ += flight.packet;
    }
    write();
  }

  void acknowledged(std::uint16_t id) {
    auto const found = std::find_if(flights_.begin(), flights_.end(), [&](Flight const& one) { return one.id == id; });
    if (found == flights_.end()) return;
    flights_.erase(found);
    ++figures_.acknowledged;
  }

  void alarm(unsigned first, std::string_view body) {
    if (body.size() < 2) return;
    std::size_t const topic_bytes = (static_cast<std::size_t>(static_cast<unsigned char>(body[0])) << 8U) | static_cast<unsigned char>(body[1]);
    std::string const topic(body.substr(2, topic_bytes));
    std::string const payload(body.substr(2 + topic_bytes + ((first & 0x06U) != 0 ? 2 : 0)));
    auto const dash = topic.rfind('-');
    Story::Alarm const one{std::atoll(topic.c_str() + dash + 1) - how_.first, std::atoll(payload.c_str())};
    figures_.heard.push_back(one);
    ++figures_.alarms;
    figures_.last_alarm_ms = now_ms();
    figures_.behind_ms.push_back(figures_.last_alarm_ms - one.at);
  }

  void broken() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    if (up_) ++figures_.reconnects;
    up_ = false;
    broken_ms_ = steady_us() / 1'000;
    if (how_.qos == 0) out_.clear();
  }

  Options const& how_;
  std::int64_t which_;
  int epoll_;
  Story* story_;
  Figures& figures_;
  std::vector<std::int64_t> devices_;
  std::int64_t share_ = 0, composed_ = 0, broken_ms_ = 0;
  std::deque<Flight> flights_;
  std::string in_, out_;
  std::uint16_t id_ = 0;
  int fd_ = -1;
  bool up_ = false;
};

void turn(int epoll, int timeout_ms) {
  epoll_event events[128];
  auto const n = ::epoll_wait(epoll, events, 128, timeout_ms);
  for (int i = 0; i < n; ++i) static_cast<Client*>(events[i].data.ptr)->happened(events[i].events);
}

Options read(int count, char** words) {
  Options out;
  std::map<std::string_view, std::int64_t*> const numbers{{"--devices", &out.devices}, {"--messages", &out.messages}, {"--connections", &out.connections}, {"--rate", &out.rate}, {"--window", &out.window},
                                                          {"--period", &out.period}, {"--first", &out.first}, {"--patience", &out.patience_s}};
  std::map<std::string_view, std::string*> const texts{{"--user", &out.user}, {"--password", &out.password}, {"--expected", &out.expected}};
  for (int i = 1; i < count; ++i) {
    std::string_view const word = words[i];
    bool const last = i + 1 == count;
    if (word == "--quiet") out.quiet = true;
    else if (word == "--alarms") out.alarms = true;
    else if (last) die("a word without its value");
    else if (word == "--port") out.port = std::atoi(words[++i]);
    else if (word == "--qos") out.qos = std::atoi(words[++i]);
    else if (auto const number = numbers.find(word); number != numbers.end()) *number->second = std::atoll(words[++i]);
    else if (auto const text = texts.find(word); text != texts.end()) *text->second = words[++i];
    else die("an unknown word");
  }
  return out;
}

/// How many alarms came that ought to, and how many others.
void compare(Story const& story, Figures& figures, std::int64_t& right, std::int64_t& wrong) {
  auto expected = story.expected();
  std::sort(expected.begin(), expected.end());
  std::sort(figures.heard.begin(), figures.heard.end());
  auto const unique = std::unique(figures.heard.begin(), figures.heard.end());
  std::vector<Story::Alarm> both;
  std::set_intersection(expected.begin(), expected.end(), figures.heard.begin(), unique, std::back_inserter(both));
  right = static_cast<std::int64_t>(both.size());
  wrong = figures.alarms - right;
}

std::int64_t at_share(std::vector<std::int64_t>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(static_cast<double>(values.size()) * share))];
}

}  // namespace

int main(int count, char** words) {
  auto const how = read(count, words);
  Story story(how);
  Figures figures;
  int const epoll = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::unique_ptr<Client>> clients;
  for (std::int64_t i = 0; i < how.connections; ++i) clients.push_back(std::make_unique<Client>(how, i, epoll, &story, figures));
  if (how.alarms) clients.push_back(std::make_unique<Client>(how, how.connections, epoll, nullptr, figures));
  for (auto& one : clients) one->open();
  auto const patience_us = how.patience_s * 1'000'000;
  for (auto const begin = steady_us(); !std::all_of(clients.begin(), clients.end(), [](auto const& one) { return one->is_up(); });) {
    turn(epoll, 10);
    for (auto& one : clients) one->look(0, steady_us());
    if (steady_us() - begin > patience_us || figures.refused > 0) die("nobody lets us in");
  }

  auto const began_ms = now_ms();
  auto const began_us = steady_us();
  std::int64_t last_sent_ms = 0, done_us = 0, changed_us = began_us, before = -1;
  for (;;) {
    auto const now = steady_us();
    for (auto& one : clients) one->look(began_us, now);
    turn(epoll, 1);
    if (last_sent_ms == 0 && figures.composed == how.messages) last_sent_ms = now_ms();
    if (done_us == 0 && std::all_of(clients.begin(), clients.end(), [](auto const& one) { return one->is_done(); })) done_us = steady_us();
    if (done_us != 0 && (!how.alarms || figures.alarms >= static_cast<std::int64_t>(story.expected().size()))) break;
    auto const progress = figures.composed + figures.acknowledged + figures.alarms;
    if (progress != before) changed_us = now;
    before = progress;
    if (now - changed_us > patience_us) break;
  }
  if (done_us == 0) done_us = steady_us();

  if (!how.expected.empty()) {
    auto* const file = std::fopen(how.expected.c_str(), "w");
    if (!file) die("the file for what is expected");
    for (auto const& one : story.expected()) std::fprintf(file, "B-%06lld %lld\n", static_cast<long long>(how.first + one.device), static_cast<long long>(one.at));
    std::fclose(file);
  }
  std::int64_t right = 0, wrong = 0;
  compare(story, figures, right, wrong);
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  auto const cpu = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  auto const p50 = at_share(figures.behind_ms, 0.5), p99 = at_share(figures.behind_ms, 0.99);
  std::printf(R"({"sent":%lld,"acknowledged":%lld,"reconnects":%lld,"began_ms":%lld,"last_sent_ms":%lld,"seconds":%.3f,"cpu_s":%.2f,"expected":%zu,"alarms":%lld,"right":%lld,"wrong":%lld,)"
              R"("last_alarm_ms":%lld,"p50_ms":%lld,"p99_ms":%lld})" "\n",
              static_cast<long long>(figures.composed), static_cast<long long>(figures.acknowledged), static_cast<long long>(figures.reconnects), static_cast<long long>(began_ms), static_cast<long long>(last_sent_ms),
              static_cast<double>(done_us - began_us) / 1e6, cpu, story.expected().size(), static_cast<long long>(figures.alarms), static_cast<long long>(right), static_cast<long long>(wrong),
              static_cast<long long>(figures.last_alarm_ms), static_cast<long long>(p50), static_cast<long long>(p99));
  return 0;
}
