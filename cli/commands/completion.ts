import type { Command } from 'commander';
import { leaf, type Host } from '../context.ts';
import { usage } from '../inputs.ts';

/** Completion scripts made from the commands as they are, so that they cannot lag behind. */
export function addCompletion(host: Host, program: Command): void {
  leaf(host, program.command('completion').argument('<shell>', 'bash, zsh or fish').description('A completion script for your shell'), ['awp completion bash > ~/.local/share/bash-completion/completions/awp', 'awp completion zsh > "${fpath[1]}/_awp"', 'awp completion fish > ~/.config/fish/completions/awp.fish'], async ({ output }, [shell = '']) => {
    const make = { bash, zsh, fish }[shell as 'bash' | 'zsh' | 'fish'];
    if (!Object.hasOwn({ bash, zsh, fish }, shell)) throw usage(`There is no completion for "${shell}".`, 'Shells: bash, zsh, fish.');
    output.data(make(wordsOf(program)).trimEnd());
  });
}

interface Words { path: string; words: { word: string; about: string }[] }

function wordsOf(command: Command, path: readonly string[] = []): Words[] {
  const subs = command.commands.filter((sub) => sub.name() !== 'help');
  const options = command.options.filter((option) => option.long).map((option) => ({ word: option.long as string, about: option.description }));
  return [{ path: path.join(' '), words: [...subs.map((sub) => ({ word: sub.name(), about: sub.description() })), ...options] }, ...subs.flatMap((sub) => wordsOf(sub, [...path, sub.name()]))];
}

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(all: readonly Words[]): string {
  const cases = all.map(({ path, words }) => `    ${single(path)}) words=${single(words.map(({ word }) => word).join(' '))} ;;`).join('\n');
  return `_awp() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path='' words='' i word
  for ((i = 1; i < COMP_CWORD && i < 3; i++)); do word=\${COMP_WORDS[i]}; [[ $word == -* ]] && break; path="\${path:+$path }$word"; done
  case "$path" in
${cases}
    *) case "\${path%% *}" in
${all.filter(({ path }) => path !== '' && !path.includes(' ')).map(({ path, words }) => `      ${path}) words=${single(words.map(({ word }) => word).join(' '))} ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _awp awp
`;
}

function zsh(all: readonly Words[]): string {
  const describe = (text: string) => text.replaceAll(':', '\\:');
  const cases = all.map(({ path, words }) => `    ${single(path)}) found=(${words.map(({ word, about }) => single(`${describe(word)}:${describe(about)}`)).join(' ')}) ;;`).join('\n');
  return `#compdef awp
_awp() {
  local -a found
  local at="\${(j: :)\${(@)words[2,CURRENT-1]:#-*}}"
  case "$at" in
${cases}
    *) _files; return ;;
  esac
  _describe 'awp' found
}
compdef _awp awp
`;
}

function fish(all: readonly Words[]): string {
  const lines = all.flatMap(({ path, words }) => {
    const parts = path.split(' ').filter(Boolean);
    const when = parts.length === 0 ? '__fish_use_subcommand' : parts.map((part) => `__fish_seen_subcommand_from ${part}`).join('; and ');
    return words.map(({ word, about }) => `complete -c awp -n ${single(when)} ${word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`} -d ${single(about)}`);
  });
  return `${lines.join('\n')}\n`;
}
