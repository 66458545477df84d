import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RUN_STATUSES } from '#contracts/runs';
import { contrast, tokensOf } from './contrast';

const css = readFileSync(new URL('../app/tokens.css', import.meta.url), 'utf8');
const PAPERS = ['canvas', 'surface', 'sunken'];

describe.each([{ theme: 'light', selector: ':root', text: 4.75, badge: 5.7, control: 3.25, focus: 4.4 }, { theme: 'dark', selector: '.dark', text: 6, badge: 5.7, control: 3.25, focus: 4.4 }])('tokens of the $theme theme', ({ selector, text, badge, control, focus }) => {
  const token = tokensOf(css, selector);
  const ratio = (a: string, b: string): number => contrast(token[a] as string, token[b] as string);

  it.each(['ink', 'muted', 'faint', 'accent', 'link'])('%s can be read on every paper', (name) => {
    for (const paper of PAPERS) expect(ratio(name, paper)).toBeGreaterThanOrEqual(text);
  });
  it('text on an accent button can be read', () => expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5));
  it('borders of controls and the focus ring stand out from every paper', () => {
    for (const paper of PAPERS) {
      expect(ratio('control', paper)).toBeGreaterThanOrEqual(control);
      expect(ratio('focus', paper)).toBeGreaterThanOrEqual(focus);
    }
  });
  it.each(RUN_STATUSES.map((status) => status.replace('_', '-')))('the badge of %s can be read', (status) => expect(ratio(status, `${status}-paper`)).toBeGreaterThanOrEqual(badge));
  it.each(RUN_STATUSES.map((status) => status.replace('_', '-')))('the colour of %s can be read beside a badge', (status) => {
    for (const paper of PAPERS) expect(ratio(status, paper)).toBeGreaterThanOrEqual(4.5);
  });
});

it('both themes name the same tokens', () => {
  expect(Object.keys(tokensOf(css, '.dark'))).toEqual(Object.keys(tokensOf(css, ':root')));
});
