/** For the first import of a process: what asks it to stop, from its first line on. As the first process of a container it would not
 * even hear a signal that nobody listens to, and a process that ends in the middle of its start must not look as if it had failed. */
let stop: (reason: string) => void = () => { process.exit(0); };
let asked = false;

function ask(reason: string): void {
  if (asked) return;
  asked = true;
  stop(reason);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { ask(signal); });
process.on('disconnect', () => { ask('parent is gone'); });

/** @param handler  what a stop means from now on; called once, however often somebody asks. Before it, a stop ends the process at once */
export function onStop(handler: (reason: string) => void): void {
  stop = handler;
}
