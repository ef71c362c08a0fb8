#pragma once
// A database for one test, on either engine.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "store/db.hpp"

namespace zhili::test {

/// A folder that goes away with it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(TempFolder const&) = delete;
  TempFolder& operator=(TempFolder const&) = delete;
  std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

enum class Engine { sqlite, postgresql };
/// "sqlite" / "postgresql": for INSTANTIATE_TEST_SUITE_P.
std::string name_of(Engine engine);

/// How many files under `folder` hold these bytes.
int files_with(std::filesystem::path const& folder, std::string_view bytes);

/// An empty database with the schema, and a clock that the test moves. Throws std::runtime_error.
class TempDb {
 public:
  explicit TempDb(Engine engine = Engine::sqlite);
  store::Db& operator*() { return *db_; }
  store::Db* operator->() { return db_.get(); }
  /// Closes, as a program that ends.
  void close() { db_.reset(); }
  void open();
  store::Options options() const { return {.url = url_}; }
  std::filesystem::path const& folder() const { return folder_.path(); }

  core::ManualTime time{core::from_ms(1'763'712'000'000)};  // 2025-11-21T08:00:00Z

 private:
  TempFolder folder_;
  std::string url_;
  std::unique_ptr<store::Db> db_;
};

}  // namespace zhili::test
