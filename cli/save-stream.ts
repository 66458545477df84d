import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** Keeps a download that may be large, as a file of its person alone. Written beside and renamed: never half of it under its name.
 * @param ask  sends the request, once it is known that the file may be written @throws CliError when there is a file already */
export async function saveStream(file: string, force: boolean, ask: () => Promise<Response>): Promise<void> {
  if (existsSync(file) && !force) throw new CliError(`${file} is there already.`, 'Name another with -o, or say --force.', EXIT.usage);
  const response = await ask();
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(`${file}.part`, { mode: 0o600 }));
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(`${file}.part`, { force: true });
  }
}
