_relman() {
    local line=${COMP_LINE:0:COMP_POINT} words=() word blank
    # Bash cuts words at = : and @. Parts without a blank between them are one word.
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        blank=${line%%[!$' \t\n']*}
        line=${line#"$blank"}
        # What is behind the cursor does not count.
        [[ $word == "$line"* ]] && word=$line
        line=${line#"$word"}
        if [[ -n $blank || ${#words[@]} -eq 0 ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+=$word
        fi
    done
    local last=$((${#words[@]} - 1))
    # Bash replaces only what it takes for the word.
    local kept=${words[last]%"$2"}
    COMPREPLY=()
    while IFS= read -r word; do
        [[ -n $word ]] && COMPREPLY+=("${word#"$kept"}")
    done < <(_CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$last RELMAN_COMPLETE=bash relman -- "${words[@]}" 2>/dev/null && echo)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -o bashdefault -o nosort -F _relman relman 2>/dev/null || complete -o bashdefault -F _relman relman
