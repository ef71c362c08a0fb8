# The rules of the house are tests like the others. How the program is built makes no difference to them, so only the plain
# presets run them.
function(zhili_check name)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS fast)
endfunction()

if(ZHILI_TESTS AND NOT ZHILI_SANITIZE AND NOT ZHILI_FUZZ)
  zhili_check(tidy python3 tools/tidy)
  zhili_check(tidy_rules python3 tools/tidy/rules_test.py)
  add_test(NAME command_line_page WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
           COMMAND python3 tools/check_command_line.py $<TARGET_FILE:zhili> docs/reference/command-line.md)
  set_tests_properties(command_line_page PROPERTIES LABELS slow)  # needs the whole program
  find_program(ZHILI_SHELLCHECK shellcheck)
  if(ZHILI_SHELLCHECK)
    zhili_check(shell_scripts ${ZHILI_SHELLCHECK} -x run .ci/run tools/run/setup.sh tools/run/test.sh tools/run/fuzz_one.sh)
  endif()
endif()
