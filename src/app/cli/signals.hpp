#pragma once
// Waiting to be told to end.

#include <csignal>

namespace zhili::app {

/// Makes SIGINT, SIGTERM and SIGHUP wait to be taken by wait() instead of ending the program. Make it before the first
/// thread, which inherits the mask. SIGPIPE is ignored: a client that goes away is an error of its connection.
class StopSignals {
 public:
  StopSignals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set_);
    for (int const one : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, one);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  /// Blocks; the signal that came.
  int wait() const {
    int which = 0;
    while (sigwait(&set_, &which) != 0) {
    }
    return which;
  }

 private:
  sigset_t set_{};
};

}  // namespace zhili::app
