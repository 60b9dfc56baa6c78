# SPDX-License-Identifier: Apache-2.0
#
# The command: one static executable, because a dynamic C++ program takes 1.1 ms to reach main() here
# and a static one 0.4 ms. Not position-independent: relocations are pages written before main().

# What a plain start does not run stands at the end of the executable, so that what it does run
# touches few pages: the kernel maps 64 KB around each fault.
file(GLOB cli_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.cc)
set(rarely_run ${cli_sources})
# Of ch-run, what only prints.
set(printers ch_run_answers ch_run_errors ch_run_feature ch_run_log device_options image_command)
list(JOIN printers "|" printers)
list(FILTER rarely_run INCLUDE REGEX
     "/((doctor|docs|enter|help|memfd|config_|image_config|run_joined|seccomp_value|status_report|trace_report)[^/]*|(${printers})\\.cc)$")
list(REMOVE_ITEM cli_sources ${rarely_run})

list(FILTER cli_sources EXCLUDE REGEX "/(main|entry-.*|strings-.*)\\.cc$")

# A plain run comes to its end before libc has started, where there is an entry for the architecture.
# Sanitizers have a start of their own, which must come first.
set(arch ${CMAKE_SYSTEM_PROCESSOR})
set(entry "")
if(EXISTS ${PROJECT_SOURCE_DIR}/src/cli/entry-${arch}.cc AND NOT CAISSON_SANITIZE
   AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(entry src/cli/entry-${arch}.cc src/cli/strings-${arch}.cc)
  # What runs before there is a guard must not look at it.
  set_source_files_properties(${entry} src/cli/runtime.cc PROPERTIES
    COMPILE_OPTIONS -fno-stack-protector SKIP_PRECOMPILE_HEADERS ON)
  set_source_files_properties(src/cli/strings-${arch}.cc PROPERTIES
    COMPILE_OPTIONS "-fno-stack-protector;-ffreestanding;-fno-tree-loop-distribute-patterns")
endif()

add_library(caisson_often_run OBJECT ${entry} ${cli_sources})
add_library(caisson_rarely_run OBJECT ${rarely_run})
# The same of the layers below: what prints plans, explains errors, starts a child, or serves older kernels.
set(rarely_run_parts "/(describe|editing|hints|minimal_dev|scaffold|child|id_maps|launch|mem_file|\
mem_file_content|parent_half|shared_record|detached_process|attendant|meeting|message|order|peers|process_sandbox|\
state|enter|enter_spec|supervisor|proc_self|allow_list|error|classic|init|mountinfo)\\.cc")
add_executable(caisson_command $<TARGET_OBJECTS:caisson_often_run>
               $<FILTER:${CAISSON_OBJECTS},EXCLUDE,${rarely_run_parts}> src/cli/main.cc
               $<FILTER:${CAISSON_OBJECTS},INCLUDE,${rarely_run_parts}>
               $<TARGET_OBJECTS:caisson_rarely_run>)
set_target_properties(caisson_command PROPERTIES OUTPUT_NAME caisson)
foreach(target caisson_command caisson_often_run caisson_rarely_run)
  target_compile_definitions(${target} PRIVATE CAISSON_VERSION="${PROJECT_VERSION}")
  target_include_directories(${target}
    PRIVATE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE nlohmann_json::nlohmann_json)
  target_compile_options(${target} PRIVATE ${CAISSON_COMMAND_OPTIONS})
endforeach()
caisson_precompile(caisson_often_run)
caisson_precompile(caisson_rarely_run)
if(entry)
  target_link_options(caisson_command PRIVATE -Wl,--entry=caisson_entry)
endif()
if(CAISSON_SANITIZE)
  # The sanitizers bring an allocator of their own.
  set_source_files_properties(src/cli/runtime.cc PROPERTIES HEADER_FILE_ONLY ON)
  target_link_options(caisson_command PRIVATE -no-pie)
else()
  target_link_options(caisson_command PRIVATE -static -no-pie -Wl,--gc-sections -Wl,-z,norelro)
endif()
