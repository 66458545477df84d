/** Phrases that try to steer a model from inside a person's own text. People also write them for good reasons ("how do I write a
 * system prompt"), so they are told and not refused; what holds a model back are the rights of its run, not this list. */
const PHRASES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['asks to ignore instructions', /\b(?:ignore|disregard|forget|override) (?:all |any |your |the )?(?:of )?(?:your |the )?(?:previous |prior |above |earlier |preceding )?(?:instructions|rules|guidelines|prompts)\b/],
  ['speaks of the system prompt', /\bsystem (?:prompt|message|instruction)s?\b/],
  ['asks for hidden instructions', /\b(?:reveal|print|show|repeat|output|leak) (?:me )?(?:your|the) (?:hidden |secret |initial |original )?(?:instructions|prompt)\b/],
  ['asks for another mode', /\b(?:developer|jailbreak|dan|god|unrestricted) mode\b|\bdo anything now\b/],
  ['holds marks of a chat template', /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>|\[\/?inst\]|<<\/?sys>>/],
];
const MOST = 20;

export interface SuspectPhrase { /** JSON pointer into the inputs */ pointer: string; what: string }

/** Looks at every text of the inputs, however it is spaced or spelt in Unicode. Pure and linear. @returns at most 20, each place and kind once */
export function suspectPhrases(input: unknown, pointer = ''): SuspectPhrase[] {
  if (typeof input === 'string') {
    const text = input.normalize('NFKC').replaceAll(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '').replaceAll(/\s+/g, ' ').toLowerCase();
    return PHRASES.filter(([, pattern]) => pattern.test(text)).map(([what]) => ({ pointer: pointer || '/', what }));
  }
  if (input === null || typeof input !== 'object') return [];
  return Object.entries(input).flatMap(([key, value]) => suspectPhrases(value, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)).slice(0, MOST);
}
