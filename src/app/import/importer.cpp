#include "app/import/importer.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "app/import/batch_queue.hpp"
#include "sheet/csv_reader.hpp"
#include "app/import/mapping.hpp"
#include "app/import/source_file.hpp"
#include "respond/history/record.hpp"
#include "sense/places/default_geocode.hpp"

namespace zhili::app {

namespace {

using core::Errc;
using core::fail;
using respond::history::Remembered;

/// A file opened for mapping: its header read, its columns found.
struct Rows {
  std::unique_ptr<SourceFile> file;
  sheet::CsvReader csv;
  Mapping mapping;

  static core::Result<Rows> open(ImportPlan const& plan) {
    ZHILI_TRY(auto opened, SourceFile::open(plan.file));
    auto file = std::make_unique<SourceFile>(std::move(opened));
    sheet::CsvReader csv([f = file.get()](char* to, std::size_t bytes) { return f->read({to, bytes}); }, plan.profile->delimiter);
    sheet::CsvRecord header;
    ZHILI_TRY(bool const any, csv.next(header));
    if (!any) return fail(Errc::invalid, "import.empty", {"文件是空的。", "The file is empty."}, "FILE");
    ZHILI_TRY(auto mapping, Mapping::make(*plan.profile, *plan.catalogue, plan.areas, header.fields));
    return Rows{std::move(file), std::move(csv), std::move(mapping)};
  }

  double share() const {
    return file->size() == 0 ? 1 : static_cast<double>(file->position()) / static_cast<double>(file->size());
  }
};

/// Rows that could not be taken, with the reason: a CSV file that is made when the first one comes.
class Rejects {
 public:
  explicit Rejects(std::filesystem::path path) : path_(std::move(path)) { std::filesystem::remove(path_); }

  void add(std::uint64_t line, core::Error const& why, std::string_view raw) {
    if (!out_.is_open()) {
      out_.open(path_, std::ios::binary | std::ios::trunc);
      out_ << "line,field,reason_zh,reason_en,row\n";
    }
    out_ << line << ',' << quoted(why.field) << ',' << quoted(why.text.zh) << ',' << quoted(why.text.en) << ','
         << quoted(raw) << '\n';
    ++count_;
  }
  std::uint64_t count() const { return count_; }
  core::Result<> finish() {
    if (!out_.is_open()) return {};
    out_.close();
    if (out_.fail())
      return fail(Errc::unavailable, "import.rejects",
                  {fmt::format("写不了退回文件 {}。请检查空间和权限。", path_.string()),
                   fmt::format("Cannot write the file of rejects {}. Check space and permissions.", path_.string())});
    return {};
  }

 private:
  static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    return out + '"';
  }
  std::filesystem::path path_;
  std::ofstream out_;
  std::uint64_t count_ = 0;
};

struct Batch {
  std::vector<Remembered> cases;
  double share = 0;
  std::uint64_t rows = 0;
};

using DefaultPlaces = std::set<core::LatLon>;

core::Result<DefaultPlaces> find_default_geocodes(ImportPlan const& plan, ImportProgress const& progress,
                                                                   double weight) {
  ZHILI_TRY(auto rows, Rows::open(plan));
  sense::places::PlaceCounter counter;
  sheet::CsvRecord record;
  for (;;) {
    auto const got = rows.csv.next(record);
    if (!got) {
      if (got.error().code == Errc::invalid) continue;  // the second reading rejects it
      return fail(got.error());
    }
    if (!*got) break;
    if (auto const found = rows.mapping.place_and_type(record)) counter.add(found->place, found->type);
    if (record.line % 1024 == 0) progress(rows.share() * weight, 0);
  }
  DefaultPlaces out;
  sense::places::DefaultGeocodeRule rule;
  rule.share_min = plan.profile->default_geocode_share;
  for (auto const& found : sense::places::default_geocodes(counter.counts(), counter.types_in_all(), rule)) {
    out.insert(found.at);
    spdlog::info("import: {}", found.because.en);
  }
  return out;
}

/// The reading side: maps rows into batches until the file ends or the queue is closed.
class ReadingSide {
 public:
  ReadingSide(Rows rows, Rejects& rejects, DefaultPlaces const& defaults, BatchQueue<Batch>& queue)
      : rows_(std::move(rows)), rejects_(rejects), defaults_(defaults), queue_(queue) {}

  core::Result<> run() {
    sheet::CsvRecord record;
    Batch batch;
    for (;;) {
      auto const got = rows_.csv.next(record);
      if (!got) {
        if (got.error().code != Errc::invalid) return fail(got.error());
        reject(record.line, got.error(), {});
        continue;
      }
      if (!*got) break;
      ++count_;
      auto mapped = rows_.mapping.row(record);
      if (!mapped) {
        reject(record.line, mapped.error(), record.raw);
        continue;
      }
      if (mapped->place && defaults_.contains(*mapped->place)) mapped->location_unknown = true;
      batch.cases.push_back(std::move(*mapped));
      if (batch.cases.size() == import_batch_rows && !hand_over(batch)) return {};
    }
    hand_over(batch);
    return {};
  }

 private:
  void reject(std::uint64_t line, core::Error const& why, std::string_view raw) { rejects_.add(line, why, raw); }
  bool hand_over(Batch& batch) {
    batch.share = rows_.share();
    batch.rows = count_;
    bool const taken = queue_.push(std::exchange(batch, {}));
    batch.cases.reserve(import_batch_rows);
    return taken;
  }

  Rows rows_;
  Rejects& rejects_;
  DefaultPlaces const& defaults_;
  BatchQueue<Batch>& queue_;
  std::uint64_t count_ = 0;
};

core::Result<> write_batch(store::Db& db, respond::history::Recorder const& recorder, Batch const& batch, ImportOutcome& total) {
  ImportOutcome part;
  std::vector<std::string> numbers;
  for (auto const& remembered : batch.cases) numbers.push_back(remembered.number);
  auto written = db.write([&](store::Writer& writer) -> core::Result<> {
    part = {};
    auto known = recorder.known(writer, numbers);
    for (auto const& remembered : batch.cases) {
      if (!known.insert(remembered.number).second) {  // a number may stand twice in one file
        ++part.known;
        continue;
      }
      recorder.record(writer, remembered);
      ++part.taken;
      part.contradictions += remembered.contradiction ? 1 : 0;
      part.unknown_location += remembered.location_unknown ? 1 : 0;
    }
    return {};
  });
  ZHILI_CHECK(std::move(written));
  total.taken += part.taken;
  total.known += part.known;
  total.contradictions += part.contradictions;
  total.unknown_location += part.unknown_location;
  total.rows = batch.rows;
  return {};
}

core::Result<> journal(store::Db& db, ImportPlan const& plan, core::EventKind kind, ImportOutcome const& outcome) {
  boost::json::object payload{{"file", plan.file.filename().string()}, {"profile", plan.profile->name}};
  if (kind == core::EventKind::import_finished) {
    payload["rows"] = outcome.rows;
    payload["taken"] = outcome.taken;
    payload["known"] = outcome.known;
    payload["rejected"] = outcome.rejected;
  }
  return db.write([&](store::Writer& writer) -> core::Result<> {
    writer.append({.kind = kind, .actor = plan.profile->actor, .payload = boost::json::serialize(payload)});
    return {};
  });
}

}  // namespace

core::Result<ImportOutcome> import_file(store::Db& db, ImportPlan const& plan, ImportProgress const& progress) {
  constexpr double first_pass_share = 0.1;
  ZHILI_TRY(auto const defaults, find_default_geocodes(plan, progress, first_pass_share));
  ZHILI_TRY(auto rows, Rows::open(plan));
  ZHILI_CHECK(journal(db, plan, core::EventKind::import_started, {}));
  Rejects rejects(plan.rejects);
  BatchQueue<Batch> queue(import_queue_batches);
  ReadingSide reading(std::move(rows), rejects, defaults, queue);
  core::Result<> read_outcome;
  std::thread reader([&] {
    read_outcome = reading.run();
    queue.close();
  });
  ImportOutcome outcome;
  core::Result<> write_outcome;
  respond::history::Recorder const recorder(plan.profile->name, plan.profile->actor);
  while (auto batch = queue.pop()) {
    write_outcome = write_batch(db, recorder, *batch, outcome);
    if (!write_outcome) break;
    progress(first_pass_share + (1 - first_pass_share) * batch->share, outcome.rows);
  }
  queue.close();
  reader.join();
  ZHILI_CHECK(std::move(write_outcome));
  ZHILI_CHECK(std::move(read_outcome));
  ZHILI_CHECK(rejects.finish());
  outcome.rejected = rejects.count();
  ZHILI_CHECK(journal(db, plan, core::EventKind::import_finished, outcome));
  return outcome;
}

}  // namespace zhili::app
