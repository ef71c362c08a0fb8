#include "app/cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace zhili::app {

namespace {

constexpr auto redraw_every = std::chrono::milliseconds(100);
constexpr int bar_cells = 24;

std::string left_words(core::Lang lang, double seconds) {
  auto const s = static_cast<int>(seconds + 0.5);
  if (lang == core::Lang::zh) return s >= 90 ? fmt::format("还要 {} 分钟", (s + 30) / 60) : fmt::format("还要 {} 秒", s);
  return s >= 90 ? fmt::format("{} min left", (s + 30) / 60) : fmt::format("{} s left", s);
}

}  // namespace

Progress::Progress(core::Lang lang, core::Text what, bool quiet)
    : lang_(lang), what_(core::in(lang, what)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (open_) std::fputc('\n', stderr);
}

void Progress::draw(std::string const& line, bool last) {
  if (quiet_) return;
  if (terminal_) std::fprintf(stderr, "\r\033[K%s", line.c_str());
  else if (last) std::fputs(line.c_str(), stderr);
  open_ = !last;
  if (last) std::fputc('\n', stderr);
  std::fflush(stderr);
}

void Progress::show(double share, std::uint64_t count) {
  auto const now = Steady::now();
  if (quiet_ || !terminal_ || now - drawn_ < redraw_every) return;
  drawn_ = now;
  share = std::clamp(share, 0.0, 1.0);
  auto const passed = std::chrono::duration<double>(now - start_).count();
  auto const full = static_cast<int>(share * bar_cells);
  std::string bar;
  for (int i = 0; i < bar_cells; ++i) bar += i < full ? "▓" : "░";
  draw(fmt::format("{} {} {:3.0f}%  {} · {:.0f}/s · {}", what_, bar, share * 100, count,
                   static_cast<double>(count) / std::max(passed, 1e-3),
                   share > 0.01 ? left_words(lang_, passed * (1 - share) / share) : "…"),
       false);
}

void Progress::done(std::uint64_t count) {
  auto const passed = std::chrono::duration<double>(Steady::now() - start_).count();
  auto const rate = static_cast<double>(count) / std::max(passed, 1e-3);
  draw(lang_ == core::Lang::zh ? fmt::format("{} {} 条 · {:.1f} 秒 · {:.0f} 条/秒", what_, count, passed, rate)
                               : fmt::format("{} {} · {:.1f} s · {:.0f}/s", what_, count, passed, rate),
       true);
}

}  // namespace zhili::app
