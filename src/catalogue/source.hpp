#pragma once
// The files of a pack as text: on the disk, or kept in the database.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "catalogue/finding.hpp"
#include "catalogue/yaml.hpp"

namespace zhili::catalogue {

inline constexpr std::size_t max_pack_bytes = 8 * 1024 * 1024;
inline constexpr std::string_view pack_file = "pack.yaml";

/// Text of each file by its path below the pack's folder; always has pack.yaml when it was read without a
/// finding.
struct Source {
  std::map<std::string, std::string> files;
  /// SHA-256 over names and texts, hexadecimal.
  std::string digest() const;
  /// One JSON object, path → text; and back (empty where the text is no such object).
  std::string to_json() const;
  static Source from_json(std::string_view text);
};

/// Reads pack.yaml and what it includes from the disk. Links that lead out of the folder are not followed.
Source read_source(std::filesystem::path const& folder, std::vector<Finding>& findings);

/// The paths under `include` of a pack.yaml, with where they stand.
std::vector<Node const*> includes(Node const& head);

}  // namespace zhili::catalogue
