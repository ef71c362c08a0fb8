#pragma once
// The payload of an entry, as JSON: what the entries of signals and of cases share.

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace zhili::respond {

/// Each writes only what is there: an empty text and a 0 are left out.
void put(boost::json::object& out, std::string_view key, std::string const& value);
void put(boost::json::object& out, std::string_view key, std::int64_t value);
void put(boost::json::object& out, std::string_view key, std::optional<core::Instant> const& at);
void put(boost::json::object& out, std::string_view key, std::vector<std::string> const& values);
/// Each step as [clock, op, at (0: `event_at`), unit, budget, consumed, reason, by]; the last two only of a pause.
void put(boost::json::object& out, std::string_view key, std::vector<core::ClockStep> const& steps, core::Instant event_at);

/// Reads known fields and remembers whether one had another type. A field that is not there is empty. Lives as long as
/// the object.
class Payload {
 public:
  explicit Payload(boost::json::object const& object) : object_(object) {}
  bool bad() const { return bad_; }
  void is_bad() { bad_ = true; }

  bool has(char const* key) const;
  std::string text(char const* key) { return text(find(key)); }
  std::int64_t number(char const* key) { return number(find(key)); }
  std::optional<core::Instant> instant(char const* key);
  std::vector<std::string> texts(char const* key) { return texts(find(key)); }
  std::vector<core::ClockStep> steps(char const* key, core::Instant event_at);
  boost::json::array const* array(char const* key);
  boost::json::object const* object(char const* key);

  // of a value that was found otherwise; null: it is not there
  std::string text(boost::json::value const* value);
  std::int64_t number(boost::json::value const* value);
  std::vector<std::string> texts(boost::json::value const* value);

 private:
  boost::json::value const* find(char const* key) const;
  core::ClockStep step(boost::json::value const& value, core::Instant event_at);

  boost::json::object const& object_;
  bool bad_ = false;
};

/// The object of an entry. Errors: corrupt (`key` and `of` say whose entry it is).
core::Result<boost::json::object> parse_payload(std::string_view payload, char const* key, core::Text const& of);
/// An entry that is not as this program writes it.
tl::unexpected<core::Error> bad_payload(char const* key, core::Text const& of, std::string detail);

}  // namespace zhili::respond
