// `npm run artifacts:copy -- --to s3://bucket/prefix [--from file:/folder]`: copies every artifact from where this installation keeps them
// to another storage, while everything runs. Repeat it until nothing is left to copy, then set ARTIFACTS_URL and restart.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { copyArtifacts } from '#platform/storage/copy-artifacts';
import { LaunchError } from '../launch/ports.ts';
import { endInWords } from './in-words.ts';
import { openPlace } from './place.ts';

endInWords();
const { values: options } = parseArgs({ options: { to: { type: 'string' }, from: { type: 'string' } } });
if (options.to === undefined) throw new LaunchError('npm run artifacts:copy -- --to s3://bucket/prefix (or file:/absolute/folder)');
const place = await openPlace();
const database = new pg.Client({ connectionString: place.databaseUrl });
try {
  await database.connect();
  const shaOf = async (key: string) => (await database.query<{ sha256: string }>('select sha256 from artifacts where storage_key = $1 union all select sha256 from uploads where storage_key = $1', [key])).rows[0]?.sha256 ?? null;
  const from = options.from === undefined ? place.artifacts : openArtifactStorage({ ...place.config, ARTIFACTS_URL: options.from });
  const report = await copyArtifacts(from, openArtifactStorage({ ...place.config, ARTIFACTS_URL: options.to }), shaOf);
  console.log(JSON.stringify({ to: options.to, ...report }));
  if (report.damaged.length > 0) process.exitCode = 1;
} finally {
  await database.end();
  await place.close();
}
