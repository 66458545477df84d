import { EXPRESSION_WORDS, ExpressionProblem, readExpression } from './expressions.ts';
import { parsePath, parseTemplate } from './templates.ts';

/** Which names stand where: inputs from the start, what a step makes from the next step on, what both arms of a branch make
 * after it. Collects problems; never throws. */
export interface Problem { pointer: string; detail: string; severity: 'error' | 'warning' }

export class Scope {
  readonly #known: Set<string>;
  /** names that some step makes, and where, to say more than "unknown" */
  readonly #everywhere: ReadonlyMap<string, string>;
  readonly made = new Set<string>();

  constructor(known: Iterable<string>, everywhere: ReadonlyMap<string, string>) {
    this.#known = new Set(known);
    this.#everywhere = everywhere;
  }

  has(name: string): boolean {
    return this.#known.has(name);
  }

  make(name: string): void {
    this.#known.add(name);
    this.made.add(name);
  }

  /** A room below: sees all that is known here; what it makes is its own until it is taken over. */
  below(more: readonly string[] = []): Scope {
    return new Scope([...this.#known, ...more], this.#everywhere);
  }

  unknown(name: string): string {
    const where = this.#everywhere.get(name);
    return where ? `names ${name}, which is made by ${where} but is not there yet at this point, or only on another way` : `names ${name.slice(0, 60)}, which no input and no earlier step makes; there ${this.#known.size === 1 ? 'is' : 'are'} ${[...this.#known].slice(0, 20).join(', ') || 'no names'}`;
  }

  path(text: string, pointer: string, problems: Problem[]): void {
    const path = parsePath(text);
    if (!path) problems.push({ pointer, severity: 'error', detail: `"${text.slice(0, 60)}" is not a name: write name, name.field or name[0]` });
    else if (!this.has(String(path[0]))) problems.push({ pointer, severity: 'error', detail: this.unknown(String(path[0])) });
  }

  template(text: string, pointer: string, problems: Problem[], most: number): void {
    const { placeholders, problems: wrong } = parseTemplate(text);
    for (const { detail } of wrong.slice(0, 10)) problems.push({ pointer, severity: 'error', detail });
    if (placeholders.length > most) { problems.push({ pointer, severity: 'error', detail: `has ${placeholders.length} placeholders; at most ${most} are taken` }); return; }
    const missing = new Set(placeholders.map(({ path }) => String(parsePath(path)?.[0])).filter((name) => !this.has(name)));
    for (const name of missing) problems.push({ pointer, severity: 'error', detail: this.unknown(name) });
  }

  /** @returns what the expression always is, when it depends on nothing */
  expression(text: string, pointer: string, problems: Problem[]): boolean | undefined {
    try {
      const { names, constant } = readExpression(text);
      for (const name of names) if (!this.has(name)) problems.push({ pointer, severity: 'error', detail: EXPRESSION_WORDS.has(name) ? `uses ${name}, which is a word of the expression language` : this.unknown(name) });
      return constant;
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      problems.push({ pointer, severity: 'error', detail: error.message });
      return undefined;
    }
  }

  /** Templates in the strings of any JSON value. */
  templatesIn(value: unknown, pointer: string, problems: Problem[], most: number): void {
    if (typeof value === 'string') this.template(value, pointer, problems, most);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) this.templatesIn(item, `${pointer}/${index}`, problems, most);
    else if (value !== null && typeof value === 'object') for (const [key, item] of Object.entries(value)) this.templatesIn(item, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, problems, most);
  }
}
