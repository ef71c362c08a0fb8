#pragma once
// Inside of rules: states as bytes.

#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace zhili::respond::rules {

template <class T>
void put(std::string& out, T const& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<char const*>(&value), sizeof value);
}

/// False where too little is left.
template <class T>
bool get(std::string_view& bytes, T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof value) return false;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return true;
}

inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}
inline bool get_text(std::string_view& bytes, std::string_view& text) {
  std::uint32_t size = 0;
  if (!get(bytes, size) || bytes.size() < size) return false;
  text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

}  // namespace zhili::respond::rules
