#pragma once
// Streams and devices as the intake remembers them. Inside of ingest only. Not thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sense/ingest/check.hpp"
#include "sense/ingest/stream_facts.hpp"
#include "sense/ingest/throttle.hpp"

namespace zhili::sense::ingest {

class StreamTable {
 public:
  struct Stream {
    StreamFact fact;
    StreamState state = {};
    bool seeded = false;  ///< the store was asked for its last reading
  };
  struct Device {
    DeviceFact fact;
    TokenBucket bucket = {};
    double wanted = 1;  ///< by the last that was refused
  };

  /// What is remembered of the stream stays, unless values are now of another kind or unit.
  void put(StreamFact fact);
  void put(DeviceFact fact);
  void forget_stream(std::int64_t datastream);
  void forget_device(std::int64_t device);
  void clear();

  /// Null: there is none. Good until it is forgotten.
  Stream* find(std::int64_t datastream);
  Stream const* find(std::int64_t datastream) const;
  /// Made with what holds for every device, if nothing else is known.
  Device& device(std::int64_t device);
  std::int64_t named(std::int64_t device, std::string_view stream) const;
  std::int64_t device_with(std::string_view serial) const;

 private:
  struct Name {
    std::int64_t device;
    std::string stream;
  };
  struct NameView {
    std::int64_t device;
    std::string_view stream;
  };
  struct HashOfName {
    using is_transparent = void;
    std::size_t operator()(NameView const& of) const { return std::hash<std::string_view>()(of.stream) ^ (static_cast<std::size_t>(of.device) * 0x9E3779B97F4A7C15U); }
    std::size_t operator()(Name const& of) const { return (*this)(NameView{of.device, of.stream}); }
  };
  struct SameName {
    using is_transparent = void;
    static NameView view(Name const& of) { return {of.device, of.stream}; }
    static NameView view(NameView const& of) { return of; }
    template <class A, class B>
    bool operator()(A const& a, B const& b) const {
      return view(a).device == view(b).device && view(a).stream == view(b).stream;
    }
  };
  struct HashOfText {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  std::unordered_map<std::int64_t, Stream> streams_;
  std::unordered_map<std::int64_t, Device> devices_;
  std::unordered_map<Name, std::int64_t, HashOfName, SameName> names_;
  std::unordered_map<std::string, std::int64_t, HashOfText, std::equal_to<>> serials_;
};

}  // namespace zhili::sense::ingest
