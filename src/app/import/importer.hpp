#pragma once
// Taking in another system's file: pipelined, idempotent, and safe to break off at any moment.

#include <cstdint>
#include <filesystem>
#include <functional>

#include "app/import/mapping.hpp"
#include "catalogue/profile.hpp"
#include "core/result.hpp"
#include "store/db.hpp"

namespace zhili::app {

struct ImportPlan {
  std::filesystem::path file;
  std::filesystem::path rejects;  ///< made when the first row is rejected
  catalogue::Profile const* profile = nullptr;
  catalogue::Catalogue const* catalogue = nullptr;
  AreaNames areas = {};  ///< a name in the file that is not here leaves a case without an area
};

struct ImportOutcome {
  std::uint64_t rows = 0;
  std::uint64_t taken = 0;
  std::uint64_t known = 0;           ///< were here already
  std::uint64_t rejected = 0;        ///< in the file of rejects
  std::uint64_t contradictions = 0;  ///< taken, and marked
  std::uint64_t unknown_location = 0;
};

/// Share of the work that is done (0…1) and rows so far.
using ImportProgress = std::function<void(double share, std::uint64_t rows)>;

/// Reads the file twice: first to learn which coordinate is a default of the source's geocoder, then to take the rows
/// in. One thread reads and maps while another writes; each batch of `import_batch_rows` is one commit, so after a
/// kill -9 the same command goes on where the disk ends: rows that are there are known by source and number.
/// Memory is bounded whatever the size of the file. Errors: those of the file, the header and the store.
core::Result<ImportOutcome> import_file(store::Db& db, ImportPlan const& plan, ImportProgress const& progress);

inline constexpr std::size_t import_batch_rows = 2'000;
inline constexpr std::size_t import_queue_batches = 4;

}  // namespace zhili::app
