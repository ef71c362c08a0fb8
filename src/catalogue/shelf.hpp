#pragma once
// Packs beside each other in one folder, each read once.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "catalogue/finding.hpp"
#include "catalogue/pack_reader.hpp"
#include "catalogue/source.hpp"

namespace zhili::catalogue {

struct ShelfEntry {
  Source source;
  Draft draft;
  std::vector<Finding> findings;
  bool reading = true;  ///< guards against packs that need each other
};

/// Reads packs with everything that they need. Pointers stay good as long as the shelf.
class Shelf {
 public:
  explicit Shelf(std::filesystem::path root) : root_(std::move(root)) {}

  /// Reads a pack once; null where a needed pack is not there or is being read just now (a circle).
  ShelfEntry const* read(std::string const& name);
  /// Names in the order in which they were finished: needs first.
  std::vector<std::string> const& order() const { return order_; }

 private:
  std::filesystem::path root_;
  std::map<std::string, std::unique_ptr<ShelfEntry>> entries_;
  std::vector<std::string> order_;
};

/// A checked pack with the text that it was read from.
struct ReadPack {
  Source source;
  Pack pack;
};

/// Packs by name with everything that they need, needs first. Errors as read_packs.
core::Result<std::vector<ReadPack>> read_sources(std::filesystem::path const& root,
                                                 std::vector<std::string> const& names);

}  // namespace zhili::catalogue
