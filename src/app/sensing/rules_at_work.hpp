#pragma once
// Rules behind the store of observations: what they read, where things stand, and the thread that runs them.

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "bus/worker.hpp"
#include "catalogue/catalogue.hpp"
#include "respond/rules/keeper.hpp"
#include "sense/devices/device.hpp"
#include "sense/observations/store.hpp"
#include "web/rules/rules.hpp"

namespace zhili::app {

/// What is usual is learned from so many days before today.
inline constexpr std::chrono::days usual_learned_from{catalogue::rules::usual_days};

/// Equal for all that stands at one place: the component, else what the place is called within its area. Empty: it stands by itself.
std::string place_key(sense::devices::Device const& device);

/// Thread-safe. What it is given outlives it.
class RulesAtWork final : public respond::rules::BatchSource, public respond::rules::Subjects {
 public:
  struct Parts {
    store::Db& db;
    core::TimeSource const& time;
    std::shared_ptr<catalogue::Catalogue const> catalogue;
    sense::observations::ObservationStore& observations;
    core::Zone zone = core::Zone::utc();
    std::optional<core::Calendar> calendar = {};
    respond::rules::AlarmSink& alarms;
    std::function<bool()> all_is_here = {};  ///< as of Keeper
  };
  /// Reads how far the rules have come, so that nothing which they need is let go. Errors: those of the store.
  static core::Result<std::unique_ptr<RulesAtWork>> open(Parts parts);
  ~RulesAtWork() override;

  void start();
  /// Writes everything down. Errors are logged.
  void stop();
  /// Something was stored, or an alarm's rule changed: look now.
  void wake();
  /// Things, devices or their streams changed. Errors: those of the store; the rules do not know of it then.
  core::Result<> changed();
  /// Batches up to this one are not needed here any more.
  std::int64_t needed_after() const { return needed_after_; }
  respond::rules::Keeper& keeper() { return *keeper_; }
  std::vector<respond::rules::Rule> const& rules() const { return rules_; }

  core::Result<std::vector<respond::rules::Batch>> after(std::int64_t position, std::size_t limit) override;
  void keep_after(std::int64_t position) override { needed_after_ = position; }
  std::int64_t position() override;
  core::Result<> visit(std::function<void(respond::rules::StreamOf)> const& stream) override;
  respond::rules::SubjectWords words(respond::rules::Subject const& subject, std::int64_t thing) override;
  /// What a rule would have found in [from, until). Blocks. Errors: not_found; those of rules::replay().
  core::Result<respond::rules::Replayed> replay(std::string const& rule, core::Instant from, core::Instant until, std::function<bool(std::size_t, std::size_t)> const& progress);
  web::RuleSubject subject(respond::rules::Subject const& subject, std::int64_t thing);
  core::Result<std::array<double, 24>> learn(std::span<std::int64_t const> streams, double share) const;

 private:
  explicit RulesAtWork(Parts parts);
  std::chrono::nanoseconds round();

  Parts parts_;
  std::vector<respond::rules::Rule> rules_;
  std::unordered_map<std::string, std::string> property_of_;  // by definition
  std::atomic<std::int64_t> needed_after_;
  std::mutex mutex_;  // guards what things and places are called
  std::unordered_map<std::int64_t, core::Text> thing_words_;
  std::unordered_map<std::string, core::Text> place_words_;
  std::unordered_map<std::int64_t, core::Text> place_of_thing_;
  std::unique_ptr<respond::rules::Keeper> keeper_;
  bool failing_ = false;  // of the thread
  std::unique_ptr<bus::Worker> worker_;
};

}  // namespace zhili::app
