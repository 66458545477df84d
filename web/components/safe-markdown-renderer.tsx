'use client';
import { harden } from 'rehype-harden';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import { Streamdown, type StreamdownProps } from 'streamdown';

/** Text of a model is data from outside. Raw HTML is never parsed; elements are limited to a list; an image would let a
 * page report to a stranger what it shows, so there are none; a link goes to http, https or mail and shows its host. */
const schema = { ...defaultSchema, tagNames: (defaultSchema.tagNames ?? []).filter((tag) => tag !== 'img' && tag !== 'picture' && tag !== 'source'), protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] } };

const rehypePlugins: StreamdownProps['rehypePlugins'] = [
  [rehypeSanitize, schema],
  [harden, { defaultOrigin: 'https://nowhere.invalid', allowedLinkPrefixes: ['*'], allowedImagePrefixes: [], allowDataImages: false, allowedProtocols: ['http', 'https', 'mailto'] }],
];

function hostOf(href: string): string | null {
  try { return new URL(href).host || null; } catch { return null; }
}

const components: StreamdownProps['components'] = {
  a: ({ href, children }) => {
    const target = typeof href === 'string' ? href : '';
    if (target.startsWith('#')) return <a href={target}>{children}</a>;
    const host = hostOf(target);
    return host ? <a href={target} target="_blank" rel="noopener noreferrer nofollow" title={target}>{children}<span className="ml-1 font-mono text-[0.75em] text-faint">[{host}]</span></a> : <span>{children}</span>;
  },
  img: ({ alt }) => <span className="text-faint">[image{alt ? `: ${alt}` : ''}]</span>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  code: ({ children }) => <code>{children}</code>,
  inlineCode: ({ children }) => <code>{children}</code>,
  table: ({ children }) => <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Table"><table>{children}</table></div>,
  ...Object.fromEntries((['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'ul', 'ol', 'li', 'blockquote', 'hr', 'strong', 'thead', 'tbody', 'tr', 'th', 'td', 'sup', 'sub', 'section'] as const).map((tag) => [tag, tag])),
};

export function SafeMarkdownRenderer({ text, streaming }: { text: string; streaming: boolean }) {
  return <Streamdown mode={streaming ? 'streaming' : 'static'} parseIncompleteMarkdown={streaming} rehypePlugins={rehypePlugins} components={components} controls={false} linkSafety={{ enabled: false }} skipHtml>{text}</Streamdown>;
}
