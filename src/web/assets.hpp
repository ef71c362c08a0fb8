#pragma once
// The web application, served from memory.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "web/http.hpp"

namespace zhili::web {

/// Files by their path ("index.html", "assets/main-Bx3kfd01.js"), each packed once when it is added.
class Assets {
 public:
  void add(std::string path, std::string bytes);
  /// Every file below a folder. Errors: not_found (no such folder), unavailable (a file cannot be read).
  static core::Result<Assets> load(std::filesystem::path const& folder);

  struct File {
    std::string type;
    std::string tag;                   ///< of the content
    bool is_named_by_content = false;  ///< the name changes with the content: may be kept for ever
    std::shared_ptr<std::string const> plain;
    std::shared_ptr<std::string const> packed;  ///< gzip; none where it does not help
  };
  File const* find(std::string_view path) const;
  bool empty() const { return files_.empty(); }

 private:
  std::map<std::string, File, std::less<>> files_;
};

/// Serves GET of everything that no other route takes: a file, or for a path without an extension that is no
/// interface of ours the application itself (index.html), which shows the page of that path.
void mount_assets(Router& router, std::shared_ptr<Assets const> assets);

}  // namespace zhili::web
