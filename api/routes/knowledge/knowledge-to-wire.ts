import type { KnowledgeHitWire, KnowledgeWire, SkillSummaryWire } from '#contracts/api/knowledge.schema';
import type { SkillHit, SkillIndexRow, SkillRow } from '#platform/repositories/knowledge';

export const skillToWire = (row: SkillRow): SkillSummaryWire => ({
  id: row.id, title: row.title, description: row.description, category: row.category, tags: row.tags, license: row.license, file: row.file, sha256: row.sha256, sections: row._count.sections, indexed_at: row.indexedAt.toISOString(),
});

export const reportToWire = (row: SkillIndexRow | null): KnowledgeWire['report'] => row && {
  source: row.source as 'SKILLS_DIR' | 'shipped', detail: row.detail, documents: row.documents, sections: row.sections, problems: row.problems as string[], duration_ms: row.durationMs, indexed_at: row.indexedAt.toISOString(),
};

export const hitToWire = (hit: SkillHit): KnowledgeHitWire => ({ id: hit.id, skill_id: hit.documentId, title: hit.title, heading: hit.heading, file: hit.file, text: hit.text });
