import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import tar from 'tar-stream';
import { createTools } from './registry.ts';
import { config, context, noLibrary, serve, type TestServer } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';

const COMMIT = 'a'.repeat(40);
type Entry = { name: string; body?: string | Buffer; type?: 'symlink'; linkname?: string };
/** As `git archive` packs it: the commit in the global header, one folder around all. */
async function archive(entries: Entry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { name, body = '', type, linkname } of entries) pack.entry({ name: `o-n-aaaa/${name}`, ...(type ? { type, linkname: linkname ?? '' } : {}) }, body as never);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
  const record = ` comment=${COMMIT}\n`;
  const content = `${record.length + 2}${record}`;
  const header = Buffer.alloc(512);
  header.write('pax_global_header'); header.write('0000666\0', 100); header.write('0000000\0', 108); header.write('0000000\0', 116); header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124); header.write('00000000000\0', 136); header.write('        ', 148); header.write('g', 156); header.write('ustar\u000000', 257);
  header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  const padded = Buffer.alloc(512); padded.write(content);
  return gzipSync(Buffer.concat([header, padded, ...chunks]));
}

let host: TestServer;
let elsewhere: TestServer;
let tool: Tool;
const archives: Record<string, Buffer> = {};
beforeAll(async () => {
  elsewhere = await serve((_, response) => { response.writeHead(200).end('secret'); });
  host = await serve((request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    if (path === '/repos/o/moved/tarball') { response.writeHead(302, { location: '/packed/o/n' }).end(); return; }
    if (path === '/repos/o/away/tarball') { response.writeHead(302, { location: `${elsewhere.url}/x` }).end(); return; }
    const found = archives[path];
    if (found) response.writeHead(200, { 'content-type': 'application/gzip' }).end(found); else response.writeHead(404).end('{}');
  });
  archives['/packed/o/n'] = archives['/repos/o/n/tarball'] = archives['/repos/o/n/tarball/v1.0'] = archives['/api/v4/projects/g/sub/n/repository/archive.tar.gz'] = await archive([
    { name: 'README.md', body: '# The project\n\nTrains a small model.' }, { name: 'pyproject.toml', body: '[project]\nname = "x"' }, { name: 'src/train.py', body: 'print("train")\n'.repeat(20) }, { name: 'src/deep/util.py', body: 'x = 1' }, { name: 'logo.png', body: Buffer.from([0, 1, 2, 3]) },
    { name: 'link', type: 'symlink', linkname: '/etc/passwd' }, { name: '../../escape.txt', body: 'out' }, { name: 'big.txt', body: 'y'.repeat(250_000) }, { name: 'node_modules/a/index.js', body: 'a' },
  ]);
  archives['/repos/o/bomb/tarball'] = gzipSync(Buffer.alloc(80 * 1_048_576));
  archives['/repos/o/html/tarball'] = Buffer.from('<html>not an archive</html>');
  archives['/repos/o/empty/tarball'] = await archive([]);
  tool = createTools(config({ GITHUB_BASE_URL: host.url, GITHUB_API_BASE_URL: host.url, GITLAB_BASE_URL: host.url.replace('127.0.0.1', 'localhost') }), { library: noLibrary }).read_repository as Tool;
});
afterAll(async () => { await host.close(); await elsewhere.close(); });
const read = async (url: string, args: object = {}) => {
  const result = await runTool(tool, { url, ...args }, context({ capabilities: { tools: ['read_repository'], hosts: null } }));
  return { ...result, data: result.data as { commit: string; files: { path: string }[]; total_files: number; languages: Record<string, number>; missing: string[] } };
};

describe('read_repository', () => {
  it('tree, README and the most telling files, at a commit', async () => {
    const { outcome, items, data, summary } = await read(`${host.url}/o/n`);
    expect(outcome).toBe('ok');
    expect(summary).toBe('Read o/n at aaaaaaaaaa: 7 files, mostly Python, Markdown, TOML; 3 of them in full.');
    expect(items.map((item) => item.title)).toEqual(['o/n: files', 'o/n: README.md', 'o/n: pyproject.toml', 'o/n: src/train.py']);
    expect(items[1]).toMatchObject({ url: `${host.url}/o/n/blob/${COMMIT}/README.md`, text: '# The project\n\nTrains a small model.', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(data.commit).toBe(COMMIT);
    expect(data.files.map(({ path }) => path).join()).not.toMatch(/escape|link|\.\./);
    expect(data.languages['Python']).toBeGreaterThan(100);
  });

  it('the files that were named, exactly or with stars; what is not there or too large is told', async () => {
    const { items, data } = await read(`${host.url}/o/n.git`, { paths: ['src/**/*.py', 'missing.txt', 'logo.png', 'big.txt'] });
    expect(items.map((item) => item.title).slice(2)).toEqual(['o/n: src/deep/util.py', 'o/n: src/train.py']);
    expect(data.missing).toEqual(['missing.txt', 'big.txt', 'logo.png']);
  });

  it('a branch or tag, a redirect of the host, GitLab with groups', async () => {
    expect((await read(`${host.url}/o/n/tree/v1.0`)).outcome).toBe('ok');
    expect((await read(`${host.url}/o/n`, { ref: 'v1.0' })).outcome).toBe('ok');
    expect((await read(`${host.url}/o/moved`)).outcome).toBe('ok');
    const gitlab = await read(`${host.url.replace('127.0.0.1', 'localhost')}/g/sub/n/-/tree/main`);
    expect(gitlab).toMatchObject({ outcome: 'ok', data: { host: 'gitlab', repository: 'g/sub/n' } });
    expect(host.requests.at(-1)).toBe('/api/v4/projects/g%2Fsub%2Fn/repository/archive.tar.gz?sha=main');
  });

  it.each([
    ['o/none', {}, /no public repository o\/none/], ['o/html', {}, /not an archive/], ['o/bomb', {}, /unpacks to more than/], ['o/empty', {}, /holds no file/], ['o/away', {}, /not on the public internet|ports 80 and 443/], ['o', {}, /not the address of a repository/],
    ['o/n', { ref: '../../user' }, /ref is not/], ['o/n', { paths: ['**/**/**/x'] }, /two \*\*/], ['o/%2e%2e', {}, /not the address/],
  ])('%s %j ends in a plain sentence', async (path, args, sentence) => {
    const before = elsewhere.requests.length;
    const result = await read(`${host.url}/${path}`, args);
    expect(result.outcome).not.toBe('ok');
    expect(result.summary).toMatch(sentence);
    expect(elsewhere.requests).toHaveLength(before);
  });

  it('other hosts are not repositories', async () => {
    expect((await read('https://example.org/o/n')).summary).toMatch(/not the address of a repository/);
    expect((await read('file:///etc/passwd')).outcome).toBe('failed');
  });
});
