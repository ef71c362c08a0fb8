#pragma once
// A progress bar for the terminal: where people would wait, they see how long.

#include <chrono>
#include <cstdint>
#include <string>

#include "core/result.hpp"

namespace zhili::app {

/// One line on stderr that is drawn anew at most ten times a second; silent where stderr is no terminal, but for the
/// last line. Not thread-safe.
class Progress {
 public:
  Progress(core::Lang lang, core::Text what, bool quiet);
  ~Progress();
  /// `share` 0…1 of the work is done, `count` things so far.
  void show(double share, std::uint64_t count);
  /// The last line: how many, how long, how fast.
  void done(std::uint64_t count);

 private:
  void draw(std::string const& line, bool last);
  using Steady = std::chrono::steady_clock;
  core::Lang lang_;
  std::string what_;
  bool quiet_;
  bool terminal_;
  bool open_ = false;
  Steady::time_point start_ = Steady::now();
  Steady::time_point drawn_{};
};

}  // namespace zhili::app
