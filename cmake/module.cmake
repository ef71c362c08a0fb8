# zhili_module(NAME DEPENDS <modules> [PUBLIC_LIBS …] LIBS …): src/NAME/**/*.cpp as a static library, and
# src/NAME/**/*_test.cpp as the test program NAME_test. A module may include only what it DEPENDS on
# (tools/tidy checks it by the include lines).
function(zhili_sources name out_sources out_tests)
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(tests ${all})
  list(FILTER all EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(${out_sources} ${all} PARENT_SCOPE)
  set(${out_tests} ${tests} PARENT_SCOPE)
endfunction()

# A test program with a LABEL: fast (all of them together under a minute) or slow. GoogleTest's own list of cases goes to
# results/NAME.xml, where ./run test counts it. The target fast_tests builds those with the label fast.
add_custom_target(fast_tests)
function(zhili_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE zhili_flags ${ARG_LIBS} $<TARGET_NAME_IF_EXISTS:zhili_test_support> GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE ZHILI_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                       ENVIRONMENT "GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/results/${name}.xml")
  if("fast" IN_LIST ARG_LABEL)
    add_dependencies(fast_tests ${name})
  endif()
endfunction()

function(zhili_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PUBLIC_LIBS;LIBS" ${ARGN})
  zhili_sources(${name} sources tests)
  if(NOT sources)
    add_library(zhili_${name} INTERFACE)
    return()
  endif()
  add_library(zhili_${name} STATIC ${sources})
  list(TRANSFORM ARG_DEPENDS PREPEND zhili_)
  target_link_libraries(zhili_${name} PUBLIC zhili_flags ${ARG_DEPENDS} ${ARG_PUBLIC_LIBS} PRIVATE ${ARG_LIBS}
                        Threads::Threads)
  include(${CMAKE_SOURCE_DIR}/src/${name}/module.cmake OPTIONAL)  # what only this module needs
  if(ZHILI_TESTS AND tests)
    zhili_test(${name}_test LABEL fast SOURCES ${tests} LIBS zhili_${name} ${ARG_LIBS} fmt::fmt)
  endif()
endfunction()

# The program: src/NAME with its main.cpp, the rest as a library so that tests can reach it.
function(zhili_program folder)
  cmake_parse_arguments(ARG "" "NAME" "DEPENDS;LIBS" ${ARGN})
  zhili_sources(${folder} sources tests)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(TRANSFORM ARG_DEPENDS PREPEND zhili_)
  if(sources)
    add_library(zhili_${folder} STATIC ${sources})
    target_link_libraries(zhili_${folder} PUBLIC zhili_flags ${ARG_DEPENDS} PRIVATE ${ARG_LIBS} Threads::Threads)
    set(own zhili_${folder})
    if(ZHILI_TESTS AND tests)
      zhili_test(${folder}_test LABEL fast SOURCES ${tests} LIBS zhili_${folder} ${ARG_LIBS} fmt::fmt)
    endif()
  endif()
  add_executable(${ARG_NAME} ${CMAKE_SOURCE_DIR}/src/${folder}/main.cpp)
  target_link_libraries(${ARG_NAME} PRIVATE zhili_flags ${own} ${ARG_DEPENDS} ${ARG_LIBS} fmt::fmt)
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()
