import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

// No images: a remote picture in a model's answer is the classic way to carry data out.
const schema = { ...defaultSchema, tagNames: (defaultSchema.tagNames ?? []).filter((tag) => !['img', 'picture', 'source', 'input'].includes(tag)) };

const STYLE = 'body{font:17px/28px Georgia,serif;max-width:68ch;margin:3rem auto;padding:0 1rem;color:#1b1f29;background:#fbfaf7}h1,h2,h3{line-height:1.25}table{border-collapse:collapse;width:100%}td,th{border:1px solid #e0ded8;padding:4px 8px;text-align:left}pre{background:#f5f3ef;padding:12px;overflow:auto;font-size:14px;line-height:20px}blockquote{border-left:3px solid #006d7d;margin:0;padding-left:1rem}';
const PRINT = '@page{margin:2cm}body{background:#fff;margin:0;max-width:none;font-size:11pt;line-height:1.5}h2{break-after:avoid}pre,table,blockquote{break-inside:avoid}';

/** A page of its own from Markdown: sanitised, no scripts, no remote content. @param print adds page rules */
export async function renderNotesHtml(markdown: string, print: boolean): Promise<string> {
  const body = await unified().use(remarkParse).use(remarkGfm).use(remarkRehype).use(rehypeSanitize, schema).use(rehypeStringify).process(markdown);
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>Notes</title><style>${STYLE}${print ? PRINT : ''}</style></head><body>\n${String(body)}\n</body></html>\n`;
}
