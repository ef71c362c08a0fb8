#include "support/temp_db.hpp"

#include <stdlib.h>
#include <string.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/postgres_cluster.hpp"

namespace zhili::test {

TempFolder::TempFolder() {
  char name[] = "/tmp/zhili-test-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int files_with(std::filesystem::path const& folder, std::string_view bytes) {
  int out = 0;
  for (auto const& file : std::filesystem::recursive_directory_iterator(folder)) {
    // A server at work takes files away meanwhile: one that is gone has nothing in it.
    std::error_code gone;
    if (!file.is_regular_file(gone)) continue;
    auto const size = std::filesystem::file_size(file.path(), gone);
    if (gone) continue;
    std::string content(size, '\0');
    std::ifstream in(file.path(), std::ios::binary);
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    // A server's log of some hundred megabytes is looked through: the C library does it at full speed in every build.
    if (::memmem(content.data(), content.size(), bytes.data(), bytes.size())) ++out;
  }
  return out;
}

std::string name_of(Engine engine) {
  return engine == Engine::sqlite ? "sqlite" : "postgresql";
}

TempDb::TempDb(Engine engine)
    : url_(engine == Engine::sqlite ? "sqlite:" + folder_.path().string()
                                    : PostgresCluster::get().new_database()) {
  open();
}

void TempDb::open() {
  db_.reset();
  auto db = store::Db::open(options(), time);
  if (!db) throw std::runtime_error(db.error().text.en + " " + db.error().detail);
  db_ = std::move(*db);
}

}  // namespace zhili::test
