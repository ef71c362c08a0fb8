#include "web/live/hub.hpp"

#include <fmt/format.h>

#include <utility>

#include "bus/follow.hpp"

namespace zhili::web::live {

using core::Errc;
using core::fail;

namespace {

std::string text_of(Event const& event) { return fmt::format("id: {}\ndata: {}\n\n", event.seq, event.json); }

/// Moves a listener's place without telling anything: a browser keeps the id of an event without data.
std::string place_text(store::Seq seq) { return fmt::format(": \nid: {}\n\n", seq); }

constexpr std::string_view reset_text = "event: reset\ndata: {}\n\n";
constexpr std::string_view greeting = "retry: 3000\n";

/// Parts that cannot be mistaken for each other: two filters of one key would be one group.
std::string key_of(Filter const& filter, Caller const* caller) {
  auto key = fmt::format("{}\n{}\n{}\n", caller ? caller->ref() : std::string(), filter.area, filter.case_id);
  for (auto const* list : {&filter.items, &filter.kinds}) {
    key += fmt::format("{};", list->size());
    for (auto const& one : *list) key += fmt::format("{}:{}", one.size(), one);
  }
  return key;
}

}  // namespace

/// One who listens: what waits for the client, or the client that waits.
struct Hub::Listener {
  explicit Listener(SteadyTime until) : over_at(until) {}

  SteadyTime const over_at;
  std::mutex mutex;
  Stream::Give asked;
  std::deque<Stream::Piece> waiting;
  std::size_t bytes = 0;
  bool over = false;

  void ask(Stream::Give give) {
    std::unique_lock lock(mutex);
    if (waiting.empty() && !over) {
      asked = std::move(give);
      return;
    }
    Stream::Piece next;
    if (!waiting.empty()) {
      next = std::move(waiting.front());
      waiting.pop_front();
      bytes -= next->size();
    }
    lock.unlock();
    give(std::move(next));
  }

  /// False: it is let go, because it does not take what it is sent.
  bool push(Stream::Piece const& piece) {
    std::unique_lock lock(mutex);
    if (over) return true;
    if (asked) {
      auto const give = std::exchange(asked, {});
      lock.unlock();
      give(piece);
      return true;
    }
    bytes += piece->size();
    waiting.push_back(piece);
    if (bytes <= listener_waiting_bytes_max) return true;
    waiting.clear();
    over = true;
    return false;
  }

  void end() {
    std::unique_lock lock(mutex);
    over = true;
    auto const give = std::exchange(asked, {});
    lock.unlock();
    if (give) give(nullptr);
  }
};

struct Hub::Group {
  Filter filter;
  std::optional<Caller> caller;
  std::vector<std::weak_ptr<Listener>> listeners;

  bool hears(Event const& event) const { return filter.wants(event) && may_hear(event, caller ? &*caller : nullptr); }

  /// Sends the piece to all; lets go of those who are gone or over. Gives how many were dropped.
  std::uint64_t send(Stream::Piece const& piece) {
    std::uint64_t dropped = 0;
    std::erase_if(listeners, [&](auto const& weak) {
      auto const listener = weak.lock();
      if (!listener) return true;
      if (listener->push(piece)) return false;
      ++dropped;
      return true;
    });
    return dropped;
  }

  void end_those_over(SteadyTime now) {
    std::erase_if(listeners, [&](auto const& weak) {
      auto const listener = weak.lock();
      if (listener && now >= listener->over_at) listener->end();
      return !listener || now >= listener->over_at;
    });
  }
};

/// What somebody missed, up to a place.
struct Hub::Caught {
  std::string text = {};
  store::Seq place = 0;
};

Hub::Hub(ApiParts parts) : parts_(std::move(parts)) {}
Hub::~Hub() = default;

std::size_t Hub::listeners() const {
  std::lock_guard const lock(mutex_);
  return listeners_;
}

std::uint64_t Hub::dropped() const {
  std::lock_guard const lock(mutex_);
  return dropped_;
}

/// From where on events are told: whoever listens before the first tick would else miss what lies between.
core::Result<> Hub::begin() {
  {
    std::lock_guard const lock(mutex_);
    if (begun_) return {};
  }
  ZHILI_TRY(auto const last, parts_.db->read([](store::Reader& reader) { return store::last_seq(reader); }));
  std::lock_guard const lock(mutex_);
  if (!std::exchange(begun_, true)) place_ = remembered_after_ = last;
  return {};
}

/// Reads on from the ledger until the rest is remembered.
core::Result<> Hub::catch_up(Caught& out, Filter const& filter, Caller const* caller) {
  for (std::size_t seen = 0;;) {
    {
      std::lock_guard const lock(mutex_);
      if (out.place >= remembered_after_) return {};
    }
    if (seen >= resume_entries_max) {
      std::lock_guard const lock(mutex_);
      out = {std::string(reset_text), place_};
      return {};
    }
    ZHILI_TRY(auto const events, parts_.db->read([&](store::Reader& reader) {
      auto const entries = store::entries_after(reader, out.place, bus::batch_entries_max);
      seen += entries.size();
      if (!entries.empty()) out.place = entries.back().seq;
      return events_of(reader, entries, parts_);
    }));
    for (auto const& event : events)
      if (filter.wants(event) && may_hear(event, caller)) out.text += text_of(event);
    if (out.text.size() > listener_waiting_bytes_max) seen = resume_entries_max;
  }
}

core::Result<std::shared_ptr<Stream const>> Hub::listen(Filter const& filter, std::optional<Caller> caller,
                                                        std::optional<store::Seq> from, SteadyTime now) {
  auto const* who = caller ? &*caller : nullptr;
  ZHILI_CHECK(begin());
  Caught caught{{}, from.value_or(0)};
  if (from) ZHILI_CHECK(catch_up(caught, filter, who));
  auto const listener = std::make_shared<Listener>(caller ? now + staff_listen_min : SteadyTime::max());
  std::unique_lock lock(mutex_);
  while (from && caught.place < remembered_after_) {  // so much happened meanwhile that a part of it is remembered no more
    lock.unlock();
    ZHILI_CHECK(catch_up(caught, filter, who));
    lock.lock();
  }
  if (listeners_ >= listeners_max)
    return fail(Errc::busy, "events.listeners", {"正在收听的人太多，请稍后再来。", "Too many are listening; come again shortly."});
  auto text = std::string(greeting) + caught.text;
  if (from)
    for (auto const& event : remembered_)
      if (event.seq > caught.place && filter.wants(event) && may_hear(event, who)) text += text_of(event);
  text += place_text(from ? std::max(place_, *from) : place_);
  listener->push(std::make_shared<std::string const>(std::move(text)));
  auto& group = groups_[key_of(filter, who)];
  group.filter = filter;
  group.caller = std::move(caller);  // as the newest session has it
  group.listeners.push_back(listener);
  ++listeners_;
  return std::make_shared<Stream const>(Stream{.wait = [listener](Stream::Give give) { listener->ask(std::move(give)); }});
}

void Hub::tell(std::vector<Event> const& events) {
  std::vector<std::string> texts;
  texts.reserve(events.size());
  for (auto const& event : events) texts.push_back(text_of(event));
  for (auto& [key, group] : groups_) {
    std::string text;
    for (std::size_t i = 0; i < events.size(); ++i)
      if (group.hears(events[i])) text += texts[i];
    if (!text.empty()) dropped_ += group.send(std::make_shared<std::string const>(std::move(text)));
  }
  for (auto const& event : events) remembered_.push_back(event);
  while (remembered_.size() > remembered_events_max) {
    remembered_after_ = remembered_.front().seq;
    remembered_.pop_front();
  }
}

void Hub::beat() {
  auto const piece = std::make_shared<std::string const>(place_text(place_));
  for (auto& [key, group] : groups_) dropped_ += group.send(piece);
}

core::Result<> Hub::tick(SteadyTime now) {
  ZHILI_CHECK(begin());
  for (bool more = true; more;) {
    struct Read {
      std::vector<Event> events;
      store::Seq place = 0;
      bool more = false;
    };
    ZHILI_TRY(auto const read, parts_.db->read([&](store::Reader& reader) {
      auto const entries = store::entries_after(reader, place_, bus::batch_entries_max);
      return Read{events_of(reader, entries, parts_), entries.empty() ? place_ : entries.back().seq, entries.size() == bus::batch_entries_max};
    }));
    more = read.more;
    std::lock_guard const lock(mutex_);
    if (!read.events.empty()) tell(read.events);
    place_ = read.place;
  }
  std::lock_guard const lock(mutex_);
  if (now >= next_beat_) {
    beat();
    next_beat_ = now + heartbeat_s;
  }
  listeners_ = 0;
  for (auto& [key, group] : groups_) {
    group.end_those_over(now);
    listeners_ += group.listeners.size();
  }
  std::erase_if(groups_, [](auto const& one) { return one.second.listeners.empty(); });
  return {};
}

}  // namespace zhili::web::live
