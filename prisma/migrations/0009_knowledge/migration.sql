-- The knowledge base for full-text search, and the allow list of tools.
CREATE TABLE "skill_documents" (
    "id" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "name" TEXT,
    "description" TEXT,
    "category" TEXT NOT NULL,
    "tags" TEXT[],
    "license" TEXT,
    "sha256" TEXT NOT NULL,
    "indexed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "skill_documents_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "skill_sections" (
    "id" TEXT NOT NULL,
    "document_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "heading" TEXT NOT NULL,
    "keywords" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "search" tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', "title"), 'A') || setweight(to_tsvector('english', "heading"), 'B')
        || setweight(to_tsvector('english', "keywords"), 'C') || setweight(to_tsvector('english', "text"), 'D')
    ) STORED,

    CONSTRAINT "skill_sections_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "skill_index" (
    "id" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "documents" INTEGER NOT NULL,
    "sections" INTEGER NOT NULL,
    "problems" JSONB NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "indexed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "skill_index_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tool_policies" (
    "version" SERIAL NOT NULL,
    "rules" JSONB NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_policies_pkey" PRIMARY KEY ("version")
);

CREATE INDEX "skill_sections_document_id_position_idx" ON "skill_sections"("document_id", "position");
-- Prisma has no word for an index on a type it does not know.
CREATE INDEX "skill_sections_search_idx" ON "skill_sections" USING GIN ("search");

ALTER TABLE "skill_sections" ADD CONSTRAINT "skill_sections_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "skill_documents"("id") ON DELETE CASCADE ON UPDATE CASCADE;
