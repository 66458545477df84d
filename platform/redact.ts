/** Hides secrets by name and by shape before anything is logged or stored as text. Deny by default: a field whose name says
 * secret is starred whatever it holds; a value that looks like a key is starred wherever it stands. */
const SECRET_NAMES = new Set(['apikey', 'token', 'secret', 'password', 'authorization', 'cookie', 'setcookie', 'credential', 'credentials', 'masterkey', 'xapikey', 'xgoogapikey', 'accesstoken', 'refreshtoken', 'clientsecret', 'privatekey']);
const KEY_SHAPES = [
  /\b(?:sk|pk|rk)-(?:[A-Za-z]+-)*[A-Za-z0-9_-]{12,}/g, /\bgsk_[A-Za-z0-9]{12,}/g, /\bAIza[A-Za-z0-9_-]{20,}/g, /\bawp_[A-Za-z0-9]+_[A-Za-z0-9_-]{16,}/g,
  /\btvly-[A-Za-z0-9-]{12,}/g, /\bBearer\s+[A-Za-z0-9._~+/=-]{12,}/gi, /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
  /\bhv[sb]\.[A-Za-z0-9_-]{16,}/g, /:\/\/[^\s/@"']*:[^\s/@"']+@/g,
];

/** A log needs no address of a person: the first letter and the host are enough to follow a case. What people and runs write keeps theirs. */
export const starEmails = (text: string): string => text.replaceAll(/\b([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})\b/g, '$1***@$2');

export const mask = (value: string): string => (value.length >= 12 ? `${value.slice(0, 3)}***${value.slice(-4)}` : '***');

/** @returns the same value with secrets starred; objects and arrays are copied, what lies deeper than 8 levels is left out */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return KEY_SHAPES.reduce((text, shape) => text.replace(shape, (found) => (found.startsWith('://') ? '://***@' : mask(found))), value);
  if (value === null || typeof value !== 'object') return value;
  if (depth > 8) return '[…]';
  if (value instanceof Error || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => {
    const secret = SECRET_NAMES.has(name.toLowerCase().replaceAll(/[^a-z]/g, '')) && item !== null && item !== undefined;
    return [name, secret ? mask(typeof item === 'string' ? item : '') : redact(item, depth + 1)];
  }));
}
