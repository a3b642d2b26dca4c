
# Questions on flow logs are one word in quotes. Its proposals are whole words, too: each is the question so far, and more.
_portolan_question() {
    local program=$1 quote=${2:0:1} text=${2:1} whole last
    [[ $quote == '"' ]] && text=${text//\\\"/\"}
    COMPREPLY=()
    while IFS=$'\t' read -r whole last; do
        [[ $quote == '"' ]] && whole=${whole//\"/\\\"}
        # What is only listed (63: Tab was hit twice) need not be repeated from its beginning.
        [[ ${COMP_TYPE-} == 63 ]] && whole=$last
        COMPREPLY+=("$whole")
    done < <("$program" generate proposals question "$text" 2>/dev/null)
    # After a single proposal readline would close the quotes, and the question may go on.
    if [[ ${#COMPREPLY[@]} == 1 && ${COMP_TYPE-} != 63 ]]; then
        COMPREPLY+=("${COMPREPLY[0]} ")
    fi
}

_portolan_or_question() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " != *" flows "* ]]; then
        _portolan "$@"
    elif [[ $before == --saved ]]; then
        mapfile -t COMPREPLY < <("$1" generate proposals saved "$word" 2>/dev/null)
    elif [[ $word == [\'\"]* ]]; then
        _portolan_question "$1" "$word"
    else
        _portolan "$@"
    fi
}

complete -F _portolan_or_question -o nosort -o bashdefault -o default portolan
