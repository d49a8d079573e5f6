# SPDX-License-Identifier: GPL-2.0-only
#
# usage: zsh -f complete.zsh FPATH LINE
#
# Types a line in a shell on a terminal, and Tab, and prints what the line is then. FPATH is
# where the completion is.
zmodload zsh/zpty

# Functions for the programs of others are left out: to look at all of them takes a while.
# The line between two marks, whatever else is on the terminal.
zpty shell zsh -f -i
zpty -w shell "unsetopt zle_bracketed_paste; PS1='' RPS1=''; fpath=(${(q)1} \${(M)fpath:#*/Completion(|/Base)})
autoload -Uz compinit && compinit -u -D; setopt no_list_beep no_beep
show() { zle -I; print -r -- \"<line>\$BUFFER<end>\"; BUFFER='' }
zle -N show; bindkey '^X' show; bindkey '^I' complete-word; print re''ady"
while zpty -r shell text; do
	[[ $text != *ready* ]] || break
done
zpty -w -n shell "$2"$'\t\x18'
while zpty -r shell text '*<end>*'; do
	[[ $text != *'<line>'*'<end>'* ]] || break
done
text=${text##*<line>}
print -r -- "${text%%<end>*}"
zpty -d shell
