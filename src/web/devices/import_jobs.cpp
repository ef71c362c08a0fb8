#include "web/devices/import_jobs.hpp"

#include <algorithm>

#include "organise/people/password.hpp"

namespace zhili::web {

namespace {

constexpr std::size_t name_characters = 22;

}  // namespace

void ImportJobs::forget(core::Instant now) {
  auto const over = [&](auto const& one) { return !one.second->running && one.second->begun + import_remembered <= now; };
  std::erase_if(jobs_, over);
  while (jobs_.size() >= import_jobs_remembered_max) {
    auto oldest = jobs_.end();
    for (auto at = jobs_.begin(); at != jobs_.end(); ++at)
      if (!at->second->running && (oldest == jobs_.end() || at->second->begun < oldest->second->begun)) oldest = at;
    if (oldest == jobs_.end()) return;
    jobs_.erase(oldest);
  }
}

core::Result<std::string> ImportJobs::start(sense::devices::DeviceDesk& desk, std::string file, sense::devices::ImportOptions options, std::string actor, core::Instant now) {
  std::lock_guard const lock(mutex_);
  forget(now);
  auto const running = std::ranges::count_if(jobs_, [](auto const& one) { return one.second->running.load(); });
  if (static_cast<std::size_t>(running) >= import_jobs_max)
    return core::fail(core::Errc::busy, "device.import.busy", {"已有文件在导入。请等它完成再试。", "Other files are being imported. Try again when they are done."});
  auto name = organise::random_word(name_characters);
  auto& job = *jobs_.emplace(name, std::make_unique<Job>()).first->second;
  job.actor = actor;
  job.begun = now;
  options.progress = [&job](std::size_t done, std::size_t total) {
    job.total = total;
    job.done = done;
  };
  job.thread = std::jthread([this, &job, &desk, file = std::move(file), options = std::move(options), actor = std::move(actor)] {
    auto result = std::make_shared<core::Result<sense::devices::Import> const>(desk.import_csv(file, options, actor));
    std::lock_guard const done(mutex_);
    job.result = std::move(result);
    job.running = false;
  });
  return name;
}

std::optional<ImportJobs::Seen> ImportJobs::find(std::string const& name, std::string const& actor, core::Instant now) {
  std::lock_guard const lock(mutex_);
  forget(now);
  auto const found = jobs_.find(name);
  if (found == jobs_.end() || found->second->actor != actor) return std::nullopt;
  auto const& job = *found->second;
  return Seen{.done = job.done, .total = job.total, .running = job.running, .result = job.result};
}

}  // namespace zhili::web
