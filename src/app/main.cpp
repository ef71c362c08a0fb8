#include "app/cli/cli.hpp"

int main(int argc, char** argv) { return zhili::app::command_line(argc, argv); }
