// Runs in a network namespace of its own (test/security/ssrf-namespace.test.ts), where every private address is a canary that answers.
import { execFileSync } from 'node:child_process';
import { createServer, get } from 'node:http';
import { createTools } from '#activities/tools/registry';
import { config, context, noLibrary } from '#activities/tools/test-support';
import { runTool, type Tool } from '#activities/tools/tool';
import { HOSTILE } from './hostile-addresses.ts';

const PORT = '80';
const PUBLIC = '93.184.215.14';
const PRIVATE = ['169.254.169.254/32', '168.63.129.16/32', '10.0.0.1/32', '192.168.0.1/32', '172.16.0.1/32', '100.100.100.200/32', 'fd00:ec2::254/128', '64:ff9b::7f00:1/128', '2002:7f00:1::/128'];

execFileSync('ip', ['link', 'set', 'lo', 'up']);
for (const address of [...PRIVATE, `${PUBLIC}/32`]) execFileSync('ip', ['address', 'add', address, 'dev', 'lo', ...(address.includes(':') ? ['nodad'] : [])]);

let hits: string[] = [];
const canary = createServer((request, response) => {
  hits.push(`${request.socket.localAddress?.replace('::ffff:', '')}${request.url}`);
  response.writeHead(request.url === '/robots.txt' ? 404 : 200, { 'content-type': 'text/plain' }).end('what must not be read');
});
await new Promise<void>((resolve) => { canary.listen(Number(PORT), '::', resolve); });

// The control: somebody without a guard gets there.
const urls = HOSTILE.map((hostile) => hostile(PORT));
const gets = (url: string): Promise<boolean> => new Promise((resolve) => {
  if (!URL.canParse(url) || new URL(url).protocol !== 'http:') { resolve(false); return; }
  const request = get(new URL(url), { timeout: 2000 }, (response) => { response.resume(); resolve(response.statusCode === 200); });
  request.on('timeout', () => { request.destroy(); }).on('error', () => { resolve(false); });
});
const answers = await Promise.all(urls.map(gets));
const unguarded = urls.filter((_, index) => answers[index]);

const tools = createTools(config(), { library: noLibrary, resolve: (host, done) => { done(null, [{ address: host === 'public.example.org' ? PUBLIC : '169.254.169.254', family: 4 }]); } });
/** Every tool that goes where its arguments say. */
const NAMES = ['fetch_url', 'fetch_table', 'read_pdf', 'read_repository', 'resolve_reference'];
const within = context({ capabilities: { tools: NAMES, hosts: null } });
const seen: Record<string, { guarded: string[]; let_through: string[]; arrived: string[] }> = {};
for (const name of NAMES) {
  const outcomeOf = async (url: string): Promise<string> => (await runTool(tools[name] as Tool, { url }, within)).outcome;
  hits = [];
  const outcomes: [string, string][] = [];
  for (const url of urls) outcomes.push([url, await outcomeOf(url)]);
  const guarded = hits;
  hits = [];
  await outcomeOf('http://public.example.org/page');
  seen[name] = { guarded, let_through: outcomes.filter(([, outcome]) => outcome === 'ok').map(([url]) => url), arrived: hits.filter((hit) => !hit.endsWith('/robots.txt')) };
}
process.stdout.write(JSON.stringify({ unguarded, seen }), () => process.exit(0));
