import { backup, DatabaseSync } from 'node:sqlite';

export interface PinnedFile {
  /** All of it as of the moment it was pinned, in one whole file. */
  copyTo(path: string): Promise<void>;
  /** Lets the file's server tidy up again: until then its write-ahead log only grows. */
  close(): void;
}

/** A SQLite file in use, as it is at this moment. The copy is read within one read transaction: without it SQLite begins anew whenever
 * the server has written since the last hundred pages, and beside a busy Temporal a backup never came to its end. */
export function pinFile(path: string): PinnedFile {
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    source.exec('begin');
    // A transaction takes its moment with its first read.
    source.prepare('select count(*) from sqlite_schema').get();
  } catch (error) {
    source.close();
    throw error;
  }
  return {
    async copyTo(target) { await backup(source, target); },
    close: () => source.close(),
  };
}
