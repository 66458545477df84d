// The live list of steps in the terminal. Plain JavaScript without dependencies: `npm start` shows it before anything is
// installed. In a terminal running steps are redrawn in place with a spinner and seconds; elsewhere (CI, a pipe) each step
// prints one line when it starts, one when it ends, and a sign of life every 30 s.
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_MS = 120;
const SIGN_OF_LIFE_MS = 30_000;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

export function createChecklist(stream = process.stdout) {
  const live = stream.isTTY && process.env.TERM !== 'dumb' && !process.env.CI;
  const colour = live && !process.env.NO_COLOR;
  const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const running = new Set();
  let drawn = 0;
  let frame = 0;
  let timer;

  const fit = (line) => (line.length > (stream.columns || 80) - 1 ? `${line.slice(0, (stream.columns || 80) - 2)}…` : line);
  const erase = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    for (const step of running) {
      stream.write(`${fit(`  ${FRAMES[frame % FRAMES.length]} ${step.name}  ${seconds(step.since)}${step.detail ? `  ${step.detail}` : ''}`)}\n`);
      drawn += 1;
    }
  };
  const print = (line) => {
    if (live) erase();
    stream.write(`${line}\n`);
    draw();
  };
  const tick = () => {
    frame += 1;
    if (live) {
      erase();
      draw();
      return;
    }
    for (const step of running) {
      if (Date.now() - step.saidAt < SIGN_OF_LIFE_MS) continue;
      step.saidAt = Date.now();
      print(`  … ${step.name} (${seconds(step.since)})${step.detail ? `  ${step.detail}` : ''}`);
    }
  };
  const end = (step, mark, detail) => {
    if (!running.delete(step)) return;
    print(`  ${mark} ${step.name}  ${paint(2, seconds(step.since))}${detail ? `  ${detail}` : ''}`);
    if (running.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };

  const list = {
    start(name) {
      const step = { name, since: Date.now(), saidAt: Date.now(), detail: '' };
      if (!live) print(`  → ${name}`);
      running.add(step);
      if (live) {
        erase();
        draw();
      }
      timer ??= setInterval(tick, live ? REDRAW_MS : 1000);
      return {
        update: (detail) => void (step.detail = detail),
        done: (detail) => end(step, paint(32, '✓'), detail),
        fail: (detail) => end(step, paint(31, '✗'), detail),
      };
    },
    async run(name, work, detail) {
      const step = list.start(name);
      try {
        const result = await work(step);
        step.done(detail?.(result));
        return result;
      } catch (error) {
        step.fail('');
        throw error;
      }
    },
    note: (text) => print(text),
    close() {
      clearInterval(timer);
      timer = undefined;
      if (live) erase();
      running.clear();
    },
  };
  return list;
}
