'use client';
import { toJsxRuntime, type Components } from 'hast-util-to-jsx-runtime';
import { memo, useMemo } from 'react';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { harden } from 'rehype-harden';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import remend from 'remend';
import { unified } from 'unified';
import { markdownSections } from '../lib/markdown-sections';

/** Text of a model is data from outside. Raw HTML is never parsed; elements are limited to a list; an image would let a
 * page report to a stranger what it shows, so there are none; a link goes to http, https or mail and shows its host.
 * Parser, sanitiser and hardening are libraries (ADR 2026-11-26-markdown-without-streamdown); only the order is ours. */
const schema = { ...defaultSchema, tagNames: (defaultSchema.tagNames ?? []).filter((tag) => tag !== 'img' && tag !== 'picture' && tag !== 'source'), protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] } };

const pipeline = unified()
  .use(remarkParse).use(remarkGfm).use(remarkRehype)
  .use(rehypeSanitize, schema)
  .use(harden, { defaultOrigin: 'https://nowhere.invalid', allowedLinkPrefixes: ['*'], allowedImagePrefixes: [], allowDataImages: false, allowedProtocols: ['http', 'https', 'mailto'] })
  .freeze();

function hostOf(href: string): string | null {
  try { return new URL(href).host || null; } catch { return null; }
}

const components: Partial<Components> = {
  a: ({ href, children }) => {
    const target = typeof href === 'string' ? href : '';
    if (target.startsWith('#')) return <a href={target}>{children}</a>;
    const host = hostOf(target);
    return host ? <a href={target} target="_blank" rel="noopener noreferrer nofollow" title={target}>{children}<span className="ml-1 font-mono text-[0.75em] text-faint">[{host}]</span></a> : <span>{children}</span>;
  },
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  table: ({ children }) => <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Table"><table>{children}</table></div>,
};

/** Drawn again only when its own text changes: while a text streams, that is the last section. */
const Section = memo(function Section({ text }: { text: string }) {
  return useMemo(() => {
    const tree = pipeline.runSync(pipeline.parse(text));
    return toJsxRuntime(tree, { Fragment, jsx, jsxs, components, ignoreInvalidStyle: true });
  }, [text]);
});

export function SafeMarkdownRenderer({ text, streaming }: { text: string; streaming: boolean }) {
  // Links point across sections in a text that is whole; half a text is cut up, so that each word costs only its own section.
  const sections = useMemo(() => (streaming ? markdownSections(remend(text, { linkMode: 'text-only' })) : [text]), [text, streaming]);
  return sections.map((section, index) => <Section key={index} text={section} />);
}
