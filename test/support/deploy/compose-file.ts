import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '#scripts/launch/paths';

export interface ComposeService {
  image: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string>;
  user?: string;
  read_only?: boolean;
  init?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  restart?: string;
  logging?: { driver: string; options: Record<string, string> };
  networks?: string[];
  network_mode?: string;
  ports?: string[];
  volumes?: string[];
  profiles?: string[];
  depends_on?: string[] | Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number; start_period: string };
  stop_grace_period?: string;
  deploy?: { resources: { limits: { cpus: string; memory: string }; reservations?: { cpus: string; memory: string } } };
}

export interface ComposeFile {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, unknown>;
}

/** docker-compose.yml as Compose reads it: merge keys applied, `${NAME:-default}` replaced, `$$` unescaped.
 * @param env  what a person's .env would hold; nothing by default */
export function composeFile(env: Record<string, string> = {}): ComposeFile {
  const text = readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8');
  return interpolate(parse(text, { merge: true }), env) as ComposeFile;
}

function interpolate(value: unknown, env: Record<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(\$|\{([A-Z0-9_]+)(:-([^}]*))?\})/g, (whole, _body, name: string | undefined, _default, fallback: string | undefined) => {
      if (whole === '$$') return '$';
      return env[name as string] || (fallback ?? '');
    });
  }
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]));
  return value;
}

/** Seconds of "45s" or "1m". */
export const seconds = (duration: string): number => Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);
