// SPDX-License-Identifier: Apache-2.0
#include "cli/docs.h"

namespace caisson::cli {

const char* const bash_ch_run_functions =
    R"bash(# Options count behind the image too, up to --.
_caisson_ch_run() {
    local door=ch_run i=$1 word image='' operands=0 ended=''
    while [ "$i" -lt "$cword" ]; do
        word=${words[i]}
        i=$((i + 1))
        if [[ -z $ended && $word == -- ]]; then
            ended=yes
        elif [[ -n $ended || $word != -?* ]]; then
            [ "$operands" -gt 0 ] || image=$word
            operands=$((operands + 1))
        elif _caisson_ch_run_takes_next "$word"; then
            [ "$i" -lt "$cword" ] || { _caisson_ch_run_value "$word"; return; }
            i=$((i + 1))
        fi
    done
    if [[ -z $ended && $cur == --*=* ]]; then
        _caisson_glued
    elif [[ -z $ended && $cur == -* ]]; then
        _caisson_option
    elif [ "$operands" = 0 ]; then
        _caisson_images
    elif [ "$operands" = 1 ]; then
        _caisson_program "$image"
    else
        _caisson_inside "$image"
    fi
}

)bash";

}  // namespace caisson::cli
