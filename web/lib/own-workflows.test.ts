import { describe, expect, it } from 'vitest';
import { lineOf, readYaml, skillFiles, SKELETON, toYaml } from './own-workflows';

describe('the text of a written workflow', () => {
  it('is read, and said what is wrong with it at its line', () => {
    expect(readYaml(SKELETON).definition).toMatchObject({ slug: 'my_workflow', steps: [{ key: 'write' }, { key: 'check' }] });
    expect(readYaml('a: 1\na: 2\n').problems).toMatchObject([{ line: 2 }]);
    expect(readYaml('[1]').problems).toHaveLength(1);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.split('').map((key, index) => `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`;
    expect(readYaml(bomb).definition).toBeNull();
  });

  it('a skill folder is read with its paths; hidden files and big ones are not', async () => {
    const file = (path: string, text: string): File => Object.assign(new File([text], path.split('/').at(-1) ?? ''), { webkitRelativePath: path });
    expect(await skillFiles([file('triage/SKILL.md', '# Triage'), file('triage/refs/a.md', 'A'), file('triage/.git', 'x'), file('triage/big.txt', 'x'.repeat(1_000_001))])).toEqual({ folder: 'triage', files: [{ path: 'SKILL.md', text: '# Triage' }, { path: 'refs/a.md', text: 'A' }, { path: 'big.txt', text: '' }] });
    expect(await skillFiles([Object.assign(new File(['# Sort'], 'sort.md'), { webkitRelativePath: '' })])).toEqual({ folder: 'sort', files: [{ path: 'SKILL.md', text: '# Sort' }] });
  });

  it('a pointer is found at its own line or at the nearest one above', () => {
    expect(lineOf(SKELETON, '#/definition/steps/0/prompt')).toBe(15);
    expect(lineOf(SKELETON, '#/steps/1/rules/0/pattern')).toBe(21);
    expect(lineOf(SKELETON, '#/nothing')).toBeNull();
    expect(readYaml(toYaml(readYaml(SKELETON).definition)).definition).toEqual(readYaml(SKELETON).definition);
  });
});
