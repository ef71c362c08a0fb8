#pragma once
// Completion for shells, made from the verbs themselves so that it cannot fall behind.

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace zhili::app {

/// A script for "bash" or "zsh" (which takes bash's form).
std::string completion(CLI::App const& app, std::string_view shell);

}  // namespace zhili::app
