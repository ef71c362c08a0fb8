#pragma once
// A PostgreSQL server of one's own, for tests.

#include <filesystem>
#include <string>

namespace zhili::test {

/// Starts PostgreSQL 15 in a temporary folder, on a Unix socket only, once for a test program, and stops it
/// at the end. It runs as the user `postgres` when the tests run as root. A missing PostgreSQL throws: no
/// test is skipped in silence.
class PostgresCluster {
 public:
  /// The one cluster of this program.
  static PostgresCluster& get();
  /// A new, empty database; gives its url.
  std::string new_database();
  /// Stops the server as a power cut would, and starts it again.
  void crash_and_restart();
  /// Where the server keeps its files.
  std::filesystem::path const& folder() const { return folder_; }
  void stop();
  void start();
  ~PostgresCluster();
  PostgresCluster(PostgresCluster const&) = delete;
  PostgresCluster& operator=(PostgresCluster const&) = delete;

 private:
  PostgresCluster();
  void command(std::string const& program_and_arguments) const;

  std::filesystem::path folder_;
  std::filesystem::path programs_;
  std::string as_user_;
  int databases_ = 0;
};

}  // namespace zhili::test
