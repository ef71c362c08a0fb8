#pragma once
// The command line of the program.

namespace zhili::app {

/// Reads the words, does what they say, and returns the exit code (verbs.hpp, Exit).
int command_line(int argc, char** argv);

}  // namespace zhili::app
