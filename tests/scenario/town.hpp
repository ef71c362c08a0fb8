#pragma once
// The town of a scenario: the real desks over a database of its own, wired as the program wires them.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "app/finder.hpp"
#include "app/runtime.hpp"
#include "app/sensing/sensing.hpp"
#include "respond/clockwork.hpp"
#include "scenario/script.hpp"
#include "store/vault.hpp"
#include "web/http.hpp"

namespace zhili::scenario {

/// A scenario is not about files: whatever photo is named has been kept.
class EveryPhoto final : public respond::PhotoShelf {
 public:
  bool has(std::string_view) const override { return true; }
};

class Town {
 public:
  /// The packs and departments of Liucheng, and the drawing's unit grids. Throws what cannot be set up.
  Town(Script const& script, std::filesystem::path const& folder, std::string const& database_url,
       core::TimeSource const& time);

  app::Runtime& runtime() { return *runtime_; }
  store::Db& db() { return runtime_->db(); }
  core::Zone const& zone() const { return runtime_->zone(); }
  respond::CaseDesk& cases() { return *cases_; }
  respond::SignalDesk& signals() { return *signals_; }
  respond::Clockwork& clockwork() { return *clockwork_; }
  bool has_devices() const { return sensing_ != nullptr; }
  app::Sensing& sensing() { return *sensing_; }
  /// Its device's number.
  std::int64_t device(std::string const& name) const { return devices_.at(name); }
  /// Rules look at what has come and what is overdue, and what follows from alarms is done. The first time sets the script's devices up, so that
  /// nobody misses them before the scenario begins.
  void look(Script const& script);
  /// The department of the first post with that role; empty where there is none.
  std::string department_of_role(std::string const& role) const;

  /// What the program answers to a reporter's link, as JSON.
  std::string receipt(std::string const& token);
  /// Does any file of the database hold these bytes?
  bool files_hold(std::string const& bytes) const;
  /// From now on a day is a day off, or one that is worked.
  void change_calendar(core::Civil const& date, bool worked, std::string const& reason);

 private:
  void set_up(Script const& script);

  std::filesystem::path folder_;
  app::CommonOptions options_;
  std::unique_ptr<app::Runtime> runtime_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<app::Finder> finder_;
  EveryPhoto photos_;
  std::unique_ptr<respond::CaseDesk> cases_;
  std::unique_ptr<respond::SignalDesk> signals_;
  std::unique_ptr<respond::Clockwork> clockwork_;
  std::unique_ptr<app::Sensing> sensing_;
  std::map<std::string, std::int64_t> devices_;
  web::Router router_;
};

/// What a Result holds; throws its error.
template <class T>
T need(core::Result<T> result) {
  if (!result)
    throw std::runtime_error(result.error().key + ": " + result.error().text.en + " " +
                             result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace zhili::scenario
