#pragma once
// Asking for several rows at once.

#include <algorithm>
#include <string>
#include <vector>

#include "store/db.hpp"

namespace zhili::store {

/// " IN (?,?,…)" for one or more values, which are appended to `args`. The number of marks is rounded up to a
/// power of four, and the last value repeated, so that the texts are few and each is prepared once.
template <class T>
std::string among(std::vector<T> const& values, std::vector<Value>& args) {
  std::size_t marks = 1;
  while (marks < values.size()) marks *= 4;
  std::string out = " IN (?";
  for (std::size_t i = 1; i < marks; ++i) out += ",?";
  for (std::size_t i = 0; i < marks; ++i) args.emplace_back(values[std::min(i, values.size() - 1)]);
  return out + ")";
}

}  // namespace zhili::store
