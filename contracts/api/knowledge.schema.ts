import { z } from 'zod';
import { Timestamp } from './common.schema.ts';

/** The knowledge base on the wire. Ids hold slashes: `/api/v1/knowledge/agents%2Ftool-calling`. */
const SkillId = z.string().regex(/^[\w.-]+(?:\/[\w.-]+)*$/).max(300);
export const SkillParams = z.strictObject({ id: SkillId });
export const KnowledgeSearchQuery = z.strictObject({ q: z.string().trim().min(1).max(500).meta({ description: 'What to look for, in a few plain words' }), limit: z.coerce.number().int().min(1).max(50).default(10) });

export const SkillSummarySchema = z.object({
  id: z.string(), title: z.string(), description: z.string().nullable(), category: z.string(), tags: z.array(z.string()), license: z.string().nullable(),
  file: z.string().meta({ description: 'Below the folder of the knowledge base' }), sha256: z.string(), sections: z.int(), indexed_at: Timestamp,
}).meta({ id: 'SkillSummary' });
export type SkillSummaryWire = z.infer<typeof SkillSummarySchema>;

export const KnowledgeReportSchema = z.object({
  source: z.enum(['SKILLS_DIR', 'shipped']), detail: z.string(), documents: z.int(), sections: z.int(), problems: z.array(z.string()).meta({ description: 'What was passed over, and why' }), duration_ms: z.int(), indexed_at: Timestamp,
}).meta({ id: 'KnowledgeReport' });

export const KnowledgeSchema = z.object({ report: KnowledgeReportSchema.nullable().meta({ description: 'null until a worker has read the folder' }), skills: z.array(SkillSummarySchema) }).meta({ id: 'Knowledge' });
export type KnowledgeWire = z.infer<typeof KnowledgeSchema>;

export const KnowledgeHitSchema = z.object({ id: z.string().meta({ description: '`<skill>#<section>`, as runs cite it' }), skill_id: z.string(), title: z.string(), heading: z.string(), file: z.string(), text: z.string() }).meta({ id: 'KnowledgeHit' });
export type KnowledgeHitWire = z.infer<typeof KnowledgeHitSchema>;

export const SkillSchema = SkillSummarySchema.extend({ content: z.array(z.object({ id: z.string(), anchor: z.string(), heading: z.string(), text: z.string().meta({ description: 'Markdown' }) })) }).meta({ id: 'Skill' });
export type SkillWire = z.infer<typeof SkillSchema>;
