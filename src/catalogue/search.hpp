#pragma once
// Finding an item by what people say.

#include <memory>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.hpp"

namespace zhili::catalogue {

/// An index in memory over names, words and conditions. Thread-safe: look-ups wait for each other.
class Search {
 public:
  explicit Search(std::vector<Item const*> const& items);
  ~Search();
  std::vector<Hit> find(std::string_view query, SearchOptions const& options) const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace zhili::catalogue
