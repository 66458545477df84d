import { startSimulator } from './server.ts';

/** The demo provider as a process of its own. PORT (0 = a free one), HOST (127.0.0.1), SIMULATOR_DELAY_MS (ms a word, 15), and for tests
 * only SIMULATOR_CONTROL=1. Tells its parent where it listens; ends with its parent, on SIGTERM and on SIGINT. */
const { PORT = '0', HOST = '127.0.0.1', SIMULATOR_DELAY_MS = '15', SIMULATOR_CONTROL } = process.env;
const simulator = await startSimulator({ port: Number(PORT), host: HOST, delayMsPerChunk: Number(SIMULATOR_DELAY_MS), control: SIMULATOR_CONTROL === '1' });

const stop = (): void => { void simulator.stop().then(() => { process.exit(0); }); };
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(event, stop);

const ready = { type: 'ready', url: simulator.url };
if (process.send) process.send(ready);
else process.stdout.write(`${JSON.stringify(ready)}\n`);
