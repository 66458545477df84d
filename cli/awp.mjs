#!/usr/bin/env node
// Entry of the `awp` command, plain JavaScript: TypeScript runs natively from Node 24 on, so an older Node hands over to the
// one that this package has installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('./main.ts', import.meta.url);
if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Commands are short: most of their time was spent on reading the same modules again. compiledFolder of scripts/launch/paths.ts.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'agentic-workflow-platform/compiled'));
  await import(main.href);
} else {
  const node = fileURLToPath(new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url));
  if (existsSync(node)) {
    const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
    // The terminal gives Ctrl-C to both; the child decides what it means.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { if (signal === 'SIGTERM') child.kill(signal); });
    child.on('exit', (code, signal) => { process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1); });
  } else {
    console.error('awp needs Node 24 or newer. In the clone, "npm install" brings it along; else see nodejs.org.');
    process.exitCode = 2;
  }
}
