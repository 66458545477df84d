import type { CatalogEntry, Persona } from '#contracts/catalog.schema';

const PERSONA_TITLES: Record<Persona, string> = { student: 'Student', researcher: 'Researcher', ml_engineer: 'ML engineer', data_scientist: 'Data scientist', ai_architect: 'AI architect', executive: 'Executive' };
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

/** docs/catalog.md from the definitions themselves, so that it names what is really there. @returns Markdown */
export function catalogPage(catalog: readonly CatalogEntry[]): string {
  const groups = (Object.keys(PERSONA_TITLES) as Persona[]).map((persona) => ({ persona, entries: catalog.filter((entry) => entry.personas[0] === persona) })).filter(({ entries }) => entries.length > 0);
  return `# The catalog

${catalog.length} workflows. This page is written by \`node scripts/docs/write-catalog-page.ts\` from the definitions in \`workflows/catalog/\`; a test compares it with them. How to write one: [writing-workflows.md](writing-workflows.md). What the tools do: [tools.md](tools.md).

${groups.map(({ persona, entries }) => `## ${PERSONA_TITLES[persona]}\n\n${entries.map(section).join('\n')}`).join('\n')}`;
}

function section(entry: CatalogEntry): string {
  const files = Object.values(entry.artifacts).map(({ fileName }) => fileName);
  return `### ${entry.title}

\`${entry.slug}\` · ${entry.difficulty} · about ${entry.estimatedMinutes} min · version ${entry.version}

${cell(entry.outcome)} ${entry.description}

| | |
|---|---|
| Test | ${cell(entry.testSlice)} |
| files | ${code(files)} |
| tools | ${entry.tools.length > 0 ? code(entry.tools) : 'none'} |
| skills | ${code(entry.skills)} |
| before Full | ${entry.requiresPriorEvidence ? 'a passed Test run of its own' : 'its own Test'}${entry.policy.fullApproval ? `, and the yes of ${entry.policy.fullApproval.approvers} with the role ${entry.policy.fullApproval.role} or above` : ''} |
| presets | ${entry.presets.map(({ title }) => cell(title)).join(' · ')} |
`;
}
