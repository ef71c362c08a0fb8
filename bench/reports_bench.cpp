// How long the monthly report of the demo city's district takes, with the cases of a year: its figures, and its pages.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "app/service.hpp"
#include "assure/reports/document.hpp"

namespace {

using namespace zhili;
namespace fs = std::filesystem;
namespace reports = assure::reports;

constexpr int cases_of_the_year = 120'000;  // a district of half a million people
constexpr double reach_s = 2;               // for figures and PDF together

[[noreturn]] void give_up(core::Error const& error) {
  fmt::print(stderr, "{} {}\n", error.text.en, error.detail);
  std::exit(1);
}

/// The program on a directory with the demo city and a year of cases, which goes when the benchmark ends.
class City {
 public:
  City() : folder_(fs::temp_directory_path() / fmt::format("zhili-bench-{}", getpid())) {
    auto const fill = fs::read_symlink("/proc/self/exe").parent_path() / "../bench-tools/fill";
    fs::create_directories(folder_);
    if (std::system(fmt::format("{} {} {} > /dev/null", fill.string(), folder_.string(), cases_of_the_year).c_str()) != 0) std::exit(1);
    app::CommonOptions options;
    options.data = folder_.string();
    auto opened = app::Service::open(options, time_, time_);
    if (!opened) give_up(opened.error());
    service_ = std::move(*opened);
    service_->count_and_publish(time_.now());  // reports are written from what is counted
  }
  ~City() {
    service_.reset();
    fs::remove_all(folder_);
  }
  City(City const&) = delete;
  app::Service& service() { return *service_; }
  std::string district() {
    for (auto const& area : service_->places().now()->city().areas)
      if (area.level == "district") return area.code;
    return {};
  }

 private:
  fs::path folder_;
  core::SystemTime time_;
  std::unique_ptr<app::Service> service_;
};

City& city() {
  static City out;
  return out;
}

std::int64_t drafted() {
  auto const id = city().service().reports().draft({.form = "monthly", .scope = {.area = city().district()}}, {.ref = "staff:bench", .editor = true});
  if (!id) give_up(id.error());
  return *id;
}

/// Counted, composed, and kept on the disk.
void monthly_figures(benchmark::State& state) {
  city();
  for (auto _ : state) benchmark::DoNotOptimize(drafted());
  state.SetLabel(fmt::format("{} cases; reach {} s with the PDF", cases_of_the_year, reach_s));
}
BENCHMARK(monthly_figures)->Unit(benchmark::kMillisecond);

void monthly_pdf(benchmark::State& state) {
  auto const id = drafted();
  auto const kept = city().service().db().read([&](store::Reader& r) { return reports::Desk::version(r, id, 1).value(); }).value();
  auto const document = reports::document_from(kept.document).value();
  auto const lang = state.range(0) == 0 ? core::Lang::zh : core::Lang::en;
  std::size_t bytes = 0;
  for (auto _ : state) bytes = reports::to_pdf(document, lang).value().size();
  state.counters["KiB"] = static_cast<double>(bytes) / 1024;
  state.SetLabel(lang == core::Lang::zh ? "Chinese" : "English");
}
BENCHMARK(monthly_pdf)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
