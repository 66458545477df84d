import { z } from 'zod';
import { clip } from '#contracts/material';
import type { ApiClient } from './net/api-client.ts';
import { chooseFiles, languagesOf, MAX_FILE_BYTES } from './repository/choose-files.ts';
import { locateRepository, type RepositoryBases, type RepositoryPlace } from './repository/locate.ts';
import { listArchive, readFromArchive, type ArchiveFile } from './repository/read-archive.ts';
import { below } from './search/engines.ts';
import { ToolProblem, type Tool, type ToolItem } from './tool.ts';
import { sha256, webId } from './web-address.ts';

const Args = z.strictObject({
  url: z.string().trim().min(1).max(500).describe('https://github.com/<owner>/<name> or https://gitlab.com/<group>/<name>'),
  ref: z.string().trim().min(1).max(200).optional().describe('Branch, tag or commit; the default branch when left out'),
  paths: z.array(z.string().trim().min(1).max(300).refine((path) => path.split('*').length <= 9 && path.split('**').length <= 3, 'at most eight * and two ** in a path')).max(20).default([]).describe('Files to read, exact or with *; the most telling ones when left out'),
  max_files: z.int().min(1).max(40).default(12).describe('How many files to return at most'),
});

const MAX_PACKED_BYTES = 40 * 1_048_576;
const LISTED_FILES = 2_000;
const TREE_CHARACTERS = 11_000;

/** Reads a public repository as one archive from its host's documented interface. Nothing of it is run or written. */
export function createReadRepository({ api, bases }: { api: ApiClient; bases: RepositoryBases }): Tool<z.infer<typeof Args>> {
  return {
    name: 'read_repository', title: 'Repository reader', networked: true, timeoutMs: 90_000, args: Args, addresses: ({ url }) => [url],
    description: 'Reads a public repository on GitHub or GitLab without running anything: the tree of files, the README and the files you name, or the most telling ones.',
    availability: () => ({ available: true, detail: 'Public repositories of GitHub and GitLab are read as an archive.', remedy: null }),
    async run({ url, ref, paths, max_files: maxFiles }, context) {
      const place = locateRepository(url, ref, bases);
      const packed = await api.bytes({ label: place.host === 'github' ? 'GitHub' : 'GitLab', url: archiveUrl(place, bases), context, maxBytes: MAX_PACKED_BYTES, timeoutMs: 80_000, accept: 'application/octet-stream, */*' });
      if (!packed) throw new ToolProblem('failed', `There is no public repository ${place.repository}${place.ref ? ` with ${place.ref}` : ''} there.`);
      const { commit, files, truncated } = await listArchive(packed, context.signal);
      if (files.length === 0) throw new ToolProblem('empty', `${place.repository} holds no file.`);
      const { chosen, missing } = chooseFiles(files, paths, maxFiles);
      const readme = files.find(({ path }) => /^readme(?:\.\w+)?$/i.test(path))?.path;
      const shown = [...new Set([...(readme ? [readme] : []), ...chosen])].slice(0, maxFiles);
      const texts = await readFromArchive(packed, new Set(shown), MAX_FILE_BYTES, context.signal);
      const home = `${place.host === 'github' ? bases.github : bases.gitlab}/${place.repository}`;
      const items = [treeItem(home, place, files), ...shown.flatMap((path) => fileItem(home, place, commit, path, texts.get(path)))];
      const unread = shown.filter((path) => !texts.has(path));
      const languages = languagesOf(files);
      const most = Object.keys(languages).slice(0, 3).join(', ');
      return {
        outcome: 'ok', items, summary: `Read ${place.repository}${commit ? ` at ${commit.slice(0, 10)}` : ''}: ${files.length}${truncated ? '+' : ''} files${most ? `, mostly ${most}` : ''}; ${texts.size} of them in full.${missing.length > 0 ? ` Not there: ${missing.join(', ')}.` : ''}`,
        data: { host: place.host, repository: place.repository, ref: place.ref ?? 'HEAD', commit, files: files.slice(0, LISTED_FILES), total_files: files.length, total_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), languages, truncated: truncated || files.length > LISTED_FILES, missing: [...missing, ...unread] },
      };
    },
  };
}

/** @source docs.github.com/rest/repos/contents (download a repository archive), docs.gitlab.com/api/repositories, read 2026-11 */
function archiveUrl({ host, repository, ref }: RepositoryPlace, bases: RepositoryBases): URL {
  if (host === 'github') return below(bases.githubApi, `repos/${repository}/tarball${ref ? `/${ref.split('/').map(encodeURIComponent).join('/')}` : ''}`);
  const url = below(bases.gitlab, `api/v4/projects/${encodeURIComponent(repository)}/repository/archive.tar.gz`);
  if (ref) url.searchParams.set('sha', ref);
  return url;
}

function treeItem(home: string, { repository }: RepositoryPlace, files: readonly ArchiveFile[]): ToolItem {
  const tree = clip(files.map(({ path, bytes }) => `${path} (${bytes} B)`).join('\n'), TREE_CHARACTERS);
  return { id: `${webId(home)}#tree`, title: `${repository}: files`, url: home, source: repository, snippet: `${files.length} files`, text: tree };
}

function fileItem(home: string, { host, repository, ref }: RepositoryPlace, commit: string | null, path: string, text: string | undefined): ToolItem[] {
  if (text === undefined || text.trim() === '') return [];
  const at = `${home}/${host === 'github' ? '' : '-/'}blob/${encodeURIComponent(commit ?? ref ?? 'HEAD')}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return [{ id: webId(at), title: `${repository}: ${path}`, url: at, source: repository, snippet: clip(text.replace(/\s+/g, ' ').trim(), 300), text, sha256: sha256(Buffer.from(text)) }];
}
