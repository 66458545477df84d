import type { PatternId } from './patterns.ts';
import type { Powers, ToolRow } from './threats.ts';

/** Pictures from the inputs: boxes with trust borders as SVG, and the way of one request as Mermaid text. Pure: same inputs, same bytes. */
const short = (text: string, limit: number): string => { const clean = text.replace(/\s+/g, ' ').trim(); return clean.length <= limit ? clean : `${clean.slice(0, limit - 1).trimEnd()}…`; };
// oxlint-disable-next-line no-control-regex -- characters that XML 1.0 does not allow
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
const xml = (text: string): string => text.toWellFormed().replace(NOT_XML, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const RISKY: readonly ToolRow['effect'][] = ['sends_out', 'spends', 'writes_others'];
const EFFECT_WORDS: Record<ToolRow['effect'], string> = { reads: 'reads', writes_own: 'writes own data', writes_others: 'changes data of others', sends_out: 'sends out', spends: 'spends money' };

function box(x: number, y: number, width: number, title: string, note: string, warn = false): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="46" rx="6" fill="${warn ? '#fdf0ec' : '#eef4fb'}" stroke="${warn ? '#b5480f' : '#1d5fa8'}"/><text x="${x + width / 2}" y="${y + 20}" font-size="13" font-weight="600" text-anchor="middle">${xml(short(title, 24))}</text><text x="${x + width / 2}" y="${y + 36}" font-size="11" text-anchor="middle" fill="#5b6773">${xml(short(note, 30))}</text>`;
}
const arrow = (x1: number, y1: number, x2: number, y2: number): string => `<path d="M${x1} ${y1}L${x2} ${y2}" stroke="#1f2933" fill="none" marker-end="url(#head)"/>`;

/** Who is outside, what is inside, what a tool can do. */
export function contextSvg(title: string, { tools, untrusted, users }: Powers, pattern: string): string {
  const rows = Math.max(tools.length, untrusted.length + 1, 2);
  const height = 110 + rows * 62;
  const middle = 80 + (rows * 62) / 2 - 31;
  const outside = [{ name: { internal: 'Staff', customers: 'Customers', public: 'Anybody' }[users], note: 'asks' }, ...untrusted.map((name) => ({ name: `Text from ${name}`, note: 'not trusted' }))];
  const parts = [
    ...outside.flatMap(({ name, note }, index) => [box(20, 80 + index * 62, 190, name, note, index > 0), arrow(210, 103 + index * 62, 285, middle + 23)]),
    box(290, middle, 190, 'Agent', pattern), ...tools.flatMap((tool, index) => [box(560, 80 + index * 62, 190, tool.name, `${EFFECT_WORDS[tool.effect]}, ${tool.data}`, RISKY.includes(tool.effect)), arrow(480, middle + 23, 555, 103 + index * 62)]),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 ${height}" width="780" height="${height}" role="img" aria-labelledby="picture-title picture-desc" font-family="'IBM Plex Sans', system-ui, sans-serif" fill="#1f2933">`,
    `<title id="picture-title">${xml(short(title, 120))}</title>`,
    `<desc id="picture-desc">${xml(`${outside.map((each) => each.name).join(', ')} reach the agent (${pattern}), which uses ${tools.map((tool) => `${tool.name} (${EFFECT_WORDS[tool.effect]})`).join(', ') || 'no tool'}.`)}</desc>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#1f2933"/></marker></defs>',
    `<rect width="780" height="${height}" fill="#ffffff"/><text x="20" y="30" font-size="15" font-weight="600">${xml(short(title, 90))}</text>`,
    `<path d="M250 50V${height - 20}" stroke="#b5480f" stroke-dasharray="6 4"/><text x="256" y="62" font-size="11" fill="#b5480f">trust border</text><path d="M520 50V${height - 20}" stroke="#5b6773" stroke-dasharray="6 4"/><text x="526" y="62" font-size="11" fill="#5b6773">checked at each call</text>`,
    ...parts, '</svg>\n',
  ].join('\n');
}

const word = (text: string): string => short(text.replace(/[^\p{L}\p{N} .-]/gu, ' '), 40);
const ASKS: Record<PatternId, string[]> = {
  single_call: ['one prompt with all inputs'], chain: ['step 1', 'check by code', 'step 2 …'], router: ['which kind is it?', 'prompt of that kind'], agent_loop: ['goal and history', 'next call or answer'], plan_execute: ['write the plan', 'do step n, correct the plan'], multi_agent: ['supervisor: who is next?', 'task of one agent'],
};

/** The way of one request, for any Mermaid viewer. */
export function sequenceMermaid({ tools, autonomy }: Powers, pattern: PatternId): string {
  const used = tools.slice(0, 4);
  const lines = ['sequenceDiagram', '  actor U as User', '  participant S as System', '  participant M as Model', ...used.map((tool, index) => `  participant T${index + 1} as ${word(tool.name)}`), '  U->>S: request', '  S->>S: check input and rights, reserve the budget', ...ASKS[pattern].map((ask) => `  S->>M: ${ask}`), '  M-->>S: answer or tool call'];
  for (const [index, tool] of used.entries()) {
    if (RISKY.includes(tool.effect) && autonomy !== 'suggests') lines.push(...(autonomy === 'asks_first' ? ['  S->>U: may it?', '  U-->>S: yes, once'] : ['  S->>S: limit and grant checked in code']));
    lines.push(autonomy === 'suggests' && tool.effect !== 'reads' ? `  S-->>U: suggests ${word(tool.name)}, the person does it` : `  S->>T${index + 1}: call with the user's rights and a key`, ...(autonomy === 'suggests' && tool.effect !== 'reads' ? [] : [`  T${index + 1}-->>S: result, as data`]));
  }
  return `${[...lines, '  S->>S: check schema and citations', '  S-->>U: answer with sources'].join('\n')}\n`;
}
