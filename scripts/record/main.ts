import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from '../launch/chromium.ts';
import { findOnPath, projectRoot } from '../launch/paths.ts';
import { generateClient } from '../launch/prisma.ts';
import { temporalBinary } from '../launch/temporal-binary.ts';
import { buildWeb } from '../launch/web-build.ts';

/** `npm run demo:record` and `npm run screens`: brings what is needed, then plays test/record in a real Chromium against the real stack.
 * Of the demo the trace is kept (`npx playwright show-trace` plays it, frame by frame), and a video where ffmpeg is on PATH. */
const PROJECTS = ['demo', 'screens'] as const;
const wanted = PROJECTS.find((name) => name === process.argv[2]);
if (!wanted) throw new Error(`Say which: ${PROJECTS.join(' or ')}.`);
const say = (words: string): void => console.log(`  ${words}`);

await generateClient(process.env);
await temporalBinary(process.env, say);
await buildWeb(process.env, join(projectRoot, '.awp-test'), say);
await ensureChromium(process.env, say);

/** Playwright looks for ffmpeg only in its own download folder: a folder of that shape leads to the system's. @returns null without ffmpeg */
function browsersFolder(): string | null {
  const ffmpeg = findOnPath('ffmpeg', process.env);
  if (ffmpeg === null) return null;
  const { browsers } = JSON.parse(readFileSync(join(projectRoot, 'node_modules/playwright-core/browsers.json'), 'utf8')) as { browsers: { name: string; revision: string }[] };
  const folder = mkdtempSync(join(tmpdir(), 'awp-record-'));
  const home = join(folder, `ffmpeg-${browsers.find(({ name }) => name === 'ffmpeg')?.revision ?? ''}`);
  mkdirSync(home);
  symlinkSync(ffmpeg, join(home, { darwin: 'ffmpeg-mac', win32: 'ffmpeg-win64.exe' }[process.platform as string] ?? 'ffmpeg-linux'));
  return folder;
}

const browsers = wanted === 'demo' ? browsersFolder() : null;
const env = { ...process.env, ...(browsers ? { PLAYWRIGHT_BROWSERS_PATH: browsers, RECORD_VIDEO: '1' } : {}) };
const child = spawn(process.execPath, [join(projectRoot, 'node_modules/@playwright/test/cli.js'), 'test', '--config', 'playwright.record.config.ts', '--project', wanted], { cwd: projectRoot, env, stdio: 'inherit' });
process.exitCode = await new Promise<number>((resolve) => { child.once('close', (code) => resolve(code ?? 1)); });
if (browsers) rmSync(browsers, { recursive: true, force: true });

if (wanted === 'screens') say('The pictures are in docs/screens.');
if (wanted === 'demo') {
  const kept = join(projectRoot, 'test-results/demo');
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const found = globSync('test-results/record/**/*.{zip,webm}', { cwd: projectRoot });
  for (const file of found) cpSync(join(projectRoot, file), join(kept, file.endsWith('.zip') ? 'trace.zip' : 'video.webm'));
  say(existsSync(join(kept, 'trace.zip')) ? `Kept: ${kept}${browsers ? '' : ' (trace only: ffmpeg is not on PATH, so there is no video)'}` : 'No trace was written.');
}
