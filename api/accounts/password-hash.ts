import { hash, verify } from '@node-rs/argon2';

/** argon2id, 19 MiB, two passes, one lane (OWASP's first choice). At most four at once: a wave of sign-ins must not take the
 * processor from everybody else. */
/** 2 is argon2id in that library's enum. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const FORM = `m=${OPTIONS.memoryCost},t=${OPTIONS.timeCost},p=${OPTIONS.parallelism}`;
const AT_ONCE = 4;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => { waiting.push(resolve); });
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** NFC, so that one password is one password on every keyboard. */
const bytesOf = (password: string): Buffer => Buffer.from(password.normalize('NFC'), 'utf8');

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(bytesOf(password), OPTIONS));
/** false also for a stored value that is no hash */
export const verifyPassword = (stored: string, password: string): Promise<boolean> => inTurn(() => verify(stored, bytesOf(password)).catch(() => false));
/** Made with other costs than those of today: hash it anew at the next sign-in. */
export const isOutdated = (stored: string): boolean => !stored.startsWith('$argon2id$') || !stored.includes(FORM);
