/** Where a skill, or the section that a run cites (`agents/tool-calling#the-exchange`), can be read. */
export function skillHref(id: string): string {
  const [skill = '', anchor] = id.split('#', 2);
  return `/knowledge/${skill.split('/').map(encodeURIComponent).join('/')}${anchor ? `#${encodeURIComponent(anchor)}` : ''}`;
}

/** By folder, in the order of the ids. */
export function byCategory<T extends { id: string }>(skills: readonly T[]): [string, T[]][] {
  const folders = new Map<string, T[]>();
  for (const skill of skills) {
    const folder = skill.id.includes('/') ? skill.id.slice(0, skill.id.lastIndexOf('/')) : 'general';
    folders.set(folder, [...(folders.get(folder) ?? []), skill]);
  }
  return [...folders].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The words around the first hit of a search, without Markdown's marks. */
export function excerpt(text: string, query: string, length = 240): string {
  const plain = text.replace(/```[\s\S]*?```/g, ' ').replace(/[#*`_|>]+|\]\([^)]*\)|\[/g, ' ').replace(/\s+/g, ' ').trim();
  const words = query.toLowerCase().split(/\W+/).filter((word) => word.length > 3);
  const at = Math.max(0, Math.min(...words.map((word) => plain.toLowerCase().indexOf(word)).filter((place) => place >= 0), plain.length) - 60);
  const from = at >= plain.length - 60 ? 0 : at;
  const cut = plain.slice(from, from + length);
  return `${from > 0 ? '… ' : ''}${cut}${from + length < plain.length ? ' …' : ''}`;
}
