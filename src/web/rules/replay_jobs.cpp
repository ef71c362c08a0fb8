#include "web/rules/replay_jobs.hpp"

#include <algorithm>

#include "organise/people/password.hpp"

namespace zhili::web {

namespace {

constexpr std::size_t replay_name_characters = 22;

}  // namespace

core::Result<std::string> ReplayJobs::start(std::string rule, Work work, std::string actor) {
  std::unique_ptr<Job> forgotten;  // its thread is waited for without the lock
  std::lock_guard const lock(mutex_);
  auto const running = std::ranges::count_if(jobs_, [](auto const& one) { return one.second->result == nullptr; });
  if (static_cast<std::size_t>(running) >= replays_running_max)
    return core::fail(core::Errc::conflict, "replay.busy", {"另一次回放正在进行。请等它完成再试。", "Another replay is running. Try again when it is done."});
  if (jobs_.size() >= replays_remembered_max) {
    auto const oldest = std::ranges::min_element(jobs_, {}, [](auto const& one) { return one.second->number; });
    forgotten = std::move(oldest->second);
    jobs_.erase(oldest);
  }
  auto name = organise::random_word(replay_name_characters);
  auto& job = *jobs_.emplace(name, std::make_unique<Job>()).first->second;
  job.rule = std::move(rule);
  job.actor = std::move(actor);
  job.number = ++last_;
  job.thread = std::jthread([this, &job, work = std::move(work)](std::stop_token const& stop) {
    auto result = std::make_shared<core::Result<respond::rules::Replayed> const>(work([&](std::size_t done, std::size_t all) {
      job.all = all;
      job.done = done;
      return !stop.stop_requested();
    }));
    std::lock_guard const done(mutex_);
    job.result = std::move(result);
  });
  return name;
}

std::optional<ReplayJobs::Seen> ReplayJobs::find(std::string const& name, std::string const& actor) {
  std::lock_guard const lock(mutex_);
  auto const found = jobs_.find(name);
  if (found == jobs_.end() || found->second->actor != actor) return std::nullopt;
  auto const& job = *found->second;
  return Seen{.rule = job.rule, .done = job.done, .all = job.all, .result = job.result};
}

}  // namespace zhili::web
