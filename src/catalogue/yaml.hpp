#pragma once
// YAML without its traps: a tree that knows where each word stands.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/finding.hpp"

namespace zhili::catalogue {

inline constexpr std::size_t max_file_bytes = 1024 * 1024;
inline constexpr std::size_t max_line_bytes = 2000;
inline constexpr std::size_t max_scalar_bytes = 2000;
inline constexpr std::size_t max_key_bytes = 100;
inline constexpr std::size_t max_depth_levels = 16;
inline constexpr std::size_t max_nodes = 100'000;

/// One value of a file. Maps keep the order of the file.
struct Node {
  enum class Type : std::uint8_t { null, scalar, list, map };
  Type type = Type::null;
  bool quoted = false;     ///< scalars: in quotes or a block, so never a number
  std::string text;        ///< scalars: exactly as written
  std::string file;        ///< relative to the pack's folder
  int line = 0;            ///< from 1
  int column = 0;          ///< from 1, in characters
  std::vector<Node> keys;  ///< maps only, beside children
  std::vector<Node> children;

  bool is_map() const { return type == Type::map; }
  bool is_list() const { return type == Type::list; }
  bool is_scalar() const { return type == Type::scalar; }
  /// The value of a key, or null. Linear: packs are small.
  Node const* get(std::string_view key) const;
  /// The text of a scalar under a key; empty where there is none.
  std::string_view str(std::string_view key) const;
};

/// Whether a plain word is a number to YAML readers ("0102" too, which some read as 66).
bool looks_like_number(std::string_view text);

/// Reads one document. Refused with a finding each: NUL, control and hidden characters, broken UTF-8, tabs as
/// indent, two documents, anchors, aliases, tags, duplicate and non-text keys, yes/no/on/off, and what is
/// over the limits. The tree is empty (null) where the text could not be understood at all. Never throws.
/// Fuzzed.
Node read_yaml(std::string_view text, std::string const& file, std::vector<Finding>& findings);

}  // namespace zhili::catalogue
