import { DOMParser } from 'linkedom';
import { expect, it } from 'vitest';

/** The reader of Atom feeds (arXiv) and of search answers: an answer is a stranger's text. */
it('a feed with entities of its own opens no file and no address, and does not swell', () => {
  const bomb = Array.from({ length: 30 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`).join('');
  const feed = `<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY there SYSTEM "http://127.0.0.1:1/"><!ENTITY l0 "x">${bomb}]><feed><entry><title>A &file; &there; &l30; paper</title></entry></feed>`;
  const text = new DOMParser().parseFromString(feed, 'text/xml').querySelector('title')?.textContent ?? '';
  expect(text).toContain('paper');
  expect(text).not.toContain('root:');
  expect(text.length).toBeLessThan(100);
});
