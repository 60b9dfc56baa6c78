# SPDX-License-Identifier: Apache-2.0
#
# The directories of src/ are layers, bottom-up; tools/check-layers holds them to it.

# These objects are for the command alone. Without exceptions: their run-time has a constructor that
# takes 73 KB from malloc before main(), which would be a sixth of the start's page faults.
set(CAISSON_COMMAND_OPTIONS -fno-pie -fno-exceptions -ffunction-sections -fdata-sections)
set(CAISSON_LIBRARY_OPTIONS -ffunction-sections -fdata-sections)

find_package(nlohmann_json 3.11 REQUIRED)

set(CAISSON_LAYERS base spec policy plan sys child launch join image devices)

# The address sanitizer keeps count of one stack for each thread, and takes the one that a child shares
# its parent's memory on for a stray pointer (__asan_handle_no_return). What runs there goes without it.
if(CAISSON_SANITIZE)
  file(GLOB on_the_childs_stack ${PROJECT_SOURCE_DIR}/src/sys/*.cc ${PROJECT_SOURCE_DIR}/src/child/*.cc)
  set_source_files_properties(${on_the_childs_stack} PROPERTIES
    COMPILE_OPTIONS -fno-sanitize=address)
endif()

# The standard library under plan.h is half of what a file takes to compile. The clang build goes
# without, and so checks that each file includes what it needs.
function(caisson_precompile target)
  target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include/caisson/plan.h ${ARGN})
endfunction()

# Declares one layer as an object library, made with the options. The two layers that run between
# clone and exec are built without exceptions, and tools/check-imports looks at what they ask of libc.
function(caisson_layer target name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  add_library(${target} OBJECT ${sources})
  target_include_directories(${target}
    PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_options(${target} PRIVATE ${ARGN})
  if(name MATCHES "^(plan|launch|image)$" OR (name STREQUAL child AND NOT CAISSON_SANITIZE))
    caisson_precompile(${target})
  endif()
  if(name STREQUAL "devices")
    target_link_libraries(${target} PRIVATE nlohmann_json::nlohmann_json)
  endif()
  if(name MATCHES "^(sys|child)$")
    target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti
                           -fno-stack-protector -U_FORTIFY_SOURCE -O2)
  endif()
endfunction()

function(caisson_position_independent_layer name)
  if(NOT TARGET caisson_${name}_pic)
    caisson_layer(caisson_${name}_pic ${name} ${CAISSON_LIBRARY_OPTIONS})
    set_target_properties(caisson_${name}_pic PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
endfunction()

# With sanitizers nobody measures the start: the command takes the library's objects, which are
# compiled once.
foreach(layer IN LISTS CAISSON_LAYERS)
  if(CAISSON_SANITIZE)
    caisson_position_independent_layer(${layer})
    list(APPEND CAISSON_OBJECTS $<TARGET_OBJECTS:caisson_${layer}_pic>)
  else()
    caisson_layer(caisson_${layer} ${layer} ${CAISSON_COMMAND_OPTIONS})
    list(APPEND CAISSON_OBJECTS $<TARGET_OBJECTS:caisson_${layer}>)
  endif()
endforeach()

# The library in one of its kinds. Both are made of the same position-independent objects, so that a
# PIE may link the static one; the command wants none of the relocations that they bring. Only what
# include/caisson declares is exported: its headers push default visibility, all else is hidden.
function(caisson_library target kind)
  foreach(layer IN LISTS CAISSON_LAYERS)
    caisson_position_independent_layer(${layer})
    list(APPEND objects $<TARGET_OBJECTS:caisson_${layer}_pic>)
  endforeach()
  add_library(${target} ${kind} ${objects})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${target} INTERFACE cxx_std_20)  # what the headers need
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME caisson LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
endfunction()
