import { defineConfig } from 'prisma/config';

// `prisma generate` needs no database, but the CLI wants an address to be written here; the commands that do talk to one
// (migrate deploy, status, diff) are given DATABASE_URL and the engine of scripts/prisma/ by scripts/launch/prisma.ts.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://awp@127.0.0.1:5432/awp' },
});
