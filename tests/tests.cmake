# Tests of the program as a whole: scenarios on the real desks, and the program tried from outside.
file(GLOB scenario_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/scenario/*.cpp)
if(EXISTS ${CMAKE_SOURCE_DIR}/tests/scenario/scenario_test.cpp)
  zhili_test(scenario_test LABEL fast SOURCES ${scenario_sources}
             LIBS zhili_app zhili_web zhili_respond zhili_sense zhili_catalogue zhili_store zhili_core)
endif()

if(NOT ZHILI_SANITIZE AND NOT ZHILI_FUZZ)
  file(GLOB system_tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/system/test_*.py)
  foreach(script IN LISTS system_tests)
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME system_${name} COMMAND python3 ${script} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/tests/system)
    set_tests_properties(system_${name} PROPERTIES LABELS slow ENVIRONMENT "ZHILI_PROGRAM=$<TARGET_FILE:zhili>")
  endforeach()

  find_program(ZHILI_NODE node)
  if(ZHILI_NODE)
    add_test(NAME conformance_self_test COMMAND ${ZHILI_NODE} ${CMAKE_SOURCE_DIR}/tests/conformance/sensorthings/self_test.mjs)
    set_tests_properties(conformance_self_test PROPERTIES LABELS fast)
  endif()
endif()
