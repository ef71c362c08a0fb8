#include "app/cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace zhili::app {

namespace {

/// One line per verb: its full path, then the words that may follow it.
void add_cases(CLI::App const& app, std::string const& path, std::string& out) {
  std::string words;
  for (auto const* sub : app.get_subcommands({})) words += sub->get_name() + " ";
  for (auto const* option : app.get_options())
    for (auto const& name : option->get_lnames()) words += "--" + name + " ";
  out += fmt::format("    '{}') words='{}' ;;\n", path, words);
  for (auto const* sub : app.get_subcommands({})) add_cases(*sub, path + " " + sub->get_name(), out);
}

}  // namespace

std::string completion(CLI::App const& app, std::string_view shell) {
  std::string cases;
  add_cases(app, "zhili", cases);
  std::string out = shell == "zsh" ? "#compdef zhili\nautoload -U +X bashcompinit && bashcompinit\n" : "";
  out += "_zhili() {\n  local path=zhili words='' i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case ${COMP_WORDS[i]} in -*) ;; [a-z]*) path+=\" ${COMP_WORDS[i]}\" ;; esac\n  done\n"
         "  case $path in\n" + cases + "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o default -F _zhili zhili\n";
  return out;
}

}  // namespace zhili::app
