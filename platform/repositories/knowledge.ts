import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database } from '../db.ts';
import { canonicalJson, sha256Hex } from '../ids.ts';
import { query, statement, type Statement } from '../sql.ts';

/** The knowledge base in PostgreSQL: what the worker read from the folder, searched by full text. */
export interface NewSkill { id: string; file: string; title: string; name: string | null; description: string | null; category: string; tags: string[]; license: string | null; sha256: string; sections: { anchor: string; heading: string; text: string }[] }
export interface SkillLibrary { source: 'SKILLS_DIR' | 'shipped'; detail: string; problems: string[]; documents: NewSkill[] }
export interface SkillHit { id: string; title: string; heading: string; text: string; file: string; documentId: string }

const BATCH = 500;

export const libraryDigest = ({ source, detail, problems, documents }: SkillLibrary): string => sha256Hex(canonicalJson({ source, detail, problems, documents: documents.map(({ id, file, sha256 }) => ({ id, file, sha256 })) }));

/** Makes the index what the folder holds: changed documents are written anew, those that are gone leave, in one transaction.
 * @returns false when it was so already */
export async function replaceIndex(db: Database, library: SkillLibrary, durationMs: number): Promise<boolean> {
  const digest = libraryDigest(library);
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.skillIndex})`;
    const present = await tx.skillIndex.findUnique({ where: { id: 1 } });
    if (present?.digest === digest) return false;
    const known = new Map((await tx.skillDocument.findMany({ select: { id: true, file: true, sha256: true } })).map((row) => [row.id, `${row.file} ${row.sha256}`]));
    const changed = library.documents.filter((document) => known.get(document.id) !== `${document.file} ${document.sha256}`);
    await tx.skillDocument.deleteMany({ where: { OR: [{ id: { notIn: library.documents.map(({ id }) => id) } }, { id: { in: changed.map(({ id }) => id) } }] } });
    await tx.skillDocument.createMany({ data: changed.map(({ sections: _sections, ...document }) => document) });
    const sections = changed.flatMap((document) => document.sections.map((section, position) => ({
      id: `${document.id}#${section.anchor}`, documentId: document.id, position, title: document.title, heading: section.heading, keywords: [...document.tags, document.category, document.description ?? ''].join(' '), text: section.text,
    })));
    for (let at = 0; at < sections.length; at += BATCH) await tx.skillSection.createMany({ data: sections.slice(at, at + BATCH) });
    const row = { source: library.source, detail: library.detail, digest, documents: library.documents.length, sections: library.documents.reduce((sum, document) => sum + document.sections.length, 0), problems: library.problems, durationMs: Math.round(durationMs), indexedAt: new Date() };
    await tx.skillIndex.upsert({ where: { id: 1 }, create: { id: 1, ...row }, update: row });
    return true;
  }, { maxWait: 15_000, timeout: 60_000 });
}

const searching = (which: string): Statement => statement(`
  WITH terms AS (SELECT DISTINCT lexeme, (quote_literal(lexeme))::tsquery AS term FROM unnest(to_tsvector('english', $1::text)) LIMIT 32),
  total AS (SELECT count(*)::float8 AS n FROM skill_sections),
  hits AS MATERIALIZED (SELECT t.lexeme, s.id, s.document_id, s.heading, ts_rank('{0.3, 0.3, 0.8, 1.0}', s.search, t.term) AS rank FROM terms t JOIN skill_sections s ON s.search @@ t.term),
  weighted AS (SELECT lexeme, ln(1 + ((SELECT n FROM total) - count(*) + 0.5) / (count(*) + 0.5)) AS weight FROM hits GROUP BY lexeme),
  scored AS (
    SELECT h.id, h.document_id, sum(w.weight * h.rank ORDER BY h.lexeme) * sqrt(count(*)::float8 / (SELECT count(*) FROM weighted)) * CASE WHEN h.heading IN ('References', 'Exercises') THEN 0.5 ELSE 1 END AS score
    FROM hits h JOIN weighted w USING (lexeme) GROUP BY h.id, h.document_id, h.heading
  ),
  placed AS (SELECT id, score, row_number() OVER (PARTITION BY document_id ORDER BY score DESC, id) AS place FROM scored)
  SELECT s.id, s.title, s.heading, s.text, d.file, s.document_id AS "documentId"
  FROM placed p JOIN skill_sections s USING (id) JOIN skill_documents d ON d.id = s.document_id
  WHERE ${which}
  ORDER BY p.score DESC, s.id COLLATE "C" LIMIT $2::int`);
const [SEARCH, SEARCH_DOCUMENTS] = [searching('true'), searching('p.place = 1')];

/** Sections by relevance. Each word counts by how rare it is in the library (as BM25 does) and where it stands: title over
 * heading over text; a section with more of the words leads, lists of references and exercises stand back. Ties by id, so that equal questions get equal answers: the words are added up in one order, because sums of floats depend on it.
 * @param onePerDocument  only the best section of each document */
export async function searchSkills(db: Database, words: string, limit: number, onePerDocument = false): Promise<SkillHit[]> {
  return query<SkillHit>(db.pool, onePerDocument ? SEARCH_DOCUMENTS : SEARCH, [words.replaceAll('\0', ' '), limit]);
}

export type SkillIndexRow = NonNullable<Awaited<ReturnType<typeof skillIndex>>>;
/** What the last look at the folder found; null before the first. */
export const skillIndex = (db: Database) => db.skillIndex.findUnique({ where: { id: 1 } });

/** Every document with the headings of its sections, by id. */
export const listSkills = (db: Database) => db.skillDocument.findMany({ orderBy: { id: 'asc' }, include: { _count: { select: { sections: true } } } });
export type SkillRow = Awaited<ReturnType<typeof listSkills>>[number];

export const findSkill = (db: Database, id: string) => db.skillDocument.findUnique({ where: { id }, include: { sections: { orderBy: { position: 'asc' } }, _count: { select: { sections: true } } } });
