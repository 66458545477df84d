import { describe, expect, it } from 'vitest';
import { lineOf, readYaml, SKELETON, toYaml } from './own-workflows';

describe('the text of a written workflow', () => {
  it('is read, and said what is wrong with it at its line', () => {
    expect(readYaml(SKELETON).definition).toMatchObject({ slug: 'my_workflow', steps: [{ key: 'write' }, { key: 'check' }] });
    expect(readYaml('a: 1\na: 2\n').problems).toMatchObject([{ line: 2 }]);
    expect(readYaml('[1]').problems).toHaveLength(1);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.split('').map((key, index) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`;
    expect(readYaml(bomb).definition).toBeNull();
  });

  it('a pointer is found at its own line or at the nearest one above', () => {
    expect(lineOf(SKELETON, '#/definition/steps/0/prompt')).toBe(15);
    expect(lineOf(SKELETON, '#/steps/1/rules/0/pattern')).toBe(21);
    expect(lineOf(SKELETON, '#/nothing')).toBeNull();
    expect(readYaml(toYaml(readYaml(SKELETON).definition)).definition).toEqual(readYaml(SKELETON).definition);
  });
});
