# The tests walk through every state of a case and of a report: too many for code that nothing optimises, as the preset clang
# makes it. A precompiled header must have been made with the same optimisation.
if(ZHILI_FUZZ)
  target_compile_options(zhili_respond PRIVATE -O1)
  set_target_properties(zhili_respond PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
endif()
