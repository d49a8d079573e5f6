# SPDX-License-Identifier: GPL-2.0-only
#
# usage: zsh -f complete.zsh FPATH LINE
#
# Types a line and Tab in a shell on a terminal, and prints the resulting line. FPATH is the
# directory of the completion.
zmodload zsh/zpty

# Functions for other programs are left out: reading all of them takes a while.
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
