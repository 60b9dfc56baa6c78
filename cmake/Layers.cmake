# SPDX-License-Identifier: Apache-2.0
#
# The directories of src/ are layers, bottom-up; tools/check-layers holds them to it.

# These objects are for the command alone. Without exceptions: their run-time has a constructor that
# takes 73 KB from malloc before main(), which would be a sixth of the start's page faults.
set(CAISSON_COMMAND_OPTIONS -fno-pie -fno-exceptions -ffunction-sections -fdata-sections)

# Declares one layer as an object library. The two that run between clone and exec are built without
# exceptions, and tools/check-imports looks at what they ask of libc.
function(caisson_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cc)
  add_library(caisson_${name} OBJECT ${sources})
  target_include_directories(caisson_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_options(caisson_${name} PRIVATE ${CAISSON_COMMAND_OPTIONS})
endfunction()

set(CAISSON_LAYERS base spec policy plan sys child launch image)
foreach(layer IN LISTS CAISSON_LAYERS)
  caisson_layer(${layer})
  list(APPEND CAISSON_OBJECTS $<TARGET_OBJECTS:caisson_${layer}>)
endforeach()
foreach(layer sys child)
  target_compile_options(caisson_${layer} PRIVATE -fno-rtti
                         -fno-stack-protector -U_FORTIFY_SOURCE -O2)
endforeach()

# Position-independent objects of the same sources for the shared library; the static command wants
# none of the relocations that they bring.
function(caisson_library target kind)
  set(sources)
  foreach(layer IN LISTS CAISSON_LAYERS)
    file(GLOB layer_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${layer}/*.cc)
    list(APPEND sources ${layer_sources})
  endforeach()
  add_library(${target} ${kind} ${sources})
  target_include_directories(${target}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME caisson POSITION_INDEPENDENT_CODE ON
    VERSION ${PROJECT_VERSION} SOVERSION 0
    CXX_VISIBILITY_PRESET default)
endfunction()
